//! A new version needs a package that hardly exists yet: the way in of
//! `event-stream` (2018), `axios` and `arrayref` (2026). A family that splits itself
//! into new packages of the same people is exempt.

use super::line::line;
use super::{Evidence, History, Signal};
use crate::snapshot::Release;
use crate::watched::{Relative, Seen};
use chrono::TimeDelta;
use std::collections::{BTreeSet, HashSet};

/// Younger than this is young.
const YOUNG: TimeDelta = TimeDelta::days(30);
/// Younger than this is a thing of the moment.
const NEWBORN: TimeDelta = TimeDelta::hours(72);

pub(super) struct YoungDependency;

impl Signal for YoungDependency {
    fn id(&self) -> &'static str {
        "young-dependency"
    }

    fn about(&self) -> &'static str {
        "a new version needs a package that was first published less than 30 days before, by other people"
    }

    fn judge(&self, history: &History<'_>) -> Vec<Evidence> {
        let known = known_needs(history);
        let mut found = Vec::new();
        for seen in history.new_releases() {
            for name in new_needs(&known, &seen.release) {
                let relative = history.watched.relatives.iter().find(|relative| relative.name == name);
                found.extend(relative.and_then(|relative| self.evidence(history, seen, relative)));
            }
        }
        found
    }
}

impl YoungDependency {
    fn evidence(&self, history: &History<'_>, seen: &Seen, relative: &Relative) -> Option<Evidence> {
        let first = relative.first_published_at?;
        let age = seen.at() - first;
        if age >= YOUNG || shares_people(history, seen, relative) {
            return None;
        }
        let weight = match (is_new_line(history, seen), age < NEWBORN) {
            // A new line is not what builds take by themselves.
            (true, _) => 25,
            (false, true) => 80,
            (false, false) => 60,
        };
        let what = format!("{}, first published {}", relative.name, first.format("%Y-%m-%dT%H:%M:%SZ"));
        Some(Evidence {
            signal: self.id(),
            version: Some(seen.release.version.clone()),
            what: "dependency",
            then: "no such dependency".to_owned(),
            now: what,
            at: seen.at(),
            weight,
            unconfirmed: false,
        })
    }
}

/// The packages that must be asked about before a package can be judged.
pub fn relatives_wanted(history: &History<'_>) -> BTreeSet<String> {
    let known = known_needs(history);
    let asked: HashSet<&str> = history.watched.relatives.iter().map(|relative| relative.name.as_str()).collect();
    let young = history.new_releases().filter(|seen| history.now - seen.at() <= YOUNG);
    let needs = young.flat_map(|seen| new_needs(&known, &seen.release));
    needs.filter(|name| !asked.contains(name)).map(str::to_owned).collect()
}

/// What the versions needed that were there when the watch began.
fn known_needs<'a>(history: &History<'a>) -> HashSet<&'a str> {
    let old = history.watched.releases.iter().filter(|seen| seen.seen_at <= history.watched.since);
    old.flat_map(|seen| needs(&seen.release)).collect()
}

fn new_needs<'a>(known: &HashSet<&str>, release: &'a Release) -> impl Iterator<Item = &'a str> {
    needs(release).filter(|name| !known.contains(name))
}

/// What whoever takes a version gets: nothing that is for its own developers only.
fn needs(release: &Release) -> impl Iterator<Item = &str> {
    let all = release.dependencies.iter().flatten();
    all.filter(|need| need.from_registry && need.kind != "dev").map(|need| need.name.as_str())
}

/// Whether an owner of the package, now or before, or who published the version, is
/// also behind the dependency.
fn shares_people(history: &History<'_>, seen: &Seen, relative: &Relative) -> bool {
    // Whoever came after the dependency may have come with it.
    let owners = history.watched.tenures.iter().filter(|tenure| Some(tenure.from.at) < relative.first_published_at);
    let established = history.before(seen).filter(|older| Some(older.at()) < relative.first_published_at);
    let publishers: HashSet<&str> = established.filter_map(|older| older.release.publisher.as_deref()).collect();
    let mut people = owners.map(|tenure| tenure.owner.id.as_str()).chain(publishers);
    people.any(|id| relative.people.iter().any(|other| other == id))
}

fn is_new_line(history: &History<'_>, seen: &Seen) -> bool {
    let own = line(&seen.release.version);
    let mut older = history.before(seen).map(|older| line(&older.release.version)).peekable();
    older.peek().is_some() && older.all(|other| other != own)
}

#[cfg(test)]
mod tests {
    use crate::signal::sample::Story;

    fn check(dependency: &str, published: &str, people: &[&str], version: &str, expect: Option<u8>) {
        let mut story = Story::begin("2026-06-01T00:00:00Z");
        story.relative(dependency, published, people);
        story.publish("2026-06-10T12:00:00Z", version, "u-1", &[dependency]);
        let found = story.found(&super::YoungDependency, &[]);
        assert_eq!(found.first().map(|(_, weight)| *weight), expect, "{dependency} {published} {people:?} {version}");
    }

    #[test]
    fn a_dependency_is_young_by_its_first_version_and_its_people() {
        check("fresh", "2026-06-10T06:00:00Z", &["u-9"], "1.0.3", Some(80));
        check("fresh", "2026-06-01T06:00:00Z", &["u-9"], "1.0.3", Some(60));
        check("fresh", "2026-06-10T06:00:00Z", &["u-9"], "2.0.0", Some(25));
        check("grown", "2026-05-01T06:00:00Z", &["u-9"], "1.0.3", None);
        check("family", "2026-06-10T06:00:00Z", &["u-9", "u-1"], "1.0.3", None);
        check("known", "2026-06-10T06:00:00Z", &["u-9"], "1.0.3", None);
    }

    #[test]
    fn an_owner_who_came_with_the_dependency_does_not_vouch_for_it() {
        let mut story = Story::begin("2026-06-01T00:00:00Z");
        story.owners("2026-06-09T00:00:00Z", &["u-1", "u-9"]);
        story.relative("fresh", "2026-06-08T06:00:00Z", &["u-9"]);
        story.publish("2026-06-10T12:00:00Z", "1.0.3", "u-9", &["fresh"]);
        story.publish("2026-06-11T12:00:00Z", "1.0.4", "u-9", &["fresh"]);
        let found = story.found(&super::YoungDependency, &[]);
        assert_eq!(found, [("1.0.3".to_owned(), 80), ("1.0.4".to_owned(), 60)]);
    }

    #[test]
    fn only_new_needs_of_users_are_asked_about() {
        let mut story = Story::begin("2026-06-01T00:00:00Z");
        story.publish("2026-06-10T12:00:00Z", "1.0.3", "u-1", &["fresh", "known", "dev:tool"]);
        assert_eq!(super::relatives_wanted(&story.history(&[])).into_iter().collect::<Vec<_>>(), ["fresh"]);
    }
}
