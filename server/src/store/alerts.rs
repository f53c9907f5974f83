//! Alerts: what people are told, once. [`raise`], [`confirm`], [`retract`] and
//! [`resolve`] are called inside the transaction that found the reason; telling people
//! is the outbox's work, from the state that is left here.

mod alert;
pub mod code;
mod holders;
pub mod matches;
pub mod operator;
pub mod settled;
pub mod shares;
pub mod suspicions;
#[cfg(test)]
mod tests;

use super::db::each_backend;
use super::schema::{alert as row, event};
use super::{Db, StoreError, clipped, new_id};
use crate::fact::Fact;
pub use alert::{Alert, Kind, NewAlert};
use bom::advisory::Severity;
use bom::plain::plain;
use diesel::prelude::*;
pub use holders::alone;
pub use holders::moved;
use holders::refresh;
use serde::Serialize;

/// The states of an alert about which something is still to be done.
const OPEN: [&str; 2] = ["open", "acknowledged"];
/// Bytes of a text of a few lines.
const TEXT: usize = 2000;
/// Facts and versions that are kept of one alert.
const MOST_FACTS: usize = 50;
const MOST_VERSIONS: usize = 500;

/// What [`raise`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// There is a new alert.
    New,
    /// An alert says something else now.
    Changed,
    /// It was said before.
    Same,
}

/// Raises an alert, or brings the one with the same key up to date.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn raise(db: &mut Db, new: &NewAlert, now: i64) -> Result<Raised, StoreError> {
    alone(db)?;
    if let Some(old) = by_dedupe(db, &new.dedupe())? {
        return update(db, &old, new, now);
    }
    let made = insert(db, new, now)?;
    record(db, &made, "alert-opened", now)?;
    refresh(db, &made, now)?;
    Ok(Raised::New)
}

/// Brings an alert up to date, whatever its key. People are told again only when it is
/// graver or more urgent, when a suspicion is confirmed, when a closed alert opens
/// again, or when a project is added.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn update(db: &mut Db, old: &Alert, new: &NewAlert, now: i64) -> Result<Raised, StoreError> {
    let new = &bounded(new);
    if old.state == "ruled" || (old.is_open() && says(old, new)?) {
        return Ok(Raised::Same);
    }
    let worse = !old.is_open() || new.severity > old.severity() || new.urgency > old.urgency();
    let confirmed = new.confirmed && !old.confirmed;
    let state = if worse { "open" } else { old.state.as_str() };
    diesel::update(row::table.find(old.id))
        .set((
            (row::kind.eq(new.kind.word()), row::problem_id.eq(new.problem_id.or(old.problem_id)), row::reason.eq("")),
            (row::versions.eq(json(&new.versions)?), row::facts.eq(json(&new.facts)?), row::unknown.eq(json(&new.unknown)?)),
            (row::headline.eq(&new.headline), row::todo.eq(&new.todo), row::state.eq(state)),
            (row::severity.eq(code_of(new.severity)), row::urgency.eq(new.urgency.name())),
            row::confirmed.eq(new.confirmed || (old.is_open() && old.confirmed)),
            (row::revision.eq(old.revision + 1), row::changed_at.eq(now), row::closed_at.eq(None::<i64>)),
        ))
        .execute(db)?;
    if worse {
        shares::unanswered(db, old.id)?;
    }
    changed(db, old.id, worse || confirmed, if worse { "alert-worse" } else { "alert-changed" }, now)?;
    Ok(Raised::Changed)
}

/// Confirms an alert that rested on one look, and tells those who were told so.
/// Answers whether there was one.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn confirm(db: &mut Db, dedupe: &str, now: i64) -> Result<bool, StoreError> {
    alone(db)?;
    let Some(found) = by_dedupe(db, dedupe)?.filter(|found| found.is_open() && !found.confirmed) else { return Ok(false) };
    diesel::update(row::table.find(found.id))
        .set((row::confirmed.eq(true), row::revision.eq(found.revision + 1), row::changed_at.eq(now)))
        .execute(db)?;
    changed(db, found.id, true, "alert-confirmed", now)?;
    Ok(true)
}

/// Takes an alert back, and tells whoever was told; also one that was resolved, since
/// somebody acted on it. Answers whether there was one.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn retract(db: &mut Db, dedupe: &str, reason: &str, now: i64) -> Result<bool, StoreError> {
    alone(db)?;
    let Some(found) = by_dedupe(db, dedupe)?.filter(|found| found.is_open() || found.state == "resolved") else {
        return Ok(false);
    };
    let retracted = close(db, &found, "retracted", reason, now)?;
    shares::take_back(db, &retracted, now)?;
    Ok(true)
}

/// Ends an alert because nothing is left to be done. Nobody is told so; who was not yet
/// told of it at all still is, since it was true.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn resolve(db: &mut Db, of: &Alert, reason: &str, now: i64) -> Result<(), StoreError> {
    let resolved = close(db, of, "resolved", reason, now)?;
    // What a version may have read while it was held is not made good by its going.
    if resolved.concerns_the_past() { Ok(()) } else { shares::rest(db, of.id) }
}

/// Opens an alert again that was resolved: somebody holds what it is about.
///
/// # Errors
/// [`StoreError`] from the database.
fn reopen(db: &mut Db, of: &Alert, now: i64) -> Result<(), StoreError> {
    diesel::update(row::table.find(of.id))
        .set((
            (row::state.eq("open"), row::reason.eq(""), row::closed_at.eq(None::<i64>)),
            (row::revision.eq(of.revision + 1), row::changed_at.eq(now)),
        ))
        .execute(db)?;
    shares::unanswered(db, of.id)?;
    changed(db, of.id, true, "alert-back", now)
}

/// Ends an alert that says what another says as well; the other one goes on for both.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn absorb(db: &mut Db, gone: &Alert, into: &Alert, now: i64) -> Result<(), StoreError> {
    let ended = close(db, gone, "resolved", &format!("it goes on as alert {}", into.code), now)?;
    let key = format!("joined:{}", ended.public_id);
    diesel::update(row::table.find(gone.id)).set((row::dedupe.eq(key), row::problem_id.eq(None::<i64>))).execute(db)?;
    shares::forget(db, gone.id)?;
    let into = get(db, into.id)?;
    refresh(db, &into, now)
}

/// The alert with this key.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn by_dedupe(db: &mut Db, dedupe: &str) -> Result<Option<Alert>, StoreError> {
    Ok(row::table.filter(row::dedupe.eq(dedupe)).select(Alert::as_select()).first(db).optional()?)
}

/// The open alerts about a package, the oldest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn open_about(db: &mut Db, package_id: i64) -> Result<Vec<Alert>, StoreError> {
    let open = row::table.filter(row::package_id.eq(package_id)).filter(row::state.eq_any(OPEN));
    Ok(open.order(row::id).select(Alert::as_select()).load(db)?)
}

/// The alert with this key inside.
///
/// # Errors
/// [`StoreError`] from the database; also where there is none.
pub fn get(db: &mut Db, id: i64) -> Result<Alert, StoreError> {
    Ok(row::table.find(id).select(Alert::as_select()).first(db)?)
}

fn insert(db: &mut Db, new: &NewAlert, now: i64) -> Result<Alert, StoreError> {
    let dedupe = new.dedupe();
    let new = bounded(new);
    let values = (
        (row::public_id.eq(new_id()), row::code.eq(code::fresh()?), row::dedupe.eq(&dedupe)),
        (row::kind.eq(new.kind.word()), row::subject.eq(&new.subject)),
        (row::package_id.eq(new.package_id), row::problem_id.eq(new.problem_id)),
        (row::versions.eq(json(&new.versions)?), row::facts.eq(json(&new.facts)?), row::unknown.eq(json(&new.unknown)?)),
        (row::headline.eq(&new.headline), row::todo.eq(&new.todo), row::reason.eq("")),
        (row::severity.eq(code_of(new.severity)), row::urgency.eq(new.urgency.name()), row::state.eq("open")),
        (row::confirmed.eq(new.confirmed), row::revision.eq(1), row::opened_at.eq(now), row::changed_at.eq(now)),
    );
    diesel::insert_into(row::table).values(values).execute(db)?;
    by_dedupe(db, &dedupe)?.ok_or(StoreError::Overtaken)
}

/// What follows every change of an open alert.
fn changed(db: &mut Db, id: i64, told: bool, kind: &'static str, now: i64) -> Result<(), StoreError> {
    let changed = get(db, id)?;
    record(db, &changed, kind, now)?;
    if told {
        shares::want(db, &changed, now)?;
    }
    refresh(db, &changed, now)
}

fn close(db: &mut Db, of: &Alert, state: &str, reason: &str, now: i64) -> Result<Alert, StoreError> {
    diesel::update(row::table.find(of.id))
        .set((
            (row::state.eq(state), row::reason.eq(clipped(reason, TEXT)), row::closed_at.eq(now)),
            (row::revision.eq(of.revision + 1), row::changed_at.eq(now)),
        ))
        .execute(db)?;
    let closed = get(db, of.id)?;
    record(db, &closed, if state == "retracted" { "alert-retracted" } else { "alert-resolved" }, now)?;
    Ok(closed)
}

/// Writes a revision down as an event: the history of an alert.
fn record(db: &mut Db, of: &Alert, kind: &str, now: i64) -> Result<(), StoreError> {
    let why = if of.reason.is_empty() { &of.headline } else { &of.reason };
    let detail = serde_json::json!({ "alert": of.public_id, "severity": of.severity(), "urgency": of.urgency, "why": why });
    let values = (
        (event::key.eq(event_key(of, of.revision)), event::kind.eq(kind), event::at.eq(now)),
        (event::package_id.eq(of.package_id), event::detail.eq(detail.to_string())),
    );
    each_backend!(db, c => diesel::insert_into(event::table).values(values).on_conflict_do_nothing().execute(c)?);
    Ok(())
}

/// The key of the event that made this revision of an alert.
pub(super) fn event_key(of: &Alert, revision: i64) -> String {
    format!("alert:{}:{revision}", of.public_id)
}

/// Whether an alert says already what is to be said.
fn says(old: &Alert, new: &NewAlert) -> Result<bool, StoreError> {
    Ok(old.versions == json(&new.versions)?
        && old.facts == json(&new.facts)?
        && old.unknown == json(&new.unknown)?
        && old.headline == new.headline
        && old.todo == new.todo
        && old.kind == new.kind.word()
        && old.severity() == new.severity
        && old.urgency() == new.urgency
        && (old.confirmed || !new.confirmed))
}

/// The same with a bound on everything that somebody else wrote, and without characters
/// that turn or hide others.
fn bounded(new: &NewAlert) -> NewAlert {
    let line = |text: &str| plain(text);
    let cut = |fact: &Fact| Fact {
        what: line(&fact.what),
        then: line(&fact.then),
        now: line(&fact.now),
        source: line(&fact.source),
        at: fact.at,
    };
    NewAlert {
        subject: line(&new.subject),
        headline: line(&new.headline),
        todo: clipped(&new.todo, TEXT),
        unknown: new.unknown.iter().take(MOST_FACTS).map(|text| line(text)).collect(),
        versions: new.versions.iter().take(MOST_VERSIONS).cloned().collect(),
        facts: new.facts.iter().take(MOST_FACTS).map(cut).collect(),
        ..new.clone()
    }
}

fn code_of(severity: Severity) -> i16 {
    i16::from(severity.code())
}

fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}
