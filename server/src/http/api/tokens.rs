//! Tokens of the person's teams.

use crate::clock::rfc3339;
use crate::error::AppError;
use crate::http::caller::Member;
use crate::http::changes::tokens::{TokenWish, make, revoke};
use crate::http::paging::{Ask, cut, row_count};
use crate::services::Services;
use crate::store::tokens::{self, Listed};
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/tokens").get(list).post(add));
    config.service(web::resource("/v1/tokens/{token}").delete(remove));
}

async fn list(services: web::Data<Services>, Member(visit): Member, ask: web::Query<Ask>) -> Result<HttpResponse, AppError> {
    let (limit, before) = (ask.limit()?, ask.key::<i64>()?.unwrap_or(i64::MAX));
    let rows = services.store.read(move |db| tokens::list(db, &visit.viewer, before, row_count(limit))).await?;
    Ok(HttpResponse::Ok().json(cut(rows, limit, |row| row.token.id)?.map(|row| shown(&row))))
}

async fn add(services: web::Data<Services>, Member(visit): Member, body: web::Json<TokenWish>) -> Result<HttpResponse, AppError> {
    let wish = body.into_inner();
    let (name, scope) = (wish.name.trim().to_owned(), wish.scope.clone());
    let issued = make(&services, &visit, wish).await?;
    Ok(HttpResponse::Created().json(json!({
        "id": issued.made.id,
        "token": issued.made.token,
        "name": name,
        "scope": scope,
        "team": issued.team,
        "project": issued.project,
        "expires_at": issued.expires_at.map(rfc3339),
    })))
}

async fn remove(
    services: web::Data<Services>,
    Member(visit): Member,
    token: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    revoke(&services, &visit, &token).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn shown(row: &Listed) -> Value {
    json!({
        "id": row.token.public_id,
        "name": row.token.name,
        "scope": row.token.scope,
        "team": row.team,
        "project": row.project,
        "created_at": rfc3339(row.token.created_at),
        "expires_at": row.token.expires_at.map(rfc3339),
        "used_at": row.token.used_at.map(rfc3339),
    })
}
