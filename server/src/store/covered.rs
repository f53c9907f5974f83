//! The ecosystems that advisories speak of. Of a component of another one "no
//! finding" says nothing, and it is told so.

use super::db::each_backend;
use super::schema::{component, covered, held, package, slot};
use super::{Db, StoreError};
use bom::ecosystem::Ecosystem;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// What stands for purl types outside the known ecosystems.
const UNKNOWN: &str = "unknown ecosystem";

/// The ecosystems of which an advisory is known.
#[derive(Clone, Debug)]
pub struct Covered(BTreeSet<i16>);

impl Covered {
    /// Reads them: a row for each.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub fn load(db: &mut Db) -> Result<Self, StoreError> {
        Ok(Self(covered::table.select(covered::ecosystem).load(db)?.into_iter().collect()))
    }

    /// The names of those of `ecosystems` that are not covered.
    pub fn missing(&self, ecosystems: &BTreeSet<i16>) -> Vec<&'static str> {
        let name = |code: &i16| Ecosystem::of_code(*code).map_or(UNKNOWN, |ecosystem| ecosystem.name);
        ecosystems.difference(&self.0).map(name).collect()
    }
}

/// Remembers that advisories speak of these ecosystems' packages.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn remember(db: &mut Db, ecosystems: &BTreeSet<i16>) -> Result<(), StoreError> {
    let Covered(known) = Covered::load(db)?;
    for ecosystem in ecosystems.difference(&known).filter(|code| **code > 0) {
        each_backend!(db, c => diesel::insert_into(covered::table)
            .values(covered::ecosystem.eq(ecosystem))
            .on_conflict_do_nothing()
            .execute(c)?);
    }
    Ok(())
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
    Ok(Covered::load(db)?.missing(&ecosystems.into_iter().collect()))
}
