//! Which matches there should be: components beside what records claim of their
//! packages, and of several records about one problem the one that counts.

use crate::store::matching::Match;
use bom::advisory::{Answer, Versions, VersionsText};
use bom::ecosystem::Ecosystem;
use bom::matcher;
use std::collections::BTreeMap;

/// The answer of a match that is certain, and of one that nobody can tell.
const AFFECTED: i16 = 1;
const CANNOT_TELL: i16 = 2;

/// A component, as records see it.
#[derive(Clone, Copy)]
pub(crate) struct Held<'a> {
    /// Its key.
    pub id: i64,
    /// Its ecosystem, which knows the order of versions in each of its releases.
    pub ecosystem: &'static Ecosystem,
    /// Its version, or empty.
    pub version: &'a str,
    /// Its identity qualifiers.
    pub qualifiers: &'a str,
}

/// What a record says of a package.
#[derive(Clone, Copy)]
pub(crate) struct Claimed<'a> {
    /// The record.
    pub advisory_id: i64,
    /// Its problem.
    pub problem_id: i64,
    /// The release it is limited to, or empty.
    pub release: &'a str,
    /// The versions, in the spelling of the database.
    pub versions: &'a str,
}

/// Matches as they should be, by component and problem.
#[derive(Default)]
pub(crate) struct Wanted(BTreeMap<(i64, i64), Match>);

impl Wanted {
    /// Takes in what a record means for a component of its package.
    pub(crate) fn consider(&mut self, held: Held<'_>, claimed: Claimed<'_>) {
        let Some((answer, fixed)) = judge(held, claimed) else { return };
        let new = Match {
            component_id: held.id,
            problem_id: claimed.problem_id,
            advisory_id: claimed.advisory_id,
            answer,
            fixed,
            gone_at: None,
        };
        let key = (held.id, claimed.problem_id);
        match self.0.get(&key) {
            // Of records that speak of the same problem, a certain one counts, then one that knows a repair, then the older.
            Some(old) if rank(old) <= rank(&new) => {}
            _ => {
                self.0.insert(key, new);
            }
        }
    }

    /// The matches, by component and problem.
    pub(crate) fn matches(&self) -> &BTreeMap<(i64, i64), Match> {
        &self.0
    }
}

fn rank(found: &Match) -> (i16, bool, i64) {
    (found.answer, found.fixed.is_empty(), found.advisory_id)
}

/// Whether the record affects the component, and what repairs it.
fn judge(held: Held<'_>, claimed: Claimed<'_>) -> Option<(i16, String)> {
    let version = Some(held.version).filter(|version| !version.is_empty());
    let build = held.ecosystem.build(held.qualifiers);
    match matcher::judge(held.ecosystem, version, build, claimed.release, VersionsText(claimed.versions)) {
        Answer::No => None,
        Answer::Yes => {
            let scheme = held.ecosystem.scheme_of(Some(claimed.release));
            let fixes = Versions::from_text(claimed.versions).map(|versions| versions.fixes(scheme, held.version));
            Some((AFFECTED, fixes.unwrap_or_default().join(" ")))
        }
        Answer::CannotTell(_) => Some((CANNOT_TELL, String::new())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_anew_is_compared_in_the_order_of_its_base() {
        let (ecosystem, _) = Ecosystem::of_osv("Docker Hardened Images").expect("an ecosystem");
        for (release, fixed, affected) in [("Debian:12", "3.0.10-1", true), ("Debian:12", "3.0.9-1", false)] {
            let versions = format!("E\ni0\nf{fixed}");
            let held = Held { id: 1, ecosystem, version: "3.0.9-1", qualifiers: "distro=debian-12" };
            let mut wanted = Wanted::default();
            wanted.consider(held, Claimed { advisory_id: 1, problem_id: 1, release, versions: &versions });
            let answers: Vec<_> = wanted.matches().values().map(|found| (found.answer, found.fixed.as_str())).collect();
            let expect: &[(i16, &str)] = if affected { &[(AFFECTED, fixed)] } else { &[] };
            assert_eq!(answers, expect, "{release} {fixed}");
        }
    }
}
