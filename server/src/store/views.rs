//! What people look at: lists that are limited, paged by key, and show a viewer
//! only what is theirs.

pub mod alerts;
pub mod components;
pub mod exchange;
pub mod finding;
pub mod findings;
pub mod packages;
pub mod projects;
pub mod triage;
pub mod uploads;
pub mod watch;

use super::viewer::Viewer;
use super::{Db, StoreError};

/// The releases whose inventory a project's lists show: the default one, or one by name.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn release_of(db: &mut Db, viewer: &Viewer, project: &str, release: Option<&str>) -> Result<Option<i64>, StoreError> {
    use super::schema::{project as p, release as r};
    use diesel::prelude::*;
    let found: Option<(i64, Option<i64>)> = p::table
        .filter(p::public_id.eq(project))
        .filter(viewer.sees())
        .select((p::id, p::default_release_id))
        .first(db)
        .optional()?;
    let Some((project_id, default)) = found else { return Ok(None) };
    match release {
        None => Ok(default),
        Some(name) => {
            Ok(r::table.filter(r::project_id.eq(project_id)).filter(r::name.eq(name)).select(r::id).first(db).optional()?)
        }
    }
}

/// An address as it may stand in a link: a web address, or none. Documents and CI
/// runs come from strangers, and a link can also be a program.
fn link(address: Option<String>) -> Option<String> {
    address.filter(|address| address.starts_with("https://") || address.starts_with("http://"))
}
