//! One finding: a problem in a package of a project, with everything that is known of it.

use super::findings::names;
use crate::store::counts::severity;
use crate::store::schema::{advisory, affected, component, held, matched, problem, project, release, slot, team, upload};
use crate::store::statements::{self, Stated};
use crate::store::triage::{self, Triage, standing};
use crate::store::viewer::Viewer;
use crate::store::{Db, StoreError};
use bom::advisory::Severity;
use bom::inventory::Flags;
use diesel::prelude::*;

/// The most presences that are read of one finding.
const MOST: i64 = 2000;
/// The most statements of one finding.
const STATED: i64 = 200;

/// Which finding is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The project's id outside.
    pub project: String,
    /// One of the problem's names.
    pub problem: String,
    /// The ecosystem's code.
    pub ecosystem: i16,
    /// The package's name in canonical spelling.
    pub package: String,
}

/// A finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The project: id outside, name, team's name.
    pub project: (String, String, String),
    /// The problem's name.
    pub problem: String,
    /// All its names.
    pub ids: Vec<String>,
    /// How bad it is.
    pub severity: Severity,
    /// Since when it is known to be exploited, in milliseconds.
    pub exploited_at: Option<i64>,
    /// How likely it is to be exploited within 30 days, in parts of 100,000.
    pub likelihood: Option<i64>,
    /// Where the project holds an affected version; empty where it does not now.
    pub uses: Vec<Use>,
    /// The records that name the package.
    pub records: Vec<Record>,
    /// What suppliers state of it.
    pub stated: Vec<Stated>,
    /// What holds for it.
    pub triage: Option<Triage>,
    /// Every decision about it, the newest first.
    pub history: Vec<Triage>,
}

/// Where an affected version is held.
#[derive(Clone, Debug)]
pub struct Use {
    /// The release.
    pub release: String,
    /// The slot.
    pub slot: String,
    /// The version.
    pub version: String,
    /// Whether the document says that what was built needs it itself.
    pub direct: Option<bool>,
    /// The document that brought it.
    pub document_id: Option<i64>,
    /// When that came, in milliseconds.
    pub from_at: i64,
    /// Whether it is certain; otherwise nobody can tell.
    pub certain: bool,
    /// Versions that repair it, separated by spaces.
    pub fixed: String,
}

/// A published record.
#[derive(Clone, Debug, Queryable)]
pub struct Record {
    /// Its id.
    pub name: String,
    /// The feed that brought it.
    pub feed: String,
    /// One line about it.
    pub summary: String,
    /// The severity's number.
    code: i16,
    /// When it was published, in milliseconds.
    pub published_at: Option<i64>,
    /// When it last changed.
    pub modified_at: i64,
    /// When it was taken back.
    pub withdrawn_at: Option<i64>,
}

impl Record {
    /// How bad it says that it is.
    pub fn severity(&self) -> Severity {
        severity(self.code)
    }
}

/// A finding as a viewer may see it; also one that the project does not hold now.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn one(db: &mut Db, viewer: &Viewer, wanted: &Wanted, now: i64) -> Result<Option<Finding>, StoreError> {
    let mine: Option<(i64, (String, String, String))> = project::table
        .inner_join(team::table.on(team::id.eq(project::team_id)))
        .filter(project::public_id.eq(&wanted.project))
        .filter(viewer.sees())
        .select((project::id, (project::public_id, project::name, team::name)))
        .first(db)
        .optional()?;
    let Some((project_id, project)) = mine else { return Ok(None) };
    let Some(problem_id) = triage::problem_named(db, &wanted.problem)? else { return Ok(None) };
    let Some(package_id) = triage::package_named(db, wanted.ecosystem, &wanted.package)? else { return Ok(None) };
    if !triage::concerns(db, problem_id, package_id)? {
        return Ok(None);
    }
    let (problem, code, exploited_at, likelihood): (String, i16, Option<i64>, Option<i64>) = problem::table
        .find(problem_id)
        .select((problem::name, problem::severity, problem::exploited_at, problem::likelihood))
        .first(db)?;
    let ids = names(db, &[problem_id].into())?.remove(&problem_id).unwrap_or_default();
    let holds = standing::of_project(db, project_id, &[problem_id], now)?;
    Ok(Some(Finding {
        project,
        problem,
        severity: severity(code),
        exploited_at,
        likelihood,
        uses: uses(db, project_id, problem_id, package_id)?,
        records: records(db, problem_id, package_id)?,
        stated: statements::of_problem(db, wanted.ecosystem, &wanted.package, &ids, STATED)?,
        ids,
        triage: holds.of(problem_id, package_id).cloned(),
        history: triage::history(db, problem_id, package_id, project_id)?,
    }))
}

fn uses(db: &mut Db, project_id: i64, problem_id: i64, package_id: i64) -> Result<Vec<Use>, StoreError> {
    type Row = (String, String, String, i16, (Option<i64>, i64), i16, String);
    let rows: Vec<Row> = held::table
        .inner_join(component::table.on(component::id.eq(held::component_id)))
        .inner_join(matched::table.on(matched::component_id.eq(held::component_id)))
        .inner_join(slot::table.on(slot::id.eq(held::slot_id)))
        .inner_join(release::table.on(release::id.eq(slot::release_id)))
        .inner_join(upload::table.on(upload::id.eq(held::since)))
        .filter(component::package_id.eq(package_id))
        .filter(matched::problem_id.eq(problem_id))
        .filter(matched::gone_at.is_null())
        .filter(release::project_id.eq(project_id))
        .order((release::name, slot::name, component::version))
        .limit(MOST)
        .select((
            release::name,
            slot::name,
            component::version,
            held::flags,
            (upload::document_id, upload::received_at),
            matched::answer,
            matched::fixed,
        ))
        .load(db)?;
    let one = |(release, slot, version, flags, (document_id, from_at), answer, fixed): Row| Use {
        release,
        slot,
        version,
        direct: Flags(flags).direct(),
        document_id,
        from_at,
        certain: answer == 1,
        fixed,
    };
    Ok(rows.into_iter().map(one).collect())
}

fn records(db: &mut Db, problem_id: i64, package_id: i64) -> Result<Vec<Record>, StoreError> {
    let named = affected::table.filter(affected::package_id.eq(package_id)).select(affected::advisory_id);
    Ok(advisory::table
        .filter(advisory::problem_id.eq(problem_id))
        .filter(advisory::id.eq_any(named))
        .order(advisory::name)
        .limit(200)
        .select((
            advisory::name,
            advisory::feed,
            advisory::summary,
            advisory::severity,
            advisory::published_at,
            advisory::modified_at,
            advisory::withdrawn_at,
        ))
        .load(db)?)
}
