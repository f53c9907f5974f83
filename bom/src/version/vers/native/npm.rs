//! Ranges of npm (github.com/npm/node-semver, "Ranges"): `^1.2.3`, `~1.2`, `1.x`,
//! `1.2.3 - 2.0.0`, comparators side by side, and alternatives behind `||`.

use super::super::{Comparator, Constraint};
use super::{between, constraint, dotted, raised, signed};

const SIGNS: &[(&str, Comparator)] = &[
    ("<=", Comparator::LessOrEqual),
    (">=", Comparator::GreaterOrEqual),
    ("<", Comparator::Less),
    (">", Comparator::Greater),
    ("=", Comparator::Equal),
];

pub(super) fn read(text: &str) -> Option<Vec<Constraint>> {
    let mut constraints = Vec::new();
    for alternative in text.split("||") {
        let read = alternative_of(alternative.trim())?;
        if read.is_empty() {
            return Some(read);
        }
        constraints.extend(read);
    }
    Some(constraints)
}

/// The constraints of one alternative; none where it is every version.
fn alternative_of(text: &str) -> Option<Vec<Constraint>> {
    if let Some((from, to)) = text.split_once(" - ") {
        let (from, to) = (Partial::of(from)?, Partial::of(to)?);
        let to = constraint(Comparator::LessOrEqual, &to.filled())?;
        return Some(vec![constraint(Comparator::GreaterOrEqual, &from.filled())?, to]);
    }
    let mut constraints = Vec::new();
    for comparator in joined(text) {
        constraints.extend(comparator_of(&comparator)?);
    }
    Some(constraints)
}

/// The words of a text, a sign alone joined with the word behind it.
fn joined(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(sign) if sign.chars().all(|c| "<>=~^".contains(c)) => sign.push_str(word),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

fn comparator_of(text: &str) -> Option<Vec<Constraint>> {
    if let Some(version) = text.strip_prefix('^') {
        let version = Partial::of(version)?;
        // The first number that is not zero may not change, or the last one that is written.
        let last = version.numbers.len().checked_sub(1)?;
        let place = version.numbers.iter().position(|number| *number != 0).unwrap_or(last);
        return version.family(place);
    }
    if let Some(version) = text.strip_prefix('~') {
        let version = Partial::of(version.strip_prefix('>').unwrap_or(version))?;
        return version.family(version.numbers.len().checked_sub(1)?.min(1));
    }
    let (comparator, version) = signed(text, SIGNS).unwrap_or((Comparator::Equal, text));
    let includes_all = !version.is_empty() && !matches!(comparator, Comparator::Less | Comparator::Greater);
    let version = Partial::of(version)?;
    match (version.numbers.len().checked_sub(1), version.open) {
        (None, _) => includes_all.then(Vec::new),
        (Some(last), true) if matches!(comparator, Comparator::Equal | Comparator::GreaterOrEqual) => version.family(last),
        _ => Some(vec![constraint(comparator, &version.filled())?]),
    }
}

/// A version of which the later numbers may be missing, or an `x`.
struct Partial<'a> {
    numbers: Vec<u64>,
    /// A number is written as an `x`.
    open: bool,
    pre_release: Option<&'a str>,
}

impl<'a> Partial<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', '=']);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (core, pre_release) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
        let mut partial = Self { numbers: Vec::new(), open: false, pre_release };
        for part in core.split('.') {
            if matches!(part, "x" | "X" | "*" | "") {
                partial.open = true;
            } else if !partial.open {
                partial.numbers.push(part.parse().ok()?);
            }
        }
        let whole = partial.numbers.len() == 3;
        (core.split('.').count() <= 3 && (whole || pre_release.is_none())).then_some(partial)
    }

    /// With zeros for what is missing.
    fn filled(&self) -> String {
        let mut numbers = self.numbers.clone();
        numbers.resize(3, 0);
        let pre_release = self.pre_release.map(|pre| format!("-{pre}")).unwrap_or_default();
        format!("{}{pre_release}", dotted(&numbers))
    }

    /// From this version on, below the next one that differs at `place` or before it.
    fn family(&self, place: usize) -> Option<Vec<Constraint>> {
        let mut next = raised(&self.numbers, place)?;
        next.resize(3, 0);
        between(&self.filled(), &dotted(&next))
    }
}
