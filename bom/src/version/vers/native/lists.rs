//! Ranges that are lists behind commas: RubyGems (its guide "Patterns"),
//! PyPI (PEP 440, "Version specifiers"), and the lists of versions in the security
//! advisories of nginx and OpenSSL.

use super::super::{Comparator, Constraint};
use super::{between, constraint, dotted, raised, signed};

const GEM: &[(&str, Comparator)] = &[
    ("!=", Comparator::NotEqual),
    (">=", Comparator::GreaterOrEqual),
    ("<=", Comparator::LessOrEqual),
    ("=", Comparator::Equal),
    (">", Comparator::Greater),
    ("<", Comparator::Less),
];

const PYPI: &[(&str, Comparator)] = &[
    ("===", Comparator::Equal),
    ("==", Comparator::Equal),
    ("!=", Comparator::NotEqual),
    ("<=", Comparator::LessOrEqual),
    (">=", Comparator::GreaterOrEqual),
    ("<", Comparator::Less),
    (">", Comparator::Greater),
];

pub(super) fn gem(text: &str) -> Option<Vec<Constraint>> {
    each(text, |item| {
        let Some(version) = item.strip_prefix("~>") else {
            let (comparator, version) = signed(item, GEM).unwrap_or((Comparator::Equal, item));
            return Some(vec![constraint(comparator, version)?]);
        };
        let numbers = numbers(version.trim());
        between(version, &dotted(&raised(&numbers, numbers.len().saturating_sub(2))?))
    })
}

pub(super) fn pypi(text: &str) -> Option<Vec<Constraint>> {
    each(text, |item| {
        if let Some(version) = item.strip_prefix("~=") {
            let numbers = numbers(version.trim());
            let place = numbers.len().checked_sub(2)?;
            return between(version, &format!("{}.dev0", dotted(&raised(&numbers, place)?)));
        }
        let (comparator, version) = signed(item, PYPI)?;
        let Some(prefix) = version.trim().strip_suffix(".*") else {
            return Some(vec![constraint(comparator, version)?]);
        };
        let numbers = numbers(prefix);
        let next = format!("{}.dev0", dotted(&raised(&numbers, numbers.len().checked_sub(1)?)?));
        let first = format!("{prefix}.dev0");
        match comparator {
            Comparator::Equal => between(&first, &next),
            Comparator::NotEqual => {
                Some(vec![constraint(Comparator::Less, &first)?, constraint(Comparator::GreaterOrEqual, &next)?])
            }
            _ => None,
        }
    })
}

/// `1.4.1+` is a version and the later ones of its branch; a branch with an odd
/// second number is where the work goes on, so that all later versions follow it.
pub(super) fn nginx(text: &str) -> Option<Vec<Constraint>> {
    if text.trim() == "all" {
        return Some(Vec::new());
    }
    each(text, |item| {
        if let Some(version) = item.strip_suffix('+') {
            let numbers = numbers(version);
            return match numbers.get(1)? % 2 {
                0 => between(version, &format!("{}.0", dotted(&raised(&numbers, 1)?))),
                _ => Some(vec![constraint(Comparator::GreaterOrEqual, version)?]),
            };
        }
        let Some((from, to)) = item.split_once('-') else { return Some(vec![constraint(Comparator::Equal, item)?]) };
        Some(vec![constraint(Comparator::GreaterOrEqual, from)?, constraint(Comparator::LessOrEqual, to)?])
    })
}

pub(super) fn openssl(text: &str) -> Option<Vec<Constraint>> {
    each(text, |item| Some(vec![constraint(Comparator::Equal, item)?]))
}

fn each(text: &str, read: impl Fn(&str) -> Option<Vec<Constraint>>) -> Option<Vec<Constraint>> {
    let mut constraints = Vec::new();
    for item in text.split(',') {
        constraints.extend(read(item.trim())?);
    }
    Some(constraints)
}

/// The numbers that a version begins with, up to the first other part.
fn numbers(version: &str) -> Vec<u64> {
    let digits = |part: &str| part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
    let mut numbers = Vec::new();
    for part in version.split('.') {
        let (number, rest) = part.split_at(digits(part));
        numbers.extend(number.parse::<u64>().ok());
        if number.is_empty() || !rest.is_empty() {
            break;
        }
    }
    numbers
}
