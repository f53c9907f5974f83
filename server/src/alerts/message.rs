//! What is told to one target at one time: alerts as they stand, cut to what its
//! readers own. Texts from outside are taken as they are; the channels clean them.

use crate::fact::Fact;
use bom::advisory::Severity;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The delivery's id: the same however often it is sent.
    pub id: String,
    /// The target's name.
    pub target: String,
    /// Whose share it tells: `team payments`, `the operator`.
    pub reader: String,
    /// The address of the server, ending with a slash.
    pub base: String,
    /// The alerts, the gravest first; never empty.
    pub items: Vec<Item>,
}

/// Why an alert is told now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It is told here for the first time.
    New,
    /// What was told here has changed.
    Update,
    /// Those who should have answered did not.
    Unanswered,
    /// It was wrong.
    TakenBack,
}

/// One alert of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its short address.
    pub code: String,
    /// The thing it is about: `tidewheel (crates.io)`, a feed's name.
    pub subject: String,
    /// Ecosystem and name of the package, where it is about one.
    pub package: Option<(String, String)>,
    /// The versions it is about; none: the thing as such.
    pub versions: Vec<String>,
    /// How bad it is.
    pub severity: Severity,
    /// Why it is told now.
    pub reason: Reason,
    /// Whether a second look has confirmed it.
    pub confirmed: bool,
    /// What happened, after the subject.
    pub headline: String,
    /// What to do.
    pub todo: String,
    /// When silence becomes somebody else's business, in milliseconds.
    pub due: Option<i64>,
    /// The evidence, the heaviest first.
    pub facts: Vec<Fact>,
    /// What nobody knows.
    pub unknown: Vec<String>,
    /// The readers' projects that hold or held it.
    pub projects: Vec<Project>,
    /// How often what it says has changed, from 1.
    pub revision: i64,
    /// When it was first told here.
    pub first_told: Option<i64>,
    /// Why it was taken back.
    pub wrong: String,
}

/// A project that is concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// The versions that it held or holds.
    pub versions: Vec<String>,
    /// How it comes by them: `direct`, or what brings it.
    pub path: String,
    /// Since when, in milliseconds.
    pub from: i64,
    /// Until when; `None` where it still does.
    pub to: Option<i64>,
    /// How many CI runs held it.
    pub runs: i64,
    /// The decision that settles it there.
    pub settled: Option<String>,
}

impl Item {
    /// How many of the readers' projects have not settled it.
    pub fn affected(&self) -> usize {
        self.projects.iter().filter(|project| project.settled.is_none()).count()
    }
}

impl Message {
    /// The address of an alert.
    pub fn link(&self, item: &Item) -> String {
        format!("{}a/{}", self.base, item.code)
    }

    /// How bad the worst of it is.
    pub fn severity(&self) -> Severity {
        self.items.iter().map(|item| item.severity).max().unwrap_or_default()
    }
}
