//! `POST /v1/uploads`: the documents of one run, as `multipart/form-data` with a
//! part `meta` and a part for each document.

mod meta;
mod receive;

use crate::error::AppError;
use crate::http::caller::Uploader;
use crate::ingest::{self, Caller, IngestError, Submission};
use crate::metrics::UPLOADS;
use crate::services::Services;
use actix_web::{HttpRequest, HttpResponse, web};
use tokio::sync::Semaphore;

const MEBIBYTE: usize = 1 << 20;

/// Bounds the memory that uploads take together: bodies wait in files until there
/// is room to read them. One upload of the largest size always fits.
pub struct Gate {
    room: Semaphore,
    mebibytes: usize,
}

impl Gate {
    /// A gate for uploads of at most `bytes`.
    pub fn new(bytes: usize) -> Self {
        let mebibytes = (bytes / MEBIBYTE + 2).min(Semaphore::MAX_PERMITS);
        Self { room: Semaphore::new(mebibytes), mebibytes }
    }

    fn weight(&self, bytes: usize) -> u32 {
        u32::try_from((bytes / MEBIBYTE + 1).min(self.mebibytes)).unwrap_or(u32::MAX)
    }
}

/// Adds the route.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/uploads").post(accept));
}

async fn accept(
    services: web::Data<Services>,
    gate: web::Data<Gate>,
    Uploader(bearer): Uploader,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    let received = receive::receive(&request, payload, &services.config.limits).await?;
    let room = gate.room.acquire_many(gate.weight(received.size())).await;
    let _room = room.map_err(|_| AppError::Unavailable("the server is stopping".to_owned()))?;
    let (meta, documents) = received.read().await?;
    let run = meta.run;
    let submission = Submission { project: meta.project, release: meta.release, complete: meta.complete, run, documents };
    let token = bearer.token;
    let caller =
        Caller { team_id: token.team_id, project_id: token.project_id, token_id: Some(token.id), name: bearer.viewer.who };
    let mut receipt = ingest::accept(&services, caller, submission).await?;
    for slot in &receipt.slots {
        ::metrics::counter!(UPLOADS, "state" => slot.state).increment(1);
    }
    receipt.url = format!("{}{}", base(&services, &request), receipt.url);
    let mut answer = if receipt.repeated { HttpResponse::Ok() } else { HttpResponse::Created() };
    Ok(answer.json(receipt))
}

/// The address under which people reach the server.
fn base(services: &Services, request: &HttpRequest) -> String {
    if let Some(url) = &services.config.public_url {
        return url.as_str().trim_end_matches('/').to_owned();
    }
    let seen = request.connection_info();
    format!("{}://{}", seen.scheme(), seen.host())
}

impl From<IngestError> for AppError {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Wrong(_) => Self::Invalid(error.to_string()),
            IngestError::Unreadable(_) => Self::Unreadable(error.to_string()),
            IngestError::Forbidden(_) => Self::Forbidden(error.to_string()),
            IngestError::Store(error) => error.into(),
        }
    }
}
