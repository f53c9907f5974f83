//! What machines ask about the server itself: is it alive, can it answer.

use crate::error::AppError;
use crate::services::Services;
use crate::store::people;
use actix_web::{HttpResponse, web};
use serde_json::json;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/healthz").get(alive).head(alive));
    config.service(web::resource("/metrics").get(metrics));
    config.service(web::resource("/readyz").get(ready).head(ready));
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// Ready means that the database answers.
async fn ready(services: web::Data<Services>) -> Result<HttpResponse, AppError> {
    match services.store.read(people::nobody).await {
        Ok(_) => Ok(HttpResponse::Ok().json(json!({"status": "ok"}))),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            Err(AppError::Unavailable("the database does not answer".to_owned()))
        }
    }
}

async fn metrics(services: web::Data<Services>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(services.metrics.render())
}
