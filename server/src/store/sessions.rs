//! Sessions of people who have signed in. The secret itself is never here, only
//! its SHA-256.

use super::people::Person;
use super::schema::{person, session};
use super::{Db, StoreError};
use diesel::prelude::*;

/// A session.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = session)]
pub struct Session {
    /// The key inside.
    pub id: i64,
    /// SHA-256 of the secret, hex.
    pub hash: String,
    /// Whose it is.
    pub person_id: i64,
    /// What each form of this session must carry.
    pub csrf: String,
    /// The browser's own words.
    pub agent: String,
    /// When it began.
    pub created_at: i64,
    /// When it was last used, to some minutes.
    pub seen_at: i64,
    /// When it ends.
    pub expires_at: i64,
}

/// A session to add.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = session)]
pub struct NewSession {
    /// SHA-256 of the secret, hex.
    pub hash: String,
    /// Whose it is.
    pub person_id: i64,
    /// What each form of this session must carry.
    pub csrf: String,
    /// The browser's own words.
    pub agent: String,
    /// When it began.
    pub created_at: i64,
    /// When it was last used.
    pub seen_at: i64,
    /// When it ends.
    pub expires_at: i64,
}

/// Adds a session.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn insert(db: &mut Db, new: &NewSession) -> Result<(), StoreError> {
    diesel::insert_into(session::table).values(new).execute(db)?;
    Ok(())
}

/// The session with this hash and its person, while both may be used.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn find(db: &mut Db, hash: &str, now: i64) -> Result<Option<(Session, Person)>, StoreError> {
    let found = session::table
        .inner_join(person::table.on(person::id.eq(session::person_id)))
        .filter(session::hash.eq(hash))
        .filter(session::expires_at.gt(now))
        .filter(person::disabled_at.is_null())
        .select((session::all_columns, person::all_columns))
        .first(db)
        .optional()?;
    Ok(found)
}

/// Notes that a session was used.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn touch(db: &mut Db, id: i64, now: i64) -> Result<(), StoreError> {
    diesel::update(session::table.find(id)).set(session::seen_at.eq(now)).execute(db)?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn delete(db: &mut Db, id: i64) -> Result<(), StoreError> {
    diesel::delete(session::table.find(id)).execute(db)?;
    Ok(())
}

/// Ends every session of a person but one.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn delete_others(db: &mut Db, person_id: i64, kept: i64) -> Result<usize, StoreError> {
    let others = session::table.filter(session::person_id.eq(person_id)).filter(session::id.ne(kept));
    Ok(diesel::delete(others).execute(db)?)
}

/// Removes the sessions that have ended; how many there were.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn delete_expired(db: &mut Db, now: i64) -> Result<usize, StoreError> {
    Ok(diesel::delete(session::table.filter(session::expires_at.le(now))).execute(db)?)
}
