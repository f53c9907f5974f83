//! Signals: rules that read what is known of a package and name suspicious
//! evidence. Pure functions, one file each. They judge from what is stored, every
//! time alike: the same facts give the same evidence, however often they are asked.

#[cfg(test)]
#[path = "../../docs/examples/signal.rs"]
mod example;
#[cfg(test)]
mod incidents;
mod known_malicious;
mod line;
mod new_publisher;
mod old_versions_vanished;
mod owners_replaced;
#[cfg(test)]
pub(crate) mod sample;
mod verdict;
mod young_dependency;

pub use verdict::{Urgency, Verdict, verdicts};
pub use young_dependency::relatives_wanted;

use crate::ecosystem::Ecosystem;
use crate::watched::{Seen, Watched};
use chrono::{DateTime, TimeDelta, Utc};

/// Every signal.
pub const SIGNALS: &[&dyn Signal] = &[
    &young_dependency::YoungDependency,
    &old_versions_vanished::OldVersionsVanished,
    &new_publisher::NewPublisher,
    &owners_replaced::OwnersReplaced,
    &known_malicious::KnownMalicious,
];

/// How long a version is judged after its publication; its verdict stays.
const JUDGED: TimeDelta = TimeDelta::days(90);

/// One rule.
pub trait Signal: Sync {
    /// Its id, for example `owners-replaced`.
    fn id(&self) -> &'static str;

    /// One sentence for people: what it watches for.
    fn about(&self) -> &'static str;

    /// What is suspicious; usually nothing.
    fn judge(&self, history: &History<'_>) -> Vec<Evidence>;
}

/// What is known about a package when a signal judges it.
#[derive(Clone, Copy)]
pub struct History<'a> {
    /// The ecosystem.
    pub ecosystem: &'static Ecosystem,
    /// The package's name.
    pub package: &'a str,
    /// The moment of judging.
    pub now: DateTime<Utc>,
    /// What every look so far learned.
    pub watched: &'a Watched,
    /// Advisories that call a version of this package malicious: (id, version).
    pub malicious: &'a [(String, String)],
}

/// One suspicious fact: then, now, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The signal's id.
    pub signal: &'static str,
    /// The version it is about, where it is about one.
    pub version: Option<String>,
    /// What changed, in a word or two (`owner`, `dependency`).
    pub what: &'static str,
    /// What it was.
    pub then: String,
    /// What it is.
    pub now: String,
    /// When it happened or was seen.
    pub at: DateTime<Utc>,
    /// How much it weighs, 0 to 100.
    pub weight: u8,
    /// Whether it was seen once only, and may be taken back by the next look.
    pub unconfirmed: bool,
}

impl<'a> History<'a> {
    /// The versions to judge: those published since the watch began, and not long ago.
    pub fn new_releases(&self) -> impl Iterator<Item = &'a Seen> {
        let (since, now) = (self.watched.since, self.now);
        self.watched.releases.iter().filter(move |seen| seen.seen_at > since && seen.at() >= since && now - seen.at() <= JUDGED)
    }

    /// The versions published before this one, oldest first.
    pub fn before(&self, this: &Seen) -> impl Iterator<Item = &'a Seen> {
        let at = this.at();
        self.watched.releases.iter().filter(move |seen| seen.at() < at)
    }
}

/// Names with commas between, the first few of many.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 10;
    let names: Vec<&str> = names.collect();
    match names.get(..SHOWN) {
        Some(first) if names.len() > SHOWN => format!("{} and {} more", first.join(", "), names.len() - SHOWN),
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::sample::Story;
    use super::*;

    #[test]
    fn the_example_of_the_docs_is_a_signal() {
        let mut story = Story::begin("2026-06-01T00:00:00Z");
        story.publish("2026-06-10T00:00:00Z", "1.0.3", "u-1", &[]);
        for (version, size) in [("1.0.2", 1000), ("1.0.3", 3001)] {
            let seen = story.watched.releases.iter_mut().find(|seen| seen.release.version == version);
            seen.expect("a version").release.size = Some(size);
        }
        assert_eq!(story.found(&example::SizeJump, &[]), [("1.0.3".to_owned(), 10)]);
        let docs = include_str!("../../docs/EXTENDING.md");
        assert!(docs.contains(include_str!("../../docs/examples/signal.rs")), "docs/EXTENDING.md shows another signal");
    }

    #[test]
    fn every_signal_has_a_name_of_its_own_and_says_nothing_at_first_sight() {
        let story = Story::begin("2026-06-01T00:00:00Z");
        for signal in SIGNALS {
            assert_eq!(SIGNALS.iter().filter(|other| other.id() == signal.id()).count(), 1, "{}", signal.id());
            assert!(signal.about().len() > 20 && signal.id().chars().all(|c| c.is_ascii_lowercase() || c == '-'));
            assert_eq!(signal.judge(&story.history(&[])), [], "{}", signal.id());
        }
    }
}
