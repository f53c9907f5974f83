//! Signals: rules that read a package's history and name suspicious evidence.
//! Pure functions of what is known, one file each.

use crate::snapshot::{Owner, Release};
use chrono::{DateTime, Utc};

/// Every signal.
pub const SIGNALS: &[&dyn Signal] = &[];

/// One rule.
pub trait Signal: Sync {
    /// Its id, for example `owners-replaced`.
    fn id(&self) -> &'static str;

    /// One sentence for people: what it watches for.
    fn about(&self) -> &'static str;

    /// What in `history` is suspicious now; usually nothing.
    fn judge(&self, history: &History<'_>) -> Vec<Evidence>;
}

/// What is known about a package when a signal judges it.
pub struct History<'a> {
    /// The OSV name of the ecosystem.
    pub ecosystem: &'a str,
    /// The package's name.
    pub package: &'a str,
    /// The moment of judging.
    pub now: DateTime<Utc>,
    /// When the package was first seen: what is older came from the registry's own history.
    pub watched_since: DateTime<Utc>,
    /// Owners as of the baseline: first sight, or the last ruling.
    pub baseline: &'a [Owner],
    /// Owners now, each with the time since which it is seen.
    pub owners: &'a [(Owner, DateTime<Utc>)],
    /// Whether the present owners were confirmed by a second look.
    pub confirmed: bool,
    /// Every version known, oldest first.
    pub releases: &'a [Release],
    /// Versions that were published, yanked or removed since the last judgement, by place in `releases`.
    pub changed: &'a [usize],
    /// When a package of the same ecosystem was first published; `None` for unknown.
    pub first_published: &'a dyn Fn(&str) -> Option<DateTime<Utc>>,
    /// Advisories that call a version of this package malicious: (id, version).
    pub malicious: &'a [(String, String)],
}

/// One suspicious fact: then, now, by whom it is said and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The signal's id.
    pub signal: &'static str,
    /// The version it is about, where it is about one.
    pub version: Option<String>,
    /// What changed, in a word or two (`owner`, `dependency`).
    pub what: String,
    /// What it was.
    pub then: String,
    /// What it is.
    pub now: String,
    /// When it happened or was seen.
    pub at: DateTime<Utc>,
    /// How much it weighs, 0 to 100.
    pub weight: u8,
}
