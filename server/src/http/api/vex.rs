//! `/v1/projects/{id}/vex`: the decisions of a project as a VEX document, and documents
//! of others taken in as its decisions.

use crate::clock::from_millis;
use crate::error::AppError;
use crate::http::caller::{Member, Reader};
use crate::http::changes::vex::{Product as Called, import};
use crate::services::Services;
use crate::store::projects;
use crate::store::triage::Triage;
use crate::store::views::exchange::{self, Held};
use actix_web::{HttpResponse, web};
use bom::triage::Decision;
use bom::vex::{self, Identity, Product, Response, Statement, Vex};
use serde::Deserialize;
use serde_json::json;

/// The most bytes of a document that is taken in.
const LONGEST: usize = 64 << 20;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/projects/{id}/vex").get(give).post(take));
}

#[derive(Deserialize)]
struct Wanted {
    format: Option<String>,
    product: Option<String>,
}

async fn give(
    services: web::Data<Services>,
    Reader(viewer): Reader,
    id: web::Path<String>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, AppError> {
    let (now, wanted) = (services.clock.millis(), wanted.into_inner());
    let read = services.store.read(move |db| match projects::find(db, &viewer, &id)? {
        Some(project) => Ok(Some((exchange::of_project(db, project.id, now)?, project))),
        None => Ok(None),
    });
    let (found, project) = read.await?.ok_or_else(|| AppError::Missing("there is no such project".to_owned()))?;
    let address = services.config.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
    let statements: Vec<Statement> = found.iter().filter_map(|held| statement(held, wanted.product.as_deref())).collect();
    if statements.is_empty() {
        return Err(AppError::Missing(
            "nothing is decided about a finding of this project, and a VEX document states one thing at least".to_owned(),
        ));
    }
    let updated = found.iter().filter_map(|held| held.decision.as_ref()).map(|decision| decision.decided_at).max();
    let document = Vex {
        // The same for the same state of the project.
        id: Some(format!("urn:uuid:{}", project.public_id)),
        title: Some(format!("Status of vulnerabilities in {}", project.name)),
        author: Some(address.clone().unwrap_or_else(|| "bomwarden-server".to_owned())),
        author_address: address,
        issued: Some(from_millis(project.created_at)),
        updated: updated.map(from_millis),
        tool: Some(format!("bomwarden {}", env!("CARGO_PKG_VERSION"))),
        statements,
        ..Vex::default()
    };
    let written = vex::write(&document, wanted.format.as_deref().unwrap_or("openvex"));
    let written = written.map_err(|error| AppError::Invalid(error.to_string()))?;
    Ok(HttpResponse::Ok().content_type("application/json").body(written.bytes))
}

/// What is decided about a finding, as a statement about the component, in the product where one is named.
fn statement(held: &Held, product: Option<&str>) -> Option<Statement> {
    let decision: &Triage = held.decision.as_ref()?;
    let said = decision.decision().ok()?;
    let part = Identity { purls: vec![held.purl.clone()], ..Identity::default() };
    let product = match product {
        Some(text) => Product { whole: Identity::of_text(text), parts: vec![part] },
        None => Product { whole: part, parts: Vec::new() },
    };
    let justification = said.justification();
    let until = said.until().map(|until| format!("The risk is accepted until {}.", until.format("%Y-%m-%d")));
    let accepted = matches!(said, Decision::Accepted(_));
    Some(Statement {
        justification,
        responses: if accepted { vec![Response::WillNotFix] } else { Vec::new() },
        detail: Some(decision.detail.clone()).filter(|detail| !detail.is_empty()),
        action: until,
        at: Some(from_millis(decision.decided_at)),
        ..Statement::new(held.names.clone(), vec![product.into()], said.status())
    })
}

async fn take(
    services: web::Data<Services>,
    Member(visit): Member,
    id: web::Path<String>,
    wanted: web::Query<Wanted>,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    let longest = LONGEST.min(services.config.limits.bytes);
    let bytes = match payload.to_bytes_limited(longest).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => return Err(AppError::Invalid(format!("the document broke off: {error}"))),
        Err(_) => return Err(AppError::TooLarge(format!("the document has more than {longest} bytes"))),
    };
    let limits = services.config.limits.reading;
    let reading = web::block(move || vex::read(&bytes, &limits)).await.map_err(AppError::internal)?;
    let reading = reading.map_err(|error| AppError::Unreadable(error.to_string()))?;
    let called = Called { named: wanted.into_inner().product };
    let imported = import(&services, &visit, &id, reading.value, called).await?;
    let mut answer = json!(imported);
    answer["warnings"] = json!(reading.warnings);
    Ok(HttpResponse::Ok().json(answer))
}
