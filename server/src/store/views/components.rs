//! The inventory of a release: its components, each once, whatever slots hold it.

use crate::store::components::origin_kind;
use crate::store::inventory::read_origin;
use crate::store::schema::{component, held, origin, package, slot};
use crate::store::{Db, StoreError};
use bom::ecosystem::Ecosystem;
use bom::inventory::Identity;
use diesel::prelude::*;

/// A line of an inventory.
#[derive(Clone, Debug)]
pub struct ComponentLine {
    /// Its key, for paging.
    pub key: i64,
    /// The ecosystem's OSV name, or empty.
    pub ecosystem: &'static str,
    /// The package's name.
    pub name: String,
    /// The version.
    pub version: String,
    /// Its package URL, where it has one.
    pub purl: Option<String>,
    /// Where it came from: `authority`, or the kind and the address.
    pub origin: String,
}

type Row = (i64, i16, String, String, String, i16, String);

/// Components of a release behind the name, version and key `after`, by name.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn list(
    db: &mut Db,
    release_id: i64,
    after: Option<(String, String, i64)>,
    limit: i64,
) -> Result<Vec<ComponentLine>, StoreError> {
    let (name, version, key) = after.unwrap_or_default();
    let mine = slot::table
        .inner_join(held::table.on(held::slot_id.eq(slot::id)))
        .filter(slot::release_id.eq(release_id))
        .select(held::component_id);
    let behind = package::name
        .gt(&name)
        .or(package::name.eq(&name).and(component::version.gt(&version)))
        .or(package::name.eq(&name).and(component::version.eq(&version)).and(component::id.gt(key)));
    let rows: Vec<Row> = component::table
        .inner_join(package::table.on(package::id.eq(component::package_id)))
        .inner_join(origin::table.on(origin::id.eq(component::origin_id)))
        .filter(component::id.eq_any(mine))
        .filter(behind)
        .order((package::name, component::version, component::id))
        .limit(limit)
        .select((
            component::id,
            package::ecosystem,
            package::name,
            component::version,
            component::qualifiers,
            origin::kind,
            origin::address,
        ))
        .load(db)?;
    rows.into_iter().map(line).collect()
}

fn line((key, code, name, version, qualifiers, kind, address): Row) -> Result<ComponentLine, StoreError> {
    let ecosystem = Ecosystem::of_code(code).map_or("", |ecosystem| ecosystem.name);
    let origin = read_origin(kind, address)?;
    let text = if kind == origin_kind::AUTHORITY { "authority".to_owned() } else { origin.to_text() };
    let identity = Identity { ecosystem: code, name, version, qualifiers, origin };
    let purl = identity.purl().map(|purl| purl.to_string());
    Ok(ComponentLine { key, ecosystem, name: identity.name, version: identity.version, purl, origin: text })
}
