//! Feeds and how they are, and full re-checks: an administrator may ask for one.

use crate::clock::rfc3339;
use crate::error::AppError;
use crate::http::caller::{Member, Reader};
use crate::http::changes::feeds::{ask_recheck, is_stale};
use crate::services::Services;
use crate::store::feeds::{self, Feed};
use crate::store::rechecks::{self, Recheck};
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/feeds").get(list));
    config.service(web::resource("/v1/rechecks").get(latest).post(ask));
}

/// Re-checks that are answered.
const SHOWN: i64 = 20;

async fn list(services: web::Data<Services>, Reader(_): Reader) -> Result<HttpResponse, AppError> {
    let rows = services.store.read(feeds::all).await?;
    let items: Vec<Value> = rows.iter().map(|row| shown(&services, row)).collect();
    Ok(HttpResponse::Ok().json(json!({"items": items, "next": null})))
}

async fn latest(services: web::Data<Services>, Reader(_): Reader) -> Result<HttpResponse, AppError> {
    let rows = services.store.read(|db| rechecks::latest(db, SHOWN)).await?;
    let items: Vec<Value> = rows.iter().map(recheck).collect();
    Ok(HttpResponse::Ok().json(json!({"items": items, "next": null})))
}

async fn ask(services: web::Data<Services>, Member(visit): Member) -> Result<HttpResponse, AppError> {
    ask_recheck(&services, &visit).await?;
    Ok(HttpResponse::Accepted().json(json!({"url": "/v1/rechecks"})))
}

fn shown(services: &Services, row: &Feed) -> Value {
    json!({
        "name": row.name,
        "kind": row.kind,
        "from": row.location,
        "records": row.records,
        "refused": row.refused,
        "fetched_at": row.fetched_at.map(rfc3339),
        "changed_at": row.changed_at.map(rfc3339),
        "failures": row.failures,
        "last_error": row.last_error,
        "stale": is_stale(services, row),
    })
}

fn recheck(row: &Recheck) -> Value {
    json!({
        "started_at": rfc3339(row.started_at),
        "ended_at": row.ended_at.map(rfc3339),
        "percent": row.percent(),
        "components": row.components,
        "components_per_second": row.rate(),
        "remaining_ms": row.remaining(),
        "pairs": row.pairs,
        "matches": row.matches,
        "differing_packages": row.differing,
        "error": row.error,
    })
}
