//! Somebody publishes a package for the first time. Common and usually harmless, so
//! it weighs by how that person came to it.

use super::{Evidence, History, Signal};
use crate::snapshot::{OwnerKind, Release, Trust};
use crate::watched::{Seen, Source, Tenure};
use chrono::TimeDelta;

/// Who owned the package this long before publishing is no stranger.
const SETTLED: TimeDelta = TimeDelta::days(90);
/// Who owns it for less than this came for this version.
const JUST_COME: TimeDelta = TimeDelta::days(30);
/// A package without a version for this long sleeps.
const ASLEEP: TimeDelta = TimeDelta::days(365);

pub(super) struct NewPublisher;

impl Signal for NewPublisher {
    fn id(&self) -> &'static str {
        "new-publisher"
    }

    fn about(&self) -> &'static str {
        "a version was published by somebody who never published this package before"
    }

    fn judge(&self, history: &History<'_>) -> Vec<Evidence> {
        history.new_releases().filter_map(|seen| self.evidence(history, seen)).collect()
    }
}

impl NewPublisher {
    fn evidence(&self, history: &History<'_>, seen: &Seen) -> Option<Evidence> {
        let release = &seen.release;
        let publisher = release.publisher.as_deref()?;
        // A machine that needs no token is the registry's own proof of where it came from.
        if release.trust == Some(Trust::TrustedPublisher) {
            return None;
        }
        let before: Vec<&Release> =
            history.before(seen).map(|older| &older.release).filter(|older| older.publisher.is_some()).collect();
        let last = before.last()?;
        if before.iter().any(|older| older.publisher.as_deref() == Some(publisher)) {
            return None;
        }
        Some(Evidence {
            signal: self.id(),
            version: Some(release.version.clone()),
            what: "publisher",
            then: login(last),
            now: login(release),
            at: seen.at(),
            weight: weight(history, seen, publisher),
            unconfirmed: false,
        })
    }
}

fn weight(history: &History<'_>, seen: &Seen, publisher: &str) -> u8 {
    let owner = history.watched.tenures.iter().find(|tenure| tenure.owner.id == publisher);
    let held = owner.map(|tenure| seen.at() - tenure.from.at);
    let at_first_sight = |tenure: &Tenure| tenure.from.source == Source::FirstSight;
    if owner.is_some_and(at_first_sight) || held.is_some_and(|held| held >= SETTLED) {
        return 5;
    }
    let asleep = history.before(seen).last().is_some_and(|last| seen.at() - last.at() > ASLEEP);
    let just_come = held.is_some_and(|held| held < JUST_COME);
    if asleep || just_come {
        return 40;
    }
    // A member of a team that owns the package is not listed by name.
    let team = history.watched.tenures.iter().any(|tenure| tenure.owner.kind == OwnerKind::Team);
    if owner.is_none() && team { 10 } else { 25 }
}

fn login(release: &Release) -> String {
    release.publisher_login.as_deref().or(release.publisher.as_deref()).unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
    use crate::signal::sample::Story;
    use crate::snapshot::Trust;

    fn check(prepare: impl FnOnce(&mut Story), expect: Option<u8>, about: &str) {
        let mut story = Story::begin("2026-01-01T00:00:00Z");
        prepare(&mut story);
        let found = story.found(&super::NewPublisher, &[]);
        assert_eq!(found.first().map(|(_, weight)| *weight), expect, "{about}");
    }

    #[test]
    fn a_stranger_weighs_more_than_an_old_hand() {
        let at = "2026-06-10T12:00:00Z";
        check(|story| story.publish(at, "1.0.3", "u-9", &[]), Some(25), "a stranger");
        check(|story| story.publish(at, "1.0.3", "u-1", &[]), None, "the one who always did");
        check(|story| story.publish(at, "1.0.3", "u-2", &[]), Some(5), "an owner of the first day");
        let add = |story: &mut Story, when: &str| {
            story.owners(when, &["u-1", "u-2", "u-9"]);
            story.publish(at, "1.0.3", "u-9", &[]);
        };
        check(|story| add(story, "2026-06-01T00:00:00Z"), Some(40), "an owner of nine days");
        check(|story| add(story, "2026-02-01T00:00:00Z"), Some(5), "an owner of four months");
        check(
            |story| {
                story.publish(at, "1.0.3", "robot", &[]);
                story.trust("1.0.3", Trust::TrustedPublisher);
            },
            None,
            "a trusted publisher",
        );
        check(|story| story.publish("2027-12-10T00:00:00Z", "1.0.3", "u-9", &[]), Some(40), "after a long sleep");
    }
}
