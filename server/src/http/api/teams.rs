//! Teams: everybody sees their own, administrators make and fill them.

use crate::clock::rfc3339;
use crate::error::AppError;
use crate::http::caller::Member;
use crate::http::changes::teams::{join, make};
use crate::http::paging::{Ask, cut, row_count};
use crate::services::Services;
use crate::store::teams;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/teams").get(list).post(add));
    config.service(web::resource("/v1/teams/{team}/members").post(add_member));
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Joined {
    login: String,
}

async fn list(services: web::Data<Services>, Member(visit): Member, ask: web::Query<Ask>) -> Result<HttpResponse, AppError> {
    let (limit, after) = (ask.limit()?, ask.key::<String>()?.unwrap_or_default());
    let rows = services.store.read(move |db| {
        let teams = teams::list(db, &visit.viewer, &after, row_count(limit))?;
        let mut rows = Vec::with_capacity(teams.len());
        for team in teams {
            let members = teams::members(db, team.id)?;
            rows.push((team, members));
        }
        Ok(rows)
    });
    let page = cut(rows.await?, limit, |(team, _)| team.name.clone())?;
    let page = page.map(|(team, members)| json!({"id": team.public_id, "name": team.name, "members": members, "created_at": rfc3339(team.created_at)}));
    Ok(HttpResponse::Ok().json(page))
}

async fn add(services: web::Data<Services>, Member(visit): Member, body: web::Json<Named>) -> Result<HttpResponse, AppError> {
    let team = make(&services, &visit, &body.name).await?;
    Ok(HttpResponse::Created().json(json!({"id": team.public_id, "name": team.name, "created_at": rfc3339(team.created_at)})))
}

async fn add_member(
    services: web::Data<Services>,
    Member(visit): Member,
    team: web::Path<String>,
    body: web::Json<Joined>,
) -> Result<HttpResponse, AppError> {
    join(&services, &visit, &team, &body.login).await?;
    Ok(HttpResponse::NoContent().finish())
}
