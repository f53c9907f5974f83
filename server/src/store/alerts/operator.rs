//! What the operator is told of the server itself: a part of it that fails, once for a
//! row of failures, until it works again.

use super::alert::{Alert, Kind, NewAlert};
use super::{OPEN, by_dedupe, raise, resolve, row};
use crate::store::{Db, StoreError};
use bom::advisory::Severity;
use bom::plain::plain;
use bom::signal::Urgency;
use diesel::prelude::*;

/// An alert of the server itself that says nothing yet: about which part, which time.
pub fn about(part: &str, episode: String) -> NewAlert {
    NewAlert {
        kind: Kind::Operator,
        subject: part.to_owned(),
        episode,
        package_id: None,
        problem_id: None,
        versions: Vec::new(),
        severity: Severity::High,
        urgency: Urgency::Ticket,
        confirmed: true,
        headline: String::new(),
        todo: String::new(),
        unknown: Vec::new(),
        facts: Vec::new(),
    }
}

/// Tells of a failure; the next one of the same row is neither an alert nor a revision.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn fails(db: &mut Db, new: &NewAlert, now: i64) -> Result<(), StoreError> {
    if by_dedupe(db, &new.dedupe())?.is_some() { Ok(()) } else { raise(db, new, now).map(drop) }
}

/// Ends what was told of the failures of a part that works again. Digests are no failures.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn works(db: &mut Db, part: &str, now: i64) -> Result<(), StoreError> {
    let open: Vec<Alert> = row::table
        .filter(row::kind.eq(Kind::Operator.word()))
        .filter(row::subject.eq(plain(part)))
        .filter(row::state.eq_any(OPEN))
        .filter(row::urgency.ne(Urgency::Digest.name()))
        .select(Alert::as_select())
        .load(db)?;
    open.iter().try_for_each(|open| resolve(db, open, "it works again", now))
}
