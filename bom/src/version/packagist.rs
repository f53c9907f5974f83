//! Packagist versions, as Composer orders them: it brings them into one form
//! (composer/semver, `VersionParser::normalize`: four numbers, no `v`, no build, no
//! `stable`, words in any case) and hands that to PHP's `version_compare`: numbers and
//! words in turn, and the words `dev`, `alpha`, `beta`, `RC` and `pl` around a release.

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
        if let Some(order) = numbers::plain(a, b, Absent::Zero) {
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

    /// A branch (`dev-main`, `2.x-dev`) can be ordered but says nothing of its release.
    fn check(&self, text: &str) -> Result<(), VersionError> {
        let is_line = |part: &[u8]| part.eq_ignore_ascii_case(b"x") || part == b"*";
        match self.parts(text)?.next() {
            Some(Part::Number(_)) if !text.as_bytes().split(|b| b".-".contains(b)).any(is_line) => Ok(()),
            _ => Err(VersionError::new(self.name(), text)),
        }
    }
}

impl Packagist {
    fn parts<'a>(&self, text: &'a str) -> Result<Parts<'a>, VersionError> {
        let version = text.trim();
        let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
        let version = version.split_once('+').map_or(version, |(version, _build)| version).as_bytes();
        if version.iter().any(|b| b.is_ascii_whitespace()) || !version.iter().any(u8::is_ascii_alphanumeric) {
            return Err(VersionError::new(self.name(), text));
        }
        Ok(Parts { rest: version, numbers: 0 })
    }
}

/// Numbers that every version has, the missing ones being zero.
const NUMBERS: usize = 4;

/// What is still unread of a version.
struct Parts<'a> {
    rest: &'a [u8],
    /// Numbers of its beginning that were taken or made; [`NUMBERS`] when that is over.
    numbers: usize,
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        if self.numbers < NUMBERS {
            let text = if self.numbers == 0 { Some(self.rest) } else { self.rest.strip_prefix(b".") };
            let text = text.unwrap_or_default();
            let (digits, behind) = numbers::leading_digits(text);
            if !digits.is_empty() {
                self.numbers += 1;
                self.rest = behind;
                return Some(Part::Number(digits));
            }
            if self.numbers > 0 && text.first() != Some(&b'#') {
                self.numbers += 1;
                return Some(Part::Number(b"0"));
            }
            self.numbers = NUMBERS;
        }
        next(&mut self.rest)
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

/// The beginnings of words that PHP knows, in its order; Composer writes them in its case.
const WORDS: &[(&str, Rank)] =
    &[("dev", Rank::Dev), ("a", Rank::Alpha), ("b", Rank::Beta), ("rc", Rank::Candidate), ("p", Rank::Patch)];

/// Takes the next number, word or `#`; everything else, and `stable`, only separates.
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
    if word.eq_ignore_ascii_case(b"stable") {
        return next(rest);
    }
    let begins = |start: &str| word.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start.as_bytes()));
    let rank = WORDS.iter().find(|(start, _)| begins(start)).map_or(Rank::Unknown, |(_, rank)| *rank);
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
