//! Advisories as OSV publishes them, what they affect, and whether a version is
//! among it. `osv` reads records, `nvd` those of NVD, `severity` and `malware` judge them, `affects`
//! answers for a version, `release` for a distribution's release, and `text` is
//! the short spelling of [`Versions`] in a database column.

mod affects;
mod field;
mod malware;
mod nvd;
#[cfg(test)]
mod oracle;
mod osv;
mod release;
mod severity;
mod text;

pub use release::release_matches;
pub use severity::score;
pub use text::VersionsText;

use crate::ecosystem::Ecosystem;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One published record.
#[derive(Clone, Debug, PartialEq)]
pub struct Advisory {
    /// Its id, for example `RUSTSEC-2020-0071`.
    pub id: String,
    /// Other ids of the same problem.
    pub aliases: Vec<String>,
    /// Ids of related but different problems.
    pub related: Vec<String>,
    /// Ids of the upstream problems this record is derived from.
    pub upstream: Vec<String>,
    /// One line.
    pub summary: String,
    /// The whole text (Markdown).
    pub details: String,
    /// When it was last changed.
    pub modified: DateTime<Utc>,
    /// When it was published.
    pub published: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub withdrawn: Option<DateTime<Utc>>,
    /// CVSS vectors as given, for the whole record or for one of its packages.
    pub vectors: Vec<String>,
    /// The CVSS score that the severity follows from, 0.0 to 10.0.
    pub score: Option<f64>,
    /// The severity that follows from the vectors, or from the database's own word;
    /// the worst where its packages differ.
    pub severity: Severity,
    /// It reports a malicious package, not a vulnerability.
    pub malicious: bool,
    /// It reports neither but a circumstance, in the database's word: `unmaintained`,
    /// `unsound`, `notice`.
    pub informational: Option<String>,
    /// What it affects; entries of unknown ecosystems are kept by name.
    pub affected: Vec<Affected>,
    /// Links: (type, address).
    pub references: Vec<(String, String)>,
}

/// How bad a problem is, worst last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nobody said.
    #[default]
    Unknown,
    /// CVSS 0.1 to 3.9.
    Low,
    /// CVSS 4.0 to 6.9.
    Medium,
    /// CVSS 7.0 to 8.9.
    High,
    /// CVSS 9.0 and above.
    Critical,
    /// A package made to harm.
    Malicious,
}

/// One package of an advisory and the versions that are affected.
#[derive(Clone, Debug, PartialEq)]
pub struct Affected {
    /// The ecosystem as the record writes it, with its release (`Debian:12`).
    pub ecosystem_text: String,
    /// The ecosystem, where it is known.
    pub ecosystem: Option<&'static Ecosystem>,
    /// The release behind the colon (`12`).
    pub release: Option<String>,
    /// The package's canonical name.
    pub name: String,
    /// The versions.
    pub versions: Versions,
    /// How bad it is for this package.
    pub severity: Severity,
    /// The record lists malicious versions and also says "every version"; the list
    /// decides, and other versions only belong to a package that had an incident.
    pub incident: bool,
}

/// The versions an advisory affects: those listed and those in a range.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Versions {
    /// Versions named one by one.
    pub listed: Vec<String>,
    /// Ranges; a version in any of them is affected.
    pub ranges: Vec<Range>,
}

/// One range of an OSV record, its events in the record's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// `SEMVER`, `ECOSYSTEM` or `GIT`.
    pub kind: RangeKind,
    /// The events.
    pub events: Vec<Event>,
}

/// In which order a range's versions are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RangeKind {
    /// Semantic Versioning.
    Semver,
    /// The ecosystem's own.
    Ecosystem,
    /// Commits of a repository.
    Git,
}

/// A point on the version line at which something changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Affected from here on; `0` is before every version.
    Introduced(String),
    /// Affected from behind this one on. OSV has no such point; NVD does.
    Behind(String),
    /// Not affected from here on.
    Fixed(String),
    /// Affected up to and with this one.
    LastAffected(String),
    /// The range says nothing from here on.
    Limit(String),
}

/// Whether a version is affected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// The order of the versions could not be told; why.
    CannotTell(String),
}
