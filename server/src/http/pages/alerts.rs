//! Alerts: the list, and one of them with its evidence, its holders and its history.
//! Looking changes nothing; saying "we know" is a form.

use super::{Shell, filters, go, show};
use crate::error::AppError;
use crate::exposure::{self, Holder, Seen};
use crate::fact::Fact;
use crate::http::api::alerts::filter;
use crate::http::caller::{Posted, SignedIn};
use crate::http::changes::alerts::acknowledge;
use crate::http::paging::{Ask, Page, cut, row_count};
use crate::services::Services;
use crate::store::alerts::Alert;
use crate::store::views::alerts::{self as views, AlertLine, Revision, ShareLine};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/alerts").get(list));
    config.service(web::resource("/alerts/{id}").get(one));
    config.service(web::resource("/alerts/{id}/acknowledge").post(say));
    config.service(web::resource("/a/{code}").get(short));
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    state: String,
    #[serde(default)]
    urgency: String,
}

#[derive(Deserialize)]
struct Nothing {}

/// The words that the list can be limited to, with what people read.
const STATES: &[(&str, &str)] =
    &[("", "All"), ("open", "Open"), ("acknowledged", "Acknowledged"), ("resolved", "Resolved"), ("retracted", "Taken back")];
const URGENCIES: &[(&str, &str)] = &[("", "Any"), ("urgent", "Urgent"), ("ticket", "Ticket"), ("digest", "Digest")];

#[derive(Template)]
#[template(path = "alerts.html")]
struct AlertsPage {
    shell: Shell,
    wanted: Wanted,
    page: Page<AlertLine>,
}

#[derive(Template)]
#[template(path = "alert.html")]
struct AlertPage {
    shell: Shell,
    alert: Alert,
    package: Option<(&'static str, String)>,
    versions: Vec<String>,
    facts: Vec<Fact>,
    unknown: Vec<String>,
    holders: Vec<Holder>,
    shares: Vec<ShareLine>,
    history: Vec<Revision>,
}

impl AlertPage {
    /// Whether one of the viewer's teams has not said that it knows.
    fn asks(&self) -> bool {
        self.shares.iter().any(|share| share.acknowledged.is_none()) && self.alert.state != "retracted"
    }
}

async fn list(
    services: web::Data<Services>,
    SignedIn(visit): SignedIn,
    wanted: web::Query<Wanted>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, AppError> {
    let (limit, after, wanted) = (ask.limit()?, ask.key()?, wanted.into_inner());
    let (filter, viewer) = (filter(&wanted.state, &wanted.urgency)?, visit.viewer.clone());
    let lines = services.store.read(move |db| views::list(db, &viewer, &filter, after, row_count(limit))).await?;
    let page = cut(lines, limit, AlertLine::place)?;
    show(HttpResponse::Ok(), &AlertsPage { shell: Shell::of(&visit, "alerts", "Alerts"), wanted, page })
}

async fn one(services: web::Data<Services>, SignedIn(visit): SignedIn, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    let found = exposure::one(&services, &visit.viewer, &id).await?;
    let Seen { line, holders } = found.ok_or_else(|| AppError::missing("alert", &id))?;
    let AlertLine { alert, package, .. } = line;
    let (of, viewer) = (alert.clone(), visit.viewer.clone());
    let read = services.store.read(move |db| Ok((views::history(db, &of)?, views::shares(db, &viewer, of.id)?)));
    let (history, shares) = read.await?;
    let shell =
        Shell::of(&visit, "alerts", format!("{}{}{}", alert.subject, crate::alerts::joint(&alert.headline), alert.headline));
    let (versions, facts, unknown) = (alert.versions()?, alert.facts()?, alert.unknown()?);
    show(HttpResponse::Ok(), &AlertPage { shell, alert, package, versions, facts, unknown, holders, shares, history })
}

/// The short address, as messages carry it.
async fn short(
    services: web::Data<Services>,
    SignedIn(visit): SignedIn,
    code: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let (viewer, wanted) = (visit.viewer.clone(), code.clone());
    let found = services.store.read(move |db| views::one(db, &viewer, &wanted)).await?;
    let found = found.ok_or_else(|| AppError::missing("alert", &code))?;
    Ok(go(&format!("/alerts/{}", found.alert.public_id)))
}

async fn say(services: web::Data<Services>, id: web::Path<String>, posted: Posted<Nothing>) -> Result<HttpResponse, AppError> {
    let Nothing {} = posted.form;
    acknowledge(&services, &posted.visit, &id).await?;
    Ok(go(&format!("/alerts/{id}")))
}
