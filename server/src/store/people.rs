//! Who may sign in.

use super::db::each_backend;
use super::schema::{member, person};
use super::{Db, StoreError, new_id};
use diesel::prelude::*;

/// A person.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = person)]
pub struct Person {
    /// The key inside.
    pub id: i64,
    /// The id outside.
    pub public_id: String,
    /// What they sign in with, lower case.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// The argon2id hash; without one nobody can sign in.
    pub password_hash: Option<String>,
    /// May do and see everything.
    pub admin: bool,
    /// When they were added.
    pub created_at: i64,
    /// Since when they may not sign in any more.
    pub disabled_at: Option<i64>,
}

/// A person to add.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// What they sign in with.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// The argon2id hash.
    pub password_hash: Option<String>,
    /// May do and see everything.
    pub admin: bool,
}

/// The spelling of a login in the store.
pub fn canonical_login(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Whether there is nobody yet.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn nobody(db: &mut Db) -> Result<bool, StoreError> {
    Ok(person::table.select(person::id).first::<i64>(db).optional()?.is_none())
}

/// Adds a person; `None` where the login is taken.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn insert(db: &mut Db, new: &NewPerson, now: i64) -> Result<Option<Person>, StoreError> {
    let values = (
        person::public_id.eq(new_id()),
        person::login.eq(canonical_login(&new.login)),
        person::name.eq(&new.name),
        person::email.eq(&new.email),
        person::password_hash.eq(&new.password_hash),
        person::admin.eq(new.admin),
        person::created_at.eq(now),
    );
    let added = each_backend!(db, c => diesel::insert_into(person::table)
        .values(values)
        .on_conflict_do_nothing()
        .execute(c)?);
    if added == 0 { Ok(None) } else { by_login(db, &new.login) }
}

/// The person with this login.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn by_login(db: &mut Db, login: &str) -> Result<Option<Person>, StoreError> {
    Ok(person::table.filter(person::login.eq(canonical_login(login))).first(db).optional()?)
}

/// People by name, from the one behind `after` on.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn list(db: &mut Db, after: &str, limit: i64) -> Result<Vec<Person>, StoreError> {
    Ok(person::table.filter(person::login.gt(after)).order(person::login).limit(limit).load(db)?)
}

/// Gives a person another password.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn set_password(db: &mut Db, id: i64, hash: &str) -> Result<(), StoreError> {
    diesel::update(person::table.find(id)).set(person::password_hash.eq(hash)).execute(db)?;
    Ok(())
}

/// The teams a person belongs to.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn teams(db: &mut Db, id: i64) -> Result<Vec<i64>, StoreError> {
    Ok(member::table.filter(member::person_id.eq(id)).select(member::team_id).order(member::team_id).load(db)?)
}
