//! The findings of a project as VEX documents speak of them: a component, a problem with
//! all its names, and the decision that stands about it.

use crate::store::components::CHUNK;
use crate::store::inventory::read_origin;
use crate::store::schema::{alias, component, held, matched, origin, package, problem, release, slot};
use crate::store::triage::Triage;
use crate::store::triage::standing;
use crate::store::{Db, StoreError};
use bom::inventory::Identity;
use bom::purl::Purl;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A problem in a component that a project holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// The problem.
    pub problem_id: i64,
    /// The package.
    pub package_id: i64,
    /// The problem's name.
    pub problem: String,
    /// Every name of it, the one that people know first.
    pub names: Vec<String>,
    /// The component.
    pub purl: Purl,
    /// The decision that holds, the project's own or the one for everywhere.
    pub decision: Option<Triage>,
}

type Row = (i64, i64, String, i64, i16, String, (String, String), (i16, String));

/// What a project holds now, in any release, each component and problem once; without what has no purl.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn of_project(db: &mut Db, project_id: i64, now: i64) -> Result<Vec<Held>, StoreError> {
    let rows: Vec<Row> = held::table
        .inner_join(slot::table.on(slot::id.eq(held::slot_id)))
        .inner_join(release::table.on(release::id.eq(slot::release_id)))
        .inner_join(matched::table.on(matched::component_id.eq(held::component_id)))
        .inner_join(problem::table.on(problem::id.eq(matched::problem_id)))
        .inner_join(component::table.on(component::id.eq(held::component_id)))
        .inner_join(package::table.on(package::id.eq(component::package_id)))
        .inner_join(origin::table.on(origin::id.eq(component::origin_id)))
        .filter(release::project_id.eq(project_id))
        .filter(matched::gone_at.is_null())
        .select((
            component::id,
            problem::id,
            problem::name,
            package::id,
            package::ecosystem,
            package::name,
            (component::version, component::qualifiers),
            (origin::kind, origin::address),
        ))
        .distinct()
        .load(db)?;
    let problems: BTreeSet<i64> = rows.iter().map(|row| row.1).collect();
    let problems: Vec<i64> = problems.into_iter().collect();
    let (names, standing) = (names(db, &problems)?, standing::of_project(db, project_id, &problems, now)?);
    let mut found = BTreeMap::new();
    for (component_id, problem_id, problem, package_id, ecosystem, name, (version, qualifiers), (kind, address)) in rows {
        let identity = Identity { ecosystem, name, version, qualifiers, origin: read_origin(kind, address)? };
        let Some(purl) = identity.purl() else { continue };
        let others = names.get(&problem_id).into_iter().flatten().filter(|name| **name != problem).cloned();
        let names = std::iter::once(problem.clone()).chain(others).collect();
        let decision = standing.of(problem_id, package_id).cloned();
        found.insert((problem.clone(), component_id), Held { problem_id, package_id, problem, names, purl, decision });
    }
    Ok(found.into_values().collect())
}

fn names(db: &mut Db, problems: &[i64]) -> Result<BTreeMap<i64, Vec<String>>, StoreError> {
    let mut names: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for chunk in problems.chunks(CHUNK) {
        let rows =
            alias::table.filter(alias::problem_id.eq_any(chunk)).order(alias::name).select((alias::problem_id, alias::name));
        for (problem, name) in rows.load::<(i64, String)>(db)? {
            names.entry(problem).or_default().push(name);
        }
    }
    Ok(names)
}
