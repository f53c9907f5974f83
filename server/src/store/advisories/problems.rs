//! Which records speak of the same problem. A problem's number stays when clusters
//! merge: the older one is kept, with its triage and its matches.

use super::Record;
use crate::store::components::CHUNK;
use crate::store::counts::severity as severity_of;
use crate::store::db::each_backend;
use crate::store::schema::{advisory, alias, matched, problem};
use crate::store::{Db, StoreError, alerts, new_id, remarks, triage};
use bom::advisory::Severity;
use bom::problem as clusters;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Problems that are not stored yet are numbered from here: younger than all others.
const UNSTORED: i64 = 1 << 62;

/// The problems of a batch.
pub(super) struct Joined {
    /// One for each record, in order.
    pub of_records: Vec<i64>,
    /// Those that took others in.
    grown: BTreeSet<i64>,
    /// Those that were there before.
    old: BTreeSet<i64>,
}

/// Finds or makes the problem of each record, merging as the aliases say.
pub(super) fn join(db: &mut Db, fresh: &[&Record], now: i64) -> Result<Joined, StoreError> {
    let mut places = places(db, fresh)?;
    let stored: BTreeSet<String> = places.keys().cloned().collect();
    let (mut next, mut merges) = (UNSTORED, Vec::new());
    for record in fresh {
        let join = clusters::join(record.advisory.names(), |name| places.get(name).copied());
        let id = join.problem.unwrap_or(next);
        next += i64::from(join.problem.is_none());
        for merged in join.merged {
            places.values_mut().filter(|place| **place == merged).for_each(|place| *place = id);
            merges.push((merged, id));
        }
        places.extend(join.added.into_iter().map(|name| (name, id)));
    }
    let made = make(db, fresh, &places, now)?;
    places.values_mut().for_each(|place| *place = made.get(place).copied().unwrap_or(*place));
    let mut grown = BTreeSet::new();
    for (younger, older) in merges.into_iter().filter(|(younger, _)| *younger < UNSTORED) {
        merge(db, younger, older, now)?;
        grown.insert(older);
    }
    let new: Vec<_> = places
        .iter()
        .filter(|(name, _)| !stored.contains(*name))
        .map(|(name, id)| (alias::name.eq(name), alias::problem_id.eq(id)))
        .collect();
    for chunk in new.chunks(CHUNK) {
        each_backend!(db, c => diesel::insert_into(alias::table).values(chunk).on_conflict_do_nothing().execute(c)?);
    }
    let of_records: Vec<i64> = fresh.iter().filter_map(|record| places.get(&record.advisory.id).copied()).collect();
    let made: BTreeSet<i64> = made.into_values().collect();
    let old = of_records.iter().copied().filter(|id| !made.contains(id)).collect();
    Ok(Joined { of_records, grown, old })
}

/// The problems that have one of the records' names.
fn places(db: &mut Db, fresh: &[&Record]) -> Result<HashMap<String, i64>, StoreError> {
    let names: BTreeSet<&str> = fresh.iter().flat_map(|record| record.advisory.names()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let mut places = HashMap::with_capacity(names.len());
    for chunk in names.chunks(CHUNK) {
        let rows = alias::table.filter(alias::name.eq_any(chunk)).select((alias::name, alias::problem_id));
        places.extend(rows.load::<(String, i64)>(db)?);
    }
    Ok(places)
}

/// Stores the problems that are new; answers their keys by the number they had.
fn make(db: &mut Db, fresh: &[&Record], places: &HashMap<String, i64>, now: i64) -> Result<HashMap<i64, i64>, StoreError> {
    let mut new: BTreeMap<i64, (Vec<&str>, Severity)> = BTreeMap::new();
    for (name, place) in places.iter().filter(|(_, place)| **place >= UNSTORED) {
        new.entry(*place).or_default().0.push(name);
    }
    for record in fresh.iter().filter(|record| record.advisory.withdrawn.is_none()) {
        if let Some((_, worst)) = places.get(&record.advisory.id).and_then(|place| new.get_mut(place)) {
            *worst = (*worst).max(record.advisory.severity);
        }
    }
    let public: Vec<String> = new.keys().map(|_| new_id()).collect();
    let rows: Vec<_> = new
        .values()
        .zip(&public)
        .map(|((names, worst), public_id)| {
            (
                problem::public_id.eq(public_id),
                problem::name.eq(clusters::best_name(names.iter().copied()).unwrap_or_default()),
                problem::severity.eq(i16::from(worst.code())),
                problem::created_at.eq(now),
            )
        })
        .collect();
    let mut ids: HashMap<String, i64> = HashMap::with_capacity(rows.len());
    for chunk in rows.chunks(CHUNK) {
        let made: Vec<(String, i64)> = each_backend!(db, c => diesel::insert_into(problem::table)
            .values(chunk)
            .returning((problem::public_id, problem::id))
            .get_results(c)?);
        ids.extend(made);
    }
    Ok(new.keys().zip(&public).filter_map(|(number, public_id)| Some((*number, *ids.get(public_id)?))).collect())
}

/// Moves everything of the younger problem to the older one. Its own row is first:
/// whoever decides about it at the same time is waited for.
fn merge(db: &mut Db, younger: i64, older: i64, now: i64) -> Result<(), StoreError> {
    let taken_in = problem::id.eq(younger).or(problem::merged_into.eq(younger));
    diesel::update(problem::table.filter(taken_in)).set(problem::merged_into.eq(older)).execute(db)?;
    diesel::update(alias::table.filter(alias::problem_id.eq(younger))).set(alias::problem_id.eq(older)).execute(db)?;
    diesel::update(advisory::table.filter(advisory::problem_id.eq(younger))).set(advisory::problem_id.eq(older)).execute(db)?;
    let decided = triage::follow::merged(db, younger, older, now)?;
    let both: Vec<i64> = matched::table.filter(matched::problem_id.eq(older)).select(matched::component_id).load(db)?;
    for chunk in both.chunks(CHUNK) {
        let twins = matched::problem_id.eq(younger).and(matched::component_id.eq_any(chunk));
        diesel::delete(matched::table.filter(twins)).execute(db)?;
    }
    diesel::update(matched::table.filter(matched::problem_id.eq(younger))).set(matched::problem_id.eq(older)).execute(db)?;
    alerts::matches::merged(db, younger, older, now)?;
    decided.into_iter().try_for_each(|package| alerts::settled::decided(db, older, package, now))
}

/// Gives problems the name and the severity that their records amount to. Answers
/// those whose severity is another one, or that took others in: their holders'
/// counts are out of date, whichever record named the package.
pub(super) fn refresh(db: &mut Db, joined: Joined, now: i64) -> Result<Vec<i64>, StoreError> {
    let mut shifted = joined.grown;
    let ids: Vec<i64> = joined.old.union(&shifted).copied().collect();
    for chunk in ids.chunks(CHUNK) {
        shifted.extend(refresh_some(db, chunk, now)?);
    }
    Ok(shifted.into_iter().collect())
}

fn refresh_some(db: &mut Db, ids: &[i64], now: i64) -> Result<Vec<i64>, StoreError> {
    let names: Vec<(i64, String)> =
        alias::table.filter(alias::problem_id.eq_any(ids)).select((alias::problem_id, alias::name)).load(db)?;
    let said: Vec<(i64, i16)> = advisory::table
        .filter(advisory::problem_id.eq_any(ids))
        .filter(advisory::withdrawn_at.is_null())
        .select((advisory::problem_id, advisory::severity))
        .load(db)?;
    let standing: Vec<(i64, String, i16)> =
        problem::table.filter(problem::id.eq_any(ids)).select((problem::id, problem::name, problem::severity)).load(db)?;
    let mut by_problem: HashMap<i64, (Vec<&str>, Severity)> = HashMap::new();
    for (id, name) in &names {
        by_problem.entry(*id).or_default().0.push(name);
    }
    for (id, code) in said {
        let worst = &mut by_problem.entry(id).or_default().1;
        *worst = (*worst).max(severity_of(code));
    }
    let (mut shifted, mut worse) = (Vec::new(), Vec::new());
    for (id, name, code) in &standing {
        let Some((names, worst)) = by_problem.get(id) else { continue };
        let best = clusters::best_name(names.iter().copied()).unwrap_or(name);
        let severity = i16::from(worst.code());
        if best != name || severity != *code {
            diesel::update(problem::table.find(id)).set((problem::name.eq(best), problem::severity.eq(severity))).execute(db)?;
        }
        if severity != *code {
            shifted.push(*id);
        }
        if severity > *code {
            worse.push((*id, serde_json::json!({"severity": worst}).to_string()));
        }
    }
    remarks::became_worse(db, &worse, now)?;
    Ok(shifted)
}
