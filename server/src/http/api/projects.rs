//! Projects.

use crate::error::AppError;
use crate::http::caller::Member;
use crate::http::changes::projects::{ProjectWish, make};
use crate::services::Services;
use actix_web::{HttpResponse, web};
use serde_json::json;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/projects").get(super::views::list_projects).post(add));
}

async fn add(
    services: web::Data<Services>,
    Member(visit): Member,
    body: web::Json<ProjectWish>,
) -> Result<HttpResponse, AppError> {
    let (project, team) = make(&services, &visit, body.into_inner()).await?;
    Ok(HttpResponse::Created().json(json!({"id": project.public_id, "name": project.name, "team": team.name})))
}
