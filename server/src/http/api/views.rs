//! The lists of `/v1`: what pages show, for programs.

use crate::error::AppError;
use crate::http::caller::Reader;
use crate::http::documents::Report;
use crate::http::paging::{Ask, Page, cut, row_count};
use crate::services::Services;
use crate::store::documents;
use crate::store::statements::{self, Stated};
use crate::store::viewer::Viewer;
use crate::store::views::findings::{FindingLine, Findings, Which};
use crate::store::views::{components, findings, packages, projects, release_of, uploads, watch};
use actix_web::{HttpResponse, web};
use bom::advisory::Severity;
use bom::ecosystem::{Ecosystem, Package};
use bom::purl::Purl;
use serde::Deserialize;
use serde_json::{Value, json};

/// The most findings of one answer, and uses of one package.
const MOST: usize = 5000;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/projects/{id}").get(project));
    config.service(web::resource("/v1/projects/{id}/components").get(list_components));
    config.service(web::resource("/v1/projects/{id}/findings").get(list_findings));
    config.service(web::resource("/v1/projects/{id}/uploads").get(list_uploads));
    config.service(web::resource("/v1/packages").get(package));
    config.service(web::resource("/v1/documents/{id}").get(document));
    config.service(web::resource("/v1/documents/{id}/report").get(report));
}

#[derive(Deserialize)]
struct OfRelease {
    release: Option<String>,
}

#[derive(Deserialize)]
struct OfFindings {
    release: Option<String>,
    triage: Option<String>,
}

#[derive(Deserialize)]
struct OfPackage {
    purl: Option<String>,
    ecosystem: Option<String>,
    name: Option<String>,
}

/// `GET /v1/projects`.
pub async fn list_projects(
    services: web::Data<Services>,
    Reader(viewer): Reader,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, AppError> {
    let (limit, after) = (ask.limit()?, ask.key::<(String, String)>()?);
    let lines = services.store.read(move |db| projects::list(db, &viewer, after, row_count(limit))).await?;
    let page = cut(lines, limit, |line| (line.name.clone(), line.id.clone()))?;
    Ok(HttpResponse::Ok().json(page.map(|line| project_json(&line))))
}

fn project_json(line: &projects::ProjectLine) -> Value {
    json!({
        "id": line.id, "name": line.name, "team": line.team, "release": line.release, "components": line.components,
        "findings": line.findings, "uploaded_at": line.uploaded_at.map(crate::clock::rfc3339),
    })
}

async fn project(services: web::Data<Services>, Reader(viewer): Reader, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    let id = id.into_inner();
    let read = services.store.read(move |db| Ok((projects::one(db, &viewer, &id)?, projects::slots(db, &viewer, &id)?)));
    let (Some(line), slots) = read.await? else { return Err(no_project()) };
    let slots: Vec<Value> = slots
        .iter()
        .map(|slot| {
            json!({
                "release": slot.release, "slot": slot.name, "components": slot.components, "closed": slot.closed,
                "named_at": crate::clock::rfc3339(slot.named_at),
            })
        })
        .collect();
    let mut answer = project_json(&line);
    answer["slots"] = Value::Array(slots);
    Ok(HttpResponse::Ok().json(answer))
}

async fn list_components(
    services: web::Data<Services>,
    Reader(viewer): Reader,
    id: web::Path<String>,
    of: web::Query<OfRelease>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, AppError> {
    let (limit, after) = (ask.limit()?, ask.key()?);
    let release = known_release(&services, viewer, id.into_inner(), of.into_inner().release).await?;
    let lines = match release {
        Some(release) => services.store.read(move |db| components::list(db, release, after, row_count(limit))).await?,
        None => Vec::new(),
    };
    let page = cut(lines, limit, |line| (line.name.clone(), line.version.clone(), line.key))?;
    Ok(HttpResponse::Ok().json(page.map(|line| {
        json!({
            "package": {"ecosystem": line.ecosystem, "name": line.name}, "version": line.version, "purl": line.purl,
            "origin": line.origin,
        })
    })))
}

async fn list_findings(
    services: web::Data<Services>,
    Reader(viewer): Reader,
    id: web::Path<String>,
    of: web::Query<OfFindings>,
) -> Result<HttpResponse, AppError> {
    let (OfFindings { release, triage }, now) = (of.into_inner(), services.clock.millis());
    let which = which_findings(triage.as_deref().unwrap_or("all"))?;
    let release = known_release(&services, viewer, id.into_inner(), release).await?;
    let found = match release {
        Some(release) => services.store.read(move |db| findings::list(db, release, which, MOST, now)).await?,
        None => Findings::default(),
    };
    let items = found.lines.iter().map(finding_json).collect();
    Ok(HttpResponse::Ok().json(Page::<Value> { items, next: None }))
}

/// Which findings a word asks for.
///
/// # Errors
/// [`AppError::Invalid`] for another word.
pub fn which_findings(word: &str) -> Result<Which, AppError> {
    let known = || Which::ALL.map(Which::word).join(", ");
    Which::of_word(word).ok_or_else(|| AppError::Invalid(format!("`triage` is `{word}`; use one of {}", known())))
}

/// A share in parts of 100,000 as a number from 0 to 1.
fn per_100_000(parts: i64) -> f64 {
    f64::from(i32::try_from(parts).unwrap_or(i32::MAX)) / 100_000.0
}

fn finding_json(line: &FindingLine) -> Value {
    json!({
        "problem": line.problem, "ids": line.ids, "severity": line.severity.name(), "malicious": line.severity == Severity::Malicious,
        "summary": line.summary, "package": {"ecosystem": line.ecosystem, "name": line.package}, "version": line.version,
        "exploited_since": line.exploited_at.map(crate::clock::rfc3339), "epss": line.likelihood.map(per_100_000),
        "answer": if line.certain { "affected" } else { "unknown" }, "weak": line.is_weak(), "fixed": line.fixed, "slots": line.slots,
        "since": crate::clock::rfc3339(line.since_at), "settled": line.is_settled(), "triage": line.triage.as_ref().map(super::triage::said),
    })
}

async fn list_uploads(
    services: web::Data<Services>,
    Reader(viewer): Reader,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, AppError> {
    let (limit, before, id) = (ask.limit()?, ask.key::<i64>()?, id.into_inner());
    let read = services.store.read(move |db| {
        let known = projects::one(db, &viewer, &id)?.is_some();
        Ok((known, uploads::list(db, &viewer, Some(&id), before, row_count(limit))?))
    });
    let (true, lines) = read.await? else { return Err(no_project()) };
    let page = cut(lines, limit, |line| line.key)?;
    Ok(HttpResponse::Ok().json(page.map(|line| {
        json!({
            "id": line.id, "release": line.release, "slot": line.slot, "state": line.state, "document": line.document,
            "sha256": line.sha256, "components": line.components, "added": line.added, "removed": line.removed,
            "provider": line.provider, "url": line.url, "commit": line.commit, "received_at": crate::clock::rfc3339(line.received_at),
        })
    })))
}

async fn package(
    services: web::Data<Services>,
    Reader(viewer): Reader,
    of: web::Query<OfPackage>,
) -> Result<HttpResponse, AppError> {
    let package = named(of.into_inner())?;
    let (code, name) = (package.ecosystem.code, package.name.clone());
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
    let read = services.store.read(move |db| {
        let stated = statements::of_package(db, code, &name, limit)?;
        Ok((packages::uses(db, &viewer, code, &name, limit)?, stated, watch::of_package(db, &viewer, code, &name)?))
    });
    let (uses, stated, watch) = read.await?;
    let items: Vec<Value> = uses
        .iter()
        .map(|one| {
            json!({
                "project": {"id": one.project_id, "name": one.project}, "release": one.release, "slot": one.slot, "version": one.version,
                "from": crate::clock::rfc3339(one.from_at), "to": one.until_at.map(crate::clock::rfc3339), "now": one.now, "run": one.run,
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({
        "package": {"ecosystem": package.ecosystem.name, "name": package.name}, "items": items, "next": null,
        "statements": stated.iter().map(stated_json).collect::<Vec<_>>(), "watch": watch.as_ref().map(watch_json),
    })))
}

/// What a supplier states.
fn stated_json(stated: &Stated) -> Value {
    let line = &stated.line;
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    json!({
        "vulnerability": line.vulnerability, "purl": line.purl, "versions": line.versions.lines().collect::<Vec<_>>(),
        "product": some(&line.product), "status": line.status, "justification": line.justification, "detail": some(&line.detail),
        "action": some(&line.action), "at": line.stated_at.map(crate::clock::rfc3339), "author": some(&stated.author),
        "document": stated.document, "feed": stated.feed,
    })
}

/// What the watch knows of a package; `null` for one that is not watched.
fn watch_json(watch: &watch::WatchView) -> Value {
    let time = |at: Option<i64>| at.map(crate::clock::rfc3339);
    let moment = |moment: bom::watched::Moment| json!({"at": crate::clock::rfc3339(moment.at.timestamp_millis()), "source": moment.source.name()});
    let owners: Vec<Value> = watch
        .tenures
        .iter()
        .map(|tenure| {
            json!({
                "id": tenure.owner.id, "login": tenure.owner.login, "kind": tenure.owner.kind.name(), "from": moment(tenure.from),
                "to": tenure.until.map(moment), "baseline": watch.baseline.contains(&tenure.owner.id),
            })
        })
        .collect();
    json!({
        "registry": watch.registry, "since": time(watch.since_at), "answered_at": time(watch.looked_at),
        "owners_at": time(watch.owners_at), "next_at": crate::clock::rfc3339(watch.next_at), "error": watch.last_error,
        "in_doubt": watch.in_doubt, "repository": watch.repository, "owners": owners,
        "verdicts": watch.verdicts.iter().map(verdict_json).collect::<Vec<_>>(),
    })
}

fn verdict_json(verdict: &watch::VerdictLine) -> Value {
    let evidence: Vec<Value> = serde_json::from_str(&verdict.evidence).unwrap_or_default();
    let fact = |one: &Value| {
        let at = one["at"].as_i64().map(crate::clock::rfc3339);
        json!({"signal": one["signal"], "what": one["what"], "then": one["then"], "now": one["now"], "at": at})
    };
    json!({
        "version": Some(&verdict.version).filter(|version| !version.is_empty()), "score": verdict.score,
        "urgency": watch::urgency(verdict.urgency), "unconfirmed": verdict.unconfirmed,
        "taken_back": verdict.retracted_at.is_some(), "told_at": crate::clock::rfc3339(verdict.opened_at),
        "facts": evidence.iter().map(fact).collect::<Vec<_>>(),
    })
}

fn named(of: OfPackage) -> Result<Package, AppError> {
    if let Some(text) = of.purl {
        let purl: Purl = text.parse().map_err(|error: bom::purl::PurlError| AppError::Invalid(error.to_string()))?;
        return Package::of_purl(&purl)
            .ok_or_else(|| AppError::Invalid(format!("packages of type `{}` belong to no known ecosystem", purl.kind)));
    }
    match (of.ecosystem, of.name) {
        (Some(ecosystem), Some(name)) => match Ecosystem::of_osv(&ecosystem) {
            Some((known, _)) => Ok(Package::named(known, &name)),
            None => Err(AppError::Invalid(format!("`{ecosystem}` is no known ecosystem"))),
        },
        _ => Err(AppError::Invalid("name the package: `?purl=`, or `?ecosystem=` and `?name=`".to_owned())),
    }
}

async fn document(
    services: web::Data<Services>,
    Reader(viewer): Reader,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = id.into_inner();
    let read = services.store.read(move |db| match uploads::document(db, &viewer, &id)? {
        Some(key) => documents::bytes(db, key),
        None => Ok(None),
    });
    match read.await? {
        Some(bytes) => Ok(HttpResponse::Ok().content_type("application/octet-stream").body(bytes)),
        None => Err(no_document()),
    }
}

async fn report(services: web::Data<Services>, Reader(viewer): Reader, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    let report = Report::on(&services, viewer, id.into_inner()).await?;
    Ok(HttpResponse::Ok().json(report.ok_or_else(no_document)?))
}

fn no_document() -> AppError {
    AppError::Missing("there is no such document".to_owned())
}

/// The release that a list is about; `None` where nothing was uploaded yet.
async fn known_release(services: &Services, viewer: Viewer, id: String, name: Option<String>) -> Result<Option<i64>, AppError> {
    let read = services.store.read(move |db| {
        let known = projects::one(db, &viewer, &id)?.is_some();
        Ok((known, name.is_some(), release_of(db, &viewer, &id, name.as_deref())?))
    });
    match read.await? {
        (false, ..) => Err(no_project()),
        (true, true, None) => Err(AppError::Missing("the project has no release of this name".to_owned())),
        (true, _, release) => Ok(release),
    }
}

fn no_project() -> AppError {
    AppError::Missing("there is no such project".to_owned())
}
