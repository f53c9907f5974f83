//! From matches to alerts: a component that a record calls malicious is told at once, a
//! grave problem is work for the next day, and at once where it is exploited; a record
//! that is taken back takes its alert with it. The cost follows what changed, not what
//! is held.

mod found;
mod problems;

use super::{OPEN, absorb, get, row, settled};
use crate::store::components::CHUNK;
use crate::store::matching::Happened;
use crate::store::schema::{advisory, affected, component, feed, matched};
use crate::store::{Db, StoreError};
use bom::advisory::Severity;
use diesel::prelude::*;
use found::Found;
use problems::Problem;
use std::collections::{BTreeMap, BTreeSet};

/// A problem in a package.
type Pair = (i64, i64);

/// Raises and retracts what follows from matches that began and ended, in the
/// transaction that writes them. `brought` are components that an upload brought just
/// now: what was known of them is the upload's answer, and no alert, unless it was made
/// to harm. `packages` are those of which a record changed.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn told(
    db: &mut Db,
    happened: &[Happened<'_>],
    brought: &BTreeSet<i64>,
    packages: &[i64],
    now: i64,
) -> Result<(), StoreError> {
    let components: BTreeSet<i64> = happened.iter().map(|h| h.of.component_id).collect();
    let package_of = packages_of(db, &components)?;
    let mut pairs: BTreeMap<Pair, bool> = standing_alerts(db, packages)?.into_iter().map(|pair| (pair, false)).collect();
    for h in happened {
        let Some(package) = package_of.get(&h.of.component_id) else { continue };
        *pairs.entry((h.of.problem_id, *package)).or_default() |= !brought.contains(&h.of.component_id);
    }
    look(db, &pairs, now)
}

/// Follows problems that weigh more or less than before, or are exploited now, where
/// they stand in some component. Whether their feed was loaded before is looked at, so
/// that a first load opens no flood.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn weighed(db: &mut Db, problems: &[i64], feed_name: &str, now: i64) -> Result<(), StoreError> {
    let news = !is_first_load(db, feed_name)?;
    let mut pairs: BTreeMap<Pair, bool> = BTreeMap::new();
    for chunk in problems.chunks(CHUNK) {
        let rows: Vec<Pair> = matched::table
            .inner_join(component::table.on(component::id.eq(matched::component_id)))
            .filter(matched::problem_id.eq_any(chunk))
            .filter(matched::gone_at.is_null())
            .select((matched::problem_id, component::package_id))
            .distinct()
            .load(db)?;
        pairs.extend(rows.into_iter().map(|pair| (pair, news)));
    }
    look(db, &pairs, now)
}

/// Follows a problem that was joined with an older one: its alerts go on as the older
/// one's, and two about one package go on as one.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn merged(db: &mut Db, younger: i64, older: i64, now: i64) -> Result<(), StoreError> {
    let rows = row::table.filter(row::problem_id.eq(younger)).filter(row::package_id.is_not_null());
    let of_younger: Vec<(i64, Option<i64>, String)> = rows.select((row::id, row::package_id, row::dedupe)).load(db)?;
    if of_younger.is_empty() {
        return Ok(());
    }
    super::alone(db)?;
    for (id, package, _) in of_younger {
        let package = package.unwrap_or_default();
        let mut both: Vec<i64> =
            row::table.filter(row::problem_id.eq(older)).filter(row::package_id.eq(package)).select(row::id).load(db)?;
        both.push(id);
        let mut alerts = both.into_iter().map(|id| get(db, id)).collect::<Result<Vec<_>, _>>()?;
        alerts.sort_by_key(|alert| (!alert.is_open(), alert.id));
        let [into, rest @ ..] = alerts.as_slice() else { continue };
        rest.iter().try_for_each(|gone| absorb(db, gone, into, now))?;
        diesel::update(row::table.find(into.id)).set(row::problem_id.eq(older)).execute(db)?;
        if into.dedupe == format!("record:{package}:{younger}") {
            let key = format!("record:{package}:{older}");
            diesel::update(row::table.find(into.id)).set(row::dedupe.eq(key)).execute(db)?;
        }
        settled::decided(db, older, package, now)?;
    }
    Ok(())
}

/// Whether a feed is being fetched for the first time: what it says then is how things
/// are, and no news.
///
/// # Errors
/// [`StoreError`] from the database.
pub(super) fn is_first_load(db: &mut Db, name: &str) -> Result<bool, StoreError> {
    let new = feed::table.filter(feed::name.eq(name)).filter(feed::fetched_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(new)).get_result(db)?)
}

/// Tells of each pair what is to be told. The flag says whether a record is the reason.
fn look(db: &mut Db, pairs: &BTreeMap<Pair, bool>, now: i64) -> Result<(), StoreError> {
    let ids: BTreeSet<i64> = pairs.keys().map(|(problem, _)| *problem).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let problems = problems::of(db, &ids)?;
    let known = alerts_of(db, &ids)?;
    for ((problem_id, package_id), news) in pairs {
        let Some(problem) = problems.get(problem_id) else { continue };
        let news = is_told(problem, *news);
        if news || known.contains(&(*problem_id, *package_id)) {
            Found { problem_id: *problem_id, package_id: *package_id, problem: problem.clone(), news }.tell(db, now)?;
        }
    }
    Ok(())
}

/// Whether somebody is to be told of a problem that begins. What was made to harm is
/// told whatever the reason; what is less than high is seen on the pages.
fn is_told(problem: &Problem, record: bool) -> bool {
    let grave = problem.severity >= Severity::High || problem.exploited_at.is_some();
    problem.severity == Severity::Malicious || (grave && record && problem.loaded)
}

/// The pairs of which there is an alert that is not taken back.
fn alerts_of(db: &mut Db, problems: &[i64]) -> Result<BTreeSet<Pair>, StoreError> {
    let mut known = BTreeSet::new();
    for chunk in problems.chunks(CHUNK) {
        let rows: Vec<(Option<i64>, Option<i64>)> = row::table
            .filter(row::problem_id.eq_any(chunk))
            .filter(row::state.eq_any(["open", "acknowledged", "resolved"]))
            .select((row::problem_id, row::package_id))
            .load(db)?;
        known.extend(rows.into_iter().filter_map(|(problem, package)| Some((problem?, package?))));
    }
    Ok(known)
}

/// The pairs that a changed record may make something of without any match: alerts of
/// these packages that stand, and records of malice beside what the watch told.
fn standing_alerts(db: &mut Db, packages: &[i64]) -> Result<BTreeSet<Pair>, StoreError> {
    let mut pairs = BTreeSet::new();
    for chunk in packages.chunks(CHUNK) {
        let mine = || row::table.filter(row::package_id.eq_any(chunk));
        let known: Vec<(Option<i64>, Option<i64>)> = mine()
            .filter(row::state.eq_any(["open", "acknowledged", "resolved"]))
            .filter(row::problem_id.is_not_null())
            .select((row::problem_id, row::package_id))
            .load(db)?;
        pairs.extend(known.into_iter().filter_map(|(problem, package)| Some((problem?, package?))));
        let proofs: Vec<Pair> = mine()
            .inner_join(affected::table.on(affected::package_id.nullable().eq(row::package_id)))
            .inner_join(advisory::table.on(advisory::id.eq(affected::advisory_id)))
            .filter(row::state.eq_any(OPEN))
            .filter(row::kind.eq_any(["release", "ownership"]))
            .filter(advisory::severity.eq(i16::from(Severity::Malicious.code())))
            .filter(advisory::withdrawn_at.is_null())
            .select((advisory::problem_id, affected::package_id))
            .distinct()
            .load(db)?;
        pairs.extend(proofs);
    }
    Ok(pairs)
}

fn packages_of(db: &mut Db, components: &BTreeSet<i64>) -> Result<BTreeMap<i64, i64>, StoreError> {
    let ids: Vec<i64> = components.iter().copied().collect();
    let mut packages = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(i64, i64)> =
            component::table.filter(component::id.eq_any(chunk)).select((component::id, component::package_id)).load(db)?;
        packages.extend(rows);
    }
    Ok(packages)
}
