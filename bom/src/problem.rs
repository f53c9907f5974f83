//! Problems: advisories that name each other are about one thing and make one
//! finding with all its names. A problem grows as records arrive; where a record
//! joins two of them, the older one stays and takes the other in. Aliases hold both
//! ways and onwards (OSV schema, `aliases`): two records that both name one CVE are
//! one problem though neither names the other. `related` and `upstream` join nothing,
//! and neither does a record that was withdrawn.

use crate::advisory::Advisory;
use std::collections::HashMap;

/// What a record's names do to the problems known so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join<Id> {
    /// The problem they belong to: the oldest known one, or `None` for a new one.
    pub problem: Option<Id>,
    /// Younger problems to merge into it.
    pub merged: Vec<Id>,
    /// Names that no problem had.
    pub added: Vec<String>,
}

/// Joins the names of one record. `known` tells the problem that has a name; ids are
/// ordered by age, the oldest first.
pub fn join<'a, Id: Ord + Copy>(names: impl IntoIterator<Item = &'a str>, known: impl Fn(&str) -> Option<Id>) -> Join<Id> {
    let (mut problems, mut added) = (Vec::new(), Vec::new());
    for name in names {
        match known(name) {
            Some(problem) => problems.push(problem),
            None if added.iter().all(|other| other != name) => added.push(name.to_owned()),
            None => {}
        }
    }
    problems.sort_unstable();
    problems.dedup();
    let merged = problems.split_off(problems.len().min(1));
    Join { problem: problems.pop(), merged, added }
}

impl Advisory {
    /// The names that belong to one problem by this record's word: its id and its
    /// aliases, and the id alone once it was withdrawn.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let aliases = if self.withdrawn.is_none() { self.aliases.as_slice() } else { &[] };
        std::iter::once(self.id.as_str()).chain(aliases.iter().map(String::as_str))
    }
}

/// The name that people know a problem by: a CVE, else a GHSA, else the first by name.
pub fn best_name<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names.into_iter().min_by_key(|name| {
        let rank = match name.split_once('-').map_or("", |(database, _)| database) {
            "CVE" => 0,
            "GHSA" => 1,
            _ => 2,
        };
        (rank, *name)
    })
}

/// The problems of a whole set of records, in memory.
#[derive(Debug, Default)]
pub struct Problems {
    places: HashMap<String, usize>,
    /// For each name, in order of first sight, an older name of its problem, or itself.
    older: Vec<usize>,
}

impl Problems {
    /// Takes in the names of one record.
    pub fn add<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        let mut first = None;
        for name in names {
            let next = self.older.len();
            let place = *self.places.entry(name.to_owned()).or_insert(next);
            if place == next {
                self.older.push(next);
            }
            let root = self.root(place);
            let (old, young) = first.map_or((root, root), |first: usize| (first.min(root), first.max(root)));
            // The name itself is led along too, which keeps later walks short.
            for place in [young, place] {
                if let Some(entry) = self.older.get_mut(place) {
                    *entry = old;
                }
            }
            first = Some(old);
        }
    }

    /// The number of the problem that has `name`.
    pub fn of(&self, name: &str) -> Option<usize> {
        self.places.get(name).map(|place| self.root(*place))
    }

    /// Every problem's names, sorted, by its number.
    pub fn names(&self) -> HashMap<usize, Vec<&str>> {
        let mut all: HashMap<usize, Vec<&str>> = HashMap::new();
        for (name, place) in &self.places {
            all.entry(self.root(*place)).or_default().push(name);
        }
        all.values_mut().for_each(|names| names.sort_unstable());
        all
    }

    fn root(&self, mut place: usize) -> usize {
        // Each step leads to an older name, so it ends.
        while let Some(older) = self.older.get(place)
            && *older != place
        {
            place = *older;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_joins_what_its_names_touch() {
        let known = |name: &str| match name {
            "CVE-1" | "GHSA-1" => Some(10),
            "CVE-2" => Some(7),
            _ => None,
        };
        for (names, problem, merged, added) in [
            (&["RUSTSEC-1"][..], None, vec![], vec!["RUSTSEC-1"]),
            (&["RUSTSEC-1", "CVE-1", "GHSA-1"], Some(10), vec![], vec!["RUSTSEC-1"]),
            (&["RUSTSEC-1", "CVE-1", "CVE-2", "RUSTSEC-1"], Some(7), vec![10], vec!["RUSTSEC-1"]),
            (&["CVE-1"], Some(10), vec![], vec![]),
        ] {
            let added = added.into_iter().map(str::to_owned).collect();
            assert_eq!(join(names.iter().copied(), known), Join { problem, merged, added }, "{names:?}");
        }
    }

    #[test]
    fn aliases_hold_both_ways_and_onwards() {
        let mut problems = Problems::default();
        for names in [&["A", "CVE-1"][..], &["B", "CVE-2"], &["C"], &["D", "CVE-1"], &["E", "CVE-2", "D"], &["C"]] {
            problems.add(names.iter().copied());
        }
        assert_eq!(problems.of("B"), problems.of("A"));
        let mut names: Vec<_> = problems.names().into_values().collect();
        names.sort();
        assert_eq!(names, [vec!["A", "B", "CVE-1", "CVE-2", "D", "E"], vec!["C"]]);
        assert_eq!(problems.of("unheard of"), None);
    }

    #[test]
    fn the_best_name_is_the_one_people_search_for() {
        for (names, best) in [
            (&["RUSTSEC-2020-0071", "GHSA-wcg3-cvx6-7396", "CVE-2020-26235"][..], Some("CVE-2020-26235")),
            (&["PYSEC-1", "GHSA-b", "GHSA-a"], Some("GHSA-a")),
            (&["MAL-2", "LWA-1"], Some("LWA-1")),
            (&[], None),
        ] {
            assert_eq!(best_name(names.iter().copied()), best, "{names:?}");
        }
    }
}
