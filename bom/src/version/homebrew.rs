//! Homebrew versions, `version[_revision]`: tokens as Homebrew's `Version` scans
//! them (`alpha`, `beta`, `pre` and `rc` before a release, `p` and `post` behind it).

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders Homebrew formulae's versions.
pub static HOMEBREW: Homebrew = Homebrew;

/// The scheme of Homebrew.
pub struct Homebrew;

impl Scheme for Homebrew {
    fn name(&self) -> &'static str {
        "homebrew"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Zero) {
            return Ok(order);
        }
        let ((a, a_revision), (b, b_revision)) = (self.parts(a)?, self.parts(b)?);
        Ok(walk(Tokens(a), Tokens(b)).then_with(|| numbers::digits(a_revision, b_revision)))
    }
}

impl Homebrew {
    fn parts<'a>(&self, text: &'a str) -> Result<(&'a [u8], &'a [u8]), VersionError> {
        let version = text.trim();
        if !version.bytes().any(|b| b.is_ascii_digit()) || version.bytes().any(|b| b.is_ascii_whitespace()) {
            return Err(VersionError::new(self.name(), text));
        }
        Ok(match version.rsplit_once('_') {
            Some((version, revision)) if numbers::all_digits(revision.as_bytes()) && !version.is_empty() => {
                (version.as_bytes(), revision.as_bytes())
            }
            _ => (version.as_bytes(), &[]),
        })
    }
}

/// A token; the kinds are in their order, an absent one between `Candidate` and `Word`.
#[derive(Clone, Copy)]
struct Token<'a> {
    kind: Kind,
    /// A word's letters, or the digits of any other.
    text: &'a [u8],
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Alpha,
    Beta,
    Pre,
    Candidate,
    Absent,
    Word,
    Patch,
    Post,
    Number,
}

const WORDS: &[(&str, Kind)] = &[
    ("alpha", Kind::Alpha),
    ("beta", Kind::Beta),
    ("pre", Kind::Pre),
    ("rc", Kind::Candidate),
    ("p", Kind::Patch),
    ("post", Kind::Post),
];
const ABSENT: Token<'static> = Token { kind: Kind::Absent, text: &[] };

/// What is still unread of a version.
#[derive(Clone, Copy)]
struct Tokens<'a>(&'a [u8]);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let text = numbers::split_while(self.0, |b| !b.is_ascii_alphanumeric()).1;
        let (word, behind) = numbers::split_while(text, |b| b.is_ascii_alphabetic());
        let (digits, rest) = numbers::leading_digits(behind);
        if word.is_empty() {
            self.0 = rest;
            return (!digits.is_empty()).then_some(Token { kind: Kind::Number, text: digits });
        }
        let known = WORDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes())).map(|(_, kind)| *kind);
        let kind = match word {
            b"a" | b"A" if !digits.is_empty() => Some(Kind::Alpha),
            b"b" | b"B" if !digits.is_empty() => Some(Kind::Beta),
            _ => known.filter(|kind| *kind != Kind::Post || !digits.is_empty()),
        };
        let Some(kind) = kind else {
            self.0 = behind;
            return Some(Token { kind: Kind::Word, text: word });
        };
        self.0 = rest;
        Some(Token { kind, text: digits })
    }
}

/// Token by token; a zero on one side alone is passed over (`2.1.0-p194` is `2.1-p194`).
fn walk(mut a: Tokens<'_>, mut b: Tokens<'_>) -> Ordering {
    loop {
        let (x, y) = (a.clone().next(), b.clone().next());
        if x.is_none() && y.is_none() {
            return Ordering::Equal;
        }
        let (x, y) = (x.unwrap_or(ABSENT), y.unwrap_or(ABSENT));
        match (x.kind == Kind::Number, y.kind == Kind::Number) {
            (true, false) if !numbers::is_zero(x.text) => return Ordering::Greater,
            (false, true) if !numbers::is_zero(y.text) => return Ordering::Less,
            (true, false) => drop(a.next()),
            (false, true) => drop(b.next()),
            _ => {
                let order = x.kind.cmp(&y.kind).then_with(|| same_kind(x, y));
                if order.is_ne() {
                    return order;
                }
                a.next();
                b.next();
            }
        }
    }
}

fn same_kind(a: Token<'_>, b: Token<'_>) -> Ordering {
    match a.kind {
        Kind::Word => a.text.to_ascii_lowercase().cmp(&b.text.to_ascii_lowercase()),
        _ => numbers::digits(a.text, b.text),
    }
}
