//! A statement about a vulnerability (VEX): this problem, these components,
//! this status.

use chrono::{DateTime, Utc};

/// One statement: a vulnerability, what it is about and what is said of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// The vulnerability's id (CVE, GHSA, …).
    pub vulnerability: String,
    /// Its ids in other databases.
    pub aliases: Vec<String>,
    /// What it is about.
    pub about: Vec<Target>,
    /// What is said; `None` when the document lists the vulnerability only.
    pub status: Option<Status>,
    /// Why not affected, in the words of CycloneDX (`code_not_reachable`, …).
    pub justification: Option<String>,
    /// What the author will do, in the words of CycloneDX (`update`, `will_not_fix`, …).
    pub responses: Vec<String>,
    /// Free text.
    pub detail: Option<String>,
    /// When it was stated.
    pub at: Option<DateTime<Utc>>,
}

/// One thing that a statement is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The reference of a component of the document, a purl, or a link into another document.
    pub reference: String,
    /// The versions that are meant; empty for the one that the reference names.
    pub versions: Vec<TargetVersions>,
}

/// Versions of a [`Target`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetVersions {
    /// One version, or a range that begins with `vers:`.
    pub versions: String,
    /// Whether the vulnerability is said to be in them; `None` where that is said to be unknown.
    pub affected: Option<bool>,
}

impl From<String> for Target {
    fn from(reference: String) -> Self {
        Self { reference, versions: Vec::new() }
    }
}

/// The status of a vulnerability in a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Not known yet.
    InTriage,
    /// It applies.
    Affected,
    /// It does not apply.
    NotAffected,
    /// It applied and was resolved.
    Fixed,
    /// The match is wrong.
    FalsePositive,
}
