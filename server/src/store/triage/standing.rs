//! Which decisions stand, what they mean for a project's findings, and how one ends.

use super::{Place, Triage};
use crate::store::components::CHUNK;
use crate::store::schema::triage;
use crate::store::{Db, StoreError};
use bom::triage::Ending;
use diesel::prelude::*;
use std::collections::HashMap;

/// A problem in a package.
type Pair = (i64, i64);

/// The decision that holds for each finding of a project, by (problem, package).
#[derive(Clone, Debug, Default)]
pub struct Standing(HashMap<Pair, Triage>);

impl Standing {
    /// The decision about a problem in a package.
    pub fn of(&self, problem_id: i64, package_id: i64) -> Option<&Triage> {
        self.0.get(&(problem_id, package_id))
    }

    /// Whether nothing is left to be done about a problem in a package.
    pub fn settles(&self, problem_id: i64, package_id: i64) -> bool {
        self.of(problem_id, package_id).is_some_and(Triage::settles)
    }
}

/// The decision that stands in exactly this place, also one whose date has come and that
/// nobody has ended yet.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn at(db: &mut Db, place: Place) -> Result<Option<Triage>, StoreError> {
    let Place { problem_id, package_id, project_id } = place;
    let rows = triage::table
        .filter(triage::problem_id.eq(problem_id))
        .filter(triage::package_id.eq(package_id))
        .filter(triage::ended_at.is_null())
        .into_boxed();
    let rows = match project_id {
        Some(id) => rows.filter(triage::project_id.eq(id)),
        None => rows.filter(triage::project_id.is_null()),
    };
    Ok(rows.select(Triage::as_select()).first(db).optional()?)
}

/// What holds at a time for a project's findings of these problems: its own word, else
/// the word for everywhere. Another project's never does.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn of_project(db: &mut Db, project_id: i64, problems: &[i64], now: i64) -> Result<Standing, StoreError> {
    let mut standing = Standing::default();
    for chunk in problems.chunks(CHUNK) {
        let mine = triage::project_id.eq(project_id).or(triage::project_id.is_null());
        let rows: Vec<Triage> = triage::table
            .filter(triage::problem_id.eq_any(chunk))
            .filter(triage::ended_at.is_null())
            .filter(triage::until_at.is_null().or(triage::until_at.gt(now)))
            .filter(mine)
            .select(Triage::as_select())
            .load(db)?;
        for row in rows {
            let pair = (row.problem_id, row.package_id);
            if row.project_id.is_some() || !standing.0.contains_key(&pair) {
                standing.0.insert(pair, row);
            }
        }
    }
    Ok(standing)
}

/// What holds at a time about one problem in a package, project by project.
#[derive(Clone, Debug, Default)]
pub struct Words {
    everywhere: Option<Triage>,
    own: HashMap<i64, Triage>,
}

impl Words {
    /// The decision that holds for a project.
    pub fn of(&self, project_id: i64) -> Option<&Triage> {
        self.own.get(&project_id).or(self.everywhere.as_ref())
    }

    /// Whether nothing is left to be done for a project.
    pub fn settle(&self, project_id: i64) -> bool {
        self.of(project_id).is_some_and(Triage::settles)
    }

    /// Whether nothing at all was decided.
    pub fn is_empty(&self) -> bool {
        self.everywhere.is_none() && self.own.is_empty()
    }
}

/// What holds at a time about a problem in a package, in every project.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn on(db: &mut Db, problem_id: i64, package_id: i64, now: i64) -> Result<Words, StoreError> {
    let rows: Vec<Triage> = triage::table
        .filter(triage::problem_id.eq(problem_id))
        .filter(triage::package_id.eq(package_id))
        .filter(triage::ended_at.is_null())
        .filter(triage::until_at.is_null().or(triage::until_at.gt(now)))
        .select(Triage::as_select())
        .load(db)?;
    let mut words = Words::default();
    for row in rows {
        match row.project_id {
            Some(project) => drop(words.own.insert(project, row)),
            None => words.everywhere = Some(row),
        }
    }
    Ok(words)
}

/// Ends a decision that stands. Answers false where somebody else did so first.
pub(super) fn end(db: &mut Db, of: &Triage, how: Ending, who: &str, now: i64) -> Result<bool, StoreError> {
    let standing = triage::table.filter(triage::id.eq(of.id)).filter(triage::ended_at.is_null());
    let values = (triage::ending.eq(how.word()), triage::ended_by.eq(who), triage::ended_at.eq(now));
    Ok(diesel::update(standing).set(values).execute(db)? == 1)
}
