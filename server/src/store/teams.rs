//! Teams, which own projects, and who belongs to them.

use super::db::each_backend;
use super::schema::{member, person, team};
use super::viewer::{Sight, Viewer};
use super::{Db, StoreError, new_id};
use diesel::prelude::*;

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = team)]
pub struct Team {
    /// The key inside.
    pub id: i64,
    /// The id outside.
    pub public_id: String,
    /// What it is called.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
}

/// Adds a team; `None` where the name is taken.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn insert(db: &mut Db, name: &str, now: i64) -> Result<Option<Team>, StoreError> {
    let values = (team::public_id.eq(new_id()), team::name.eq(name), team::created_at.eq(now));
    let added = each_backend!(db, c => diesel::insert_into(team::table).values(values).on_conflict_do_nothing().execute(c)?);
    if added == 0 {
        return Ok(None);
    }
    Ok(team::table.filter(team::name.eq(name)).first(db).optional()?)
}

/// A team the viewer may see, by id or by name.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn find(db: &mut Db, viewer: &Viewer, id_or_name: &str) -> Result<Option<Team>, StoreError> {
    let found: Option<Team> =
        team::table.filter(team::public_id.eq(id_or_name).or(team::name.eq(id_or_name))).order(team::id).first(db).optional()?;
    Ok(found.filter(|team| viewer.sees_team(team.id)))
}

/// The names of teams, sorted.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn names(db: &mut Db, ids: &[i64]) -> Result<Vec<String>, StoreError> {
    Ok(team::table.filter(team::id.eq_any(ids)).order(team::name).select(team::name).load(db)?)
}

/// The teams a viewer may see, by name, behind `after`.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn list(db: &mut Db, viewer: &Viewer, after: &str, limit: i64) -> Result<Vec<Team>, StoreError> {
    let page = team::table.filter(team::name.gt(after)).order(team::name).limit(limit);
    Ok(match &viewer.sight {
        Sight::All => page.load(db)?,
        Sight::Teams(teams) => page.filter(team::id.eq_any(teams)).load(db)?,
        Sight::Project(_) => Vec::new(),
    })
}

/// Adds a person to a team; nothing where they belong to it.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn join(db: &mut Db, team_id: i64, person_id: i64) -> Result<(), StoreError> {
    let values = (member::team_id.eq(team_id), member::person_id.eq(person_id));
    each_backend!(db, c => diesel::insert_into(member::table).values(values).on_conflict_do_nothing().execute(c)?);
    Ok(())
}

/// The logins of a team, in order, at most 1,000.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn members(db: &mut Db, team_id: i64) -> Result<Vec<String>, StoreError> {
    let logins = member::table
        .inner_join(person::table.on(person::id.eq(member::person_id)))
        .filter(member::team_id.eq(team_id))
        .select(person::login)
        .order(person::login)
        .limit(1000);
    Ok(logins.load(db)?)
}
