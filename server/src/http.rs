//! HTTP: the native API under `/v1`, the pages, and what machines ask about the
//! server itself. Only this folder knows actix and askama.

pub mod answer;
pub mod api;
pub mod assets;
pub mod caller;
pub mod changes;
pub mod documents;
pub mod health;
pub mod pages;
pub mod paging;
pub(crate) mod shown;
#[cfg(test)]
mod tests;

use self::api::uploads::Gate;
use crate::auth::password::Passwords;
use crate::error::AppError;
use crate::services::Services;
use crate::stop::Stop;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};
use std::net::TcpListener;
use std::time::Duration;

/// What the routes share.
#[derive(Clone)]
pub struct Site {
    services: web::Data<Services>,
    passwords: web::Data<Passwords>,
    uploads: web::Data<Gate>,
}

impl Site {
    /// A site of these services.
    pub fn new(services: Services) -> Self {
        let uploads = web::Data::new(Gate::new(services.config.limits.bytes));
        Self { services: web::Data::new(services), passwords: web::Data::new(Passwords::default()), uploads }
    }

    /// Adds every route.
    pub fn configure(&self, config: &mut web::ServiceConfig) {
        config.app_data(self.services.clone());
        config.app_data(self.passwords.clone());
        config.app_data(self.uploads.clone());
        config.app_data(web::JsonConfig::default().limit(64 << 10).error_handler(|error, _| invalid("body", &error)));
        config.app_data(web::QueryConfig::default().error_handler(|error, _| invalid("query", &error)));
        config.app_data(web::PathConfig::default().error_handler(|error, _| invalid("path", &error)));
        let all = web::scope("")
            .wrap(from_fn(answer::shape))
            .wrap(Compress::default())
            .configure(health::routes)
            .configure(assets::routes)
            .configure(api::routes)
            .configure(pages::routes)
            .default_service(web::to(nothing_here));
        config.service(all);
    }
}

/// Answers on `listener` until a stop is asked for; requests under way are finished.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(services: Services, listener: TcpListener, stop: Stop) -> std::io::Result<()> {
    let site = Site::new(services);
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let server = HttpServer::new(move || App::new().configure(|config| site.configure(config)))
        .workers(cores.clamp(2, 8))
        .worker_max_blocking_threads(16)
        .client_request_timeout(Duration::from_secs(10))
        .keep_alive(Duration::from_secs(75))
        // An answer that leaves in two pieces would wait for the first one's acknowledgement, 40 ms.
        .tcp_nodelay(true)
        .shutdown_timeout(30)
        .disable_signals()
        .listen(listener)?
        .run();
    let handle = server.handle();
    let mut running = std::pin::pin!(server);
    tokio::select! {
        ended = &mut running => return ended,
        () = stop.asked() => {}
    }
    let (ended, ()) = tokio::join!(running, handle.stop(true));
    ended
}

async fn nothing_here(request: actix_web::HttpRequest) -> Result<actix_web::HttpResponse, AppError> {
    Err(AppError::Missing(format!("there is nothing at `{}`", request.path().chars().take(120).collect::<String>())))
}

fn invalid(part: &str, error: &dyn std::fmt::Display) -> actix_web::Error {
    AppError::Invalid(format!("the request's {part} is not right: {error}")).into()
}
