//! Verdicts: the evidence of one version, or of the package as such, weighed.

use super::{Evidence, History, SIGNALS};
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// From here on somebody is woken.
const URGENT: u8 = 60;
/// From here on somebody gets work to do.
const TICKET: u8 = 40;
/// How long after a change of the package itself a version stands in its light.
const SHADOW: TimeDelta = TimeDelta::days(30);

/// What people are to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Read it some time.
    Digest,
    /// Work for the next day.
    Ticket,
    /// Now.
    Urgent,
}

impl Urgency {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Ticket => "ticket",
            Self::Urgent => "urgent",
        }
    }
}

/// The evidence about one thing, weighed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The version; `None` for the package as such.
    pub version: Option<String>,
    /// The sum of the weights, at most 100.
    pub score: u8,
    /// What people are to do.
    pub urgency: Urgency,
    /// Whether all of it rests on one look.
    pub unconfirmed: bool,
    /// Why, heaviest first.
    pub evidence: Vec<Evidence>,
}

/// What every signal has to say about a package, by version.
pub fn verdicts(history: &History<'_>) -> Vec<Verdict> {
    let mut by_version: BTreeMap<Option<String>, Vec<Evidence>> = BTreeMap::new();
    for evidence in SIGNALS.iter().flat_map(|signal| signal.judge(history)) {
        by_version.entry(evidence.version.clone()).or_default().push(evidence);
    }
    let about_package = by_version.get(&None).cloned().unwrap_or_default();
    by_version.into_iter().map(|(version, evidence)| weigh(version, evidence, &about_package)).collect()
}

fn weigh(version: Option<String>, mut evidence: Vec<Evidence>, about_package: &[Evidence]) -> Verdict {
    if version.is_some() {
        let near = |package: &&Evidence| evidence.iter().any(|own| (own.at - package.at).abs() <= SHADOW);
        let shadows: Vec<Evidence> = about_package.iter().filter(near).cloned().collect();
        evidence.extend(shadows);
    }
    evidence.sort_by(|a, b| (b.weight, a.signal, &a.now).cmp(&(a.weight, b.signal, &b.now)));
    let score = evidence.iter().fold(0_u8, |sum, one| sum.saturating_add(one.weight)).min(100);
    let urgency = match score {
        URGENT.. => Urgency::Urgent,
        TICKET.. => Urgency::Ticket,
        _ => Urgency::Digest,
    };
    Verdict { version, score, urgency, unconfirmed: evidence.iter().all(|one| one.unconfirmed), evidence }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::sample::Story;

    #[test]
    fn evidence_of_one_version_adds_up_and_others_stay_apart() {
        let mut story = Story::begin("2026-06-01T00:00:00Z");
        story.relative("fresh", "2026-06-10T06:00:00Z", &["u-9"]);
        story.publish("2026-06-09T12:00:00Z", "1.0.3", "u-8", &[]);
        story.publish("2026-06-10T12:00:00Z", "1.0.4", "u-1", &["fresh"]);
        story.withdraw("2026-06-10T12:01:00Z", "1.0.1", None);
        let found = verdicts(&story.history(&[]));
        let short: Vec<_> = found.iter().map(|v| (v.version.as_deref(), v.score, v.urgency)).collect();
        assert_eq!(short, [(Some("1.0.3"), 25, Urgency::Digest), (Some("1.0.4"), 100, Urgency::Urgent)]);
    }

    #[test]
    fn a_change_of_owners_darkens_the_versions_around_it() {
        let mut story = Story::begin("2026-06-01T00:00:00Z");
        story.owners("2026-06-08T00:00:00Z", &["u-1", "u-2", "u-9"]);
        story.owners("2026-06-20T00:00:00Z", &["u-9"]);
        story.publish("2026-06-21T12:00:00Z", "1.0.3", "u-9", &[]);
        let found = verdicts(&story.history(&[]));
        let short: Vec<_> = found.iter().map(|v| (v.version.as_deref(), v.score, v.urgency, v.unconfirmed)).collect();
        assert_eq!(short, [(None, 40, Urgency::Ticket, false), (Some("1.0.3"), 80, Urgency::Urgent, false)]);
    }
}
