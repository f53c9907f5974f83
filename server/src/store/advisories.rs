//! Published records: what they say, which packages they name, and the problems
//! that records which alias each other have in common. A problem's number stays
//! when clusters merge: the older one is kept.

use super::components::{CHUNK, packages};
use super::counts::severity as severity_of;
use super::db::each_backend;
use super::schema::{advisory, advisory_body, affected, alias, matched, problem, triage};
use super::{Db, StoreError, new_id, rematches};
use bom::advisory::{Advisory, Severity};
use bom::problem as clusters;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A record about to be stored.
pub struct Record {
    /// What it says.
    pub advisory: Advisory,
    /// SHA-256 of it as published.
    pub sha256: [u8; 32],
    /// It as published, zstd.
    pub body: Vec<u8>,
}

/// What storing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Records that were not known.
    pub new: usize,
    /// Records that were known and say something else now.
    pub changed: usize,
    /// Records that are as they were, or older than what is known.
    pub unchanged: usize,
}

/// A known record.
struct Known {
    id: i64,
    sha256: Vec<u8>,
    modified_at: i64,
}

/// Stores records of a feed, skipping those that are known as they are, and asks
/// for the packages that they name, or named, to be matched again.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn store(db: &mut Db, feed: &str, records: &[Record], now: i64) -> Result<Stored, StoreError> {
    let mut newest: BTreeMap<&str, &Record> = BTreeMap::new();
    for record in records {
        let slot = newest.entry(&record.advisory.id).or_insert(record);
        if record.advisory.modified >= slot.advisory.modified {
            *slot = record;
        }
    }
    let known = known(db, &newest.keys().copied().collect::<Vec<_>>())?;
    let fresh: Vec<&Record> = newest.into_values().filter(|record| is_news(record, known.get(&record.advisory.id))).collect();
    let changed: Vec<i64> = fresh.iter().filter_map(|record| known.get(&record.advisory.id)).map(|known| known.id).collect();
    let stored = Stored { new: fresh.len() - changed.len(), changed: changed.len(), unchanged: records.len() - fresh.len() };
    if fresh.is_empty() {
        return Ok(stored);
    }
    let problems = join_problems(db, &fresh, now)?;
    let mut touched: BTreeSet<i64> = affected::table
        .filter(affected::advisory_id.eq_any(&changed))
        .select(affected::package_id)
        .load::<i64>(db)?
        .into_iter()
        .collect();
    diesel::delete(affected::table.filter(affected::advisory_id.eq_any(&changed))).execute(db)?;
    let ids = write(db, feed, &fresh, &problems, &known)?;
    touched.extend(write_affected(db, &fresh, &ids)?);
    refresh(db, &problems.into_iter().collect())?;
    rematches::packages(db, &touched, now)?;
    Ok(stored)
}

/// Whether a record says something else than what is known, and not something older.
fn is_news(record: &Record, known: Option<&Known>) -> bool {
    known.is_none_or(|known| known.sha256 != record.sha256 && record.advisory.modified.timestamp_millis() >= known.modified_at)
}

fn known(db: &mut Db, names: &[&str]) -> Result<HashMap<String, Known>, StoreError> {
    let mut known = HashMap::new();
    for chunk in names.chunks(CHUNK) {
        let rows: Vec<(String, i64, Vec<u8>, i64)> = advisory::table
            .filter(advisory::name.eq_any(chunk))
            .select((advisory::name, advisory::id, advisory::sha256, advisory::modified_at))
            .load(db)?;
        known.extend(rows.into_iter().map(|(name, id, sha256, modified_at)| (name, Known { id, sha256, modified_at })));
    }
    Ok(known)
}

/// The problem of each record, merging and making problems as the aliases say.
fn join_problems(db: &mut Db, fresh: &[&Record], now: i64) -> Result<Vec<i64>, StoreError> {
    let names: BTreeSet<&str> = fresh.iter().flat_map(|record| record.advisory.names()).collect();
    let list: Vec<&str> = names.into_iter().collect();
    let mut places: HashMap<String, i64> = HashMap::new();
    for chunk in list.chunks(CHUNK) {
        places.extend(
            alias::table.filter(alias::name.eq_any(chunk)).select((alias::name, alias::problem_id)).load::<(String, i64)>(db)?,
        );
    }
    let stored: BTreeSet<String> = places.keys().cloned().collect();
    let mut problems = Vec::with_capacity(fresh.len());
    for record in fresh {
        let join = clusters::join(record.advisory.names(), |name| places.get(name).copied());
        let id = match join.problem {
            Some(id) => id,
            None => new_problem(db, &record.advisory, now)?,
        };
        for merged in join.merged {
            merge(db, merged, id)?;
            places.values_mut().filter(|place| **place == merged).for_each(|place| *place = id);
            problems.iter_mut().filter(|place| **place == merged).for_each(|place| *place = id);
        }
        places.extend(record.advisory.names().map(|name| (name.to_owned(), id)));
        problems.push(id);
    }
    let new: Vec<_> = places
        .iter()
        .filter(|(name, _)| !stored.contains(*name))
        .map(|(n, id)| (alias::name.eq(n), alias::problem_id.eq(id)))
        .collect();
    for chunk in new.chunks(CHUNK) {
        each_backend!(db, c => diesel::insert_into(alias::table).values(chunk).on_conflict_do_nothing().execute(c)?);
    }
    Ok(problems)
}

fn new_problem(db: &mut Db, first: &Advisory, now: i64) -> Result<i64, StoreError> {
    let name = clusters::best_name(first.names()).unwrap_or(&first.id);
    let severity = if first.withdrawn.is_some() { Severity::Unknown } else { first.severity };
    Ok(diesel::insert_into(problem::table)
        .values((
            problem::public_id.eq(new_id()),
            problem::name.eq(name),
            problem::severity.eq(i16::from(severity.code())),
            problem::created_at.eq(now),
        ))
        .returning(problem::id)
        .get_result(db)?)
}

/// Moves everything of the younger problem to the older one.
fn merge(db: &mut Db, younger: i64, older: i64) -> Result<(), StoreError> {
    diesel::update(alias::table.filter(alias::problem_id.eq(younger))).set(alias::problem_id.eq(older)).execute(db)?;
    diesel::update(advisory::table.filter(advisory::problem_id.eq(younger))).set(advisory::problem_id.eq(older)).execute(db)?;
    diesel::update(triage::table.filter(triage::problem_id.eq(younger))).set(triage::problem_id.eq(older)).execute(db)?;
    let both: Vec<i64> = matched::table.filter(matched::problem_id.eq(older)).select(matched::component_id).load(db)?;
    let twins = matched::problem_id.eq(younger).and(matched::component_id.eq_any(&both));
    diesel::delete(matched::table.filter(twins)).execute(db)?;
    diesel::update(matched::table.filter(matched::problem_id.eq(younger))).set(matched::problem_id.eq(older)).execute(db)?;
    diesel::update(problem::table.find(younger)).set(problem::merged_into.eq(older)).execute(db)?;
    Ok(())
}

/// Writes the records themselves; answers their keys in order.
fn write(
    db: &mut Db,
    feed: &str,
    fresh: &[&Record],
    problems: &[i64],
    known: &HashMap<String, Known>,
) -> Result<Vec<i64>, StoreError> {
    let rows: Vec<_> = fresh
        .iter()
        .zip(problems)
        .map(|(record, problem_id)| {
            let said = &record.advisory;
            (
                (advisory::name.eq(&said.id), advisory::problem_id.eq(problem_id), advisory::feed.eq(feed)),
                (
                    advisory::modified_at.eq(said.modified.timestamp_millis()),
                    advisory::severity.eq(i16::from(said.severity.code())),
                ),
                advisory::published_at.eq(said.published.map(|at| at.timestamp_millis())),
                advisory::withdrawn_at.eq(said.withdrawn.map(|at| at.timestamp_millis())),
                (advisory::summary.eq(&said.summary), advisory::sha256.eq(&record.sha256[..])),
            )
        })
        .collect();
    let mut ids: HashMap<String, i64> = HashMap::new();
    for (record, row) in fresh.iter().zip(&rows).filter(|(record, _)| known.contains_key(&record.advisory.id)) {
        let Some(known) = known.get(&record.advisory.id) else { continue };
        diesel::update(advisory::table.find(known.id)).set(*row).execute(db)?;
        ids.insert(record.advisory.id.clone(), known.id);
    }
    let new: Vec<_> =
        fresh.iter().zip(rows).filter(|(record, _)| !known.contains_key(&record.advisory.id)).map(|(_, row)| row).collect();
    let made: Vec<(String, i64)> = each_backend!(db, c => diesel::insert_into(advisory::table)
        .values(&new)
        .returning((advisory::name, advisory::id))
        .get_results(c)?);
    ids.extend(made);
    let ids: Vec<i64> = fresh.iter().filter_map(|record| ids.get(&record.advisory.id).copied()).collect();
    let bodies: Vec<_> = ids
        .iter()
        .zip(fresh)
        .map(|(id, record)| (advisory_body::advisory_id.eq(id), advisory_body::body.eq(&record.body)))
        .collect();
    use diesel::upsert::excluded;
    each_backend!(db, c => diesel::insert_into(advisory_body::table)
        .values(&bodies)
        .on_conflict(advisory_body::advisory_id)
        .do_update()
        .set(advisory_body::body.eq(excluded(advisory_body::body)))
        .execute(c)?);
    Ok(ids)
}

/// Writes which packages the records name; answers those packages.
fn write_affected(db: &mut Db, fresh: &[&Record], ids: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
    let mut texts = Vec::new();
    for (record, id) in fresh.iter().zip(ids) {
        for (ordinal, said) in record.advisory.affected.iter().enumerate() {
            let (ecosystem, name) = match said.ecosystem {
                Some(ecosystem) => (ecosystem.code, said.name.clone()),
                None => (0, format!("osv/{}/{}", said.ecosystem_text, said.name)),
            };
            let ordinal = i16::try_from(ordinal)
                .map_err(|_| StoreError::Damaged(format!("`{}` names too many packages", record.advisory.id)))?;
            texts.push((*id, ordinal, ecosystem, name, said.release.clone().unwrap_or_default(), said.versions.to_text()));
        }
    }
    let names: BTreeSet<(i16, &str)> = texts.iter().map(|(_, _, ecosystem, name, ..)| (*ecosystem, name.as_str())).collect();
    let packages = packages(db, &names)?;
    let rows: Vec<_> = texts
        .iter()
        .filter_map(|(advisory_id, ordinal, ecosystem, name, release, versions)| {
            let package_id = packages.get(&(*ecosystem, name.as_str()))?;
            Some((
                (affected::package_id.eq(package_id), affected::advisory_id.eq(advisory_id), affected::ordinal.eq(ordinal)),
                (affected::release.eq(release), affected::versions.eq(versions)),
            ))
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        each_backend!(db, c => diesel::insert_into(affected::table).values(chunk).execute(c)?);
    }
    Ok(packages.into_values().collect())
}

/// Gives problems the name and the severity that their records amount to.
fn refresh(db: &mut Db, problems: &BTreeSet<i64>) -> Result<(), StoreError> {
    let ids: Vec<i64> = problems.iter().copied().collect();
    let names: Vec<(i64, String)> =
        alias::table.filter(alias::problem_id.eq_any(&ids)).select((alias::problem_id, alias::name)).load(db)?;
    let said: Vec<(i64, i16)> = advisory::table
        .filter(advisory::problem_id.eq_any(&ids))
        .filter(advisory::withdrawn_at.is_null())
        .select((advisory::problem_id, advisory::severity))
        .load(db)?;
    let standing: Vec<(i64, String, i16)> =
        problem::table.filter(problem::id.eq_any(&ids)).select((problem::id, problem::name, problem::severity)).load(db)?;
    let mut by_problem: HashMap<i64, (Vec<&str>, Severity)> = HashMap::new();
    for (id, name) in &names {
        by_problem.entry(*id).or_default().0.push(name);
    }
    for (id, code) in said {
        let worst = &mut by_problem.entry(id).or_default().1;
        *worst = (*worst).max(severity_of(code));
    }
    for (id, name, code) in &standing {
        let Some((names, worst)) = by_problem.get(id) else { continue };
        let best = clusters::best_name(names.iter().copied()).unwrap_or(name);
        if best != name || i16::from(worst.code()) != *code {
            let row = (problem::name.eq(best), problem::severity.eq(i16::from(worst.code())));
            diesel::update(problem::table.find(id)).set(row).execute(db)?;
        }
    }
    Ok(())
}
