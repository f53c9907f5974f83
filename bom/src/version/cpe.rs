//! Versions of products that a CPE names: a `version`, or a `version update`. Nobody
//! gave them an order, so only what nearly every vendor means alike is told, and
//! anything else is no order at all:
//!
//! - numbers, whatever parts them, absent ones being zero; a leading `v`, `final`, `ga`
//!   and `release` say nothing;
//! - `dev`, `alpha`, `beta`, `pre`, `rc` come before the version itself, and a letter
//!   behind its last number (`1.0.2k`) or a patch (`4.2.8p9`, `sp1`) after it;
//! - another word equals itself alone;
//! - an update is compared with another one of the same version. Whether it comes before
//!   or after the version without one is not told; the update `*` is every one.

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders versions of products that a CPE names.
pub static CPE: Cpe = Cpe;

/// The scheme.
pub struct Cpe;

/// Words before a version, in their order, and words after it.
const BEFORE: &[&[&str]] = &[&["dev", "snapshot"], &["alpha"], &["beta"], &["pre", "preview"], &["rc", "cr"]];
const AFTER: &[&str] = &["p", "pl", "patch", "sp", "update", "u", "hotfix", "hf", "fp", "r"];
const SILENT: &[&str] = &["final", "ga", "release"];
/// Single letters that stand for a word before a version where a number follows.
const UNCLEAR: &[&str] = &["a", "b", "c", "m"];
/// Words of one version whose meaning is still guessed.
const WORDS: usize = 2;

impl Scheme for Cpe {
    fn name(&self) -> &'static str {
        "cpe"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Zero) {
            return Ok(order);
        }
        let unordered = || VersionError::new("comparable CPE", a);
        if a == b {
            return if a.is_empty() { Err(unordered()) } else { Ok(Ordering::Equal) };
        }
        let (one, other) = (a.to_lowercase(), b.to_lowercase());
        let (one_update, other_update) = (one.split_once(' '), other.split_once(' '));
        let version = |text: &'_ str, update: Option<(&'_ str, &'_ str)>| update.map_or(text.len(), |(version, _)| version.len());
        let (one_version, other_version) = (
            one.get(..version(&one, one_update)).unwrap_or_default(),
            other.get(..version(&other, other_update)).unwrap_or_default(),
        );
        let order = versions(one_version, other_version).ok_or_else(unordered)?;
        if order.is_ne() {
            return Ok(order);
        }
        match (one_update.map(|(_, update)| update), other_update.map(|(_, update)| update)) {
            (Some("*"), _) | (_, Some("*")) | (None, None) => Ok(Ordering::Equal),
            (Some(one), Some(other)) => pieces(one, other).ok_or_else(unordered),
            _ => Err(unordered()),
        }
    }
}

/// Orders what begins with a number; another text is itself alone.
fn versions(a: &str, b: &str) -> Option<Ordering> {
    if a == b {
        return Some(Ordering::Equal);
    }
    let bare = |text: &'_ str| text.strip_prefix('v').map_or(0, |_| 1);
    let (a, b) = (a.get(bare(a)..)?, b.get(bare(b)..)?);
    let numeric = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if numeric(a) && numeric(b) { pieces(a, b) } else { None }
}

/// Orders numbers and words in turn; `None` where words decide that have no order.
fn pieces(a: &str, b: &str) -> Option<Ordering> {
    let (mut a, mut b) = (Pieces::of(a), Pieces::of(b));
    loop {
        let order = a.numbers(&mut b);
        if order.is_ne() {
            return Some(order);
        }
        let (one, other) = (a.word(), b.word());
        match one.order(&other)? {
            Ordering::Equal if one == Word::End => return Some(Ordering::Equal),
            Ordering::Equal => {}
            order => return Some(order),
        }
    }
}

/// What stands between the numbers of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word<'a> {
    Before(usize),
    End,
    Letter(&'a str),
    After(&'a str),
    Unknown(&'a str),
}

impl Word<'_> {
    fn order(&self, other: &Self) -> Option<Ordering> {
        let place = |word: &Self| match word {
            Self::Before(_) => Some(0),
            Self::End => Some(1),
            Self::Letter(_) | Self::After(_) => Some(2),
            Self::Unknown(_) => None,
        };
        match (self, other) {
            (one, other) if one == other => Some(Ordering::Equal),
            (Self::Before(one), Self::Before(other)) => Some(one.cmp(other)),
            (Self::Letter(one), Self::Letter(other)) => Some(one.cmp(other)),
            (one, other) => match (place(one)?, place(other)?) {
                (one, other) if one == other => None,
                (one, other) => Some(one.cmp(&other)),
            },
        }
    }
}

/// A version on its way through its numbers and words.
struct Pieces<'a> {
    rest: &'a str,
    words: usize,
}

impl<'a> Pieces<'a> {
    fn of(rest: &'a str) -> Self {
        Self { rest, words: 0 }
    }

    /// Goes over the numbers up to the next word, on both sides.
    fn numbers(&mut self, other: &mut Self) -> Ordering {
        let mut order = Ordering::Equal;
        loop {
            let (a, b) = (self.number(), other.number());
            if a.is_none() && b.is_none() {
                return order;
            }
            order = order.then_with(|| numbers::digits(a.unwrap_or_default().as_bytes(), b.unwrap_or_default().as_bytes()));
        }
    }

    /// The next number, unless a word comes first.
    fn number(&mut self) -> Option<&'a str> {
        loop {
            self.rest = self.rest.trim_start_matches(|c: char| !c.is_alphanumeric());
            let (digits, behind) = self.take(|c| c.is_ascii_digit());
            if !digits.is_empty() {
                self.rest = behind;
                return Some(digits);
            }
            let (word, behind) = self.take(char::is_alphabetic);
            if !SILENT.contains(&word) {
                return None;
            }
            self.rest = behind;
        }
    }

    fn word(&mut self) -> Word<'a> {
        let (word, behind) = self.take(|c| c.is_alphanumeric() && !c.is_ascii_digit());
        if word.is_empty() {
            return Word::End;
        }
        self.rest = behind;
        self.words += 1;
        let counted = behind.starts_with(|c: char| c.is_ascii_digit());
        let letter = word.len() == 1 || (word.len() == 2 && word.starts_with('z'));
        if self.words > WORDS {
            return Word::Unknown(word);
        }
        match BEFORE.iter().position(|words| words.contains(&word)) {
            Some(place) => Word::Before(place),
            None if letter && !counted => Word::Letter(word),
            None if AFTER.contains(&word) => Word::After(word),
            None if word.len() == 1 && counted && !UNCLEAR.contains(&word) => Word::After(word),
            None => Word::Unknown(word),
        }
    }

    fn take(&self, wanted: impl Fn(char) -> bool) -> (&'a str, &'a str) {
        let end = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        self.rest.split_at_checked(end).unwrap_or((self.rest, ""))
    }
}
