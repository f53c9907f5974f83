//! Findings by severity, kept for each slot and each release (storage rule D3).
//! They are computed again from what stands, never added to: they cannot drift.

use super::schema::{advisory, component, held, matched, problem, project, recount, release, slot};
use super::triage::standing;
use super::{Db, StoreError};
use bom::advisory::Severity;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Queryable)]
pub struct Counts {
    /// Malicious packages.
    pub malicious: i64,
    /// Critical.
    pub critical: i64,
    /// High.
    pub high: i64,
    /// Medium.
    pub medium: i64,
    /// Low.
    pub low: i64,
    /// Severity unknown.
    pub unknown: i64,
}

impl Counts {
    /// The sum of two.
    pub fn plus(self, other: Self) -> Self {
        Self {
            malicious: self.malicious + other.malicious,
            critical: self.critical + other.critical,
            high: self.high + other.high,
            medium: self.medium + other.medium,
            low: self.low + other.low,
            unknown: self.unknown + other.unknown,
        }
    }

    /// Counts one finding.
    pub fn add(&mut self, severity: Severity) {
        let field = match severity {
            Severity::Malicious => &mut self.malicious,
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
            Severity::Unknown => &mut self.unknown,
        };
        *field += 1;
    }
}

/// The severity with this number in the database.
pub fn severity(code: i16) -> Severity {
    u8::try_from(code).ok().and_then(Severity::of_code).unwrap_or_default()
}

/// How many components stand in problems that are high or worse, by what a feed says.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn grave_of_feed(db: &mut Db, feed: &str) -> Result<i64, StoreError> {
    let grave = matched::table
        .inner_join(problem::table.on(problem::id.eq(matched::problem_id)))
        .inner_join(advisory::table.on(advisory::id.eq(matched::advisory_id)))
        .filter(advisory::feed.eq(feed))
        .filter(matched::gone_at.is_null())
        .filter(problem::severity.ge(i16::from(Severity::High.code())));
    Ok(grave.select(diesel::dsl::count(matched::component_id).aggregate_distinct()).first(db)?)
}

/// The counts of some slots.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn of_slots(db: &mut Db, ids: &[i64]) -> Result<HashMap<i64, Counts>, StoreError> {
    let columns = (slot::malicious, slot::critical, slot::high, slot::medium, slot::low, slot::unknown);
    let rows: Vec<(i64, Counts)> = slot::table.filter(slot::id.eq_any(ids)).select((slot::id, columns)).load(db)?;
    Ok(rows.into_iter().collect())
}

/// A finding as it is counted: (slot, component, problem, severity).
type Counted = (i64, i64, i64, i64, i16);

/// Computes the counts of a release and of its slots again and stores them.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn recompute(db: &mut Db, release_id: i64, now: i64) -> Result<(), StoreError> {
    compute(db, release_id, Presence::Moved, now)
}

/// The same where matches changed and nobody's components did.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn recompute_findings(db: &mut Db, release_id: i64, now: i64) -> Result<(), StoreError> {
    compute(db, release_id, Presence::Same, now)
}

/// Whether components may have come or gone, too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Moved,
    Same,
}

fn compute(db: &mut Db, release_id: i64, presence: Presence, now: i64) -> Result<(), StoreError> {
    let slots: Vec<i64> = slot::table.filter(slot::release_id.eq(release_id)).select(slot::id).load(db)?;
    let found: Vec<Counted> = held::table
        .inner_join(matched::table.on(matched::component_id.eq(held::component_id)))
        .inner_join(problem::table.on(problem::id.eq(matched::problem_id)))
        .inner_join(component::table.on(component::id.eq(held::component_id)))
        .filter(held::slot_id.eq_any(&slots))
        .filter(matched::gone_at.is_null())
        .select((held::slot_id, held::component_id, component::package_id, matched::problem_id, problem::severity))
        .load(db)?;
    let settled = settled(db, release_id, &found, now)?;
    let mut by_slot: BTreeMap<i64, Counts> = slots.iter().map(|id| (*id, Counts::default())).collect();
    let mut whole = Counts::default();
    let mut seen = HashSet::new();
    for (slot_id, component_id, package_id, problem_id, code) in found {
        if settled.settles(problem_id, package_id) {
            continue;
        }
        by_slot.entry(slot_id).or_default().add(severity(code));
        if seen.insert((component_id, problem_id)) {
            whole.add(severity(code));
        }
    }
    for (slot_id, counts) in &by_slot {
        let components = match presence {
            Presence::Moved => Some(held::table.filter(held::slot_id.eq(slot_id)).count().get_result(db)?),
            Presence::Same => None,
        };
        store_slot(db, *slot_id, components, counts)?;
    }
    let components = match (presence, slots.as_slice()) {
        (Presence::Same, _) => None,
        (Presence::Moved, []) => Some(0),
        (Presence::Moved, _) => Some(
            held::table
                .filter(held::slot_id.eq_any(&slots))
                .select(diesel::dsl::count(held::component_id).aggregate_distinct())
                .get_result(db)?,
        ),
    };
    store_release(db, release_id, components, &whole)
}

/// What holds for the findings of a release.
fn settled(db: &mut Db, release_id: i64, found: &[Counted], now: i64) -> Result<standing::Standing, StoreError> {
    let problems: BTreeSet<i64> = found.iter().map(|(_, _, _, problem, _)| *problem).collect();
    if problems.is_empty() {
        return Ok(standing::Standing::default());
    }
    let project_id: i64 = release::table.find(release_id).select(release::project_id).first(db)?;
    standing::of_project(db, project_id, &problems.into_iter().collect::<Vec<_>>(), now)
}

fn store_slot(db: &mut Db, slot_id: i64, components: Option<i64>, counts: &Counts) -> Result<(), StoreError> {
    diesel::update(slot::table.filter(slot::id.eq(slot_id)))
        .set((
            components.map(|components| slot::components.eq(components)),
            slot::malicious.eq(counts.malicious),
            slot::critical.eq(counts.critical),
            slot::high.eq(counts.high),
            slot::medium.eq(counts.medium),
            slot::low.eq(counts.low),
            slot::unknown.eq(counts.unknown),
        ))
        .execute(db)?;
    Ok(())
}

fn store_release(db: &mut Db, release_id: i64, components: Option<i64>, counts: &Counts) -> Result<(), StoreError> {
    diesel::update(release::table.filter(release::id.eq(release_id)))
        .set((
            components.map(|components| release::components.eq(components)),
            release::malicious.eq(counts.malicious),
            release::critical.eq(counts.critical),
            release::high.eq(counts.high),
            release::medium.eq(counts.medium),
            release::low.eq(counts.low),
            release::unknown.eq(counts.unknown),
        ))
        .execute(db)?;
    Ok(())
}

/// The releases that hold components which wait to be counted, and the rows that
/// asked for it. At most `limit` rows at a time.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn waiting(db: &mut Db, limit: i64) -> Result<(BTreeSet<i64>, Vec<i64>), StoreError> {
    let rows: Vec<(i64, i64, Option<i64>)> = recount::table
        .order(recount::id)
        .limit(limit)
        .select((recount::id, recount::component_id, recount::project_id))
        .load(db)?;
    let mut by_project: BTreeMap<Option<i64>, BTreeSet<i64>> = BTreeMap::new();
    for (_, component, project) in &rows {
        by_project.entry(*project).or_default().insert(*component);
    }
    let mut releases = BTreeSet::new();
    for (project, components) in by_project {
        let ids: Vec<i64> = components.into_iter().collect();
        for chunk in ids.chunks(super::components::CHUNK) {
            releases.extend(holding(db, chunk, project)?);
        }
    }
    Ok((releases, rows.into_iter().map(|(id, ..)| id).collect()))
}

/// The releases that hold one of these components; of one project, where it is named.
fn holding(db: &mut Db, components: &[i64], project: Option<i64>) -> Result<Vec<i64>, StoreError> {
    let all = held::table
        .inner_join(slot::table.on(slot::id.eq(held::slot_id)))
        .filter(held::component_id.eq_any(components))
        .select(slot::release_id)
        .distinct()
        .into_boxed();
    let mine = match project {
        Some(id) => all.filter(slot::release_id.eq_any(release::table.filter(release::project_id.eq(id)).select(release::id))),
        None => all,
    };
    Ok(mine.load(db)?)
}

/// Ends rows whose holders were counted.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn counted(db: &mut Db, rows: &[i64]) -> Result<(), StoreError> {
    for chunk in rows.chunks(super::components::CHUNK) {
        diesel::delete(recount::table.filter(recount::id.eq_any(chunk))).execute(db)?;
    }
    Ok(())
}

/// Every release of projects that exist.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn releases(db: &mut Db) -> Result<Vec<i64>, StoreError> {
    let mine =
        release::table.inner_join(project::table.on(project::id.eq(release::project_id))).filter(project::deleted_at.is_null());
    Ok(mine.select(release::id).order(release::id).load(db)?)
}
