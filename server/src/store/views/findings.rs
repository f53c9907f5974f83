//! The findings of a release: a problem in a component, with all its names.

use crate::store::counts::severity;
use crate::store::schema::{advisory, alias, component, held, matched, package, problem, slot};
use crate::store::{Db, StoreError};
use bom::advisory::Severity;
use bom::ecosystem::Ecosystem;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A line of the findings.
#[derive(Clone, Debug)]
pub struct FindingLine {
    /// The problem's name.
    pub problem: String,
    /// All its names.
    pub ids: Vec<String>,
    /// How bad it is.
    pub severity: Severity,
    /// Since when it is known to be exploited, in milliseconds.
    pub exploited_at: Option<i64>,
    /// How likely it is to be exploited within 30 days, in parts of 100,000.
    pub likelihood: Option<i64>,
    /// One line about it.
    pub summary: String,
    /// The ecosystem's OSV name, or empty.
    pub ecosystem: &'static str,
    /// The package's name.
    pub package: String,
    /// The version.
    pub version: String,
    /// Whether it is certain; otherwise nobody can tell.
    pub certain: bool,
    /// Versions that repair it.
    pub fixed: Vec<String>,
    /// The slots that hold the component.
    pub slots: Vec<String>,
    /// Since when the match stands, in milliseconds.
    pub since_at: i64,
}

type Remarks = (Option<i64>, Option<i64>);
type Row = (i64, i64, i16, Remarks, String, i16, String, String, i16, String, i64, String, String);

/// The findings of a release; at most `limit`. The worst severity first (malicious, then
/// critical and so on), in it what is exploited, then what is likelier to be, then by
/// package.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn list(db: &mut Db, release_id: i64, limit: usize) -> Result<Vec<FindingLine>, StoreError> {
    let rows = rows(db, release_id)?;
    let mut found: BTreeMap<(i64, i64), FindingLine> = BTreeMap::new();
    for (
        component_id,
        problem_id,
        code,
        (exploited_at, likelihood),
        problem,
        ecosystem,
        package,
        version,
        answer,
        fixed,
        since_at,
        summary,
        slot,
    ) in rows
    {
        let line = found.entry((component_id, problem_id)).or_insert_with(|| FindingLine {
            problem,
            ids: Vec::new(),
            severity: severity(code),
            exploited_at,
            likelihood,
            summary,
            ecosystem: Ecosystem::of_code(ecosystem).map_or("", |ecosystem| ecosystem.name),
            package,
            version,
            certain: answer == 1,
            fixed: fixed.split_whitespace().map(str::to_owned).collect(),
            slots: Vec::new(),
            since_at,
        });
        line.slots.push(slot);
    }
    let names = names(db, &found.keys().map(|(_, problem)| *problem).collect())?;
    let mut lines: Vec<FindingLine> = found
        .into_iter()
        .map(|((_, problem_id), line)| FindingLine { ids: names.get(&problem_id).cloned().unwrap_or_default(), ..line })
        .collect();
    lines.sort_by(|a, b| {
        rank(b).cmp(&rank(a)).then_with(|| (&a.package, &a.version, &a.problem).cmp(&(&b.package, &b.version, &b.problem)))
    });
    lines.truncate(limit);
    Ok(lines)
}

/// A row for each slot that holds an affected component.
fn rows(db: &mut Db, release_id: i64) -> Result<Vec<Row>, StoreError> {
    Ok(held::table
        .inner_join(slot::table.on(slot::id.eq(held::slot_id)))
        .inner_join(matched::table.on(matched::component_id.eq(held::component_id)))
        .inner_join(problem::table.on(problem::id.eq(matched::problem_id)))
        .inner_join(advisory::table.on(advisory::id.eq(matched::advisory_id)))
        .inner_join(component::table.on(component::id.eq(held::component_id)))
        .inner_join(package::table.on(package::id.eq(component::package_id)))
        .filter(slot::release_id.eq(release_id))
        .filter(matched::gone_at.is_null())
        .select((
            component::id,
            problem::id,
            problem::severity,
            (problem::exploited_at, problem::likelihood),
            problem::name,
            package::ecosystem,
            package::name,
            component::version,
            matched::answer,
            matched::fixed,
            matched::since_at,
            advisory::summary,
            slot::name,
        ))
        .load(db)?)
}

fn rank(line: &FindingLine) -> (Severity, bool, Option<i64>) {
    (line.severity, line.exploited_at.is_some(), line.likelihood)
}

/// All names of some problems.
fn names(db: &mut Db, problems: &BTreeSet<i64>) -> Result<BTreeMap<i64, Vec<String>>, StoreError> {
    let ids: Vec<i64> = problems.iter().copied().collect();
    let mut names: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for chunk in ids.chunks(crate::store::components::CHUNK) {
        let rows: Vec<(i64, String)> = alias::table
            .filter(alias::problem_id.eq_any(chunk))
            .order(alias::name)
            .select((alias::problem_id, alias::name))
            .load(db)?;
        for (problem, name) in rows {
            names.entry(problem).or_default().push(name);
        }
    }
    Ok(names)
}
