//! Good old versions are withdrawn as a new one appears, so that builds move to the
//! new one: `ctx` (2022), `arrayref` (2026). Taking back what was just released, or
//! the one version that a repair replaces, is ordinary.

use super::line::{is_prerelease, line};
use super::{Evidence, History, Signal, listed};
use crate::watched::Seen;
use chrono::{DateTime, TimeDelta, Utc};
use std::cmp::Ordering;

/// How close to the new version the others must go.
const TOGETHER: TimeDelta = TimeDelta::hours(24);
/// A version that was offered for less than this may simply have been broken.
const ESTABLISHED: TimeDelta = TimeDelta::days(7);

pub(super) struct OldVersionsVanished;

impl Signal for OldVersionsVanished {
    fn id(&self) -> &'static str {
        "old-versions-vanished"
    }

    fn about(&self) -> &'static str {
        "older versions that were good enough for long were withdrawn within a day of a new one"
    }

    fn judge(&self, history: &History<'_>) -> Vec<Evidence> {
        history.new_releases().filter_map(|new| self.evidence(history, new)).collect()
    }
}

impl OldVersionsVanished {
    fn evidence(&self, history: &History<'_>, new: &Seen) -> Option<Evidence> {
        if is_prerelease(&new.release.version) {
            return None;
        }
        let mut gone: Vec<(&Seen, DateTime<Utc>)> =
            history.before(new).filter_map(|old| Some((old, vanished(history, old, new)?))).collect();
        let own = line(&new.release.version);
        let (same, other): (Vec<_>, Vec<_>) = gone.drain(..).partition(|(old, _)| line(&old.release.version) == own);
        let (gone, weight) = match same.as_slice() {
            [] if other.len() < 2 => return None,
            // Lines that nobody supports any more are cleared away now and then.
            [] => (other, 10),
            [(one, _)] if is_next_below(history, one, new) => (same, 10),
            _ => (same, 40),
        };
        let at = gone.iter().map(|(_, at)| *at).min()?;
        Some(Evidence {
            signal: self.id(),
            version: Some(new.release.version.clone()),
            what: "older versions",
            then: format!("{} offered", listed(gone.iter().map(|(old, _)| old.release.version.as_str()))),
            now: "withdrawn".to_owned(),
            at: at.max(new.at()),
            weight,
            unconfirmed: false,
        })
    }
}

/// When an established version was withdrawn together with the new one, by its own people.
fn vanished(history: &History<'_>, old: &Seen, new: &Seen) -> Option<DateTime<Utc>> {
    let at = old.release.withdrawn_at?;
    let together = (at - new.at()).abs() <= TOGETHER;
    let established = at - old.at() >= ESTABLISHED && !is_prerelease(&old.release.version);
    (together && established && by_own_people(history, old)).then_some(at)
}

/// Registries' own staff clear up after an attack; that is no sign of one.
fn by_own_people(history: &History<'_>, old: &Seen) -> bool {
    let Some(by) = old.release.withdrawn_by.as_deref() else { return true };
    let mut owners = history.watched.tenures.iter().map(|tenure| tenure.owner.id.as_str());
    let mut publishers = history.watched.releases.iter().filter_map(|seen| seen.release.publisher.as_deref());
    owners.any(|id| id == by) || publishers.any(|id| id == by)
}

/// Whether `old` is the version that `new` replaces: none in use lies between them.
fn is_next_below(history: &History<'_>, old: &Seen, new: &Seen) -> bool {
    let below = |a: &Seen, b: &Seen| {
        let (a, b) = (&a.release.version, &b.release.version);
        history.ecosystem.scheme.compare(a, b).is_ok_and(|order| order == Ordering::Less)
    };
    !history.before(new).any(|seen| below(old, seen) && below(seen, new) && seen.release.withdrawn_at.is_none())
}

#[cfg(test)]
mod tests {
    use crate::signal::sample::Story;

    fn check(withdrawn: &[(&str, &str, Option<&str>)], version: &str, expect: Option<u8>) {
        let mut story = Story::begin("2026-06-01T00:00:00Z");
        story.publish("2026-06-10T12:00:00Z", version, "u-1", &[]);
        for (at, version, by) in withdrawn {
            story.withdraw(at, version, *by);
        }
        let found = story.found(&super::OldVersionsVanished, &[]);
        assert_eq!(found.first().map(|(_, weight)| *weight), expect, "{withdrawn:?} {version}");
    }

    #[test]
    fn good_versions_that_go_with_a_new_one_are_evidence() {
        let both = [("2026-06-10T12:01:00Z", "1.0.1", None), ("2026-06-10T12:02:00Z", "1.0.2", None)];
        check(&both, "1.0.3", Some(40));
        check(&[("2026-06-10T11:00:00Z", "1.0.1", Some("u-1"))], "1.0.3", Some(40));
        // The one that a repair replaces, old lines, staff, and another day.
        check(&both[1..], "1.0.3", Some(10));
        check(&both, "2.0.0", Some(10));
        check(&both.map(|(at, version, _)| (at, version, Some("staff"))), "1.0.3", None);
        check(&[("2026-06-13T12:01:00Z", "1.0.1", None), ("2026-06-13T12:01:00Z", "1.0.2", None)], "1.0.3", None);
        check(&both, "1.0.3-rc.1", None);
    }

    #[test]
    fn versions_taken_back_at_once_are_ordinary() {
        let mut story = Story::begin("2026-06-01T00:00:00Z");
        story.publish("2026-06-10T12:00:00Z", "1.0.3", "u-1", &[]);
        story.publish("2026-06-10T12:06:00Z", "1.0.4", "u-1", &[]);
        story.withdraw("2026-06-10T12:04:00Z", "1.0.3", None);
        story.withdraw("2026-06-10T12:08:00Z", "1.0.4", None);
        story.publish("2026-06-10T12:20:00Z", "1.0.5", "u-1", &[]);
        assert_eq!(story.found(&super::OldVersionsVanished, &[]), []);
    }
}
