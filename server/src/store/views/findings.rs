//! The findings of a release: a problem in a component, with all its names.

use crate::store::counts::severity;
use crate::store::schema::{advisory, alias, component, held, matched, package, problem, release, slot};
use crate::store::triage::{Triage, standing};
use crate::store::{Db, StoreError};
use bom::advisory::Severity;
use bom::ecosystem::Ecosystem;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Which findings are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Those about which something is left to be done.
    #[default]
    Open,
    /// Those that a decision settles.
    Settled,
    /// All.
    All,
}

impl Which {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Open, Self::Settled, Self::All];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Settled => "settled",
            Self::All => "all",
        }
    }

    /// The one with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|which| which.word() == word)
    }

    fn has(self, line: &FindingLine) -> bool {
        match self {
            Self::Open => !line.is_settled(),
            Self::Settled => line.is_settled(),
            Self::All => true,
        }
    }
}

/// The findings of a release.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Those that were asked for.
    pub lines: Vec<FindingLine>,
    /// How many there are that are open.
    pub open: usize,
    /// How many there are that are settled.
    pub settled: usize,
}

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
    /// The decision that holds for it.
    pub triage: Option<Triage>,
}

impl FindingLine {
    /// Whether it was found by a guessed name (CPE).
    pub fn is_weak(&self) -> bool {
        Ecosystem::of_osv(self.ecosystem).is_some_and(|(ecosystem, _)| ecosystem.weak)
    }

    /// Whether nothing is left to be done about it.
    pub fn is_settled(&self) -> bool {
        self.triage.as_ref().is_some_and(Triage::settles)
    }
}

type Keys = (i64, i64, i64);
type Remarks = (Option<i64>, Option<i64>);
type Row = (Keys, i16, Remarks, String, i16, String, String, i16, String, i64, String, String);

/// The findings of a release at a time; at most `limit`. The worst severity first
/// (malicious, then critical and so on), in it what is exploited, then what is likelier to
/// be, then by package.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn list(db: &mut Db, release_id: i64, which: Which, limit: usize, now: i64) -> Result<Findings, StoreError> {
    let mut found: BTreeMap<Keys, FindingLine> = BTreeMap::new();
    for row in rows(db, release_id)? {
        let (keys, slot) = (row.0, row.11.clone());
        found.entry(keys).or_insert_with(|| line(row)).slots.push(slot);
    }
    let problems: BTreeSet<i64> = found.keys().map(|(_, problem, _)| *problem).collect();
    let names = names(db, &problems)?;
    let project_id: i64 = release::table.find(release_id).select(release::project_id).first(db)?;
    let said = standing::of_project(db, project_id, &problems.into_iter().collect::<Vec<_>>(), now)?;
    let with_words = |((_, problem_id, package_id), line)| FindingLine {
        ids: names.get(&problem_id).cloned().unwrap_or_default(),
        triage: said.of(problem_id, package_id).cloned(),
        ..line
    };
    let mut lines: Vec<FindingLine> = found.into_iter().map(with_words).collect();
    let settled = lines.iter().filter(|line| line.is_settled()).count();
    let open = lines.len() - settled;
    lines.retain(|line| which.has(line));
    lines.sort_by(|a, b| {
        rank(b).cmp(&rank(a)).then_with(|| (&a.package, &a.version, &a.problem).cmp(&(&b.package, &b.version, &b.problem)))
    });
    lines.truncate(limit);
    Ok(Findings { lines, open, settled })
}

/// A line without its slots, its names and what is said of it.
fn line(row: Row) -> FindingLine {
    let (_, code, (exploited_at, likelihood), problem, ecosystem, package, version, answer, fixed, since_at, summary, _) = row;
    FindingLine {
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
        triage: None,
    }
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
            (component::id, problem::id, package::id),
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
///
/// # Errors
/// [`StoreError`] from the database.
pub(super) fn names(db: &mut Db, problems: &BTreeSet<i64>) -> Result<BTreeMap<i64, Vec<String>>, StoreError> {
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
