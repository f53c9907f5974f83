//! Packagist versions, as PHP's `version_compare` orders them: numbers and words
//! in turn, and the words `dev`, `alpha`, `beta`, `RC` and `pl` around a release.
//! A leading `v` says nothing, as Composer reads it.

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders Packagist versions.
pub static PACKAGIST: Packagist = Packagist;

/// The scheme of Packagist.
pub struct Packagist;

impl Scheme for Packagist {
    fn name(&self) -> &'static str {
        "packagist"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Before) {
            return Ok(order);
        }
        let (mut a, mut b) = (self.parts(a)?, self.parts(b)?);
        loop {
            let (x, y) = (a.next(), b.next());
            if x.is_none() && y.is_none() {
                return Ok(Ordering::Equal);
            }
            let order = part(x.unwrap_or(Part::Absent), y.unwrap_or(Part::Absent));
            if order.is_ne() {
                return Ok(order);
            }
        }
    }

    /// A branch (`dev-main`) can be ordered but says nothing of its release.
    fn check(&self, text: &str) -> Result<(), VersionError> {
        match self.parts(text)?.next() {
            Some(Part::Number(_)) => Ok(()),
            _ => Err(VersionError::new(self.name(), text)),
        }
    }
}

impl Packagist {
    fn parts<'a>(&self, text: &'a str) -> Result<impl Iterator<Item = Part<'a>>, VersionError> {
        let version = text.trim();
        let version = version.strip_prefix(['v', 'V']).unwrap_or(version).as_bytes();
        if version.iter().any(|b| b.is_ascii_whitespace()) || !version.iter().any(u8::is_ascii_alphanumeric) {
            return Err(VersionError::new(self.name(), text));
        }
        let mut rest = version;
        Ok(std::iter::from_fn(move || next(&mut rest)))
    }
}

/// One part of a version.
#[derive(Clone, Copy)]
enum Part<'a> {
    Number(&'a [u8]),
    Word(Rank),
    /// `#`, PHP's sign for any number.
    Any,
    Absent,
}

/// Where a word stands; a release and its numbers are between `Candidate` and `Patch`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Unknown,
    Dev,
    Alpha,
    Beta,
    Candidate,
    Release,
    Patch,
}

/// The beginnings of words that PHP knows, in its order.
const WORDS: &[(&str, Rank)] = &[
    ("dev", Rank::Dev),
    ("a", Rank::Alpha),
    ("b", Rank::Beta),
    ("RC", Rank::Candidate),
    ("rc", Rank::Candidate),
    ("p", Rank::Patch),
];

/// Takes the next number, word or `#`; everything else only separates.
fn next<'a>(rest: &mut &'a [u8]) -> Option<Part<'a>> {
    let (_, text) = numbers::split_while(rest, |b| !b.is_ascii_alphanumeric() && b != b'#');
    let first = *text.first()?;
    if first == b'#' {
        *rest = text.get(1..)?;
        return Some(Part::Any);
    }
    if first.is_ascii_digit() {
        let (number, behind) = numbers::leading_digits(text);
        *rest = behind;
        return Some(Part::Number(number));
    }
    let (word, behind) = numbers::split_while(text, |b| b.is_ascii_alphabetic());
    *rest = behind;
    let rank = WORDS.iter().find(|(start, _)| word.starts_with(start.as_bytes())).map_or(Rank::Unknown, |(_, rank)| *rank);
    Some(Part::Word(rank))
}

fn part(a: Part<'_>, b: Part<'_>) -> Ordering {
    match (a, b) {
        (Part::Number(x), Part::Number(y)) => numbers::digits(x, y),
        (Part::Number(_), Part::Absent) => Ordering::Greater,
        (Part::Absent, Part::Number(_)) => Ordering::Less,
        (x, y) => rank(x).cmp(&rank(y)),
    }
}

fn rank(part: Part<'_>) -> Rank {
    match part {
        Part::Word(rank) => rank,
        _ => Rank::Release,
    }
}
