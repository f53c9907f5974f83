//! What people decided about problems in packages: of one project, or everywhere. A
//! project's own word goes before the one for everywhere. Of each place one decision
//! stands; those that ended stay as its history.

mod decide;
pub mod follow;
pub mod standing;
#[cfg(test)]
mod tests;

use super::counts::severity;
use super::schema::{advisory, affected, alias, component, matched, package, problem, triage};
use super::{Db, StoreError};
use crate::clock::from_millis;
use bom::triage::{Decision, Ending, Weight};
pub use decide::{Decided, NewDecision, decide, take_back};
use diesel::prelude::*;

/// Bytes of what a person adds to a decision.
pub const LONGEST_DETAIL: usize = 4000;

/// Where a decision holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The problem.
    pub problem_id: i64,
    /// The package.
    pub package_id: i64,
    /// The project; `None`: everywhere.
    pub project_id: Option<i64>,
}

/// A decision as it stands or stood.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = triage)]
pub struct Triage {
    /// The key inside.
    pub id: i64,
    /// The id outside.
    pub public_id: String,
    /// The problem.
    pub problem_id: i64,
    /// The package.
    pub package_id: i64,
    /// The project; `None`: everywhere.
    pub project_id: Option<i64>,
    /// The word of its [`Decision`].
    pub status: String,
    /// The word of its justification.
    pub justification: Option<String>,
    /// What the person added.
    pub detail: String,
    /// Until when a risk is accepted, in milliseconds.
    pub until_at: Option<i64>,
    /// The severity's number when it was decided.
    pub severity: i16,
    /// Whether the problem was known to be exploited then.
    pub exploited: bool,
    /// The document that it was taken from; `None`: a person's own word.
    pub source: Option<String>,
    /// Who decided: `person:alice`.
    pub decided_by: String,
    /// When, in milliseconds.
    pub decided_at: i64,
    /// The word of its [`Ending`].
    pub ending: Option<String>,
    /// Who ended it: a person, or `server` where the problem outgrew it.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<i64>,
    /// What took its place.
    pub replaced_by: Option<i64>,
}

impl Triage {
    /// Where it holds.
    pub fn place(&self) -> Place {
        Place { problem_id: self.problem_id, package_id: self.package_id, project_id: self.project_id }
    }

    /// What was decided.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn decision(&self) -> Result<Decision, StoreError> {
        Decision::of_words(&self.status, self.justification.as_deref(), self.until_at.map(from_millis))
            .map_err(|error| StoreError::Damaged(format!("decision {}: {error}", self.public_id)))
    }

    /// What it says, for people.
    pub fn sentence(&self) -> String {
        self.decision().map_or_else(|_| self.status.clone(), Decision::sentence)
    }

    /// Whether it leaves nothing to be done about a finding.
    pub fn settles(&self) -> bool {
        self.decision().is_ok_and(Decision::settles)
    }

    /// How it ended.
    pub fn ending(&self) -> Option<Ending> {
        self.ending.as_deref().and_then(Ending::of_word)
    }

    /// What the problem weighed when it was decided.
    fn then(&self) -> Weight {
        Weight { severity: severity(self.severity), exploited: self.exploited }
    }
}

/// What a problem weighs now.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn weight(db: &mut Db, problem_id: i64) -> Result<Weight, StoreError> {
    let (code, exploited_at): (i16, Option<i64>) =
        problem::table.find(problem_id).select((problem::severity, problem::exploited_at)).first(db)?;
    Ok(Weight { severity: severity(code), exploited: exploited_at.is_some() })
}

/// The problem that has this name: any of its records' names and aliases.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn problem_named(db: &mut Db, name: &str) -> Result<Option<i64>, StoreError> {
    Ok(alias::table.find(name).select(alias::problem_id).first(db).optional()?)
}

/// The package with this name in canonical spelling.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn package_named(db: &mut Db, ecosystem: i16, name: &str) -> Result<Option<i64>, StoreError> {
    let named = package::table.filter(package::ecosystem.eq(ecosystem)).filter(package::name.eq(name));
    Ok(named.select(package::id).first(db).optional()?)
}

/// Whether a problem is about a package at all: a record of it names the package, or a
/// component of it was found to be affected.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn concerns(db: &mut Db, problem_id: i64, package_id: i64) -> Result<bool, StoreError> {
    let named = affected::table
        .inner_join(advisory::table.on(advisory::id.eq(affected::advisory_id)))
        .filter(affected::package_id.eq(package_id))
        .filter(advisory::problem_id.eq(problem_id));
    let found = matched::table
        .inner_join(component::table.on(component::id.eq(matched::component_id)))
        .filter(matched::problem_id.eq(problem_id))
        .filter(component::package_id.eq(package_id));
    Ok(diesel::select(diesel::dsl::exists(named).or(diesel::dsl::exists(found))).get_result(db)?)
}

/// The decision with this id.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn by_public_id(db: &mut Db, public_id: &str) -> Result<Option<Triage>, StoreError> {
    Ok(triage::table.filter(triage::public_id.eq(public_id)).select(Triage::as_select()).first(db).optional()?)
}

/// Every decision about a problem in a package that holds or held in a project, those
/// for everywhere too; the newest first, at most the last hundred.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn history(db: &mut Db, problem_id: i64, package_id: i64, project_id: i64) -> Result<Vec<Triage>, StoreError> {
    let rows = triage::table
        .filter(triage::problem_id.eq(problem_id))
        .filter(triage::package_id.eq(package_id))
        .filter(triage::project_id.eq(project_id).or(triage::project_id.is_null()))
        .order(triage::id.desc())
        .limit(100);
    Ok(rows.select(Triage::as_select()).load(db)?)
}
