//! An alert: as its finder describes it, and as it stands.

use crate::fact::Fact;
use crate::store::schema::alert;
use crate::store::{StoreError, clipped};
use bom::advisory::Severity;
use bom::signal::Urgency;
use diesel::prelude::*;
use serde::Deserialize;

/// Bytes of a key.
const LONGEST_KEY: usize = 1000;

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A published record says that a package was made to harm.
    Malicious,
    /// A published record says that a package is badly vulnerable.
    Vulnerable,
    /// The people behind a package changed.
    Ownership,
    /// A version was published in a suspicious way.
    Release,
    /// Something of the server itself needs its operator.
    Operator,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Malicious, Self::Vulnerable, Self::Ownership, Self::Release, Self::Operator];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Malicious => "malicious",
            Self::Vulnerable => "vulnerable",
            Self::Ownership => "ownership",
            Self::Release => "release",
            Self::Operator => "operator",
        }
    }

    /// What its key begins with: a record's alert stays the same one when it says worse.
    fn family(self) -> &'static str {
        match self {
            Self::Malicious | Self::Vulnerable => "record",
            other => other.word(),
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether those who once held a version are concerned too, not only those who hold it.
    fn concerns_the_past(self) -> bool {
        matches!(self, Self::Malicious | Self::Release)
    }
}

/// An alert as its finder describes it.
#[derive(Clone, Debug)]
pub struct NewAlert {
    /// What it is about.
    pub kind: Kind,
    /// The thing it is about, as people read it: `tidewheel (crates.io)`, a feed's name.
    pub subject: String,
    /// What tells this time from an earlier one of the same kind and subject.
    pub episode: String,
    /// The package, where it is about one.
    pub package_id: Option<i64>,
    /// The problem, where a published record says it.
    pub problem_id: Option<i64>,
    /// The versions it is about; none: the package as such.
    pub versions: Vec<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What people are to do about it.
    pub urgency: Urgency,
    /// Whether it may still be taken back by a second look.
    pub confirmed: bool,
    /// What follows the subject in a sentence: `its only owner was replaced`.
    pub headline: String,
    /// What to do, in a sentence or two without the deadline.
    pub todo: String,
    /// What nobody knows, in a few words each.
    pub unknown: Vec<String>,
    /// The evidence, the heaviest first.
    pub facts: Vec<Fact>,
}

impl NewAlert {
    /// What it is, about what, which time: the same key is the same alert.
    pub fn dedupe(&self) -> String {
        let family = self.kind.family();
        match self.package_id {
            Some(package) => format!("{family}:{package}:{}", self.episode),
            None => clipped(&format!("{family}:{}:{}", self.subject, self.episode), LONGEST_KEY),
        }
    }
}

/// An alert as it stands.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = alert)]
pub struct Alert {
    /// The key inside.
    pub id: i64,
    /// The id outside.
    pub public_id: String,
    /// 8 random characters: its short address.
    pub code: String,
    /// What it is, about what, which time.
    pub dedupe: String,
    /// The word of its [`Kind`].
    pub kind: String,
    /// The thing it is about.
    pub subject: String,
    /// Its package.
    pub package_id: Option<i64>,
    /// Its problem.
    pub problem_id: Option<i64>,
    /// Its versions, JSON.
    pub versions: String,
    /// Its [`Fact`]s, JSON.
    pub facts: String,
    /// What happened, after the subject.
    pub headline: String,
    /// What to do.
    pub todo: String,
    /// What nobody knows, JSON.
    pub unknown: String,
    /// The severity's number.
    pub severity: i16,
    /// `digest`, `ticket` or `urgent`.
    pub urgency: String,
    /// `open`, `acknowledged`, `ruled`, `resolved` or `retracted`.
    pub state: String,
    /// Whether a second look has confirmed it.
    pub confirmed: bool,
    /// How often what it says has changed, from 1.
    pub revision: i64,
    /// Why it was taken back.
    pub reason: String,
    /// When it was opened, in milliseconds.
    pub opened_at: i64,
    /// When it last changed.
    pub changed_at: i64,
    /// When it ended.
    pub closed_at: Option<i64>,
}

impl Alert {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        crate::store::counts::severity(self.severity)
    }

    /// What people are to do about it.
    pub fn urgency(&self) -> Urgency {
        match self.urgency.as_str() {
            "urgent" => Urgency::Urgent,
            "ticket" => Urgency::Ticket,
            _ => Urgency::Digest,
        }
    }

    /// Whether those who once held it are concerned too, not only those who hold it.
    pub fn concerns_the_past(&self) -> bool {
        Kind::of_word(&self.kind).is_some_and(Kind::concerns_the_past)
    }

    /// Whether something is still to be done about it.
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "open" | "acknowledged")
    }

    /// The versions it is about.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn versions(&self) -> Result<Vec<String>, StoreError> {
        read_json(&self.versions)
    }

    /// Its evidence.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn facts(&self) -> Result<Vec<Fact>, StoreError> {
        read_json(&self.facts)
    }

    /// What nobody knows.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn unknown(&self) -> Result<Vec<String>, StoreError> {
        read_json(&self.unknown)
    }
}

fn read_json<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}
