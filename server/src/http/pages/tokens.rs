//! The tokens of the person's teams: made, shown once, revoked.

use super::{Shell, filters, go, show};
use crate::auth::sessions::Visit;
use crate::error::AppError;
use crate::http::caller::{Posted, SignedIn};
use crate::http::changes::tokens::{Issued, TokenWish, make, revoke};

use crate::services::Services;
use crate::store::teams::{self, Team};
use crate::store::tokens::{self, Listed};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/tokens").get(list).post(add));
    config.service(web::resource("/tokens/{token}/revoke").post(remove));
}

/// The most tokens and teams that the page shows.
const SHOWN: i64 = 500;

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    shell: Shell,
    issued: Option<Issued>,
    mistake: Option<String>,
    tokens: Vec<Listed>,
    teams: Vec<Team>,
    project: String,
}

#[derive(Deserialize)]
struct Wanted {
    project: Option<String>,
}

#[derive(Deserialize)]
struct TokenForm {
    name: String,
    scope: String,
    #[serde(default)]
    team: String,
    #[serde(default)]
    project: String,
    #[serde(default)]
    days: String,
}

#[derive(Deserialize)]
struct Nothing {}

async fn list(
    services: web::Data<Services>,
    SignedIn(visit): SignedIn,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, AppError> {
    let project = wanted.into_inner().project.unwrap_or_default();
    show(HttpResponse::Ok(), &page(&services, &visit, None, None, project).await?)
}

async fn add(services: web::Data<Services>, posted: Posted<TokenForm>) -> Result<HttpResponse, AppError> {
    let (visit, project) = (posted.visit, posted.form.project.clone());
    let made = match wish(posted.form) {
        Ok(wish) => make(&services, &visit, wish).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(issued) => show(HttpResponse::Created(), &page(&services, &visit, Some(issued), None, String::new()).await?),
        Err(error @ (AppError::Invalid(_) | AppError::Missing(_) | AppError::Forbidden(_))) => {
            let mistake = Some(super::error::capital(&error.to_string()));
            show(HttpResponse::BadRequest(), &page(&services, &visit, None, mistake, project).await?)
        }
        Err(other) => Err(other),
    }
}

async fn remove(
    services: web::Data<Services>,
    token: web::Path<String>,
    posted: Posted<Nothing>,
) -> Result<HttpResponse, AppError> {
    let Nothing {} = posted.form;
    revoke(&services, &posted.visit, &token).await?;
    Ok(go("/tokens"))
}

fn wish(form: TokenForm) -> Result<TokenWish, AppError> {
    let days = match form.days.trim() {
        "" => None,
        text => Some(
            text.parse().map_err(|_| AppError::Invalid(format!("`{text}` is no number of days; use 1 to 65535, or nothing")))?,
        ),
    };
    Ok(TokenWish { name: form.name, scope: form.scope, team: form.team, project: form.project, days })
}

async fn page(
    services: &Services,
    visit: &Visit,
    issued: Option<Issued>,
    mistake: Option<String>,
    project: String,
) -> Result<TokensPage, AppError> {
    let viewer = visit.viewer.clone();
    let read =
        services.store.read(move |db| Ok((tokens::list(db, &viewer, i64::MAX, SHOWN)?, teams::list(db, &viewer, "", SHOWN)?)));
    let (tokens, teams) = read.await?;
    Ok(TokensPage { shell: Shell::of(visit, "tokens", "Tokens"), issued, mistake, tokens, teams, project })
}
