//! Ranges in the languages of package managers (`^1.2`, `~> 2.0`, `[1.0,2.0)`), told
//! as `vers:` ranges, the way the vers specification's own examples do.
//!
//! A `vers:` range is one sorted list, so alternatives that overlap lose their
//! brackets (`>=1 <2 || <3`), and where npm reads a partial version as a whole
//! family (`<=2.1` includes 2.1.9) the specification fills it up with zeros. What is
//! told here is for people and for exchange; nothing is matched by it.

mod brackets;
mod conan;
mod lists;
mod npm;

use super::{Comparator, Constraint, Vers, VersError};

/// A range's constraints in any order, none where every version is meant; `None` for
/// a text that is no range.
type Read = fn(&str) -> Option<Vec<Constraint>>;

/// The languages that are known, by the scheme whose versions they speak of.
const LANGUAGES: &[(&str, Read)] = &[
    ("conan", conan::read),
    ("gem", lists::gem),
    ("maven", brackets::maven),
    ("nginx", lists::nginx),
    ("npm", npm::read),
    ("nuget", brackets::nuget),
    ("openssl", lists::openssl),
    ("pypi", lists::pypi),
];

impl Vers {
    /// Reads a range as the package manager of `scheme` writes it.
    ///
    /// # Errors
    /// [`VersError`] for a scheme whose language is not known, a text that is no range
    /// in it, and a version that the scheme cannot order.
    pub fn of_native(scheme: &str, text: &str) -> Result<Self, VersError> {
        let language = LANGUAGES.iter().find(|(known, _)| *known == scheme);
        let (name, read) = language.ok_or_else(|| VersError::UnknownScheme(scheme.to_owned()))?;
        let unreadable = || VersError::unreadable(text, "it is not written as its package manager does");
        let mut constraints = read(text).ok_or_else(unreadable)?;
        // Of two that name one version, the end of an interval stands before the next one's start.
        constraints.sort_by_key(|one| !matches!(one.comparator, Comparator::Less | Comparator::LessOrEqual));
        let mut range = Self { scheme: (*name).to_owned(), constraints };
        range.sort()?;
        Ok(range)
    }
}

/// A constraint on a version that is one word; `None` for anything else.
fn constraint(comparator: Comparator, version: &str) -> Option<Constraint> {
    let version = version.trim();
    let word = !version.is_empty() && version.chars().all(|c| c.is_ascii_graphic() && !"<>=!~^,|()[]*".contains(c));
    word.then(|| Constraint { comparator, version: version.to_owned() })
}

/// From a version on and below another one.
fn between(from: &str, below: &str) -> Option<Vec<Constraint>> {
    Some(vec![constraint(Comparator::GreaterOrEqual, from)?, constraint(Comparator::Less, below)?])
}

/// The sign that a text begins with, among `signs`, and what is behind it.
fn signed<'a>(text: &'a str, signs: &[(&str, Comparator)]) -> Option<(Comparator, &'a str)> {
    signs.iter().find_map(|(sign, comparator)| Some((*comparator, text.strip_prefix(sign)?)))
}

/// The numbers of a version up to and with the one at `place`, that one raised by one;
/// `None` where it has no such number.
fn raised(numbers: &[u64], place: usize) -> Option<Vec<u64>> {
    let mut raised = numbers.get(..=place)?.to_vec();
    let last = raised.last_mut()?;
    *last = last.checked_add(1)?;
    Some(raised)
}

fn dotted(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_native_range_is_told_as_vers() {
        for (scheme, native, expect) in [
            ("npm", "*", Some("vers:npm/*")),
            ("npm", "", Some("vers:npm/*")),
            ("npm", "=1.2.3", Some("vers:npm/1.2.3")),
            ("npm", "< 2.0.0", Some("vers:npm/<2.0.0")),
            ("npm", "^1.2.3", Some("vers:npm/>=1.2.3|<2.0.0")),
            ("npm", "^0.2.3", Some("vers:npm/>=0.2.3|<0.3.0")),
            ("npm", "^0.0.3", Some("vers:npm/>=0.0.3|<0.0.4")),
            ("npm", "^0", Some("vers:npm/>=0.0.0|<1.0.0")),
            ("npm", "^0.0", Some("vers:npm/>=0.0.0|<0.1.0")),
            ("npm", "~1", Some("vers:npm/>=1.0.0|<2.0.0")),
            ("npm", "~1.2-rc.1", None),
            ("npm", "~1.2.3-rc.1", Some("vers:npm/>=1.2.3-rc.1|<1.3.0")),
            ("npm", "1.2.3 - 2", Some("vers:npm/>=1.2.3|<=2.0.0")),
            ("npm", "1.x || >=2.5.0 || 5.0.0 - 7.2.3", Some("vers:npm/>=1.0.0|<2.0.0|>=2.5.0|>=5.0.0|<=7.2.3")),
            ("npm", ">=1.0.0 || *", Some("vers:npm/*")),
            ("npm", "latest", None),
            ("npm", "1.2.3.4", None),
            ("npm", "<", None),
            ("npm", "<*", None),
            ("npm", ">=x", Some("vers:npm/*")),
            ("conan", "^0.0.3", Some("vers:conan/>=0.0.3|<0.0.4-")),
            ("conan", "~1.2.3 || 5", Some("vers:conan/>=1.2.3|<1.3-|5")),
            ("conan", "~a", None),
            ("gem", "~> 2.0.8", Some("vers:gem/>=2.0.8|<2.1")),
            ("gem", "~> 2", Some("vers:gem/>=2|<3")),
            ("gem", "~> 3.0.0.beta2", Some("vers:gem/>=3.0.0.beta2|<3.1")),
            ("gem", ">= 1.0, != 1.3, < 2", Some("vers:gem/>=1.0|!=1.3|<2")),
            ("gem", "~>", None),
            ("pypi", "~=2.2", Some("vers:pypi/>=2.2|<3.dev0")),
            ("pypi", "~=1.4.5a4", Some("vers:pypi/>=1.4.5a4|<1.5.dev0")),
            ("pypi", "==1.4.*", Some("vers:pypi/>=1.4.dev0|<1.5.dev0")),
            ("pypi", "!=1.4.*", Some("vers:pypi/<1.4.dev0|>=1.5.dev0")),
            ("pypi", ">=1, ==2.0, !=3", Some("vers:pypi/>=1|2.0|!=3")),
            ("pypi", "~=2", None),
            ("pypi", "2.0", None),
            ("nginx", "1.5.0+, 1.4.1+", Some("vers:nginx/>=1.4.1|<1.5.0|>=1.5.0")),
            ("nginx", "0.7.52-0.8.39", Some("vers:nginx/>=0.7.52|<=0.8.39")),
            ("nginx", "all", Some("vers:nginx/*")),
            ("nginx", "1+", None),
            ("nuget", "1.0", Some("vers:nuget/>=1.0")),
            ("nuget", "[1.0]", Some("vers:nuget/1.0")),
            ("nuget", "(1.0,)", Some("vers:nuget/>1.0")),
            ("nuget", "(,1.0]", Some("vers:nuget/<=1.0")),
            ("nuget", "[ 1.0 , 2.0 )", Some("vers:nuget/>=1.0|<2.0")),
            ("nuget", "(,)", Some("vers:nuget/*")),
            ("nuget", "(1.0)", None),
            ("nuget", "[1.0,2.0", None),
            ("nuget", "[1.0,2.0,3.0]", None),
            ("maven", "(,1.0],[1.2,)", Some("vers:maven/<=1.0|>=1.2")),
            ("maven", "1.0", None),
            ("openssl", "3.0.0, 1.0.1b", Some("vers:openssl/1.0.1b|3.0.0")),
            ("cargo", "1.0", None),
        ] {
            let told = Vers::of_native(scheme, native).ok().map(|range| range.to_string());
            assert_eq!(told.as_deref(), expect, "{scheme} {native}");
        }
    }
}
