//! `/v1/alerts`: what people are told, with the projects of whoever asks.

use crate::clock::rfc3339;
use crate::error::AppError;
use crate::exposure::{self, Holder, Seen};
use crate::fact::Fact;
use crate::http::caller::{Member, Reader};
use crate::http::changes::alerts::acknowledge;
use crate::http::paging::{Ask, cut, row_count};
use crate::services::Services;
use crate::store::views::alerts::{self as views, Filter};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/alerts").get(list));
    config.service(web::resource("/v1/alerts/{id}").get(one));
    config.service(web::resource("/v1/alerts/{id}/acknowledge").post(say));
}

#[derive(Deserialize)]
struct Wanted {
    state: Option<String>,
    urgency: Option<String>,
}

async fn list(
    services: web::Data<Services>,
    Reader(viewer): Reader,
    wanted: web::Query<Wanted>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, AppError> {
    let (limit, after) = (ask.limit()?, ask.key()?);
    let Wanted { state, urgency } = wanted.into_inner();
    let filter = filter(state.as_deref().unwrap_or_default(), urgency.as_deref().unwrap_or_default())?;
    let seen = exposure::list(&services, &viewer, filter, after, row_count(limit)).await?;
    let page = cut(seen, limit, |seen| seen.line.place())?;
    let items = page.items.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    Ok(HttpResponse::Ok().json(json!({"items": items, "next": page.next})))
}

async fn one(services: web::Data<Services>, Reader(viewer): Reader, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    let seen = exposure::one(&services, &viewer, &id).await?.ok_or_else(|| AppError::missing("alert", &id))?;
    let mut answer = item(&seen)?;
    let alert = seen.alert().clone();
    let read = services.store.read(move |db| Ok((views::history(db, &alert)?, views::shares(db, &viewer, alert.id)?)));
    let (history, shares) = read.await?;
    let revisions: Vec<Value> = history
        .iter()
        .map(|one| json!({"revision": one.number, "kind": one.kind, "at": rfc3339(one.at), "why": one.why}))
        .collect();
    let shares: Vec<Value> = shares
        .iter()
        .map(|share| {
            let (by, at) = share.acknowledged.clone().unzip();
            json!({"team": share.team, "told": share.told, "acknowledged_by": by, "acknowledged_at": at.map(rfc3339)})
        })
        .collect();
    answer["revisions"] = Value::Array(revisions);
    answer["shares"] = Value::Array(shares);
    Ok(HttpResponse::Ok().json(answer))
}

async fn say(services: web::Data<Services>, Member(visit): Member, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    acknowledge(&services, &visit, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The states and the urgency that a list is asked for: empty is any; `open` is what
/// something is still to be done about.
///
/// # Errors
/// [`AppError::Invalid`] for another word.
pub fn filter(state: &str, urgency: &str) -> Result<Filter, AppError> {
    let states = match state {
        "" => Vec::new(),
        "open" => vec!["open".to_owned(), "acknowledged".to_owned()],
        "unacknowledged" => vec!["open".to_owned()],
        "acknowledged" | "ruled" | "resolved" | "retracted" => vec![state.to_owned()],
        other => {
            let known = "open, unacknowledged, acknowledged, ruled, resolved, retracted";
            return Err(AppError::Invalid(format!("`{other}` is no state; use one of {known}")));
        }
    };
    let urgency = match urgency {
        "" => None,
        "urgent" | "ticket" | "digest" => Some(urgency.to_owned()),
        other => return Err(AppError::Invalid(format!("`{other}` is no urgency; use urgent, ticket or digest"))),
    };
    Ok(Filter { states, urgency })
}

fn item(seen: &Seen) -> Result<Value, AppError> {
    let alert = seen.alert();
    let package = seen.line.package.as_ref().map(|(ecosystem, name)| json!({"ecosystem": ecosystem, "name": name}));
    Ok(json!({
        "id": alert.public_id, "code": alert.code, "kind": alert.kind, "severity": alert.severity(), "urgency": alert.urgency,
        "state": alert.state, "subject": alert.subject, "package": package, "versions": alert.versions()?,
        "headline": alert.headline, "todo": alert.todo, "unknown": alert.unknown()?, "confirmed": alert.confirmed,
        "facts": alert.facts()?.iter().map(fact).collect::<Vec<_>>(),
        "projects": seen.holders.iter().map(holder).collect::<Vec<_>>(),
        "revision": alert.revision, "reason": alert.reason, "opened_at": rfc3339(alert.opened_at),
        "changed_at": rfc3339(alert.changed_at), "closed_at": alert.closed_at.map(rfc3339), "url": format!("/a/{}", alert.code),
    }))
}

fn fact(fact: &Fact) -> Value {
    json!({"what": fact.what, "then": fact.then, "now": fact.now, "source": fact.source, "at": rfc3339(fact.at)})
}

fn holder(holder: &Holder) -> Value {
    json!({
        "id": holder.id, "name": holder.name, "team": holder.team, "paths": holder.paths, "holds": holder.holds,
        "settled": holder.settled, "from": holder.from_at.map(rfc3339), "to": holder.until_at.map(rfc3339), "runs": holder.runs,
    })
}
