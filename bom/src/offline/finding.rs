//! Judges a component by what a database's records say of its package: one finding
//! for each problem, with all its names.

use super::block::Entry;
use crate::advisory::{Answer, Severity, Versions, VersionsText};
use crate::matcher::Subject;
use crate::problem::best_name;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is known against a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Problems that affect it, the worst first.
    pub findings: Vec<Finding>,
    /// Problems of its package of which it cannot be told whether they affect it.
    pub doubts: Vec<Doubt>,
    /// Its package had malicious versions; this is not known to be one.
    pub incident: bool,
}

/// A problem that affects a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The id of the record that people know best.
    pub id: String,
    /// Every other name of the problem.
    pub aliases: Vec<String>,
    /// Versions without the problem to upgrade to, lowest first.
    pub fixed: Vec<String>,
    /// The worst that its records say.
    pub severity: Severity,
    /// The word for what is no vulnerability (`unmaintained`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub informational: Option<String>,
    /// One line.
    pub summary: String,
    /// Whether it was found by a guessed name (CPE).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub weak: bool,
}

/// A problem that may affect a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// The record.
    pub id: String,
    /// Why it cannot be told.
    pub reason: String,
}

/// Judges a component by the entries about its package.
pub fn judge(subject: &Subject<'_>, entries: &[Entry<'_>]) -> Verdict {
    let mut problems: BTreeMap<u64, Vec<&Entry<'_>>> = BTreeMap::new();
    let mut verdict = Verdict::default();
    for entry in entries.iter().filter(|entry| !entry.withdrawn) {
        problems.entry(entry.problem).or_default().push(entry);
        verdict.incident |= entry.incident;
    }
    for entries in problems.into_values() {
        let (mut affected, mut doubt) = (Vec::new(), None);
        for entry in entries {
            match subject.judge(entry.release, VersionsText(entry.versions)) {
                Answer::Yes => affected.push(entry),
                Answer::No => {}
                Answer::CannotTell(reason) => doubt = Some(Doubt { id: entry.id.to_owned(), reason }),
            }
        }
        match finding(subject, &affected) {
            Some(finding) => verdict.findings.push(finding),
            None => verdict.doubts.extend(doubt),
        }
    }
    verdict.findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id)));
    verdict
}

/// The finding of one problem; `None` where none of its records affects the component.
fn finding(subject: &Subject<'_>, affected: &[&Entry<'_>]) -> Option<Finding> {
    let id = best_name(affected.iter().map(|entry| entry.id))?;
    let mut aliases: Vec<String> = affected
        .iter()
        .flat_map(|entry| std::iter::once(entry.id).chain(entry.aliases.iter().copied()).chain(entry.names.iter().copied()))
        .filter(|name| *name != id)
        .map(str::to_owned)
        .collect();
    aliases.sort_unstable();
    aliases.dedup();
    let informational = affected.iter().all(|entry| !entry.informational.is_empty());
    let of_best = affected.iter().find(|entry| entry.id == id);
    let summary = of_best.into_iter().chain(affected).map(|entry| entry.summary).find(|summary| !summary.is_empty());
    Some(Finding {
        id: id.to_owned(),
        aliases,
        fixed: fixes(subject, affected),
        severity: affected.iter().map(|entry| entry.severity).max().unwrap_or_default(),
        informational: affected.first().filter(|_| informational).map(|entry| entry.informational.to_owned()),
        summary: summary.unwrap_or_default().to_owned(),
        weak: subject.package.ecosystem.weak,
    })
}

/// The versions that one of the records calls fixed and none of them calls affected.
fn fixes(subject: &Subject<'_>, affected: &[&Entry<'_>]) -> Vec<String> {
    let Some(version) = subject.version.as_deref() else { return Vec::new() };
    let release = affected.iter().map(|entry| entry.release).find(|release| !release.is_empty());
    let scheme = subject.package.ecosystem.scheme_of(release);
    let read = affected.iter().filter_map(|entry| Versions::from_text(entry.versions).ok());
    // One union of all records answers both questions at once.
    let union = read.fold(Versions::default(), |mut union, versions| {
        union.listed.extend(versions.listed);
        union.ranges.extend(versions.ranges);
        union
    });
    union.fixes(scheme, version)
}
