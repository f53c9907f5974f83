//! Which projects an alert concerns: computed from presences, and added to the alert
//! when they change. A project is never taken out again: what it held stays true.

use super::{Alert, Kind, shares};
use crate::store::components::CHUNK;
use crate::store::db::each_backend;
use crate::store::schema::{alert, alert_project, component, held, held_before, held_once, project, release, slot};
use crate::store::triage::standing::{self, Words};
use crate::store::{Db, StoreError, matching};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What PostgreSQL's lock of the alerts is called: any number of its own.
const LOCK: i64 = 0x616c_6572;

/// Uploads move presences beside each other, whoever changes an alert is alone: otherwise
/// an upload and an alert that are committed together would not see each other. SQLite
/// has one writer anyway. Held until the transaction ends.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn alone(db: &mut Db) -> Result<(), StoreError> {
    lock(db, "pg_advisory_xact_lock")
}

fn beside(db: &mut Db) -> Result<(), StoreError> {
    lock(db, "pg_advisory_xact_lock_shared")
}

fn lock(db: &mut Db, how: &str) -> Result<(), StoreError> {
    if let Db::Postgres(connection) = db {
        diesel::sql_query(format!("SELECT {how}({LOCK})")).execute(connection)?;
    }
    Ok(())
}

/// Follows an upload: to be called with the components that it brought and took away,
/// after that is written. Who holds something of an open alert joins it; an alert ends
/// when nobody holds anything of it any more, and opens again when somebody does.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn moved(db: &mut Db, brought: &BTreeSet<i64>, gone: &BTreeSet<i64>, now: i64) -> Result<(), StoreError> {
    beside(db)?;
    for (found, meant) in concerned(db, brought, &["open", "acknowledged", "resolved"])? {
        if found.is_open() {
            refresh(db, &found, now)?;
        } else if meant.named.iter().any(|id| brought.contains(id)) {
            let words = words(db, &found, now)?;
            if words.is_empty() || stands(db, &meant.named, &words)? {
                alone(db)?;
                super::reopen(db, &found, now)?;
            }
        }
    }
    let mut left = concerned(db, gone, &super::OPEN)?;
    left.retain(|(_, meant)| meant.named.iter().any(|id| gone.contains(id)));
    if left.is_empty() {
        return Ok(());
    }
    alone(db)?;
    for (found, meant) in left {
        let words = words(db, &found, now)?;
        if words.is_empty() && !is_held(db, &meant.named)? {
            super::resolve(db, &found, "every project that held it has sent an inventory without it", now)?;
        } else if !words.is_empty() && !stands(db, &meant.named, &words)? {
            super::resolve(db, &found, "every project that held it has settled it or sent an inventory without it", now)?;
        }
    }
    Ok(())
}

/// The alerts in one of these states that speak of one of these components.
fn concerned(db: &mut Db, moved: &BTreeSet<i64>, states: &[&str]) -> Result<Vec<(Alert, Meant)>, StoreError> {
    let some = || alert::table.filter(alert::state.eq_any(states)).filter(alert::package_id.is_not_null());
    if moved.is_empty() || !diesel::select(diesel::dsl::exists(some())).get_result::<bool>(db)? {
        return Ok(Vec::new());
    }
    let mut ids = BTreeSet::new();
    for chunk in moved.iter().copied().collect::<Vec<_>>().chunks(CHUNK) {
        let rows: Vec<i64> = some()
            .inner_join(component::table.on(component::package_id.nullable().eq(alert::package_id)))
            .filter(component::id.eq_any(chunk))
            .select(alert::id)
            .distinct()
            .load(db)?;
        ids.extend(rows);
    }
    let mut concerned = Vec::new();
    for id in ids {
        let found = super::get(db, id)?;
        let meant = meant(db, &found)?;
        if meant.held.iter().any(|component| moved.contains(component)) {
            concerned.push((found, meant));
        }
    }
    Ok(concerned)
}

fn is_held(db: &mut Db, components: &[i64]) -> Result<bool, StoreError> {
    for chunk in components.chunks(CHUNK) {
        let mine = held::table.filter(held::component_id.eq_any(chunk));
        if diesel::select(diesel::dsl::exists(mine)).get_result(db)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Brings the projects of an alert, and with them its shares, up to date.
pub(super) fn refresh(db: &mut Db, of: &Alert, now: i64) -> Result<(), StoreError> {
    if of.kind == Kind::Operator.word() {
        return shares::add(db, of, 0, None, now);
    }
    let known: BTreeSet<i64> = alert_project::table
        .filter(alert_project::alert_id.eq(of.id))
        .select(alert_project::project_id)
        .load::<i64>(db)?
        .into_iter()
        .collect();
    let mut new = projects(db, of)?;
    new.retain(|project, _| !known.contains(project));
    let words = words(db, of, now)?;
    let row = |id: &i64| {
        let settled = alert_project::settled.eq(words.settle(*id));
        (alert_project::alert_id.eq(of.id), alert_project::project_id.eq(*id), alert_project::added_at.eq(now), settled)
    };
    let rows: Vec<_> = new.keys().map(row).collect();
    for chunk in rows.chunks(CHUNK) {
        each_backend!(db, c => diesel::insert_into(alert_project::table).values(chunk).on_conflict_do_nothing().execute(c)?);
    }
    new.retain(|project, _| !words.settle(*project));
    let teams: BTreeSet<i64> = new.into_values().collect();
    teams.into_iter().try_for_each(|team| shares::add(db, of, team, Some("alert-joined"), now))
}

/// The components of an alert.
pub(super) struct Meant {
    /// Those that it speaks of.
    pub(super) named: Vec<i64>,
    /// Those whose holders are told: of a suspicious version also whoever holds another
    /// one, who may get this one next.
    held: Vec<i64>,
}

pub(super) fn meant(db: &mut Db, of: &Alert) -> Result<Meant, StoreError> {
    let Some(package) = of.package_id else { return Ok(Meant { named: Vec::new(), held: Vec::new() }) };
    let versions: BTreeSet<String> = of.versions()?.into_iter().collect();
    let public = matching::public_origins(db)?;
    let mut rows: Vec<(i64, String, i64)> = component::table
        .filter(component::package_id.eq(package))
        .select((component::id, component::version, component::origin_id))
        .load(db)?;
    rows.retain(|(_, _, origin)| public.contains(origin));
    let all: Vec<i64> = rows.iter().map(|(id, ..)| *id).collect();
    let is_named = |version: &String| versions.is_empty() || versions.contains(version);
    let named: Vec<i64> = rows.into_iter().filter(|(_, version, _)| is_named(version)).map(|(id, ..)| id).collect();
    let held = if of.kind == Kind::Release.word() { all } else { named.clone() };
    Ok(Meant { named, held })
}

/// The projects of one table of presences, with their teams.
macro_rules! holding {
    ($table:ident, $components:expr) => {
        $table::table
            .inner_join(slot::table.on(slot::id.eq($table::slot_id)))
            .inner_join(release::table.on(release::id.eq(slot::release_id)))
            .inner_join(project::table.on(project::id.eq(release::project_id)))
            .filter($table::component_id.eq_any($components))
            .filter(project::deleted_at.is_null())
            .select((project::id, project::team_id))
            .distinct()
    };
}

/// The projects that hold one of these components now, with their teams.
pub(super) fn holding_projects(db: &mut Db, components: &[i64]) -> Result<BTreeMap<i64, i64>, StoreError> {
    let mut found = BTreeMap::new();
    for chunk in components.chunks(CHUNK) {
        found.extend(holding!(held, chunk).load::<(i64, i64)>(db)?);
    }
    Ok(found)
}

/// What holds at a time for the projects of an alert.
pub(super) fn words(db: &mut Db, of: &Alert, now: i64) -> Result<Words, StoreError> {
    match of.problem_id.zip(of.package_id) {
        Some((problem, package)) => standing::on(db, problem, package, now),
        None => Ok(Words::default()),
    }
}

/// Whether somebody holds what an alert speaks of and has not settled it.
pub(super) fn stands(db: &mut Db, named: &[i64], words: &Words) -> Result<bool, StoreError> {
    Ok(holding_projects(db, named)?.keys().any(|project| !words.settle(*project)))
}

fn projects(db: &mut Db, of: &Alert) -> Result<BTreeMap<i64, i64>, StoreError> {
    let meant = meant(db, of)?;
    let mut found = holding_projects(db, &meant.held)?;
    let past = if of.concerns_the_past() { meant.named.as_slice() } else { &[] };
    for chunk in past.chunks(CHUNK) {
        found.extend(holding!(held_before, chunk).load::<(i64, i64)>(db)?);
        found.extend(holding!(held_once, chunk).load::<(i64, i64)>(db)?);
    }
    Ok(found)
}
