//! What follows when decisions begin and end, and which end by themselves: when their
//! date comes, when their problem outgrows them, when it is joined with another.

use super::standing::end;
use super::{Place, Triage, weight};
use crate::clock::from_millis;
use crate::store::components::CHUNK;
use crate::store::schema::{component, matched, triage};
use crate::store::{Db, StoreError, alerts, rematches};
use bom::triage::Ending;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Who ended what nobody took back.
const SERVER: &str = "server";

/// Ends the decisions that these problems have outgrown: to be called after what they
/// weigh was written, and before anybody is told of it.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn outgrown(db: &mut Db, problems: &[i64], now: i64) -> Result<(), StoreError> {
    let mut rows: Vec<Triage> = Vec::new();
    for chunk in problems.chunks(CHUNK) {
        let standing = triage::table.filter(triage::problem_id.eq_any(chunk)).filter(triage::ended_at.is_null());
        rows.extend(standing.select(Triage::as_select()).load(db)?);
    }
    end_outgrown(db, &rows, now).map(drop)
}

/// Ends at most `limit` accepted risks whose date has come. Answers how many there were.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn expire(db: &mut Db, limit: i64, now: i64) -> Result<usize, StoreError> {
    let due = triage::table.filter(triage::until_at.le(now)).filter(triage::ended_at.is_null());
    let rows: Vec<Triage> = due.order(triage::until_at).limit(limit).select(Triage::as_select()).load(db)?;
    end_outgrown(db, &rows, now)
}

/// When the next date of a decision that stands comes, in milliseconds.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn next_date(db: &mut Db) -> Result<Option<i64>, StoreError> {
    Ok(triage::table.filter(triage::ended_at.is_null()).select(diesel::dsl::min(triage::until_at)).first(db)?)
}

fn end_outgrown(db: &mut Db, rows: &[Triage], now: i64) -> Result<usize, StoreError> {
    let mut places = Vec::new();
    for row in rows {
        let weight = weight(db, row.problem_id)?;
        let Some(how) = row.decision()?.outgrown(row.then(), weight, from_millis(now)) else { continue };
        if places.is_empty() {
            alerts::alone(db)?;
        }
        if end(db, row, how, SERVER, now)? {
            places.push(row.place());
        }
    }
    changed(db, &places, now)?;
    Ok(places.len())
}

/// Brings the decisions about a problem to the one that took it in. Where both have one
/// in a place, the newer stands. The older problem's row was changed before: whoever
/// decides about the younger one meanwhile waits for it. Answers the packages.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn merged(db: &mut Db, younger: i64, older: i64, now: i64) -> Result<BTreeSet<i64>, StoreError> {
    let standing = triage::table.filter(triage::problem_id.eq_any([younger, older])).filter(triage::ended_at.is_null());
    let rows: Vec<Triage> = standing.select(Triage::as_select()).load(db)?;
    if rows.iter().any(|row| row.problem_id == younger) {
        alerts::alone(db)?;
    }
    let mut by_place: BTreeMap<Place, Vec<&Triage>> = BTreeMap::new();
    for row in &rows {
        by_place.entry(Place { problem_id: older, ..row.place() }).or_default().push(row);
    }
    for of_place in by_place.values_mut() {
        of_place.sort_by_key(|row| (row.decided_at, row.id));
        let [gone, stays] = of_place.as_slice() else { continue };
        end(db, gone, Ending::Joined, SERVER, now)?;
        diesel::update(triage::table.find(gone.id)).set(triage::replaced_by.eq(stays.id)).execute(db)?;
    }
    diesel::update(triage::table.filter(triage::problem_id.eq(younger))).set(triage::problem_id.eq(older)).execute(db)?;
    Ok(rows.iter().filter(|row| row.problem_id == younger).map(|row| row.package_id).collect())
}

/// What follows where other decisions stand than before: counts are out of date, and
/// alerts are about fewer projects, or about more.
pub(super) fn changed(db: &mut Db, places: &[Place], now: i64) -> Result<(), StoreError> {
    for place in places {
        let affected: Vec<i64> = matched::table
            .inner_join(component::table.on(component::id.eq(matched::component_id)))
            .filter(matched::problem_id.eq(place.problem_id))
            .filter(component::package_id.eq(place.package_id))
            .filter(matched::gone_at.is_null())
            .select(matched::component_id)
            .load(db)?;
        let affected: BTreeSet<i64> = affected.into_iter().collect();
        rematches::recount(db, &affected, place.project_id)?;
    }
    let pairs: BTreeSet<(i64, i64)> = places.iter().map(|place| (place.problem_id, place.package_id)).collect();
    pairs.into_iter().try_for_each(|(problem, package)| alerts::settled::decided(db, problem, package, now))
}
