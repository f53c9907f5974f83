//! Gentoo versions (Package Manager Specification, "Version Comparison"): numbers,
//! a letter, suffixes (`_rc1`, `_p2`) and a revision (`-r1`).

use super::numbers;
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders the versions of Gentoo.
pub static GENTOO: Gentoo = Gentoo;

/// The scheme of Gentoo.
pub struct Gentoo;

impl Scheme for Gentoo {
    fn name(&self) -> &'static str {
        "gentoo"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        let read = |text| parse(text).ok_or_else(|| VersionError::new(self.name(), text));
        let (a, b) = (read(a)?, read(b)?);
        Ok(components(a.core, b.core)
            .then_with(|| a.letter.cmp(&b.letter))
            .then_with(|| suffixes(a.suffixes, b.suffixes))
            .then_with(|| numbers::digits(a.revision, b.revision)))
    }
}

struct Parts<'a> {
    core: &'a [u8],
    letter: Option<u8>,
    /// From the first underscore.
    suffixes: &'a [u8],
    revision: &'a [u8],
}

/// Suffixes in their order; `NONE` is where a version without one stands.
const SUFFIXES: &[&[u8]] = &[b"alpha", b"beta", b"pre", b"rc", b"", b"p"];
const NONE: usize = 4;

fn parse(text: &str) -> Option<Parts<'_>> {
    let text = text.trim().as_bytes();
    let (rest, revision) = match text.windows(2).rposition(|pair| pair == b"-r") {
        Some(at) => (text.get(..at)?, text.get(at + 2..).filter(|digits| numbers::all_digits(digits))?),
        None => (text, &[][..]),
    };
    let (core, rest) = numbers::split_while(rest, |b| b.is_ascii_digit() || b == b'.');
    let (letter, suffixes) = match rest {
        [letter @ b'a'..=b'z', behind @ ..] => (Some(*letter), behind),
        _ => (None, rest),
    };
    let known = suffixes.split(|&b| b == b'_').skip(1).all(|suffix| read_suffix(suffix).is_some());
    let numeric = core.split(|&b| b == b'.').all(numbers::all_digits);
    (numeric && known && (suffixes.is_empty() || suffixes.first() == Some(&b'_'))).then_some(Parts {
        core,
        letter,
        suffixes,
        revision,
    })
}

/// The first number counts as one; later ones with a leading zero are fractions.
fn components(a: &[u8], b: &[u8]) -> Ordering {
    let (mut a, mut b) = (a.split(|&c| c == b'.'), b.split(|&c| c == b'.'));
    let first = numbers::digits(a.next().unwrap_or_default(), b.next().unwrap_or_default());
    if first.is_ne() {
        return first;
    }
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(x), Some(y)) if x.starts_with(b"0") || y.starts_with(b"0") => fraction(x).cmp(fraction(y)),
            (Some(x), Some(y)) => numbers::digits(x, y),
            (x, y) => return x.is_some().cmp(&y.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn fraction(digits: &[u8]) -> &[u8] {
    let end = digits.iter().rposition(|&b| b != b'0').map_or(0, |at| at + 1);
    digits.get(..end).unwrap_or(digits)
}

fn suffixes(a: &[u8], b: &[u8]) -> Ordering {
    let list = |text| <[u8]>::split(text, |&c: &u8| c == b'_').skip(1).filter_map(read_suffix);
    let (mut a, mut b) = (list(a), list(b));
    loop {
        let (x, y) = (a.next(), b.next());
        if x.is_none() && y.is_none() {
            return Ordering::Equal;
        }
        let ((x, n), (y, m)) = (x.unwrap_or((NONE, &[])), y.unwrap_or((NONE, &[])));
        let order = x.cmp(&y).then_with(|| numbers::digits(n, m));
        if order.is_ne() {
            return order;
        }
    }
}

/// Where a suffix stands, and its number.
fn read_suffix(text: &[u8]) -> Option<(usize, &[u8])> {
    let (word, number) = numbers::split_while(text, |b| b.is_ascii_alphabetic());
    let place = SUFFIXES.iter().position(|suffix| *suffix == word && !word.is_empty())?;
    number.iter().all(u8::is_ascii_digit).then_some((place, number))
}
