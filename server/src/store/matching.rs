//! What the matcher reads and writes: components beside the records that name
//! their packages, and the matches that stand.

use super::components::{CHUNK, origin_kind};
use super::db::each_backend;
use super::schema::{advisory, affected, component, event, matched, origin, package, registry};
use super::{Db, StoreError};
use bom::advisory::Severity;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A component beside one record that names its package.
#[derive(Clone, Debug, Queryable)]
pub struct Pair {
    /// The component.
    pub component_id: i64,
    /// Its package's ecosystem.
    pub ecosystem: i16,
    /// Its version.
    pub version: String,
    /// Its identity qualifiers.
    pub qualifiers: String,
    /// Its origin.
    pub origin_id: i64,
    /// The record.
    pub advisory_id: i64,
    /// The record's problem.
    pub problem_id: i64,
    /// The release the record is limited to, or empty.
    pub release: String,
    /// The versions it affects, in the spelling of the database.
    pub versions: String,
}

/// A match that stands or stood.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = matched)]
pub struct Match {
    /// The component.
    pub component_id: i64,
    /// The problem.
    pub problem_id: i64,
    /// The record that says so.
    pub advisory_id: i64,
    /// 1 affected, 2 cannot tell.
    pub answer: i16,
    /// Versions that repair it, separated by spaces.
    pub fixed: String,
    /// When it ended.
    pub gone_at: Option<i64>,
}

/// Which components are to be matched.
pub enum Scope<'a> {
    /// Those of these packages.
    Packages(&'a [i64]),
    /// Those with keys from the first to the last.
    Range(i64, i64),
}

/// The components of a scope, whatever their matches.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn components(db: &mut Db, scope: &Scope<'_>) -> Result<Vec<i64>, StoreError> {
    let query = component::table.select(component::id).into_boxed();
    let query = match scope {
        Scope::Packages(packages) => query.filter(component::package_id.eq_any(*packages)),
        Scope::Range(first, last) => query.filter(component::id.between(first, last)),
    };
    Ok(query.load(db)?)
}

/// The components of a scope beside the records that name their packages; records
/// that were taken back are left out.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn pairs(db: &mut Db, scope: &Scope<'_>) -> Result<Vec<Pair>, StoreError> {
    let query = component::table
        .inner_join(package::table.on(package::id.eq(component::package_id)))
        .inner_join(affected::table.on(affected::package_id.eq(component::package_id)))
        .inner_join(advisory::table.on(advisory::id.eq(affected::advisory_id)))
        .filter(advisory::withdrawn_at.is_null())
        .select((
            component::id,
            package::ecosystem,
            component::version,
            component::qualifiers,
            component::origin_id,
            advisory::id,
            advisory::problem_id,
            affected::release,
            affected::versions,
        ))
        .into_boxed();
    let query = match scope {
        Scope::Packages(packages) => query.filter(component::package_id.eq_any(*packages)),
        Scope::Range(first, last) => query.filter(component::id.between(first, last)),
    };
    Ok(query.load(db)?)
}

/// What one record says of a package.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Said {
    /// The record's id.
    pub name: String,
    /// The release it is limited to, or empty.
    pub release: String,
    /// The versions it affects, in the spelling of the database.
    pub versions: String,
}

/// The records that call versions of a package malicious.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn malicious(db: &mut Db, package_id: i64) -> Result<Vec<Said>, StoreError> {
    let records = affected::table
        .inner_join(advisory::table.on(advisory::id.eq(affected::advisory_id)))
        .filter(affected::package_id.eq(package_id))
        .filter(advisory::withdrawn_at.is_null())
        .filter(advisory::severity.eq(i16::from(Severity::Malicious.code())))
        .order(advisory::id);
    Ok(records.select((advisory::name, affected::release, affected::versions)).load(db)?)
}

/// The origins whose components public records speak of: the authority, believed
/// registries, and, while nothing is decided in an ecosystem, its proposed ones.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn public_origins(db: &mut Db) -> Result<HashSet<i64>, StoreError> {
    let decided: HashSet<i16> = registry::table
        .filter(registry::believe.ne(0))
        .select(registry::ecosystem)
        .distinct()
        .load::<i16>(db)?
        .into_iter()
        .collect();
    let rows: Vec<(i64, i16, i16)> = origin::table
        .inner_join(registry::table.on(registry::id.nullable().eq(origin::registry_id)))
        .filter(origin::kind.eq(origin_kind::REGISTRY))
        .select((origin::id, registry::ecosystem, registry::believe))
        .load(db)?;
    let public = rows.into_iter().filter(|(_, ecosystem, believe)| match believe {
        0 => !decided.contains(ecosystem),
        1 | 2 => true,
        _ => false,
    });
    Ok(public.map(|(id, ..)| id).chain([0]).collect())
}

/// The matches of these components, ended ones too.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn standing(db: &mut Db, components: &BTreeSet<i64>) -> Result<BTreeMap<(i64, i64), Match>, StoreError> {
    let ids: Vec<i64> = components.iter().copied().collect();
    let mut standing = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<Match> = matched::table.filter(matched::component_id.eq_any(chunk)).select(Match::as_select()).load(db)?;
        standing.extend(rows.into_iter().map(|row| ((row.component_id, row.problem_id), row)));
    }
    Ok(standing)
}

/// Writes matches as they are now; `since_at` holds for those that begin.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn write(db: &mut Db, rows: &[Match], now: i64) -> Result<(), StoreError> {
    let values: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                (
                    matched::component_id.eq(row.component_id),
                    matched::problem_id.eq(row.problem_id),
                    matched::advisory_id.eq(row.advisory_id),
                ),
                (
                    matched::answer.eq(row.answer),
                    matched::fixed.eq(&row.fixed),
                    matched::since_at.eq(now),
                    matched::gone_at.eq(row.gone_at),
                ),
            )
        })
        .collect();
    for chunk in values.chunks(CHUNK) {
        use diesel::upsert::excluded;
        each_backend!(db, c => diesel::insert_into(matched::table)
            .values(chunk)
            .on_conflict((matched::component_id, matched::problem_id))
            .do_update()
            .set((
                matched::advisory_id.eq(excluded(matched::advisory_id)),
                matched::answer.eq(excluded(matched::answer)),
                matched::fixed.eq(excluded(matched::fixed)),
                matched::gone_at.eq(excluded(matched::gone_at)),
            ))
            .execute(c)?);
    }
    Ok(())
}

/// Something that happened to a match.
pub struct Happened<'a> {
    /// `finding-new`, `finding-gone` or `finding-back`.
    pub kind: &'static str,
    /// The match.
    pub of: &'a Match,
}

/// Records what happened, each once.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn record(db: &mut Db, happened: &[Happened<'_>], now: i64) -> Result<(), StoreError> {
    let rows: Vec<_> = happened
        .iter()
        .map(|h| {
            // A match can end and return: the moment tells the episodes apart.
            let key = match h.kind {
                "finding-new" => format!("finding-new:{}:{}", h.of.component_id, h.of.problem_id),
                kind => format!("{kind}:{}:{}:{now}", h.of.component_id, h.of.problem_id),
            };
            (
                (event::key.eq(key), event::kind.eq(h.kind), event::at.eq(now), event::detail.eq("{}")),
                (event::component_id.eq(h.of.component_id), event::problem_id.eq(h.of.problem_id)),
            )
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        each_backend!(db, c => diesel::insert_into(event::table).values(chunk).on_conflict_do_nothing().execute(c)?);
    }
    Ok(())
}
