//! A statement about a vulnerability (VEX): this problem, these components,
//! this status.

use chrono::{DateTime, Utc};

/// One statement: a vulnerability, what it is about and what is said of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// The vulnerability's id (CVE, GHSA, …).
    pub vulnerability: String,
    /// What it is about: references of the document's components, or purls.
    pub about: Vec<String>,
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

/// The status of a vulnerability in a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
