//! What a full re-check reads, in windows of package keys: components and claims both
//! lie in that order, so that each window is joined by walking the two side by side.
//! And how far the last full re-checks came.

use super::components::CHUNK;
use super::db::each_backend;
use super::schema::{advisory, affected, component, matched, package, recheck};
use super::{Db, StoreError, clipped};
use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Full re-checks that are kept.
const KEPT: i64 = 100;
/// Bytes of an error that are kept.
const LONGEST: usize = 2000;
/// Rows of a page of standing matches.
const PAGE: i64 = 50_000;

/// What a record says of a package of a known ecosystem.
#[derive(Clone, Debug, Queryable)]
pub struct Claim {
    /// The package.
    pub package_id: i64,
    /// Its ecosystem.
    pub ecosystem: i16,
    /// The record.
    pub advisory_id: i64,
    /// The release it is limited to, or empty.
    pub release: String,
    /// The versions, in the spelling of the database.
    pub versions: String,
}

/// A component.
#[derive(Clone, Debug, Queryable)]
pub struct Component {
    /// Key.
    pub id: i64,
    /// Its package.
    pub package_id: i64,
    /// Its version.
    pub version: String,
    /// Its identity qualifiers.
    pub qualifiers: String,
    /// Its origin.
    pub origin_id: i64,
}

/// A full re-check and how far it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = recheck)]
pub struct Recheck {
    /// Key.
    pub id: i64,
    /// When it began.
    pub started_at: i64,
    /// When its numbers were last written.
    pub seen_at: i64,
    /// The package it has come to.
    pub reached: i64,
    /// The last package.
    pub last: i64,
    /// Components that were looked at: those of packages that a record names.
    pub components: i64,
    /// Pairs of a component and a record that were judged.
    pub pairs: i64,
    /// Matches that there should be.
    pub matches: i64,
    /// Packages whose matches stood otherwise.
    pub differing: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Why it failed, where it did.
    pub error: Option<String>,
}

impl Recheck {
    /// How much of it is done, 0 to 100.
    pub fn percent(&self) -> i64 {
        if self.ended_at.is_some() && self.error.is_none() {
            return 100;
        }
        self.reached.saturating_mul(100).checked_div(self.last).unwrap_or(0).clamp(0, 100)
    }

    /// Components a second.
    pub fn rate(&self) -> i64 {
        self.components.saturating_mul(1000) / self.took().max(1)
    }

    /// Milliseconds until it ends at this rate; `None` where nobody can tell.
    pub fn remaining(&self) -> Option<i64> {
        let left = self.last.saturating_sub(self.reached).max(0);
        (self.ended_at.is_none() && self.reached > 0).then(|| self.took().saturating_mul(left) / self.reached)
    }

    /// Milliseconds it took, or has taken so far.
    pub fn took(&self) -> i64 {
        self.ended_at.unwrap_or(self.seen_at).saturating_sub(self.started_at)
    }
}

/// The key of the last package that has components; 0 for none.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn last_package(db: &mut Db) -> Result<i64, StoreError> {
    Ok(component::table.select(component::package_id).order(component::package_id.desc()).first(db).optional()?.unwrap_or(0))
}

/// Every record that was not taken back and its problem, by record.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn problems(db: &mut Db) -> Result<Vec<(i64, i64)>, StoreError> {
    let live = advisory::table.filter(advisory::withdrawn_at.is_null()).select((advisory::id, advisory::problem_id));
    Ok(live.order(advisory::id).load(db)?)
}

/// What records say of the packages with keys from `first` to `last`, by package.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn claims(db: &mut Db, first: i64, last: i64) -> Result<Vec<Claim>, StoreError> {
    let columns = (affected::package_id, package::ecosystem, affected::advisory_id, affected::release, affected::versions);
    let query = affected::table
        .inner_join(package::table.on(package::id.eq(affected::package_id)))
        .filter(affected::package_id.between(first, last))
        // Said of both: PostgreSQL else reads every package before the first.
        .filter(package::id.between(first, last))
        .filter(package::ecosystem.ne(0))
        .order(affected::package_id)
        .select(columns);
    Ok(each_backend!(db, c => query.load(c)?))
}

/// Which packages' components are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those of every package.
    All,
    /// Those of packages that a record names; the database may hand over others, too.
    Named,
}

/// Hands over the components of the packages with keys from `first` to `last`, by
/// package.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn components(db: &mut Db, first: i64, last: i64, whose: Whose, each: &mut dyn FnMut(&Component)) -> Result<(), StoreError> {
    let query = component::table.filter(component::package_id.between(first, last)).order(component::package_id).select((
        component::id,
        component::package_id,
        component::version,
        component::qualifiers,
        component::origin_id,
    ));
    match (db, whose) {
        // It walks the two indexes side by side, and what is not sent costs neither side.
        (Db::Postgres(c), Whose::Named) => {
            let named = affected::table.filter(affected::package_id.between(first, last)).select(affected::package_id);
            let query = query.filter(component::package_id.eq_any(named));
            for row in query.load_iter::<Component, DefaultLoadingMode>(c)? {
                each(&row?);
            }
        }
        (Db::Postgres(c), Whose::All) => {
            for row in query.load_iter::<Component, DefaultLoadingMode>(c)? {
                each(&row?);
            }
        }
        // Reading a row costs it less than looking up whether somebody asks.
        (Db::Sqlite(c), _) => {
            for row in query.load_iter::<Component, DefaultLoadingMode>(c)? {
                each(&row?);
            }
        }
    }
    Ok(())
}

/// Hands over every match that stands, by component and problem.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn standing(db: &mut Db, each: &mut dyn FnMut(&super::matching::Match)) -> Result<(), StoreError> {
    use super::matching::Match;
    let key = (matched::component_id, matched::problem_id, matched::advisory_id);
    let columns = (key.0, key.1, key.2, matched::answer, matched::fixed, matched::gone_at);
    let (mut component_id, mut problem_id) = (0, 0);
    loop {
        let after = matched::component_id.gt(component_id);
        let later = matched::component_id.eq(component_id).and(matched::problem_id.gt(problem_id));
        let query = matched::table
            .filter(matched::component_id.ge(component_id))
            .filter(after.or(later))
            .order((matched::component_id, matched::problem_id))
            .limit(PAGE)
            .select(columns);
        let rows: Vec<Match> = each_backend!(db, c => query.load(c)?);
        rows.iter().filter(|row| row.gone_at.is_none()).for_each(&mut *each);
        match rows.last() {
            Some(row) if i64::try_from(rows.len()).is_ok_and(|length| length == PAGE) => {
                (component_id, problem_id) = (row.component_id, row.problem_id);
            }
            _ => return Ok(()),
        }
    }
}

/// The packages of some components.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn packages_of(db: &mut Db, components: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
    let mut packages = BTreeSet::new();
    for chunk in components.chunks(CHUNK) {
        let query = component::table.filter(component::id.eq_any(chunk)).select(component::package_id).distinct();
        packages.extend(query.load::<i64>(db)?);
    }
    Ok(packages)
}

/// Begins to keep a full re-check; older ones are forgotten.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn begin(db: &mut Db, now: i64) -> Result<i64, StoreError> {
    let new = (
        (recheck::started_at.eq(now), recheck::seen_at.eq(now), recheck::reached.eq(0), recheck::last.eq(0)),
        (recheck::components.eq(0), recheck::pairs.eq(0), recheck::matches.eq(0), recheck::differing.eq(0)),
    );
    let id: i64 = each_backend!(db, c => diesel::insert_into(recheck::table).values(new).returning(recheck::id).get_result(c)?);
    diesel::delete(recheck::table.filter(recheck::id.le(id - KEPT))).execute(db)?;
    Ok(id)
}

/// Keeps how far a full re-check came.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn keep(db: &mut Db, of: &Recheck) -> Result<(), StoreError> {
    let error = of.error.as_deref().map(|error| clipped(error, LONGEST));
    diesel::update(recheck::table.find(of.id))
        .set((
            (recheck::seen_at.eq(of.seen_at), recheck::reached.eq(of.reached), recheck::last.eq(of.last)),
            (recheck::components.eq(of.components), recheck::pairs.eq(of.pairs), recheck::matches.eq(of.matches)),
            (recheck::differing.eq(of.differing), recheck::ended_at.eq(of.ended_at), recheck::error.eq(error)),
        ))
        .execute(db)?;
    Ok(())
}

/// The last full re-checks, the newest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn latest(db: &mut Db, limit: i64) -> Result<Vec<Recheck>, StoreError> {
    Ok(recheck::table.order(recheck::id.desc()).limit(limit).select(Recheck::as_select()).load(db)?)
}
