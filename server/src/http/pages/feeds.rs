//! Feeds and how they are, and the full re-check with its progress and its button.

use super::{Shell, filters, go, show};
use crate::error::AppError;
use crate::http::caller::{Posted, SignedIn};
use crate::http::changes::feeds::{ask_fetch, ask_recheck, is_stale};
use crate::services::Services;
use crate::store::feeds::{self, Feed, Refusal};
use crate::store::rechecks::{self, Recheck};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/feeds").get(list));
    config.service(web::resource("/feeds/recheck").post(recheck));
    config.service(web::resource("/feeds/fetch").post(fetch));
}

/// Refusals that are shown of one feed, and re-checks of all.
const REFUSALS: usize = 20;
const RECHECKS: i64 = 5;

#[derive(Template)]
#[template(path = "feeds.html")]
struct FeedsPage {
    shell: Shell,
    feeds: Vec<Line>,
    rechecks: Vec<Recheck>,
}

struct Line {
    feed: Feed,
    stale: bool,
    rhythm: Option<String>,
    refusals: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Nothing {}

#[derive(Deserialize)]
struct Named {
    feed: String,
}

async fn list(services: web::Data<Services>, SignedIn(visit): SignedIn) -> Result<HttpResponse, AppError> {
    let read = services.store.read(|db| {
        let mut rows = Vec::new();
        for feed in feeds::all(db)? {
            let mut refusals = if feed.refused > 0 { feeds::refusals(db, feed.id)? } else { Vec::new() };
            refusals.truncate(REFUSALS);
            rows.push((feed, refusals));
        }
        Ok((rows, rechecks::latest(db, RECHECKS)?))
    });
    let (rows, rechecks) = read.await?;
    let rhythm = |feed: &Feed| services.config.feeds.iter().find(|set| set.name == feed.name).map(|set| set.every.to_string());
    let feeds = rows
        .into_iter()
        .map(|(feed, refusals)| Line { stale: is_stale(&services, &feed), rhythm: rhythm(&feed), feed, refusals })
        .collect();
    show(HttpResponse::Ok(), &FeedsPage { shell: Shell::of(&visit, "feeds", "Feeds"), feeds, rechecks })
}

async fn fetch(services: web::Data<Services>, posted: Posted<Named>) -> Result<HttpResponse, AppError> {
    ask_fetch(&services, &posted.visit, &posted.form.feed).await?;
    Ok(go("/feeds"))
}

async fn recheck(services: web::Data<Services>, posted: Posted<Nothing>) -> Result<HttpResponse, AppError> {
    let Nothing {} = posted.form;
    ask_recheck(&services, &posted.visit).await?;
    Ok(go("/feeds"))
}
