//! Packages that are watched: when each is asked next, what is known of it, and what
//! is told of it. Owners are rows; versions are one packed value.

pub mod tenures;
pub mod validators;
pub mod verdicts;

use super::db::each_backend;
use super::registries::Registry;
use super::schema::{event, package, watched};
use super::{Db, StoreError};
use crate::clock::from_millis;
use bom::watched::{Relative, Seen, Watched};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, SmallInt};
use serde::{Deserialize, Serialize};

/// The most bytes of one package's facts.
const LONGEST: usize = 256 << 20;

/// A package that is watched, without its facts.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Due {
    /// The package.
    pub package_id: i64,
    /// Its name.
    pub name: String,
    /// When a look was last answered.
    pub looked_at: Option<i64>,
    /// When its owners were last known to be so.
    pub owners_at: Option<i64>,
    /// Looks at it that failed in a row.
    pub failures: i64,
}

/// What a look left to keep.
#[derive(Clone, Debug)]
pub struct Looked<'a> {
    /// What is known now; `None` where nothing was learned.
    pub watched: Option<&'a Watched>,
    /// Whether owners were told.
    pub owners: bool,
    /// What could not be found out, though the registry answered.
    pub doubtful: Option<&'a str>,
    /// When to look next.
    pub next_at: i64,
}

/// Something that happened to a package, for the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// `owner-added`, `owner-removed`, …
    pub kind: &'static str,
    /// To which owner or version, so that one look tells it once.
    pub subject: String,
    /// More, as JSON.
    pub detail: serde_json::Value,
}

#[derive(Deserialize)]
struct FactsRaw {
    releases: Vec<Seen>,
    relatives: Vec<Relative>,
}

#[derive(Serialize)]
struct FactsOut<'a> {
    releases: &'a [Seen],
    relatives: &'a [Relative],
}

/// Begins to watch what is held from the authority, or from a mirror of it, and is not
/// watched yet. Answers how many packages that are.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn enrol(db: &mut Db, registry: &Registry) -> Result<usize, StoreError> {
    let source = "INSERT INTO watched (package_id, registry_id, next_at, failures) \
         SELECT p.id, $1, 0, 0 FROM package p WHERE p.ecosystem = $2 \
         AND NOT EXISTS (SELECT 1 FROM watched w WHERE w.package_id = p.id) \
         AND EXISTS (SELECT 1 FROM component c JOIN held h ON h.component_id = c.id WHERE c.package_id = p.id \
           AND (c.origin_id = 0 OR c.origin_id IN (SELECT o.id FROM origin o JOIN registry r ON r.id = o.registry_id \
             WHERE r.ecosystem = $2 AND r.believe IN (1, 2))))";
    Ok(diesel::sql_query(source).bind::<BigInt, _>(registry.id).bind::<SmallInt, _>(registry.ecosystem).execute(db)?)
}

/// Takes the packages that are due, those first that were asked longest ago, and puts
/// them off to `until`: whoever dies now loses a look, and asks nobody twice.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn claim(db: &mut Db, registry_id: i64, now: i64, until: i64, limit: i64) -> Result<Vec<Due>, StoreError> {
    let due: Vec<Due> = watched::table
        .inner_join(package::table.on(package::id.eq(watched::package_id)))
        .filter(watched::registry_id.eq(registry_id))
        .filter(watched::next_at.le(now))
        .order((watched::next_at, watched::package_id))
        .limit(limit)
        .select((watched::package_id, package::name, watched::looked_at, watched::owners_at, watched::failures))
        .load(db)?;
    let ids: Vec<i64> = due.iter().map(|due| due.package_id).collect();
    diesel::update(watched::table.filter(watched::package_id.eq_any(&ids))).set(watched::next_at.eq(until)).execute(db)?;
    Ok(due)
}

/// Puts packages back that were taken and not asked.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn put_back(db: &mut Db, packages: &[i64], at: i64) -> Result<(), StoreError> {
    diesel::update(watched::table.filter(watched::package_id.eq_any(packages))).set(watched::next_at.eq(at)).execute(db)?;
    Ok(())
}

/// When any package is due next.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn next_of_all(db: &mut Db) -> Result<Option<i64>, StoreError> {
    Ok(watched::table.select(diesel::dsl::min(watched::next_at)).first(db)?)
}

/// What is known of a package; `None` before the first answer.
///
/// # Errors
/// [`StoreError`] from the database, or where it holds what was never written.
pub fn load(db: &mut Db, package_id: i64) -> Result<Option<Watched>, StoreError> {
    type Row = (Option<i64>, Option<String>, Option<String>, Option<Vec<u8>>);
    let row: Option<Row> = watched::table
        .find(package_id)
        .select((watched::since_at, watched::repository, watched::doubt, watched::facts))
        .first(db)
        .optional()?;
    let Some((Some(since), repository, doubt, Some(facts))) = row else { return Ok(None) };
    let damaged = |error: String| StoreError::Damaged(format!("what is known of package {package_id}: {error}"));
    let bytes = zstd::bulk::decompress(&facts, LONGEST).map_err(|error| damaged(error.to_string()))?;
    let FactsRaw { releases, relatives } = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
    let doubt = doubt.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| damaged(error.to_string()))?;
    let (tenures, baseline) = tenures::load(db, package_id)?;
    Ok(Some(Watched { since: from_millis(since), baseline, tenures, doubt, releases, repository, relatives }))
}

/// Keeps what a look learned.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn keep(db: &mut Db, package_id: i64, looked: &Looked<'_>, now: i64) -> Result<(), StoreError> {
    let row = watched::table.find(package_id);
    diesel::update(row)
        .set((
            watched::looked_at.eq(now),
            watched::next_at.eq(looked.next_at),
            watched::failures.eq(0),
            watched::last_error.eq(looked.doubtful.map(bom::plain::plain)),
        ))
        .execute(db)?;
    if looked.owners {
        diesel::update(row).set(watched::owners_at.eq(now)).execute(db)?;
    }
    let Some(known) = looked.watched else { return Ok(()) };
    let pack = |error: String| StoreError::Damaged(format!("what is known of a package cannot be packed: {error}"));
    let facts = FactsOut { releases: &known.releases, relatives: &known.relatives };
    let bytes = serde_json::to_vec(&facts).map_err(|error| pack(error.to_string()))?;
    let facts = zstd::bulk::compress(&bytes, 3).map_err(|error| pack(error.to_string()))?;
    let doubt = known.doubt.as_ref().map(serde_json::to_string).transpose().map_err(|error| pack(error.to_string()))?;
    diesel::update(row)
        .set((
            watched::since_at.eq(known.since.timestamp_millis()),
            watched::repository.eq(&known.repository),
            watched::doubt.eq(doubt),
            watched::facts.eq(facts),
        ))
        .execute(db)?;
    tenures::keep(db, package_id, known)
}

/// Keeps that a look at a package failed; what is known stays. Told once in a row of failures.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn failed(db: &mut Db, due: &Due, why: &str, next_at: i64, now: i64) -> Result<(), StoreError> {
    /// Failures in a row after which the operator hears of it.
    const PATIENCE: i64 = 3;
    let failures = due.failures.saturating_add(1);
    let why = bom::plain::plain(why);
    diesel::update(watched::table.find(due.package_id))
        .set((watched::failures.eq(failures), watched::last_error.eq(&why), watched::next_at.eq(next_at)))
        .execute(db)?;
    if failures != PATIENCE {
        return Ok(());
    }
    let detail = serde_json::json!({"why": why, "looked_at": due.looked_at});
    record(db, due.package_id, &[Happened { kind: "look-failed", subject: String::new(), detail }], now)
}

/// Records what happened to a package.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn record(db: &mut Db, package_id: i64, happened: &[Happened], now: i64) -> Result<(), StoreError> {
    let rows: Vec<_> = happened
        .iter()
        .map(|Happened { kind, subject, detail }| {
            let key = format!("{kind}:{package_id}:{subject}:{now}");
            let detail = detail.to_string();
            (
                (event::key.eq(key), event::kind.eq(*kind), event::at.eq(now), event::detail.eq(detail)),
                event::package_id.eq(package_id),
            )
        })
        .collect();
    each_backend!(db, c => diesel::insert_into(event::table).values(&rows).on_conflict_do_nothing().execute(c)?);
    Ok(())
}
