//! What waits to be matched (storage rule D4): facts are committed together with
//! a row here, and matched afterwards from a fresh snapshot.

use super::db::each_backend;
use super::schema::{recount, rematch};
use super::{Db, StoreError};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Something whose matches may be out of date.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = rematch)]
pub struct Rematch {
    /// Key.
    pub id: i64,
    /// A package: all its components.
    pub package_id: Option<i64>,
    /// A range of components, from …
    pub first_component: Option<i64>,
    /// … to, both included.
    pub last_component: Option<i64>,
}

/// Asks for new components to be matched. Keys made in one transaction lie close
/// together, so a few ranges name them; a stranger's key in between does no harm.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn components(db: &mut Db, new: &[i64], now: i64) -> Result<(), StoreError> {
    const GAP: i64 = 64;
    let sorted: BTreeSet<i64> = new.iter().copied().collect();
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for id in sorted {
        match ranges.last_mut() {
            Some((_, last)) if id - *last <= GAP => *last = id,
            _ => ranges.push((id, id)),
        }
    }
    let rows: Vec<_> = ranges
        .iter()
        .map(|(first, last)| (rematch::first_component.eq(first), rematch::last_component.eq(last), rematch::created_at.eq(now)))
        .collect();
    for chunk in rows.chunks(super::components::CHUNK) {
        each_backend!(db, c => diesel::insert_into(rematch::table).values(chunk).execute(c)?);
    }
    Ok(())
}

/// Asks for every component of these packages to be matched again.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn packages(db: &mut Db, packages: &BTreeSet<i64>, now: i64) -> Result<(), StoreError> {
    let rows: Vec<_> = packages.iter().map(|id| (rematch::package_id.eq(id), rematch::created_at.eq(now))).collect();
    for chunk in rows.chunks(super::components::CHUNK) {
        each_backend!(db, c => diesel::insert_into(rematch::table).values(chunk).execute(c)?);
    }
    Ok(())
}

/// The next rows, oldest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn next(db: &mut Db, limit: i64) -> Result<Vec<Rematch>, StoreError> {
    Ok(rematch::table.order(rematch::id).limit(limit).select(Rematch::as_select()).load(db)?)
}

/// How many rows wait.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn waiting(db: &mut Db) -> Result<i64, StoreError> {
    Ok(rematch::table.count().get_result(db)?)
}

/// Ends rows that are matched in this transaction.
///
/// # Errors
/// [`StoreError::Overtaken`] where one of them was ended by somebody else, whose
/// snapshot was newer; the transaction must not go on.
pub fn done(db: &mut Db, ids: &[i64]) -> Result<(), StoreError> {
    let ended = diesel::delete(rematch::table.filter(rematch::id.eq_any(ids))).execute(db)?;
    if ended == ids.len() { Ok(()) } else { Err(StoreError::Overtaken) }
}

/// Asks for the holders of these components to be counted again: all of them, or those
/// of one project.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn recount(db: &mut Db, components: &BTreeSet<i64>, project_id: Option<i64>) -> Result<(), StoreError> {
    let row = |id: &i64| (recount::component_id.eq(*id), recount::project_id.eq(project_id));
    let rows: Vec<_> = components.iter().map(row).collect();
    for chunk in rows.chunks(super::components::CHUNK) {
        each_backend!(db, c => diesel::insert_into(recount::table).values(chunk).execute(c)?);
    }
    Ok(())
}
