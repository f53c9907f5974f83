//! What the watch says beside what records say: where a record has called a version
//! malicious, the watch's evidence joins that alert and opens none of its own.

use super::{Alert, Kind, NewAlert, Raised, get, matches, open_about, raise, retract, update};
use crate::store::{Db, StoreError};
use std::collections::BTreeSet;

/// Raises what the watch found, or adds it to the alert that a record has opened or
/// taken over.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn told(db: &mut Db, new: &NewAlert, now: i64) -> Result<Raised, StoreError> {
    super::alone(db)?;
    let Some(proven) = proven(db, new)? else {
        let raised = raise(db, new, now)?;
        // A record that speaks of it already takes it over at once.
        matches::told(db, &[], &BTreeSet::new(), &new.package_id.into_iter().collect::<Vec<_>>(), now)?;
        return Ok(raised);
    };
    let known = proven.facts()?;
    let mut facts = known.clone();
    facts.extend(new.facts.iter().filter(|fact| !known.contains(fact)).cloned());
    let merged = NewAlert {
        kind: Kind::of_word(&proven.kind).unwrap_or(new.kind),
        subject: proven.subject.clone(),
        problem_id: proven.problem_id,
        versions: proven.versions()?,
        severity: proven.severity(),
        urgency: proven.urgency(),
        confirmed: true,
        headline: proven.headline.clone(),
        todo: proven.todo.clone(),
        unknown: proven.unknown()?,
        facts,
        ..new.clone()
    };
    update(db, &proven, &merged, now)
}

/// Takes back what a second look did not bear out. What a record says as well stays.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn taken_back(db: &mut Db, dedupe: &str, reason: &str, now: i64) -> Result<bool, StoreError> {
    match super::by_dedupe(db, dedupe)? {
        Some(found) if found.problem_id.is_none() => retract(db, dedupe, reason, now),
        _ => Ok(false),
    }
}

/// The open alert by which a record calls the same version malicious, or that was the
/// watch's and a record has taken over.
fn proven(db: &mut Db, new: &NewAlert) -> Result<Option<Alert>, StoreError> {
    let Some(package_id) = new.package_id else { return Ok(None) };
    let key = new.dedupe();
    for alert in open_about(db, package_id)?.into_iter().filter(|alert| alert.kind == Kind::Malicious.word()) {
        let versions = alert.versions()?;
        if alert.problem_id.is_some() && (alert.dedupe == key || new.versions.iter().any(|one| versions.contains(one))) {
            return get(db, alert.id).map(Some);
        }
    }
    Ok(None)
}
