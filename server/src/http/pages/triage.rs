//! Decisions: one finding with its form, and the list of what was decided.

use super::{Shell, filters, go, show};
use crate::clock::from_millis;
use crate::error::AppError;
use crate::exposure::{SeenFinding, finding};
use crate::http::api::triage::which;
use crate::http::caller::{Posted, SignedIn};
use crate::http::changes::triage::{PackageWish, TriageWish, decide, take_back};
use crate::http::paging::{Ask, Page, cut, row_count};
use crate::services::Services;
use crate::store::statements::Stated;
use crate::store::views::finding::{Finding, Use, Wanted};
use crate::store::views::triage::{self as views, TriageLine, Which};
use actix_web::{HttpResponse, web};
use askama::Template;
use bom::ecosystem::{Ecosystem, Package};
use bom::vex::Justification;
use serde::Deserialize;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/triage").get(list).post(say));
    config.service(web::resource("/triage/{id}/take-back").post(unsay));
    config.service(web::resource("/projects/{id}/finding").get(one));
}

/// The lists there are, with what people read.
const LISTS: &[(Which, &str)] = &[
    (Which::Standing, "Standing"),
    (Which::Ending, "End within 14 days"),
    (Which::Idle, "Match nothing any more"),
    (Which::Ended, "Ended"),
];

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    which: String,
}

#[derive(Template)]
#[template(path = "triage.html")]
struct TriagePage {
    shell: Shell,
    which: Which,
    page: Page<TriageLine>,
}

async fn list(
    services: web::Data<Services>,
    SignedIn(visit): SignedIn,
    listed: web::Query<Listed>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, AppError> {
    let (limit, before, now) = (ask.limit()?, ask.key::<i64>()?, services.clock.millis());
    let (which, viewer) = (which(&listed.which)?, visit.viewer.clone());
    let lines = services.store.read(move |db| views::list(db, &viewer, which, None, before, row_count(limit), now)).await?;
    let page = cut(lines, limit, |line| line.triage.id)?;
    show(HttpResponse::Ok(), &TriagePage { shell: Shell::of(&visit, "triage", "Triage"), which, page })
}

#[derive(Deserialize)]
struct Asked {
    problem: String,
    ecosystem: String,
    name: String,
}

#[derive(Template)]
#[template(path = "finding.html")]
struct FindingPage {
    shell: Shell,
    project: String,
    finding: Finding,
    uses: Vec<(Use, Option<String>)>,
    stated: Vec<Stated>,
    package: Package,
    /// The first day until which a risk can be accepted.
    tomorrow: String,
}

impl FindingPage {
    fn reasons() -> impl Iterator<Item = Justification> {
        Justification::all()
    }
}

async fn one(
    services: web::Data<Services>,
    SignedIn(visit): SignedIn,
    project: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, AppError> {
    let (project, Asked { problem, ecosystem, name }) = (project.into_inner(), asked.into_inner());
    let missing = || AppError::missing("finding", &problem);
    let (ecosystem, _) = Ecosystem::of_osv(&ecosystem).ok_or_else(missing)?;
    let package = Package::named(ecosystem, &name);
    let wanted =
        Wanted { project: project.clone(), problem: problem.clone(), ecosystem: ecosystem.code, package: package.name.clone() };
    let SeenFinding { mut finding, uses } = finding(&services, &visit.viewer, wanted).await?.ok_or_else(missing)?;
    let shell = Shell::of(&visit, "projects", format!("{} in {}", finding.problem, package.name));
    let tomorrow = from_millis(services.clock.millis() + 86_400_000).format("%Y-%m-%d").to_string();
    let stated = std::mem::take(&mut finding.stated);
    show(HttpResponse::Ok(), &FindingPage { shell, project, finding, uses, stated, package, tomorrow })
}

/// The form of a finding's page.
#[derive(Deserialize)]
struct Form {
    project: String,
    #[serde(default)]
    scope: String,
    problem: String,
    ecosystem: String,
    name: String,
    status: String,
    #[serde(default)]
    justification: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    detail: String,
}

async fn say(services: web::Data<Services>, posted: Posted<Form>) -> Result<HttpResponse, AppError> {
    let form = posted.form;
    let (everywhere, back) = (form.scope == "everywhere", to_finding(&form.project, &form.problem, &form.ecosystem, &form.name));
    // Fields that the chosen status has no use for were left as they stood.
    let only = |status: &str, text: String| if form.status == status { text } else { String::new() };
    let wish = TriageWish {
        project: if everywhere { String::new() } else { form.project.clone() },
        everywhere,
        justification: only("not_affected", form.justification),
        until: only("accepted", form.until),
        problem: form.problem,
        package: PackageWish { ecosystem: form.ecosystem, name: form.name },
        purl: String::new(),
        status: form.status,
        detail: form.detail,
    };
    decide(&services, &posted.visit, wish).await?;
    Ok(go(&back))
}

#[derive(Deserialize)]
struct From {
    /// The project from whose finding it was taken back; none: from the list.
    #[serde(default)]
    project: String,
}

async fn unsay(services: web::Data<Services>, id: web::Path<String>, posted: Posted<From>) -> Result<HttpResponse, AppError> {
    let line = take_back(&services, &posted.visit, &id).await?;
    Ok(match posted.form.project.as_str() {
        "" => go("/triage"),
        project => go(&to_finding(project, &line.problem, line.ecosystem, &line.package)),
    })
}

/// The address of a finding's page.
fn to_finding(project: &str, problem: &str, ecosystem: &str, name: &str) -> String {
    let project: String = url::form_urlencoded::byte_serialize(project.as_bytes()).collect();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("problem", problem).append_pair("ecosystem", ecosystem).append_pair("name", name);
    format!("/projects/{project}/finding?{}", query.finish())
}
