//! What the organisation builds or gets: projects, each owned by one team.

use super::db::each_backend;
use super::schema::project;
use super::viewer::Viewer;
use super::{Db, StoreError, new_id};
use diesel::prelude::*;

/// A project.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = project)]
pub struct Project {
    /// The key inside.
    pub id: i64,
    /// The id outside.
    pub public_id: String,
    /// Whose it is.
    pub team_id: i64,
    /// What it is called, once in its team.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// From whom it is, where others build it.
    pub supplier: Option<String>,
    /// The release whose counts are the project's.
    pub default_release_id: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// When it was deleted.
    pub deleted_at: Option<i64>,
}

/// Adds a project; `None` where the team has one of this name.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn insert(db: &mut Db, team_id: i64, name: &str, description: &str, now: i64) -> Result<Option<Project>, StoreError> {
    let values = (
        project::public_id.eq(new_id()),
        project::team_id.eq(team_id),
        project::name.eq(name),
        project::description.eq(description),
        project::created_at.eq(now),
    );
    let added = each_backend!(db, c => diesel::insert_into(project::table).values(values).on_conflict_do_nothing().execute(c)?);
    if added == 0 {
        return Ok(None);
    }
    Ok(project::table.filter(project::team_id.eq(team_id)).filter(project::name.eq(name)).first(db).optional()?)
}

/// The project with this public id, where the viewer may see it.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn find(db: &mut Db, viewer: &Viewer, public_id: &str) -> Result<Option<Project>, StoreError> {
    Ok(project::table.filter(project::public_id.eq(public_id)).filter(viewer.sees()).first(db).optional()?)
}

/// The projects of this name that the viewer may see, at most two: one means it is clear which.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn named(db: &mut Db, viewer: &Viewer, name: &str) -> Result<Vec<Project>, StoreError> {
    Ok(project::table.filter(project::name.eq(name)).filter(viewer.sees()).order(project::id).limit(2).load(db)?)
}
