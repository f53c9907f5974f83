//! Semantic Versioning 2.0.0, read leniently as OSV asks of the ecosystems that
//! use it: a leading `v`, missing and further numbers are accepted, and so is a
//! pre-release without its hyphen (`1.22rc1`).

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders crates.io, npm and other SemVer versions; build metadata says nothing.
pub static SEMVER: SemVer = SemVer { name: "semver", build: Build::Ignored, go: false };

/// Orders Go modules and the Go standard library (`go1.22rc1` is `1.22.0-rc.1`).
pub static GO: SemVer = SemVer { name: "go", build: Build::Ignored, go: true };

/// Orders Pub and Julia versions, in which build metadata comes after none.
pub static SEMVER_BUILD: SemVer = SemVer { name: "semver-build", build: Build::Ordered, go: false };

/// The scheme of Semantic Versioning 2.0.0.
pub struct SemVer {
    name: &'static str,
    build: Build,
    go: bool,
}

/// What the text behind `+` means.
#[derive(PartialEq, Eq)]
enum Build {
    /// Nothing (section 10 of the specification).
    Ignored,
    /// It is compared like a pre-release, but none comes first.
    Ordered,
}

impl Scheme for SemVer {
    fn name(&self) -> &'static str {
        self.name
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Zero) {
            return Ok(order);
        }
        let (a, b) = (self.parse(a)?, self.parse(b)?);
        let order = numbers::dotted(a.core, b.core).then_with(|| before_release(&a, &b));
        Ok(match self.build {
            Build::Ignored => order,
            Build::Ordered => order.then_with(|| builds(a.build, b.build)),
        })
    }
}

/// A version taken apart; all parts are without their separators.
struct Parts<'a> {
    core: &'a [u8],
    pre: Option<&'a str>,
    /// The pre-release followed a number directly and is Go's: `rc1` means `rc.1`.
    joined: bool,
    build: Option<&'a str>,
}

impl SemVer {
    fn parse<'a>(&self, text: &'a str) -> Result<Parts<'a>, VersionError> {
        self.read(text.trim()).ok_or_else(|| VersionError::new(self.name, text))
    }

    fn read<'a>(&self, text: &'a str) -> Option<Parts<'a>> {
        let mut version = text.strip_prefix(['v', 'V', '=']).unwrap_or(text);
        if self.go {
            version = version.strip_prefix("go").unwrap_or(version);
        }
        if version.chars().any(|c| c.is_whitespace() || c.is_control()) || is_commit(version) {
            return None;
        }
        let (version, build) = match version.split_once('+') {
            Some((version, build)) => (version, Some(build)),
            None => (version, None),
        };
        let core = core_of(version)?;
        let rest = version.get(core.len()..)?;
        let (pre, joined) = match rest.chars().next() {
            None => (None, false),
            Some('-') => (rest.get(1..), false),
            // `1.22rc1` is a release candidate; `4a51bc` is somebody's commit.
            Some(c) if c.is_ascii_alphabetic() && core.contains('.') => (Some(rest), self.go),
            Some(_) => return None,
        };
        Some(Parts { core: core.as_bytes(), pre, joined, build })
    }
}

/// The leading numbers and the single dots between them; at least one number.
fn core_of(version: &str) -> Option<&str> {
    let bytes = version.as_bytes();
    let mut end = 0;
    loop {
        let (number, _) = numbers::leading_digits(bytes.get(end..)?);
        if number.is_empty() {
            return None;
        }
        end += number.len();
        if bytes.get(end) != Some(&b'.') {
            return version.get(..end);
        }
        end += 1;
    }
}

/// A git commit (40 or 64 hexadecimal digits) is no version, even one without letters.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn before_release(a: &Parts<'_>, b: &Parts<'_>) -> Ordering {
    match (a.pre, b.pre) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(x), Some(y)) if a.joined || b.joined => go_identifiers(x, a.joined).cmp(go_identifiers(y, b.joined)),
        (Some(x), Some(y)) => identifiers(x).cmp(identifiers(y)),
    }
}

/// Builds are ordered like pre-releases, but none comes first.
fn builds(a: Option<&str>, b: Option<&str>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => identifiers(a).cmp(identifiers(b)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

fn identifiers(text: &str) -> impl Iterator<Item = Identifier<'_>> {
    text.split('.').map(Identifier::of)
}

/// The identifiers of a pre-release, which are also split before a number where Go joins them.
fn go_identifiers(text: &str, joined: bool) -> impl Iterator<Item = Identifier<'_>> {
    text.split('.').flat_map(move |part| {
        let letters = numbers::split_while(part.as_bytes(), |b| !b.is_ascii_digit()).0.len();
        let (word, number) = if joined { part.split_at(letters) } else { (part, "") };
        // A part without anything is one, too: the order would go in a circle otherwise.
        let word = (part.is_empty() || !word.is_empty()).then_some(word);
        [word, (!number.is_empty()).then_some(number)].into_iter().flatten().map(Identifier::of)
    })
}

/// One identifier of a pre-release; numbers come before words (section 11.4).
enum Identifier<'a> {
    Number(&'a [u8]),
    Word(&'a str),
}

impl<'a> Identifier<'a> {
    fn of(text: &'a str) -> Self {
        if numbers::all_digits(text.as_bytes()) { Self::Number(text.as_bytes()) } else { Self::Word(text) }
    }
}

impl Ord for Identifier<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => numbers::digits(a, b),
            (Self::Word(a), Self::Word(b)) => a.cmp(b),
            (Self::Number(_), Self::Word(_)) => Ordering::Less,
            (Self::Word(_), Self::Number(_)) => Ordering::Greater,
        }
    }
}

impl PartialEq for Identifier<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Identifier<'_> {}

impl PartialOrd for Identifier<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
