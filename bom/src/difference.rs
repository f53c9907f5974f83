//! What is different between two documents: packages that came, went or moved to
//! another version, and components whose licences or hashes changed though their
//! version did not.

use crate::document::{Component, Document, Hash, Licence};
use crate::ecosystem::Ecosystem;
use crate::inventory::{Identity, identity};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// What is different from one document to another; each list in the order of identities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Held by the second document only.
    pub added: Vec<Identity>,
    /// Held by the first document only.
    pub removed: Vec<Identity>,
    /// Held by both, at different versions.
    pub moved: Vec<Move>,
    /// The same version with other licences or hashes.
    pub changed: Vec<Change>,
}

/// A package that moved from one version to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The component as the first document holds it.
    pub from: Identity,
    /// The component as the second document holds it.
    pub to: Identity,
    /// Whether the version rose or fell; `None` where the ecosystem's order cannot tell.
    pub direction: Option<Ordering>,
}

/// A component of the same version that is stated otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The component.
    pub identity: Identity,
    /// Its licences in the first and second document, where they differ.
    pub licences: Option<(Vec<Licence>, Vec<Licence>)>,
    /// Its hashes in the first and second document, where one function's values contradict each other.
    pub hashes: Option<(Vec<Hash>, Vec<Hash>)>,
}

impl Difference {
    /// The difference from `one` document to the `other`.
    pub fn between(one: &Document, other: &Document) -> Self {
        let (one, other) = (held(one), held(other));
        let mut difference = Self::default();
        let gone = one.keys().filter(|identity| !other.contains_key(*identity));
        let came = other.keys().filter(|identity| !one.contains_key(*identity));
        difference.pair(group(gone), group(came));
        for (identity, then) in &one {
            if let Some(now) = other.get(identity) {
                difference.changed.extend(change(identity, then, now));
            }
        }
        difference
    }

    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.moved.is_empty() && self.changed.is_empty()
    }

    /// Takes versions of one package that went and came in pairs; the rest went or came.
    fn pair<'a>(&mut self, gone: Groups<'a>, mut came: Groups<'a>) {
        for (package, gone) in gone {
            let came = came.remove(&package).unwrap_or_default();
            let pairs = gone.len().min(came.len());
            self.moved.extend(gone.iter().zip(&came).map(|(from, to)| moved(from, to)));
            self.removed.extend(gone.iter().skip(pairs).map(|identity| (*identity).clone()));
            self.added.extend(came.iter().skip(pairs).map(|identity| (*identity).clone()));
        }
        self.added.extend(came.into_values().flatten().cloned());
        self.added.sort();
    }
}

/// Identities by package: everything that is not the version.
type Groups<'a> = BTreeMap<(i16, &'a str, &'a str), Vec<&'a Identity>>;

/// Sorted by version within a package, so that versions which went and came pair up in order.
fn group<'a>(identities: impl Iterator<Item = &'a Identity>) -> Groups<'a> {
    let mut groups = Groups::new();
    for identity in identities {
        groups.entry((identity.ecosystem, &identity.name, &identity.qualifiers)).or_default().push(identity);
    }
    for versions in groups.values_mut() {
        // Where the order cannot tell, the order of identities stays.
        versions.sort_by(|a, b| order(a, b).unwrap_or(Ordering::Equal));
    }
    groups
}

fn moved(from: &Identity, to: &Identity) -> Move {
    Move { from: from.clone(), to: to.clone(), direction: order(to, from) }
}

fn order(a: &Identity, b: &Identity) -> Option<Ordering> {
    let ecosystem = Ecosystem::of_code(a.ecosystem)?;
    ecosystem.scheme.compare(&a.version, &b.version).ok()
}

/// What a document states of one identity, which it may list more than once.
#[derive(Default)]
struct Stated {
    licences: BTreeSet<Licence>,
    hashes: BTreeSet<Hash>,
}

fn held(document: &Document) -> BTreeMap<Identity, Stated> {
    let mut held: BTreeMap<Identity, Stated> = BTreeMap::new();
    for component in &document.components {
        let Component { licences, hashes, .. } = component;
        let stated = held.entry(identity(component)).or_default();
        stated.licences.extend(licences.iter().cloned());
        stated.hashes.extend(hashes.iter().cloned());
    }
    held
}

fn change(identity: &Identity, then: &Stated, now: &Stated) -> Option<Change> {
    let licences = (then.licences != now.licences).then(|| (listed(&then.licences), listed(&now.licences)));
    let hashes = contradict(&then.hashes, &now.hashes).then(|| (listed(&then.hashes), listed(&now.hashes)));
    (licences.is_some() || hashes.is_some()).then(|| Change { identity: identity.clone(), licences, hashes })
}

/// Whether both know values of some function, and none of them in common.
fn contradict(then: &BTreeSet<Hash>, now: &BTreeSet<Hash>) -> bool {
    then.iter().any(|hash| {
        let mut alike = now.iter().filter(|other| other.algorithm == hash.algorithm).peekable();
        alike.peek().is_some() && !now.iter().any(|other| other.algorithm == hash.algorithm && then.contains(other))
    })
}

fn listed<T: Clone>(set: &BTreeSet<T>) -> Vec<T> {
    set.iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::HashAlgorithm;

    fn document(purls: &[&str]) -> Document {
        let component = |purl: &&str| Component { purl: purl.parse().ok(), ..Component::default() };
        Document { components: purls.iter().map(component).collect(), ..Document::default() }
    }

    /// Checks the lines `+ name version`, `- …`, `name a < b` (rose), `name a > b` (fell), `name a ? b`.
    fn check(one: &[&str], other: &[&str], expected: &[&str]) {
        let difference = Difference::between(&document(one), &document(other));
        let mut lines: Vec<_> = difference.removed.iter().map(|i| format!("- {} {}", i.name, i.version)).collect();
        lines.extend(difference.added.iter().map(|i| format!("+ {} {}", i.name, i.version)));
        lines.extend(difference.moved.iter().map(|m| {
            let sign = match m.direction {
                Some(Ordering::Greater) => '<',
                Some(Ordering::Less) => '>',
                Some(Ordering::Equal) => '=',
                None => '?',
            };
            format!("{} {} {sign} {}", m.to.name, m.from.version, m.to.version)
        }));
        assert_eq!(lines, expected, "{one:?} to {other:?}");
    }

    #[test]
    fn packages_come_go_and_move() {
        check(&["pkg:npm/a@1.0.0"], &["pkg:npm/a@1.0.0"], &[]);
        check(&["pkg:npm/a@1.9.0"], &["pkg:npm/a@1.10.0"], &["a 1.9.0 < 1.10.0"]);
        check(&["pkg:pypi/a@1.0"], &["pkg:pypi/a@1.0rc1"], &["a 1.0 > 1.0rc1"]);
        check(&["pkg:generic/a@x"], &["pkg:generic/a@y"], &["generic//a x ? y"]);
        check(&["pkg:npm/a@1.0.0"], &["pkg:npm/b@1.0.0"], &["- a 1.0.0", "+ b 1.0.0"]);
        check(&["pkg:npm/a@1.0.0", "pkg:npm/a@2.0.0"], &["pkg:npm/a@2.0.1", "pkg:npm/a@1.0.0"], &["a 2.0.0 < 2.0.1"]);
        check(&["pkg:npm/a@1.0.0"], &["pkg:npm/a@1.0.1", "pkg:npm/a@2.0.0"], &["+ a 2.0.0", "a 1.0.0 < 1.0.1"]);
    }

    #[test]
    fn a_changed_licence_or_hash_of_the_same_version_is_told() {
        let hash = |algorithm, value: &str| Hash { algorithm, value: value.into() };
        let with = |licence: &str, hashes: &[Hash]| {
            let mut document = document(&["pkg:npm/a@1.0.0"]);
            document.components[0].licences = [Licence::Id(licence.into())].into();
            document.components[0].hashes = hashes.into();
            document
        };
        let (old, new) = (hash(HashAlgorithm::Sha256, "00"), hash(HashAlgorithm::Sha256, "01"));
        let more = hash(HashAlgorithm::Sha512, "02");
        let one = with("MIT", std::slice::from_ref(&old));
        for (other, licences, hashes) in [
            (with("MIT", &[old.clone(), more]), false, false),
            (with("MIT", &[]), false, false),
            (with("MIT", std::slice::from_ref(&new)), false, true),
            (with("Apache-2.0", &[old]), true, false),
        ] {
            let changed = Difference::between(&one, &other).changed;
            let told = changed.first().map_or((false, false), |c| (c.licences.is_some(), c.hashes.is_some()));
            assert_eq!(told, (licences, hashes), "{other:?}");
        }
    }
}
