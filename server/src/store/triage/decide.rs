//! To decide, and to take a decision back.

use super::{LONGEST_DETAIL, Place, Triage, standing, weight};
use crate::store::audit::{self, action};
use crate::store::schema::{package, problem, project, triage};
use crate::store::{Db, StoreError, alerts, clipped, new_id};
use bom::ecosystem::Ecosystem;
use bom::triage::{Decision, Ending};
use diesel::prelude::*;

/// A decision that is to be made.
#[derive(Clone, Debug)]
pub struct NewDecision {
    /// What is decided. Whoever asks has [checked](Decision::check) it.
    pub decision: Decision,
    /// What the person adds.
    pub detail: String,
    /// The document that it is taken from; `None`: a person's own word.
    pub source: Option<String>,
}

/// What [`decide`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It stands from now on.
    New(Triage),
    /// It stood already, word for word.
    Same(Triage),
}

/// Decides: what stood in the place ends, and counts and alerts follow. Who may do so is
/// the caller's to check.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn decide(db: &mut Db, place: Place, new: &NewDecision, who: &str, now: i64) -> Result<Decided, StoreError> {
    alerts::alone(db)?;
    let place = kept(db, place)?;
    let old = standing::at(db, place)?;
    let detail = clipped(new.detail.trim(), LONGEST_DETAIL);
    if let Some(old) = old.as_ref().filter(|old| old.detail == detail && old.source == new.source)
        && old.decision()? == new.decision
    {
        return Ok(Decided::Same(old.clone()));
    }
    if let Some(old) = &old {
        standing::end(db, old, Ending::Replaced, who, now)?;
    }
    let made = insert(db, place, new, &detail, who, now)?;
    if let Some(old) = &old {
        diesel::update(triage::table.find(old.id)).set(triage::replaced_by.eq(made.id)).execute(db)?;
    }
    let (scope, said) = (scope(db, place)?, format!("{}: {}", about(db, place)?, made.status));
    audit::insert(db, now, who, action::TRIAGE_DECIDED, &scope, &said)?;
    super::follow::changed(db, &[place], now)?;
    Ok(Decided::New(made))
}

/// Takes a decision back. Answers whether it stood.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn take_back(db: &mut Db, of: &Triage, who: &str, now: i64) -> Result<bool, StoreError> {
    alerts::alone(db)?;
    if !standing::end(db, of, Ending::TakenBack, who, now)? {
        return Ok(false);
    }
    let (scope, said) = (scope(db, of.place())?, format!("{}: {}", about(db, of.place())?, of.status));
    audit::insert(db, now, who, action::TRIAGE_TAKEN_BACK, &scope, &said)?;
    super::follow::changed(db, &[of.place()], now)?;
    Ok(true)
}

/// The place by the problem that is left where two were joined meanwhile. On PostgreSQL
/// the problem cannot be joined with another before this transaction ends.
fn kept(db: &mut Db, place: Place) -> Result<Place, StoreError> {
    let merged_into: Option<i64> = match db {
        Db::Postgres(c) => problem::table.find(place.problem_id).select(problem::merged_into).for_share().first(c)?,
        Db::Sqlite(c) => problem::table.find(place.problem_id).select(problem::merged_into).first(c)?,
    };
    Ok(Place { problem_id: merged_into.unwrap_or(place.problem_id), ..place })
}

fn insert(db: &mut Db, place: Place, new: &NewDecision, detail: &str, who: &str, now: i64) -> Result<Triage, StoreError> {
    let (public_id, then, decision) = (new_id(), weight(db, place.problem_id)?, new.decision);
    let values = (
        (triage::public_id.eq(&public_id), triage::problem_id.eq(place.problem_id), triage::package_id.eq(place.package_id)),
        (triage::project_id.eq(place.project_id), triage::status.eq(decision.word()), triage::detail.eq(detail)),
        (
            triage::justification.eq(decision.justification().map(|reason| reason.word())),
            triage::until_at.eq(decision.until().map(|until| until.timestamp_millis())),
        ),
        (triage::severity.eq(i16::from(then.severity.code())), triage::exploited.eq(then.exploited)),
        (triage::source.eq(&new.source), triage::decided_by.eq(who), triage::decided_at.eq(now)),
    );
    diesel::insert_into(triage::table).values(values).execute(db)?;
    super::by_public_id(db, &public_id)?.ok_or(StoreError::Overtaken)
}

/// What an audit row says is decided about.
fn about(db: &mut Db, place: Place) -> Result<String, StoreError> {
    let name: String = problem::table.find(place.problem_id).select(problem::name).first(db)?;
    let (code, package): (i16, String) =
        package::table.find(place.package_id).select((package::ecosystem, package::name)).first(db)?;
    let ecosystem = Ecosystem::of_code(code).map_or("unknown ecosystem", |ecosystem| ecosystem.name);
    Ok(format!("{name} in {package} ({ecosystem})"))
}

/// What an audit row calls a place.
fn scope(db: &mut Db, place: Place) -> Result<String, StoreError> {
    let Some(id) = place.project_id else { return Ok("everywhere".to_owned()) };
    let name: String = project::table.find(id).select(project::name).first(db)?;
    Ok(format!("project:{name}"))
}
