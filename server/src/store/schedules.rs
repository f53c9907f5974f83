//! When what is done regularly is due: a row for each task, which every server reads.
//! Whoever holds the task's lease runs it, and moves its time on before giving the
//! lease back; so a time that passed while no server was up is caught up, once.

use super::schema::schedule;
use super::{Db, StoreError, db::each_backend};
use diesel::prelude::*;

/// Bytes of an error that are kept.
const LONGEST: usize = 2000;

/// A task and when it is due.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = schedule)]
pub struct Schedule {
    /// The task's name.
    pub name: String,
    /// How often it runs, as a setting would say it.
    pub rhythm: String,
    /// When it is due.
    pub next_at: i64,
    /// When its last run began.
    pub last_at: Option<i64>,
    /// How long that took, in milliseconds.
    pub took: Option<i64>,
    /// Why the last run failed, where it did.
    pub last_error: Option<String>,
    /// Runs that failed in a row.
    pub failures: i64,
    /// What it works on, in the words of its settings.
    pub about: String,
}

/// A task as the settings have it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The task's name.
    pub name: String,
    /// How often it runs, as a setting would say it.
    pub rhythm: String,
    /// What it works on, in the words of its settings.
    pub about: String,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When it began.
    pub at: i64,
    /// Milliseconds it took.
    pub took: i64,
    /// When the task is due again.
    pub next_at: i64,
    /// Why it failed, where it did.
    pub error: Option<String>,
}

/// Makes the task known. A new one is due at `next_at`; one that is known keeps its
/// time, unless its rhythm or what it works on is another now, which would have it earlier.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn know(db: &mut Db, wanted: &Wanted, next_at: i64) -> Result<(), StoreError> {
    let Wanted { name, rhythm, about } = wanted;
    let new = (
        (schedule::name.eq(name), schedule::rhythm.eq(rhythm), schedule::about.eq(about)),
        (schedule::next_at.eq(next_at), schedule::failures.eq(0)),
    );
    each_backend!(db, c => diesel::insert_into(schedule::table).values(new).on_conflict_do_nothing().execute(c)?);
    let other = schedule::table.find(name).filter(schedule::rhythm.ne(rhythm).or(schedule::about.ne(about)));
    if diesel::update(other).set((schedule::rhythm.eq(rhythm), schedule::about.eq(about))).execute(db)? == 1 {
        let later = schedule::table.find(name).filter(schedule::next_at.gt(next_at));
        diesel::update(later).set(schedule::next_at.eq(next_at)).execute(db)?;
    }
    Ok(())
}

/// The tasks that are due.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn due(db: &mut Db, now: i64) -> Result<Vec<String>, StoreError> {
    Ok(schedule::table.filter(schedule::next_at.le(now)).order(schedule::next_at).select(schedule::name).load(db)?)
}

/// One task.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn find(db: &mut Db, name: &str) -> Result<Option<Schedule>, StoreError> {
    Ok(schedule::table.find(name).select(Schedule::as_select()).first(db).optional()?)
}

/// Every task, by name.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn all(db: &mut Db) -> Result<Vec<Schedule>, StoreError> {
    Ok(schedule::table.order(schedule::name).select(Schedule::as_select()).load(db)?)
}

/// Makes the task due now.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn hurry(db: &mut Db, name: &str, now: i64) -> Result<(), StoreError> {
    diesel::update(schedule::table.find(name)).set(schedule::next_at.eq(now)).execute(db)?;
    Ok(())
}

/// Keeps how a run ended that was begun when the task was as `seen`. A task that
/// somebody hurried meanwhile stays due.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn ended(db: &mut Db, seen: &Schedule, ended: &Ended) -> Result<(), StoreError> {
    let error = ended.error.as_deref().map(|error| super::clipped(error, LONGEST));
    let failures = if error.is_some() { seen.failures.saturating_add(1) } else { 0 };
    let run = (
        schedule::last_at.eq(ended.at),
        schedule::took.eq(ended.took),
        schedule::last_error.eq(error),
        schedule::failures.eq(failures),
    );
    diesel::update(schedule::table.find(&seen.name)).set(run).execute(db)?;
    let as_seen = schedule::table.find(&seen.name).filter(schedule::next_at.eq(seen.next_at));
    diesel::update(as_seen).set(schedule::next_at.eq(ended.next_at)).execute(db)?;
    Ok(())
}
