//! `/v1/triage`: what was decided about problems in packages.

use crate::clock::rfc3339;
use crate::error::AppError;
use crate::http::caller::{Member, Reader};
use crate::http::changes::triage::{TriageWish, decide, take_back};
use crate::http::paging::{Ask, cut, row_count};
use crate::services::Services;
use crate::store::triage::Triage;
use crate::store::views::triage::{self as views, TriageLine, Which};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/triage").get(list).post(add));
    config.service(web::resource("/v1/triage/{id}").get(one).delete(end));
}

#[derive(Deserialize)]
struct Wanted {
    which: Option<String>,
    project: Option<String>,
}

async fn list(
    services: web::Data<Services>,
    Reader(viewer): Reader,
    wanted: web::Query<Wanted>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, AppError> {
    let (limit, before, now) = (ask.limit()?, ask.key::<i64>()?, services.clock.millis());
    let Wanted { which: word, project } = wanted.into_inner();
    let which = which(word.as_deref().unwrap_or_default())?;
    let read = services.store.read(move |db| views::list(db, &viewer, which, project.as_deref(), before, row_count(limit), now));
    let page = cut(read.await?, limit, |line| line.triage.id)?;
    Ok(HttpResponse::Ok().json(page.map(|line| item(&line))))
}

async fn one(services: web::Data<Services>, Reader(viewer): Reader, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    let wanted = id.clone();
    let found = services.store.read(move |db| views::one(db, &viewer, &wanted)).await?;
    Ok(HttpResponse::Ok().json(item(&found.ok_or_else(|| AppError::missing("decision", &id))?)))
}

async fn add(
    services: web::Data<Services>,
    Member(visit): Member,
    body: web::Json<TriageWish>,
) -> Result<HttpResponse, AppError> {
    let (line, is_new) = decide(&services, &visit, body.into_inner()).await?;
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(item(&line)))
}

async fn end(services: web::Data<Services>, Member(visit): Member, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    take_back(&services, &visit, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Which decisions a word asks for; those that stand, where there is none.
///
/// # Errors
/// [`AppError::Invalid`] for another word.
pub fn which(word: &str) -> Result<Which, AppError> {
    if word.is_empty() {
        return Ok(Which::default());
    }
    let known = || Which::ALL.map(Which::word).join(", ");
    Which::of_word(word).ok_or_else(|| AppError::Invalid(format!("`{word}` is none of {}", known())))
}

fn item(line: &TriageLine) -> Value {
    let mut item = said(&line.triage);
    item["problem"] = json!(line.problem);
    item["package"] = json!({"ecosystem": line.ecosystem, "name": line.package});
    item["project"] = line.project.as_ref().map_or(Value::Null, |(id, name)| json!({"id": id, "name": name}));
    item["idle"] = json!(line.idle);
    item
}

/// A decision by itself.
pub fn said(triage: &Triage) -> Value {
    let time = |at: Option<i64>| at.map(rfc3339);
    json!({
        "id": triage.public_id, "everywhere": triage.project_id.is_none(), "status": triage.status,
        "justification": triage.justification, "detail": triage.detail, "until": time(triage.until_at), "source": triage.source,
        "by": triage.decided_by, "at": rfc3339(triage.decided_at), "settles": triage.settles(), "ending": triage.ending,
        "ended_by": triage.ended_by, "ended_at": time(triage.ended_at),
    })
}
