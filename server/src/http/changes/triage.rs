//! What people decide about problems in packages: for a project by who may write it, for
//! everywhere by an administrator.

use super::{Refusal, one_project, transact};
use crate::auth::sessions::Visit;
use crate::clock::from_millis;
use crate::error::AppError;
use crate::services::Services;
use crate::store::Db;
use crate::store::triage::{self, LONGEST_DETAIL, NewDecision, Place};
use crate::store::views::triage::{self as views, TriageLine};
use crate::{counts, outbox};
use bom::ecosystem::{Ecosystem, Package};
use bom::purl::Purl;
use bom::triage::{Decision, Mistake};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

/// A decision that somebody wants to make.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct TriageWish {
    /// The project, by id or name.
    #[serde(default)]
    pub project: String,
    /// Or every project there is.
    #[serde(default)]
    pub everywhere: bool,
    /// The problem, by any of its names.
    pub problem: String,
    /// The package, by a package URL; its version does not matter.
    #[serde(default)]
    pub purl: String,
    /// Or by ecosystem and name.
    #[serde(default)]
    pub package: PackageWish,
    /// What is decided.
    pub status: String,
    /// Why it does not affect us.
    #[serde(default)]
    pub justification: String,
    /// What there is to add.
    #[serde(default)]
    pub detail: String,
    /// Until which day a risk is accepted: `2027-01-31`.
    #[serde(default)]
    pub until: String,
}

/// A package by its names.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PackageWish {
    /// The ecosystem's OSV name.
    pub ecosystem: String,
    /// The package's name.
    pub name: String,
}

/// Decides. Answers the decision that stands now, and whether it is new.
///
/// # Errors
/// [`AppError`] for a project that the person may not see, for everywhere by anybody but an
/// administrator, and for words that make no decision.
pub async fn decide(services: &Services, visit: &Visit, wish: TriageWish) -> Result<(TriageLine, bool), AppError> {
    if wish.everywhere {
        visit.must_be_admin()?;
    }
    let package = package(&wish)?;
    let justification = Some(wish.justification.trim()).filter(|word| !word.is_empty());
    let decision = Decision::of_words(wish.status.trim(), justification, day(&wish.until)?).map_err(invalid)?;
    let detail = detail(&wish.detail)?;
    let (viewer, now, everywhere) = (visit.viewer.clone(), services.clock.millis(), wish.everywhere);
    let answer = transact(services, move |db| {
        let project_id = match (wish.everywhere, wish.project.trim()) {
            (true, "") => None,
            (false, "") => return Err(AppError::Invalid("say where it holds: `project`, or `everywhere`".to_owned()).into()),
            (true, _) => return Err(AppError::Invalid("it holds in a `project` or `everywhere`; say one".to_owned()).into()),
            (false, text) => Some(one_project(db, &viewer, text)?.id),
        };
        let place = place(db, wish.problem.trim(), &package, project_id)?;
        decision.check(&detail, triage::weight(db, place.problem_id)?, from_millis(now)).map_err(invalid)?;
        let new = NewDecision { decision, detail: detail.clone(), source: None };
        let (made, is_new) = match triage::decide(db, place, &new, &viewer.who, now)? {
            triage::Decided::New(made) => (made, true),
            triage::Decided::Same(made) => (made, false),
        };
        let line = views::one(db, &viewer, &made.public_id)?.ok_or_else(|| AppError::missing("decision", &made.public_id))?;
        Ok((line, is_new))
    });
    let answer = answer.await?;
    follow(services, everywhere).await?;
    Ok(answer)
}

/// Takes a decision back; again is no error. Answers it as it is now.
///
/// # Errors
/// [`AppError::Missing`] for one that the person may not see, [`AppError::Forbidden`] for
/// one that holds everywhere, by anybody but an administrator.
pub async fn take_back(services: &Services, visit: &Visit, id: &str) -> Result<TriageLine, AppError> {
    let (visit, id, now) = (visit.clone(), id.to_owned(), services.clock.millis());
    let ended = transact(services, move |db| {
        let missing = || AppError::missing("decision", &id);
        let found = views::one(db, &visit.viewer, &id)?.ok_or_else(missing)?;
        if found.project.is_none() {
            visit.must_be_admin()?;
        }
        triage::take_back(db, &found.triage, &visit.viewer.who, now)?;
        Ok(views::one(db, &visit.viewer, &id)?.ok_or_else(missing)?)
    });
    let ended = ended.await?;
    follow(services, ended.project.is_none()).await?;
    Ok(ended)
}

/// What follows a decision: one project is counted before the answer, all of them by the
/// job; and whoever is to be told is.
///
/// # Errors
/// [`AppError`] from the database.
pub async fn follow(services: &Services, everywhere: bool) -> Result<(), AppError> {
    if everywhere {
        services.wake.ask("findings");
    } else {
        counts::drain(services).await?;
    }
    services.wake.ask("triage");
    Ok(outbox::hint(services).await?)
}

fn place(db: &mut Db, name: &str, package: &Package, project_id: Option<i64>) -> Result<Place, Refusal> {
    let problem_id = triage::problem_named(db, name)?;
    let package_id = triage::package_named(db, package.ecosystem.code, &package.name)?;
    // One answer for all: whether somebody else has such a package is not told.
    let unknown = || {
        let (name, package, ecosystem) = (name.chars().take(120).collect::<String>(), &package.name, package.ecosystem.name);
        AppError::Invalid(format!("no record of `{name}` names the package `{package}` ({ecosystem}), nor was it found in it"))
    };
    let (Some(problem_id), Some(package_id)) = (problem_id, package_id) else { return Err(unknown().into()) };
    if !triage::concerns(db, problem_id, package_id)? {
        return Err(unknown().into());
    }
    Ok(Place { problem_id, package_id, project_id })
}

fn package(wish: &TriageWish) -> Result<Package, AppError> {
    let PackageWish { ecosystem, name } = &wish.package;
    if !wish.purl.is_empty() {
        let purl: Purl = wish.purl.parse().map_err(|error: bom::purl::PurlError| AppError::Invalid(error.to_string()))?;
        return Package::of_purl(&purl)
            .ok_or_else(|| AppError::Invalid(format!("packages of type `{}` belong to no known ecosystem", purl.kind)));
    }
    if name.is_empty() {
        return Err(AppError::Invalid("name the package: `purl`, or `package` with `ecosystem` and `name`".to_owned()));
    }
    let known = Ecosystem::of_osv(ecosystem).ok_or_else(|| AppError::Invalid(format!("`{ecosystem}` is no known ecosystem")))?;
    Ok(Package::named(known.0, name))
}

/// The beginning of a day, in UTC.
fn day(text: &str) -> Result<Option<DateTime<Utc>>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| {
        let text: String = text.chars().take(40).collect();
        AppError::Invalid(format!("`until` is `{text}`; give a day such as `2027-01-31`"))
    };
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(wrong)?;
    Ok(Some(day.and_time(NaiveTime::MIN).and_utc()))
}

fn detail(text: &str) -> Result<String, AppError> {
    let text = text.trim().replace("\r\n", "\n");
    if text.len() > LONGEST_DETAIL {
        return Err(AppError::Invalid(format!("`detail` has {} bytes; use at most {LONGEST_DETAIL}", text.len())));
    }
    Ok(text)
}

fn invalid(mistake: Mistake) -> AppError {
    AppError::Invalid(mistake.to_string())
}
