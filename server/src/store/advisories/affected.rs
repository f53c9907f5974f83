//! Which packages records name, and which versions of them.

use crate::store::components::{CHUNK, packages};
use crate::store::covered;
use crate::store::db::each_backend;
use crate::store::schema::{advisory, affected};
use crate::store::{Db, StoreError};
use bom::advisory::Advisory;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// A stored record.
pub(super) struct Fact<'a> {
    /// Its key.
    pub id: i64,
    /// What it says.
    pub advisory: &'a Advisory,
    /// Whether it was withdrawn before; `None` where it was not known.
    pub before: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Insertable, Queryable, Selectable)]
#[diesel(table_name = affected)]
#[diesel(treat_none_as_default_value = false)]
struct Row {
    package_id: i64,
    advisory_id: i64,
    ordinal: i16,
    release: String,
    versions: String,
}

/// Writes what records say of packages, where it is something else than before.
/// Answers the packages whose matches may be out of date.
pub(super) fn write(db: &mut Db, facts: &[Fact<'_>]) -> Result<BTreeSet<i64>, StoreError> {
    let names: BTreeSet<(i16, String)> = facts.iter().flat_map(|fact| fact.advisory.affected.iter().map(name)).collect();
    let names: BTreeSet<(i16, &str)> = names.iter().map(|(ecosystem, name)| (*ecosystem, name.as_str())).collect();
    let ids = packages(db, &names)?;
    let mut before = standing(db, facts)?;
    let (mut touched, mut written, mut ended) = (BTreeSet::new(), Vec::new(), Vec::new());
    for fact in facts {
        let now = rows(fact, &ids)?;
        let old = before.remove(&fact.id).unwrap_or_default();
        let same = old == now;
        if !same || fact.before != Some(fact.advisory.withdrawn.is_some()) {
            touched.extend(old.iter().chain(&now).map(|row| row.package_id));
        }
        if !same {
            written.extend(now);
            ended.extend((!old.is_empty()).then_some(fact.id));
        }
    }
    for chunk in ended.chunks(CHUNK) {
        diesel::delete(affected::table.filter(affected::advisory_id.eq_any(chunk))).execute(db)?;
    }
    covered::remember(db, &names.iter().map(|(ecosystem, _)| *ecosystem).collect())?;
    for chunk in written.chunks(CHUNK) {
        each_backend!(db, c => diesel::insert_into(affected::table).values(chunk).execute(c)?);
    }
    Ok(touched)
}

/// The packages that the records of these problems name.
pub(super) fn packages_of(db: &mut Db, problems: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
    let mut named = BTreeSet::new();
    for chunk in problems.chunks(CHUNK) {
        let rows = affected::table
            .inner_join(advisory::table.on(advisory::id.eq(affected::advisory_id)))
            .filter(advisory::problem_id.eq_any(chunk))
            .select(affected::package_id);
        named.extend(rows.load::<i64>(db)?);
    }
    Ok(named)
}

fn standing(db: &mut Db, facts: &[Fact<'_>]) -> Result<HashMap<i64, BTreeSet<Row>>, StoreError> {
    let known: Vec<i64> = facts.iter().filter(|fact| fact.before.is_some()).map(|fact| fact.id).collect();
    let mut standing: HashMap<i64, BTreeSet<Row>> = HashMap::new();
    for chunk in known.chunks(CHUNK) {
        let rows = affected::table.filter(affected::advisory_id.eq_any(chunk)).select(Row::as_select()).load(db)?;
        for row in rows {
            standing.entry(row.advisory_id).or_default().insert(row);
        }
    }
    Ok(standing)
}

fn rows(fact: &Fact<'_>, ids: &HashMap<(i16, &str), i64>) -> Result<BTreeSet<Row>, StoreError> {
    let mut rows = BTreeSet::new();
    for (ordinal, said) in fact.advisory.affected.iter().enumerate() {
        let (ecosystem, name) = name(said);
        let missing = || StoreError::Damaged(format!("package `{name}` vanished while it was stored"));
        rows.insert(Row {
            package_id: *ids.get(&(ecosystem, name.as_str())).ok_or_else(missing)?,
            advisory_id: fact.id,
            ordinal: i16::try_from(ordinal)
                .map_err(|_| StoreError::Damaged(format!("`{}` names too many packages", fact.advisory.id)))?,
            release: said.release.clone().unwrap_or_default(),
            versions: said.versions.to_text(),
        });
    }
    Ok(rows)
}

/// The package's key; an ecosystem that is not known is kept in its own words.
fn name(said: &bom::advisory::Affected) -> (i16, String) {
    match said.ecosystem {
        Some(ecosystem) => (ecosystem.code, said.name.clone()),
        None => (0, format!("osv/{}/{}", said.ecosystem_text, said.name)),
    }
}
