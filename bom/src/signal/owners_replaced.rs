//! Nobody who owned the package at the baseline owns it any more, however many
//! steps that took. Told at once, and as unconfirmed until a second look.

use super::{Evidence, History, Signal, listed};
use crate::snapshot::Owner;
use crate::watched::Tenure;
use chrono::{DateTime, TimeDelta, Utc};

/// Old and new owners together for this long is a hand-over.
const TOGETHER: TimeDelta = TimeDelta::days(7);
/// Who published this long before is no stranger.
const SETTLED: TimeDelta = TimeDelta::days(90);

pub(super) struct OwnersReplaced;

impl Signal for OwnersReplaced {
    fn id(&self) -> &'static str {
        "owners-replaced"
    }

    fn about(&self) -> &'static str {
        "nobody who owned the package when it was last looked through owns it any more"
    }

    fn judge(&self, history: &History<'_>) -> Vec<Evidence> {
        let watched = history.watched;
        let (owners, at): (Vec<&Owner>, DateTime<Utc>) = match &watched.doubt {
            Some(doubt) => (doubt.shown.iter().collect(), doubt.since),
            None => (watched.owners().map(|tenure| &tenure.owner).collect(), last_end(watched.tenures.iter(), history)),
        };
        let baseline = &watched.baseline;
        if owners.is_empty() || baseline.is_empty() || baseline.iter().any(|old| owners.iter().any(|new| new.id == old.id)) {
            return Vec::new();
        }
        vec![Evidence {
            signal: self.id(),
            version: None,
            what: "owners",
            then: listed(baseline.iter().map(|owner| owner.login.as_str())),
            now: listed(owners.iter().map(|owner| owner.login.as_str())),
            at,
            weight: if is_handed_over(history, &owners, at) { 40 } else { 60 },
            unconfirmed: watched.doubt.is_some(),
        }]
    }
}

/// When the last owner of the baseline left.
fn last_end<'a>(tenures: impl Iterator<Item = &'a Tenure>, history: &History<'_>) -> DateTime<Utc> {
    let old = tenures.filter(|tenure| history.watched.baseline.iter().any(|owner| owner.id == tenure.owner.id));
    old.filter_map(|tenure| tenure.until.map(|until| until.at)).max().unwrap_or(history.now)
}

/// Whether one of the new owners worked beside the old ones for a while.
fn is_handed_over(history: &History<'_>, owners: &[&Owner], at: DateTime<Utc>) -> bool {
    let is_new = |id: &str| owners.iter().any(|owner| owner.id == id);
    let beside = history.watched.owners().any(|tenure| is_new(&tenure.owner.id) && at - tenure.from.at >= TOGETHER);
    let published = history.watched.releases.iter().filter(|seen| at - seen.at() >= SETTLED);
    beside || published.filter_map(|seen| seen.release.publisher.as_deref()).any(is_new)
}

#[cfg(test)]
mod tests {
    use crate::signal::sample::Story;

    fn check(steps: &[(&str, &[&str])], expect: Option<(u8, bool)>, about: &str) {
        let mut story = Story::begin("2026-06-01T00:00:00Z");
        for (at, owners) in steps {
            story.owners(at, owners);
        }
        let found = super::Signal::judge(&super::OwnersReplaced, &story.history(&[]));
        assert_eq!(found.first().map(|e| (e.weight, e.unconfirmed)), expect, "{about}");
    }

    #[test]
    fn a_replacement_is_told_at_once_and_confirmed_by_the_second_look() {
        let (one, two) = ("2026-06-10T00:00:00Z", "2026-06-10T00:05:00Z");
        check(&[(one, &["u-9"])], Some((60, true)), "one look");
        check(&[(one, &["u-9"]), (two, &["u-9"])], Some((60, false)), "two looks");
        check(&[(one, &["u-9"]), (two, &["u-1", "u-2"])], None, "taken back");
        check(&[(one, &["u-1"]), (two, &["u-1"])], None, "one of two left");
        check(&[(one, &[]), (two, &[])], None, "an empty list");
    }

    #[test]
    fn two_steps_are_seen_because_the_baseline_stays() {
        let added: &[&str] = &["u-1", "u-2", "u-9"];
        let gone: &[&str] = &["u-9"];
        let quick = [("2026-06-08T00:00:00Z", added), ("2026-06-10T00:00:00Z", gone), ("2026-06-10T00:05:00Z", gone)];
        check(&quick, Some((60, false)), "within days");
        let slow = [("2026-06-08T00:00:00Z", added), ("2026-06-30T00:00:00Z", gone), ("2026-06-30T00:05:00Z", gone)];
        check(&slow, Some((40, false)), "after weeks side by side");
    }
}
