//! Ranges of Conan (docs.conan.io, "Version ranges"): comparators side by side,
//! `~1.2`, `^1.2`, alternatives behind `||`. An upper bound of `~` and `^` ends in a
//! hyphen, which is before every pre-release.

use super::super::{Comparator, Constraint};
use super::{constraint, dotted, raised, signed};

const SIGNS: &[(&str, Comparator)] = &[
    ("<=", Comparator::LessOrEqual),
    (">=", Comparator::GreaterOrEqual),
    ("<", Comparator::Less),
    (">", Comparator::Greater),
    ("=", Comparator::Equal),
];

pub(super) fn read(text: &str) -> Option<Vec<Constraint>> {
    // Options such as `include_prerelease` stand behind a comma.
    let range = text.split_once(',').map_or(text, |(range, _)| range);
    let mut constraints = Vec::new();
    for alternative in range.split("||") {
        let words: Vec<&str> = alternative.split_whitespace().collect();
        if words.is_empty() {
            // Conan: no expression is every version.
            constraints.extend(word_of("*")?);
        }
        for word in words {
            constraints.extend(word_of(word)?);
        }
    }
    Some(constraints)
}

fn word_of(word: &str) -> Option<Vec<Constraint>> {
    // A hyphen at the end asks for pre-releases too.
    let word = word.strip_suffix('-').unwrap_or(word);
    if word == "*" {
        return Some(vec![constraint(Comparator::GreaterOrEqual, "0.0.0")?]);
    }
    if let Some(version) = word.strip_prefix('~') {
        let numbers = numbers(version)?;
        return family(version, &numbers, numbers.len().checked_sub(1)?.min(1));
    }
    if let Some(version) = word.strip_prefix('^') {
        let numbers = numbers(version)?;
        let last = numbers.len().checked_sub(1)?;
        return family(version, &numbers, numbers.iter().position(|number| *number != 0).unwrap_or(last));
    }
    let (comparator, version) = signed(word, SIGNS).unwrap_or((Comparator::Equal, word));
    Some(vec![constraint(comparator, version)?])
}

/// The numbers that a version begins with.
fn numbers(version: &str) -> Option<Vec<u64>> {
    let core = version.split(['-', '+']).next()?;
    core.split('.').map(|number| number.parse().ok()).collect()
}

fn family(version: &str, numbers: &[u64], place: usize) -> Option<Vec<Constraint>> {
    let below = Constraint { comparator: Comparator::Less, version: format!("{}-", dotted(&raised(numbers, place)?)) };
    Some(vec![constraint(Comparator::GreaterOrEqual, version)?, below])
}
