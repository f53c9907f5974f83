//! Decisions as people look at them: which stand, which end soon, which match nothing
//! any more, and which have ended.

use crate::store::schema::{component, held, matched, package, problem, project, release, slot, triage};
use crate::store::triage::Triage;
use crate::store::viewer::Viewer;
use crate::store::{Db, StoreError};
use bom::ecosystem::Ecosystem;
use diesel::dsl::{exists, not, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use std::collections::BTreeSet;

/// How soon is soon, in milliseconds: 14 days.
const SOON: i64 = 14 * 86_400_000;

/// Which decisions are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Those that stand.
    #[default]
    Standing,
    /// Accepted risks whose date comes within 14 days.
    Ending,
    /// Those that stand and match nothing that is held.
    Idle,
    /// Those that have ended.
    Ended,
}

impl Which {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Standing, Self::Ending, Self::Idle, Self::Ended];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::Ending => "ending",
            Self::Idle => "idle",
            Self::Ended => "ended",
        }
    }

    /// The one with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|which| which.word() == word)
    }
}

/// A decision with the names of what it is about.
#[derive(Clone, Debug)]
pub struct TriageLine {
    /// The decision.
    pub triage: Triage,
    /// The problem's name.
    pub problem: String,
    /// The ecosystem's OSV name, or empty.
    pub ecosystem: &'static str,
    /// The package's name.
    pub package: String,
    /// The project: id outside and name; `None`: everywhere.
    pub project: Option<(String, String)>,
    /// Whether it stands and matches nothing that is held.
    pub idle: bool,
}

type Row = (Triage, String, (i16, String), Option<(String, String)>);

/// The decisions with their names.
macro_rules! lines {
    ($viewer:expr) => {
        triage::table
            .inner_join(problem::table.on(problem::id.eq(triage::problem_id)))
            .inner_join(package::table.on(package::id.eq(triage::package_id)))
            .left_join(project::table.on(project::id.nullable().eq(triage::project_id)))
            .filter(seen($viewer))
            .select((
                Triage::as_select(),
                problem::name,
                (package::ecosystem, package::name),
                (project::public_id, project::name).nullable(),
            ))
    };
}

/// Whether a decision matches nothing that is held where it holds.
macro_rules! idle {
    () => {
        not(exists(
            matched::table
                .inner_join(component::table.on(component::id.eq(matched::component_id)))
                .inner_join(held::table.on(held::component_id.eq(matched::component_id)))
                .inner_join(slot::table.on(slot::id.eq(held::slot_id)))
                .inner_join(release::table.on(release::id.eq(slot::release_id)))
                .filter(matched::problem_id.eq(triage::problem_id))
                .filter(component::package_id.eq(triage::package_id))
                .filter(matched::gone_at.is_null())
                .filter(triage::project_id.is_null().or(release::project_id.nullable().eq(triage::project_id)))
                .select(matched::component_id),
        ))
    };
}

/// Decisions that a viewer may see before the key `before`, the newest first; of one
/// project, where its id is given. What holds everywhere is for everybody.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn list(
    db: &mut Db,
    viewer: &Viewer,
    which: Which,
    project_id: Option<&str>,
    before: Option<i64>,
    limit: i64,
    now: i64,
) -> Result<Vec<TriageLine>, StoreError> {
    let mut query = lines!(viewer).into_boxed();
    query = match which {
        Which::Standing => query.filter(triage::ended_at.is_null()),
        Which::Ending => query.filter(triage::ended_at.is_null()).filter(triage::until_at.le(now + SOON)),
        Which::Idle => query.filter(triage::ended_at.is_null()).filter(idle!()),
        Which::Ended => query.filter(triage::ended_at.is_not_null()),
    };
    if let Some(id) = project_id {
        query = query.filter(project::public_id.eq(id));
    }
    let rows: Vec<Row> =
        query.filter(triage::id.lt(before.unwrap_or(i64::MAX))).order(triage::id.desc()).limit(limit).load(db)?;
    named(db, rows)
}

/// The decision with this id, where the viewer may see it.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn one(db: &mut Db, viewer: &Viewer, public_id: &str) -> Result<Option<TriageLine>, StoreError> {
    let rows: Vec<Row> = lines!(viewer).filter(triage::public_id.eq(public_id)).load(db)?;
    Ok(named(db, rows)?.pop())
}

fn named(db: &mut Db, rows: Vec<Row>) -> Result<Vec<TriageLine>, StoreError> {
    let ids: Vec<i64> = rows.iter().filter(|row| row.0.ended_at.is_none()).map(|row| row.0.id).collect();
    let idle: BTreeSet<i64> =
        triage::table.filter(triage::id.eq_any(ids)).filter(idle!()).select(triage::id).load::<i64>(db)?.into_iter().collect();
    let line = |(row, problem, (code, package), project): Row| TriageLine {
        idle: idle.contains(&row.id),
        triage: row,
        problem,
        ecosystem: Ecosystem::of_code(code).map_or("", |ecosystem| ecosystem.name),
        package,
        project,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The condition on `triage` beside its project: it is one of the viewer's, or everywhere.
fn seen(viewer: &Viewer) -> SqlLiteral<Bool> {
    sql(&format!("(triage.project_id IS NULL OR {})", viewer.condition("project")))
}
