//! Signing in and out.

use super::error::capital;
use super::{Shell, go, show};
use crate::auth::password::Passwords;
use crate::auth::sessions::{self, Begun, SignInError};
use crate::error::AppError;
use crate::http::api::sessions::attempt;
use crate::http::caller::{COOKIE, Open, Posted, SignedIn};
use crate::services::Services;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/sign-in").get(form).post(enter));
    config.service(web::resource("/sign-out").post(leave));
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    shell: Shell,
    login: String,
    next: String,
    mistake: Option<String>,
}

#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
}

#[derive(Deserialize)]
struct Credentials {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Nothing {}

async fn form(wanted: web::Query<Wanted>, signed_in: Option<SignedIn>) -> Result<HttpResponse, AppError> {
    let next = wanted.into_inner().next.unwrap_or_default();
    if signed_in.is_some() {
        return Ok(go(inside(&next)));
    }
    show(HttpResponse::Ok(), &SignInPage { shell: Shell::bare("Sign in"), login: String::new(), next, mistake: None })
}

async fn enter(
    services: web::Data<Services>,
    passwords: web::Data<Passwords>,
    request: HttpRequest,
    Open(form): Open<Credentials>,
) -> Result<HttpResponse, AppError> {
    let Credentials { login, password, next } = form;
    match sessions::sign_in(&services, &passwords, attempt(&request, login.clone(), password)).await {
        Ok(begun) => {
            let mut answer = go(inside(&next));
            let cookie = cookie(&begun, is_secure(&services, &request));
            answer.add_cookie(&cookie).map_err(AppError::internal)?;
            Ok(answer)
        }
        Err(error @ (SignInError::Wrong | SignInError::Closed(_))) => {
            let mut answer = match error {
                SignInError::Closed(_) => HttpResponse::TooManyRequests(),
                _ => HttpResponse::Unauthorized(),
            };
            if let SignInError::Closed(seconds) = error {
                answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
            }
            let mistake = Some(format!("{}.", capital(&error.to_string())));
            show(answer, &SignInPage { shell: Shell::bare("Sign in"), login, next, mistake })
        }
        Err(other) => Err(other.into()),
    }
}

async fn leave(services: web::Data<Services>, posted: Posted<Nothing>) -> Result<HttpResponse, AppError> {
    let Nothing {} = posted.form;
    sessions::sign_out(&services, &posted.visit).await?;
    let mut answer = go("/sign-in");
    let mut gone = Cookie::build(COOKIE, "").path("/").http_only(true).same_site(SameSite::Lax).finish();
    gone.make_removal();
    answer.add_cookie(&gone).map_err(AppError::internal)?;
    Ok(answer)
}

fn cookie(begun: &Begun, secure: bool) -> Cookie<'static> {
    Cookie::build(COOKIE, begun.secret.clone())
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        // By the browser's own clock, whatever time it is here.
        .max_age(Duration::milliseconds(sessions::LONGEST))
        .finish()
}

/// Whether people reach the server by https: then the cookie may go no other way.
fn is_secure(services: &Services, request: &HttpRequest) -> bool {
    services.config.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
        || request.connection_info().scheme() == "https"
}

/// The path to go on to: of this site, never another.
fn inside(next: &str) -> &str {
    let plain = next.bytes().all(|b| (0x21..0x7f).contains(&b) && b != b'\\');
    if plain && next.starts_with('/') && !next.starts_with("//") { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for (next, to) in [
            ("", "/"),
            ("/projects?after=x", "/projects?after=x"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
        ] {
            assert_eq!(inside(next), to, "{next:?}");
        }
    }
}
