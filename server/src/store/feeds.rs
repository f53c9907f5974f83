//! Where advisories come from: what was fetched last, how that went, and which
//! records could not be read.

use super::db::each_backend;
use super::schema::{event, feed, feed_refusal};
use super::{Db, StoreError, clipped};
use diesel::prelude::*;

/// Refusals that are kept of one feed; the count is always whole.
const KEPT: usize = 1000;
/// Bytes of a reason that is kept.
const LONGEST: usize = 2000;

/// A feed and how it is.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = feed)]
pub struct Feed {
    /// Key.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Where it is fetched from.
    pub location: String,
    /// The entity tag of what was fetched.
    pub etag: Option<String>,
    /// When what was fetched was changed, in its source's words.
    pub last_modified: Option<String>,
    /// When it was last fetched well.
    pub fetched_at: Option<i64>,
    /// When it last brought something else than before.
    pub changed_at: Option<i64>,
    /// Records it has.
    pub records: i64,
    /// Records of it that could not be read.
    pub refused: i64,
    /// Why the last fetch failed, where it did.
    pub last_error: Option<String>,
    /// Fetches that failed in a row.
    pub failures: i64,
    /// Since when they fail.
    pub failing_since: Option<i64>,
    /// When the newest record of the last good fetch was changed.
    pub newest_at: Option<i64>,
}

/// A record that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its name.
    pub record: String,
    /// Why.
    pub reason: String,
}

/// A fetch that went well.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// The entity tag of what was fetched.
    pub etag: Option<String>,
    /// When it was changed, in its source's words.
    pub last_modified: Option<String>,
    /// Records it has.
    pub records: i64,
    /// When its newest record was changed, where that is known.
    pub newest_at: Option<i64>,
    /// Records of it that could not be read, those of the kept refusals and more.
    pub refused: i64,
    /// Which they are.
    pub refusals: Vec<Refusal>,
    /// Whether it brought something else than before.
    pub changed: bool,
}

/// The feed of this name, made or moved where that is needed. One that moved, or is
/// of another kind, forgets what it fetched, and keeps what it brought.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn at(db: &mut Db, name: &str, kind: &str, location: &str) -> Result<Feed, StoreError> {
    let new = (
        feed::name.eq(name),
        feed::kind.eq(kind),
        feed::location.eq(location),
        feed::records.eq(0),
        feed::refused.eq(0),
        feed::failures.eq(0),
    );
    each_backend!(db, c => diesel::insert_into(feed::table).values(new).on_conflict_do_nothing().execute(c)?);
    let moved = feed::table.filter(feed::name.eq(name)).filter(feed::kind.ne(kind).or(feed::location.ne(location)));
    let forgotten = (
        feed::kind.eq(kind),
        feed::location.eq(location),
        feed::etag.eq(None::<String>),
        feed::last_modified.eq(None::<String>),
        feed::records.eq(0),
        feed::newest_at.eq(None::<i64>),
    );
    diesel::update(moved).set(forgotten).execute(db)?;
    Ok(feed::table.filter(feed::name.eq(name)).select(Feed::as_select()).first(db)?)
}

/// Every feed, by name.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn all(db: &mut Db) -> Result<Vec<Feed>, StoreError> {
    Ok(feed::table.order(feed::name).select(Feed::as_select()).load(db)?)
}

/// Keeps that a feed was fetched well and brought this.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn fetched(db: &mut Db, id: i64, fetched: &Fetched, now: i64) -> Result<(), StoreError> {
    let row = diesel::update(feed::table.find(id));
    row.set((
        feed::etag.eq(&fetched.etag),
        feed::last_modified.eq(&fetched.last_modified),
        feed::records.eq(fetched.records),
        feed::refused.eq(fetched.refused),
        feed::fetched_at.eq(now),
        feed::last_error.eq(None::<String>),
        feed::failures.eq(0),
        feed::failing_since.eq(None::<i64>),
    ))
    .execute(db)?;
    if fetched.newest_at.is_some() {
        diesel::update(feed::table.find(id)).set(feed::newest_at.eq(fetched.newest_at)).execute(db)?;
    }
    if fetched.changed {
        diesel::update(feed::table.find(id)).set(feed::changed_at.eq(now)).execute(db)?;
    }
    diesel::delete(feed_refusal::table.filter(feed_refusal::feed_id.eq(id))).execute(db)?;
    refuse(db, id, &fetched.refusals, now)
}

/// Keeps that a feed has nothing else than what was fetched before.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn unchanged(db: &mut Db, id: i64, now: i64) -> Result<(), StoreError> {
    let good = (feed::fetched_at.eq(now), feed::last_error.eq(None::<String>));
    let well = (good, feed::failures.eq(0), feed::failing_since.eq(None::<i64>));
    diesel::update(feed::table.find(id)).set(well).execute(db)?;
    Ok(())
}

/// Keeps that a fetch failed; what the feed brought before stays.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn failed(db: &mut Db, id: i64, error: &str, now: i64) -> Result<Feed, StoreError> {
    let badly = (feed::last_error.eq(clipped(error, LONGEST)), feed::failures.eq(feed::failures + 1));
    diesel::update(feed::table.find(id)).set(badly).execute(db)?;
    let first = feed::table.find(id).filter(feed::failing_since.is_null());
    diesel::update(first).set(feed::failing_since.eq(now)).execute(db)?;
    Ok(feed::table.find(id).select(Feed::as_select()).first(db)?)
}

/// Records, once for each spell of failures, that a feed brings nothing for longer than
/// it should. `detail` is JSON: what an operator has to know.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn fails(db: &mut Db, of: &Feed, detail: &str, now: i64) -> Result<(), StoreError> {
    let row = (
        event::key.eq(format!("feed-failing:{}:{}", of.name, of.failing_since.unwrap_or(now))),
        event::kind.eq("feed-failing"),
        event::at.eq(now),
        event::detail.eq(detail),
    );
    each_backend!(db, c => diesel::insert_into(event::table).values(row).on_conflict_do_nothing().execute(c)?);
    Ok(())
}

/// The records of a feed that could not be read, as of its last fetch.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn refusals(db: &mut Db, id: i64) -> Result<Vec<Refusal>, StoreError> {
    let rows: Vec<(String, String)> = feed_refusal::table
        .filter(feed_refusal::feed_id.eq(id))
        .order(feed_refusal::record)
        .select((feed_refusal::record, feed_refusal::reason))
        .load(db)?;
    Ok(rows.into_iter().map(|(record, reason)| Refusal { record, reason }).collect())
}

fn refuse(db: &mut Db, id: i64, refusals: &[Refusal], now: i64) -> Result<(), StoreError> {
    let rows: Vec<_> = refusals
        .iter()
        .take(KEPT)
        .map(|refusal| {
            (
                feed_refusal::feed_id.eq(id),
                feed_refusal::record.eq(clipped(&refusal.record, LONGEST)),
                feed_refusal::reason.eq(clipped(&refusal.reason, LONGEST)),
                feed_refusal::at.eq(now),
            )
        })
        .collect();
    each_backend!(db, c => diesel::insert_into(feed_refusal::table).values(&rows).on_conflict_do_nothing().execute(c)?);
    Ok(())
}
