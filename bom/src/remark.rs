//! What a source says of a vulnerability by its name, besides which versions of which
//! package it affects: that it is exploited, or how likely that is.

use chrono::{DateTime, Utc};

/// A remark about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The name, usually a CVE id.
    pub name: String,
    /// When the source said it; an older copy never wins over a newer one.
    pub at: DateTime<Utc>,
    /// What it says.
    pub said: Said,
}

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is known to be exploited.
    Exploited {
        /// Since when the source lists it.
        since: DateTime<Utc>,
        /// By ransomware.
        ransomware: bool,
    },
    /// How likely it is that it will be exploited within 30 days, in parts of 100,000
    /// (EPSS).
    Likelihood(u32),
}
