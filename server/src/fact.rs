//! What an alert rests on, as its finder says it, as it is kept and as it is told.

use serde::{Deserialize, Serialize};

/// One line of evidence: what it was, what it is, who says so, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What changed, in a word or two.
    pub what: String,
    /// What it was; empty where nothing was.
    pub then: String,
    /// What it is.
    pub now: String,
    /// Who says so.
    pub source: String,
    /// When, in milliseconds.
    pub at: i64,
}
