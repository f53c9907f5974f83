//! The first page: how it stands, what is worst, what came last.

use super::{Shell, filters, show};
use crate::error::AppError;
use crate::http::caller::SignedIn;
use crate::services::Services;
use crate::store::counts::Counts;
use crate::store::views::alerts::{self, AlertLine, Filter};
use crate::store::views::projects::ProjectLine;
use crate::store::views::uploads::UploadLine;
use crate::store::views::{projects, uploads};
use actix_web::{HttpResponse, web};
use askama::Template;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/").get(overview));
}

/// Projects that are looked through for the worst, and lines that are shown.
const LOOKED: i64 = 1000;
const SHOWN: i64 = 10;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    shell: Shell,
    projects: i64,
    counts: Counts,
    alerts: Vec<AlertLine>,
    worst: Vec<ProjectLine>,
    uploads: Vec<UploadLine>,
}

async fn overview(services: web::Data<Services>, SignedIn(visit): SignedIn) -> Result<HttpResponse, AppError> {
    let viewer = visit.viewer.clone();
    let open = Filter { states: vec!["open".to_owned()], urgency: None };
    let read = services.store.read(move |db| {
        let alerts = alerts::list(db, &viewer, &open, None, SHOWN)?;
        let lists = (projects::list(db, &viewer, None, LOOKED)?, uploads::list(db, &viewer, None, None, SHOWN)?);
        Ok((projects::totals(db, &viewer)?, alerts, lists))
    });
    let ((projects, counts), alerts, (mut worst, uploads)) = read.await?;
    worst.retain(|line| line.findings != Counts::default());
    worst.sort_by_key(|line| {
        let of = line.findings;
        std::cmp::Reverse((of.malicious, of.critical, of.high, of.medium, of.low, of.unknown))
    });
    worst.truncate(usize::try_from(SHOWN).unwrap_or(10));
    let shell = Shell::of(&visit, "overview", "Overview");
    show(HttpResponse::Ok(), &OverviewPage { shell, projects, counts, alerts, worst, uploads })
}
