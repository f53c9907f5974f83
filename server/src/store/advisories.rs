//! Published records: what they say, which packages they name (`affected`), the
//! problems that records which alias each other have in common (`problems`), and the
//! records themselves for whoever keeps a copy (`published`).

mod affected;
mod problems;
pub mod published;

use super::components::CHUNK;
use super::db::each_backend;
use super::schema::{advisory, advisory_body};
use super::stored::Stored;
use super::{Db, StoreError, alerts, remarks, rematches, triage};
use bom::advisory::Advisory;
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::{BTreeMap, HashMap};

type KnownRow = (String, String, Vec<u8>, i64, Option<i64>);

/// A record about to be stored.
pub struct Record {
    /// What it says.
    pub advisory: Advisory,
    /// SHA-256 of it as published.
    pub sha256: [u8; 32],
    /// It as published, zstd.
    pub body: Vec<u8>,
}

/// A known record.
struct Known {
    feed: String,
    sha256: Vec<u8>,
    modified_at: i64,
    withdrawn: bool,
}

/// What a record of this name said when it was stored, SHA-256, and when it was
/// changed, by name, of those that are known.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn hashes(db: &mut Db, names: &[String]) -> Result<HashMap<String, (Vec<u8>, i64)>, StoreError> {
    let mut hashes = HashMap::with_capacity(names.len());
    for chunk in names.chunks(CHUNK) {
        let known = advisory::table
            .filter(advisory::name.eq_any(chunk))
            .select((advisory::name, (advisory::sha256, advisory::modified_at)));
        hashes.extend(known.load::<(String, (Vec<u8>, i64))>(db)?);
    }
    Ok(hashes)
}

/// When the known ones of these records were changed, by name, in milliseconds.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn modified(db: &mut Db, names: &[String]) -> Result<HashMap<String, i64>, StoreError> {
    let mut times = HashMap::with_capacity(names.len());
    for chunk in names.chunks(CHUNK) {
        let known = advisory::table.filter(advisory::name.eq_any(chunk)).select((advisory::name, advisory::modified_at));
        times.extend(known.load::<(String, i64)>(db)?);
    }
    Ok(times)
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
    let fresh: Vec<&Record> =
        newest.into_values().filter(|record| is_news(feed, record, known.get(&record.advisory.id))).collect();
    let changed = fresh.iter().filter(|record| known.contains_key(&record.advisory.id)).count();
    let stored = Stored { new: fresh.len() - changed, changed, unchanged: records.len() - fresh.len() };
    if fresh.is_empty() {
        return Ok(stored);
    }
    let joined = problems::join(db, &fresh, now)?;
    let ids = write(db, feed, &fresh, &joined.of_records, now)?;
    let facts: Vec<affected::Fact<'_>> = fresh
        .iter()
        .zip(ids)
        .map(|(record, id)| affected::Fact {
            id,
            advisory: &record.advisory,
            before: known.get(&record.advisory.id).map(|known| known.withdrawn),
        })
        .collect();
    let mut touched = affected::write(db, &facts)?;
    let of_records = joined.of_records.clone();
    let shifted = problems::refresh(db, joined, now)?;
    triage::follow::outgrown(db, &shifted, now)?;
    remarks::apply(db, feed, &of_records, now)?;
    alerts::matches::weighed(db, &shifted, feed, now)?;
    touched.extend(affected::packages_of(db, &shifted)?);
    rematches::packages(db, &touched, now)?;
    Ok(stored)
}

/// Whether a record says something else than what is known. An older copy never wins,
/// nor does another feed's copy of the same age: the two would take turns for ever.
fn is_news(feed: &str, record: &Record, known: Option<&Known>) -> bool {
    let Some(known) = known else { return true };
    let modified_at = record.advisory.modified.timestamp_millis();
    known.sha256 != record.sha256 && (modified_at > known.modified_at || (modified_at == known.modified_at && known.feed == feed))
}

fn known(db: &mut Db, names: &[&str]) -> Result<HashMap<String, Known>, StoreError> {
    let mut known = HashMap::with_capacity(names.len());
    for chunk in names.chunks(CHUNK) {
        let rows: Vec<KnownRow> = advisory::table
            .filter(advisory::name.eq_any(chunk))
            .select((advisory::name, advisory::feed, advisory::sha256, advisory::modified_at, advisory::withdrawn_at))
            .load(db)?;
        known.extend(rows.into_iter().map(|(name, feed, sha256, modified_at, withdrawn_at)| {
            (name, Known { feed, sha256, modified_at, withdrawn: withdrawn_at.is_some() })
        }));
    }
    Ok(known)
}

#[derive(Insertable)]
#[diesel(table_name = advisory)]
#[diesel(treat_none_as_default_value = false)]
struct NewAdvisory<'a> {
    name: &'a str,
    problem_id: i64,
    feed: &'a str,
    modified_at: i64,
    published_at: Option<i64>,
    withdrawn_at: Option<i64>,
    severity: i16,
    summary: &'a str,
    sha256: &'a [u8],
    stored_at: i64,
}

/// Rows of one statement: ten columns stay below SQLite's 32,766 variables.
const ROWS: usize = 3000;

/// Writes the records themselves; answers their keys in order.
fn write(db: &mut Db, feed: &str, fresh: &[&Record], problems: &[i64], now: i64) -> Result<Vec<i64>, StoreError> {
    let rows: Vec<_> = fresh.iter().zip(problems).map(|(record, problem)| row(feed, record, *problem, now)).collect();
    let mut ids: HashMap<String, i64> = HashMap::with_capacity(rows.len());
    for chunk in rows.chunks(ROWS) {
        let written: Vec<(String, i64)> = each_backend!(db, c => diesel::insert_into(advisory::table)
            .values(chunk)
            .on_conflict(advisory::name)
            .do_update()
            .set((
                advisory::problem_id.eq(excluded(advisory::problem_id)),
                advisory::feed.eq(excluded(advisory::feed)),
                advisory::modified_at.eq(excluded(advisory::modified_at)),
                advisory::published_at.eq(excluded(advisory::published_at)),
                advisory::withdrawn_at.eq(excluded(advisory::withdrawn_at)),
                advisory::severity.eq(excluded(advisory::severity)),
                advisory::summary.eq(excluded(advisory::summary)),
                advisory::sha256.eq(excluded(advisory::sha256)),
                advisory::stored_at.eq(excluded(advisory::stored_at)),
            ))
            .returning((advisory::name, advisory::id))
            .get_results(c)?);
        ids.extend(written);
    }
    let id_of = |record: &&Record| ids.get(&record.advisory.id).copied();
    let ids: Vec<i64> = fresh.iter().filter_map(id_of).collect();
    if ids.len() != fresh.len() {
        return Err(StoreError::Damaged("a record vanished while it was stored".to_owned()));
    }
    let bodies: Vec<_> = ids
        .iter()
        .zip(fresh)
        .map(|(id, record)| (advisory_body::advisory_id.eq(id), advisory_body::body.eq(&record.body)))
        .collect();
    for chunk in bodies.chunks(CHUNK) {
        each_backend!(db, c => diesel::insert_into(advisory_body::table)
            .values(chunk)
            .on_conflict(advisory_body::advisory_id)
            .do_update()
            .set(advisory_body::body.eq(excluded(advisory_body::body)))
            .execute(c)?);
    }
    Ok(ids)
}

fn row<'a>(feed: &'a str, record: &'a Record, problem_id: i64, stored_at: i64) -> NewAdvisory<'a> {
    let said = &record.advisory;
    NewAdvisory {
        name: &said.id,
        problem_id,
        feed,
        modified_at: said.modified.timestamp_millis(),
        published_at: said.published.map(|at| at.timestamp_millis()),
        withdrawn_at: said.withdrawn.map(|at| at.timestamp_millis()),
        severity: i16::from(said.severity.code()),
        summary: &said.summary,
        sha256: &record.sha256,
        stored_at,
    }
}

#[cfg(test)]
mod tests;
