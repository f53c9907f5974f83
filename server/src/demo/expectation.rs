//! What the feed's records mean for a build, worked out from the documents alone:
//! the server's own answer is held against it.

use super::build::Built;
use crate::simulated::osv::RECORDS;
use bom::advisory::{Advisory, Answer, Severity, VersionsText};
use bom::ecosystem::Ecosystem;
use bom::inventory::{Identity, inventory};
use bom::matcher;
use bom::problem::{Problems, best_name};
use std::collections::{BTreeMap, BTreeSet};

/// A finding as it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// The problem's name.
    pub problem: String,
    /// The package.
    pub package: String,
    /// The version.
    pub version: String,
    /// The worst severity that its records give.
    pub severity: Severity,
}

/// The findings of a build.
///
/// # Errors
/// When a record of the demo cannot be read.
pub fn findings(built: &Built) -> anyhow::Result<BTreeSet<Expected>> {
    let records =
        RECORDS.iter().map(|(_, text)| Ok(Advisory::from_osv(text.as_bytes())?.value)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut problems = Problems::default();
    records.iter().for_each(|record| problems.add(record.names()));
    let names = problems.names();
    let mut worst: BTreeMap<usize, Severity> = BTreeMap::new();
    for record in &records {
        let severity = worst.entry(problems.of(&record.id).unwrap_or_default()).or_default();
        *severity = (*severity).max(record.severity);
    }
    let mut found = BTreeSet::new();
    for identity in inventory(&built.document).keys() {
        for record in records.iter().filter(|record| affects(record, identity)) {
            let number = problems.of(&record.id).unwrap_or_default();
            let name = names.get(&number).and_then(|names| best_name(names.iter().copied())).unwrap_or(&record.id);
            found.insert(Expected {
                problem: name.to_owned(),
                package: identity.name.clone(),
                version: identity.version.clone(),
                severity: worst.get(&number).copied().unwrap_or_default(),
            });
        }
    }
    Ok(found)
}

fn affects(record: &Advisory, identity: &Identity) -> bool {
    let Some(ecosystem) = Ecosystem::of_code(identity.ecosystem) else { return false };
    record.affected.iter().filter(|a| a.ecosystem == Some(ecosystem) && a.name == identity.name).any(|affected| {
        let text = affected.versions.to_text();
        let release = affected.release.as_deref().unwrap_or("");
        matcher::judge(ecosystem, Some(&identity.version), None, release, VersionsText(&text)) == Answer::Yes
    })
}
