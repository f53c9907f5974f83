//! Signing in without a browser: a session as a bearer token, `bws_…`.

use crate::auth::password::Passwords;
use crate::auth::sessions::{self, Attempt, SignInError};
use crate::clock::rfc3339;
use crate::error::AppError;
use crate::http::caller::Member;
use crate::services::Services;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/sessions").post(begin));
    config.service(web::resource("/v1/sessions/current").get(current).delete(end));
}

#[derive(Deserialize)]
struct Credentials {
    login: String,
    password: String,
}

async fn begin(
    services: web::Data<Services>,
    passwords: web::Data<Passwords>,
    request: HttpRequest,
    body: web::Json<Credentials>,
) -> Result<HttpResponse, AppError> {
    let Credentials { login, password } = body.into_inner();
    let begun = sessions::sign_in(&services, &passwords, attempt(&request, login, password)).await?;
    let session = format!("{}{}", sessions::PREFIX, begun.secret);
    Ok(HttpResponse::Created().json(json!({"session": session, "expires_at": rfc3339(begun.expires_at)})))
}

async fn current(Member(visit): Member) -> HttpResponse {
    let person = &visit.person;
    HttpResponse::Ok().json(json!({
        "person": {"id": person.public_id, "login": person.login, "name": person.name, "admin": person.admin},
        "expires_at": rfc3339(visit.expires_at),
    }))
}

async fn end(services: web::Data<Services>, Member(visit): Member) -> Result<HttpResponse, AppError> {
    sessions::sign_out(&services, &visit).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// An attempt to sign in, with what the request tells about its sender.
pub fn attempt(request: &HttpRequest, login: String, password: String) -> Attempt {
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let address = request.peer_addr().map_or_else(|| "unknown".to_owned(), |peer| peer.ip().to_string());
    Attempt { login, password, address, agent }
}

impl From<SignInError> for AppError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Self::SignIn(error.to_string()),
            SignInError::Closed(seconds) => Self::TooMany(error.to_string(), seconds),
            SignInError::Store(error) => error.into(),
            SignInError::Password(error) => error.into(),
            SignInError::Secret(error) => error.into(),
        }
    }
}
