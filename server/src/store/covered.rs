//! The ecosystems that advisories speak of. Of a component of another one "no
//! finding" says nothing, and it is told so.

use super::db::each_backend;
use super::schema::{component, covered, held, package, slot};
use super::{Db, StoreError};
use bom::ecosystem::Ecosystem;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// What stands for purl types outside the known ecosystems.
pub const UNKNOWN: &str = "unknown ecosystem";

/// Remembers that advisories speak of these ecosystems' packages.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn remember(db: &mut Db, ecosystems: &BTreeSet<i16>) -> Result<(), StoreError> {
    let known: BTreeSet<i16> = covered::table.select(covered::ecosystem).load(db)?.into_iter().collect();
    for ecosystem in ecosystems.difference(&known).filter(|code| **code > 0) {
        each_backend!(db, c => diesel::insert_into(covered::table)
            .values(covered::ecosystem.eq(ecosystem))
            .on_conflict_do_nothing()
            .execute(c)?);
    }
    Ok(())
}

/// Those of the ecosystems of which no advisory is known, by name.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn missing(db: &mut Db, ecosystems: &BTreeSet<i16>) -> Result<Vec<&'static str>, StoreError> {
    let known: BTreeSet<i16> = covered::table.select(covered::ecosystem).load(db)?.into_iter().collect();
    let name = |code: &i16| Ecosystem::of_code(*code).map_or(UNKNOWN, |ecosystem| ecosystem.name);
    Ok(ecosystems.difference(&known).map(name).collect())
}

/// Those of a release's ecosystems of which no advisory is known, by name.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn missing_in_release(db: &mut Db, release_id: i64) -> Result<Vec<&'static str>, StoreError> {
    let slots = slot::table.filter(slot::release_id.eq(release_id)).select(slot::id);
    let held = held::table
        .inner_join(component::table.on(component::id.eq(held::component_id)))
        .inner_join(package::table.on(package::id.eq(component::package_id)))
        .filter(held::slot_id.eq_any(slots));
    let ecosystems: Vec<i16> = held.select(package::ecosystem).distinct().load(db)?;
    missing(db, &ecosystems.into_iter().collect())
}
