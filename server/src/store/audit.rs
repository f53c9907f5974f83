//! What people and tokens did: who, what, to what. Rows are only ever added.

use super::schema::audit;
use super::{Db, StoreError};
use diesel::prelude::*;

/// What is recorded.
pub mod action {
    /// Somebody signed in.
    pub const SIGNED_IN: &str = "signed_in";
    /// Somebody tried to, with a wrong name or password.
    pub const SIGN_IN_FAILED: &str = "sign_in_failed";
    /// Somebody signed out.
    pub const SIGNED_OUT: &str = "signed_out";
    /// A password was changed.
    pub const PASSWORD_CHANGED: &str = "password_changed";
    /// A person was added.
    pub const PERSON_ADDED: &str = "person_added";
    /// A team was added.
    pub const TEAM_ADDED: &str = "team_added";
    /// A person joined a team.
    pub const TEAM_JOINED: &str = "team_joined";
    /// A project was added.
    pub const PROJECT_ADDED: &str = "project_added";
    /// A token was made.
    pub const TOKEN_MADE: &str = "token_made";
    /// An administrator decided about a registry.
    pub const REGISTRY_DECIDED: &str = "registry_decided";
    /// A person said for a team that they know of an alert.
    pub const ALERT_ACKNOWLEDGED: &str = "alert_acknowledged";
    /// A feed was asked for before its time.
    pub const FETCH_ASKED: &str = "fetch_asked";
    /// A full re-check was asked for.
    pub const RECHECK_ASKED: &str = "recheck_asked";
    /// A person decided about a problem in a package.
    pub const TRIAGE_DECIDED: &str = "triage_decided";
    /// A person took a decision back.
    pub const TRIAGE_TAKEN_BACK: &str = "triage_taken_back";
    /// A token was revoked.
    pub const TOKEN_REVOKED: &str = "token_revoked";
}

/// One row.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit)]
pub struct Entry {
    /// The key, in the order of writing.
    pub id: i64,
    /// When.
    pub at: i64,
    /// Who: `person:alice`, `token:…`, `address:…`, `server`.
    pub actor: String,
    /// What, one of [`action`].
    pub action: String,
    /// To what: `person:…`, `token:…`, `team:…`, `project:…`.
    pub subject: String,
    /// More, in words.
    pub detail: String,
}

/// Failed sign-ins of a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    /// With this login since it last succeeded.
    pub of_login: i64,
    /// From this address.
    pub from_address: i64,
}

/// Adds a row.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn insert(db: &mut Db, at: i64, actor: &str, action: &str, subject: &str, detail: &str) -> Result<(), StoreError> {
    let values = (
        audit::at.eq(at),
        audit::actor.eq(actor),
        audit::action.eq(action),
        audit::subject.eq(subject),
        audit::detail.eq(detail),
    );
    diesel::insert_into(audit::table).values(values).execute(db)?;
    Ok(())
}

/// How often signing in failed after `since`, for a login and from an address.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn failures(db: &mut Db, since: i64, subject: &str, address: &str) -> Result<Failures, StoreError> {
    let recent = || audit::table.filter(audit::at.gt(since));
    let succeeded: Option<i64> = recent()
        .filter(audit::action.eq(action::SIGNED_IN))
        .filter(audit::subject.eq(subject))
        .order(audit::id.desc())
        .select(audit::id)
        .first(db)
        .optional()?;
    let of_login = recent()
        .filter(audit::action.eq(action::SIGN_IN_FAILED))
        .filter(audit::subject.eq(subject))
        .filter(audit::id.gt(succeeded.unwrap_or(0)))
        .count()
        .get_result(db)?;
    let from_address =
        recent().filter(audit::action.eq(action::SIGN_IN_FAILED)).filter(audit::actor.eq(address)).count().get_result(db)?;
    Ok(Failures { of_login, from_address })
}

/// The rows before `before`, newest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn list(db: &mut Db, before: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    Ok(audit::table.filter(audit::id.lt(before)).order(audit::id.desc()).limit(limit).load(db)?)
}
