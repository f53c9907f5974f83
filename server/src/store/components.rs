//! Packages, components and where they came from: names become integer keys
//! here, in sets, never one by one.

use super::db::each_backend;
use super::schema::{component, origin, package};
use super::{Db, StoreError, sets};
use bom::inventory::Identity;
use bom::origin::Origin;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, SmallInt, Text};
use std::collections::{BTreeSet, HashMap};

/// Rows of one statement: below SQLite's 32,766 variables for six columns.
pub const CHUNK: usize = 4000;

/// What kind of origin a row of `origin` is.
pub mod origin_kind {
    /// The ecosystem's authority, row 0.
    pub const AUTHORITY: i16 = 0;
    /// A registry.
    pub const REGISTRY: i16 = 1;
    /// A version-control repository.
    pub const GIT: i16 = 2;
    /// A file at an address.
    pub const URL: i16 = 3;
    /// A path of the build.
    pub const PATH: i16 = 4;
}

/// The keys of components, and which of them were made just now.
pub struct Resolved {
    /// Component id by identity.
    pub ids: HashMap<Identity, i64>,
    /// Ids that did not exist before.
    pub new: Vec<i64>,
    /// Package id by component id.
    pub packages: HashMap<i64, i64>,
}

#[derive(diesel::QueryableByName)]
struct Known {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    package_id: i64,
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Text)]
    qualifiers: String,
    #[diesel(sql_type = BigInt)]
    origin_id: i64,
}

#[derive(diesel::QueryableByName)]
struct Named {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(Insertable)]
#[diesel(table_name = component)]
#[diesel(treat_none_as_default_value = false)]
struct NewComponent<'a> {
    package_id: i64,
    version: &'a str,
    qualifiers: &'a str,
    origin_id: i64,
}

#[derive(Insertable)]
#[diesel(table_name = package)]
#[diesel(treat_none_as_default_value = false)]
struct NewPackage<'a> {
    ecosystem: i16,
    name: &'a str,
}

/// The keys of `wanted`, making the rows that are missing.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn resolve(db: &mut Db, wanted: &[&Identity], now: i64) -> Result<Resolved, StoreError> {
    let origins = origins(db, wanted, now)?;
    let names: BTreeSet<(i16, &str)> = wanted.iter().map(|i| (i.ecosystem, i.name.as_str())).collect();
    let packages = packages(db, &names)?;
    let mut keys: Vec<(Key<'_>, &Identity)> = Vec::with_capacity(wanted.len());
    for identity in wanted {
        let package_id = packages.get(&(identity.ecosystem, identity.name.as_str())).copied();
        let origin_id = origins.get(&(identity.ecosystem, &identity.origin)).copied();
        let (Some(package_id), Some(origin_id)) = (package_id, origin_id) else {
            return Err(StoreError::Damaged(format!("package `{}` vanished while it was stored", identity.name)));
        };
        keys.push(((package_id, &identity.version, &identity.qualifiers, origin_id), identity));
    }
    keys.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    components(db, &keys)
}

type Key<'a> = (i64, &'a str, &'a str, i64);
type OwnedKey = (i64, String, String, i64);

fn components(db: &mut Db, keys: &[(Key<'_>, &Identity)]) -> Result<Resolved, StoreError> {
    let mut resolved =
        Resolved { ids: HashMap::with_capacity(keys.len()), new: Vec::new(), packages: HashMap::with_capacity(keys.len()) };
    let mut found: HashMap<OwnedKey, i64> = HashMap::with_capacity(keys.len());
    for chunk in keys.chunks(CHUNK) {
        for row in known(db, chunk)? {
            found.insert((row.package_id, row.version, row.qualifiers, row.origin_id), row.id);
        }
    }
    let missing: Vec<_> = keys.iter().filter(|(k, _)| !found.contains_key(&owned(*k))).map(|(key, _)| *key).collect();
    for chunk in missing.chunks(CHUNK) {
        for (key, id) in insert(db, chunk)? {
            resolved.new.push(id);
            found.insert(key, id);
        }
    }
    // Another server may have made some of them between the look and the insert.
    let late: Vec<_> = keys.iter().filter(|(k, _)| !found.contains_key(&owned(*k))).copied().collect();
    for chunk in late.chunks(CHUNK) {
        for row in known(db, chunk)? {
            found.insert((row.package_id, row.version, row.qualifiers, row.origin_id), row.id);
        }
    }
    for (key, identity) in keys {
        let Some(id) = found.get(&owned(*key)) else {
            return Err(StoreError::Damaged(format!("component `{}` vanished while it was stored", identity.name)));
        };
        resolved.packages.insert(*id, key.0);
        resolved.ids.insert((*identity).clone(), *id);
    }
    Ok(resolved)
}

fn owned(key: Key<'_>) -> OwnedKey {
    (key.0, key.1.to_owned(), key.2.to_owned(), key.3)
}

/// The rows of these keys that exist. Almost all keys of a document share qualifiers
/// and origin: one statement for each sort that is not rare, and one for all the rest.
fn known(db: &mut Db, keys: &[(Key<'_>, &Identity)]) -> Result<Vec<Known>, StoreError> {
    const RARE: usize = 20;
    let mut sorts: HashMap<(&str, i64), Vec<(i64, &str)>> = HashMap::new();
    for ((package_id, version, qualifiers, origin_id), _) in keys {
        sorts.entry((qualifiers, *origin_id)).or_default().push((*package_id, version));
    }
    let (mut rows, mut rest) = (Vec::new(), Vec::new());
    for ((qualifiers, origin_id), of_sort) in sorts {
        if of_sort.len() < RARE {
            let each = |(p, v): (i64, &str)| serde_json::json!({"p": p, "v": v, "q": qualifiers, "o": origin_id});
            rest.extend(of_sort.into_iter().map(each));
            continue;
        }
        let source = format!(
            "SELECT c.id, c.package_id, c.version, c.qualifiers, c.origin_id FROM {} CROSS JOIN component c \
             WHERE c.package_id = CAST(j.key AS BIGINT) AND c.version = j.value AND c.qualifiers = $2 AND c.origin_id = $3",
            sets::pairs(db, "$1")
        );
        let query = diesel::sql_query(source).bind::<Text, _>(sets::object(of_sort)?);
        rows.extend(query.bind::<Text, _>(qualifiers).bind::<BigInt, _>(origin_id).load::<Known>(db)?);
    }
    if !rest.is_empty() {
        rows.extend(known_of_all_sorts(db, &rest)?);
    }
    Ok(rows)
}

fn known_of_all_sorts(db: &mut Db, keys: &[serde_json::Value]) -> Result<Vec<Known>, StoreError> {
    let source = match db {
        // CROSS JOIN fixes the order: without statistics SQLite may scan the table.
        Db::Sqlite(_) => {
            "SELECT c.id, c.package_id, c.version, c.qualifiers, c.origin_id FROM json_each($1) j CROSS JOIN component c \
             ON c.package_id = j.value ->> 'p' AND c.version = j.value ->> 'v' \
             AND c.qualifiers = j.value ->> 'q' AND c.origin_id = j.value ->> 'o'"
        }
        Db::Postgres(_) => {
            "SELECT c.id, c.package_id, c.version, c.qualifiers, c.origin_id \
             FROM json_to_recordset($1::json) AS j(p bigint, v text, q text, o bigint) JOIN component c \
             ON c.package_id = j.p AND c.version = j.v AND c.qualifiers = j.q AND c.origin_id = j.o"
        }
    };
    Ok(diesel::sql_query(source).bind::<Text, _>(sets::array(keys)?).load(db)?)
}

fn insert(db: &mut Db, keys: &[Key<'_>]) -> Result<Vec<(OwnedKey, i64)>, StoreError> {
    let rows: Vec<_> = keys
        .iter()
        .map(|&(package_id, version, qualifiers, origin_id)| NewComponent { package_id, version, qualifiers, origin_id })
        .collect();
    let inserted: Vec<(i64, i64, String, String, i64)> = each_backend!(db, c => diesel::insert_into(component::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .returning((component::id, component::package_id, component::version, component::qualifiers, component::origin_id))
        .get_results(c)?);
    Ok(inserted.into_iter().map(|(id, p, v, q, o)| ((p, v, q, o), id)).collect())
}

/// Package ids by ecosystem and name, making those that are missing.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn packages<'a>(db: &mut Db, names: &BTreeSet<(i16, &'a str)>) -> Result<HashMap<(i16, &'a str), i64>, StoreError> {
    let mut ids = known_packages(db, names)?;
    let missing: Vec<_> =
        names.iter().filter(|name| !ids.contains_key(name)).map(|&(ecosystem, name)| NewPackage { ecosystem, name }).collect();
    if missing.is_empty() {
        return Ok(ids);
    }
    for chunk in missing.chunks(CHUNK) {
        each_backend!(db, c => diesel::insert_into(package::table).values(chunk).on_conflict_do_nothing().execute(c)?);
    }
    let missing = missing.iter().map(|row| (row.ecosystem, row.name)).collect();
    ids.extend(known_packages(db, &missing)?);
    Ok(ids)
}

/// Package ids by ecosystem and name, of those that exist.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn known_packages<'a>(db: &mut Db, names: &BTreeSet<(i16, &'a str)>) -> Result<HashMap<(i16, &'a str), i64>, StoreError> {
    let mut by_ecosystem: HashMap<i16, HashMap<&str, &'a str>> = HashMap::new();
    for &(ecosystem, name) in names {
        by_ecosystem.entry(ecosystem).or_default().insert(name, name);
    }
    let mut ids = HashMap::with_capacity(names.len());
    for (ecosystem, names) in by_ecosystem {
        let list: Vec<_> = names.keys().copied().collect();
        let source = format!(
            "SELECT p.id, p.name FROM {} CROSS JOIN package p WHERE p.name = j.value AND p.ecosystem = $2",
            sets::members(db, "$1")
        );
        let query = diesel::sql_query(source).bind::<Text, _>(sets::array(&list)?).bind::<SmallInt, _>(ecosystem);
        let rows: Vec<Named> = query.load(db)?;
        ids.extend(rows.into_iter().filter_map(|row| Some(((ecosystem, *names.get(row.name.as_str())?), row.id))));
    }
    Ok(ids)
}

/// Origin ids, making those that are missing. A registry address seen for the
/// first time becomes a proposal: a registry row without decisions.
fn origins<'a>(db: &mut Db, wanted: &[&'a Identity], now: i64) -> Result<HashMap<(i16, &'a Origin), i64>, StoreError> {
    let mut ids = HashMap::new();
    for identity in wanted {
        if ids.contains_key(&(identity.ecosystem, &identity.origin)) {
            continue;
        }
        let id = match &identity.origin {
            Origin::Authority => 0,
            other => origin_id(db, identity.ecosystem, other, now)?,
        };
        ids.insert((identity.ecosystem, &identity.origin), id);
    }
    Ok(ids)
}

fn origin_id(db: &mut Db, ecosystem: i16, wanted: &Origin, now: i64) -> Result<i64, StoreError> {
    let (kind, ecosystem) = match wanted {
        Origin::Authority => return Ok(0),
        Origin::Registry(_) => (origin_kind::REGISTRY, ecosystem),
        // Repositories, addresses and paths mean the same in every ecosystem.
        Origin::Git(_) => (origin_kind::GIT, 0),
        Origin::Url(_) => (origin_kind::URL, 0),
        Origin::Path(_) => (origin_kind::PATH, 0),
    };
    let existing = |db: &mut Db| {
        origin::table
            .filter(origin::kind.eq(kind))
            .filter(origin::ecosystem.eq(ecosystem))
            .filter(origin::address.eq(wanted.at()))
            .select(origin::id)
            .first::<i64>(db)
            .optional()
    };
    if let Some(id) = existing(db)? {
        return Ok(id);
    }
    let registry_id = match wanted {
        Origin::Registry(address) => Some(super::registries::propose(db, ecosystem, address, "inventory", now)?),
        _ => None,
    };
    each_backend!(db, c => diesel::insert_into(origin::table)
        .values((origin::kind.eq(kind), origin::ecosystem.eq(ecosystem), origin::address.eq(wanted.at()), origin::registry_id.eq(registry_id)))
        .on_conflict_do_nothing()
        .execute(c)?);
    existing(db)?.ok_or_else(|| StoreError::Damaged(format!("origin `{}` vanished while it was stored", wanted.at())))
}
