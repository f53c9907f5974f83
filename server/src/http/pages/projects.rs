//! The projects, and each one's findings, inventory and uploads.

use super::{Shell, filters, show};
use crate::auth::sessions::Visit;
use crate::error::AppError;
use crate::http::api::views::which_findings;
use crate::http::caller::SignedIn;
use crate::http::paging::{Ask, Page, cut, row_count};
use crate::services::Services;
use crate::store::covered;
use crate::store::views::components::ComponentLine;
use crate::store::views::findings::{Findings, Which};
use crate::store::views::projects::{ProjectLine, SlotLine};
use crate::store::views::uploads::UploadLine;
use crate::store::views::{components, findings, projects, release_of, uploads};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/projects").get(list));
    config.service(web::resource("/projects/{id}").get(found));
    config.service(web::resource("/projects/{id}/inventory").get(inventory));
    config.service(web::resource("/projects/{id}/uploads").get(sent));
}

/// The most findings of one page.
const FINDINGS: usize = 2000;

#[derive(Template)]
#[template(path = "projects.html")]
struct ProjectsPage {
    shell: Shell,
    page: Page<ProjectLine>,
}

#[derive(Template)]
#[template(path = "findings.html")]
struct FindingsPage {
    shell: Shell,
    project: ProjectLine,
    tab: &'static str,
    findings: Findings,
    which: Which,
    /// Ecosystems of the release of which no advisory is known.
    not_compared: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "inventory.html")]
struct InventoryPage {
    shell: Shell,
    project: ProjectLine,
    tab: &'static str,
    slots: Vec<SlotLine>,
    page: Page<ComponentLine>,
}

#[derive(Template)]
#[template(path = "uploads.html")]
struct UploadsPage {
    shell: Shell,
    project: ProjectLine,
    tab: &'static str,
    page: Page<UploadLine>,
}

async fn list(services: web::Data<Services>, SignedIn(visit): SignedIn, ask: web::Query<Ask>) -> Result<HttpResponse, AppError> {
    let (limit, after, viewer) = (ask.limit()?, ask.key::<(String, String)>()?, visit.viewer.clone());
    let lines = services.store.read(move |db| projects::list(db, &viewer, after, row_count(limit))).await?;
    let page = cut(lines, limit, |line| (line.name.clone(), line.id.clone()))?;
    show(HttpResponse::Ok(), &ProjectsPage { shell: Shell::of(&visit, "projects", "Projects"), page })
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    triage: String,
}

async fn found(
    services: web::Data<Services>,
    SignedIn(visit): SignedIn,
    id: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, AppError> {
    let project = project(&services, &visit, &id).await?;
    let which = if asked.triage.is_empty() { Which::Open } else { which_findings(&asked.triage)? };
    let (viewer, id, now) = (visit.viewer.clone(), id.into_inner(), services.clock.millis());
    let read = services.store.read(move |db| match release_of(db, &viewer, &id, None)? {
        Some(release) => Ok((findings::list(db, release, which, FINDINGS, now)?, covered::missing_in_release(db, release)?)),
        None => Ok((Findings::default(), Vec::new())),
    });
    let (findings, not_compared) = read.await?;
    let shell = shell(&visit, &project);
    show(HttpResponse::Ok(), &FindingsPage { shell, project, tab: "findings", findings, which, not_compared })
}

async fn inventory(
    services: web::Data<Services>,
    SignedIn(visit): SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, AppError> {
    let project = project(&services, &visit, &id).await?;
    let (limit, after, viewer, id) = (ask.limit()?, ask.key()?, visit.viewer.clone(), id.into_inner());
    let read = services.store.read(move |db| {
        let lines = match release_of(db, &viewer, &id, None)? {
            Some(release) => components::list(db, release, after, row_count(limit))?,
            None => Vec::new(),
        };
        Ok((projects::slots(db, &viewer, &id)?, lines))
    });
    let (slots, lines) = read.await?;
    let page = cut(lines, limit, |line| (line.name.clone(), line.version.clone(), line.key))?;
    show(HttpResponse::Ok(), &InventoryPage { shell: shell(&visit, &project), project, tab: "inventory", slots, page })
}

async fn sent(
    services: web::Data<Services>,
    SignedIn(visit): SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, AppError> {
    let project = project(&services, &visit, &id).await?;
    let (limit, before, viewer, id) = (ask.limit()?, ask.key::<i64>()?, visit.viewer.clone(), id.into_inner());
    let lines = services.store.read(move |db| uploads::list(db, &viewer, Some(&id), before, row_count(limit))).await?;
    let page = cut(lines, limit, |line| line.key)?;
    show(HttpResponse::Ok(), &UploadsPage { shell: shell(&visit, &project), project, tab: "uploads", page })
}

fn shell(visit: &Visit, project: &ProjectLine) -> Shell {
    Shell::of(visit, "projects", project.name.clone())
}

async fn project(services: &Services, visit: &Visit, id: &str) -> Result<ProjectLine, AppError> {
    let (viewer, wanted) = (visit.viewer.clone(), id.to_owned());
    let found = services.store.read(move |db| projects::one(db, &viewer, &wanted)).await?;
    found.ok_or_else(|| AppError::missing("project", id))
}
