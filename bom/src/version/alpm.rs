//! Arch Linux versions, `[epoch:]version[-release]`, as pacman's vercmp(8) orders
//! them: like an older rpm, but `1.0a` is before `1.0`, and a release counts only
//! where both versions have one.

use super::numbers;
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders the versions of Arch Linux.
pub static ALPM: Alpm = Alpm;

/// The scheme of pacman.
pub struct Alpm;

impl Scheme for Alpm {
    fn name(&self) -> &'static str {
        "alpm"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        let read = |text| parse(text).ok_or_else(|| VersionError::new(self.name(), text));
        let (a, b) = (read(a)?, read(b)?);
        let release = || match (a.release, b.release) {
            (Some(x), Some(y)) => part(x, y),
            _ => Ordering::Equal,
        };
        Ok(numbers::digits(a.epoch, b.epoch).then_with(|| part(a.version, b.version)).then_with(release))
    }
}

struct Parts<'a> {
    epoch: &'a [u8],
    version: &'a [u8],
    release: Option<&'a [u8]>,
}

fn parse(text: &str) -> Option<Parts<'_>> {
    let text = text.trim();
    if text.is_empty() || text.bytes().any(|b| b.is_ascii_whitespace()) {
        return None;
    }
    let (epoch, rest) = match numbers::leading_digits(text.as_bytes()) {
        (epoch, [b':', rest @ ..]) => (epoch, rest),
        _ => (&[][..], text.as_bytes()),
    };
    let release = rest.iter().rposition(|&b| b == b'-');
    let version = release.and_then(|at| rest.get(..at)).unwrap_or(rest);
    Some(Parts { epoch, version, release: release.and_then(|at| rest.get(at + 1..)) })
}

fn part(mut a: &[u8], mut b: &[u8]) -> Ordering {
    let separator = |byte: u8| !byte.is_ascii_alphanumeric();
    while !a.is_empty() && !b.is_empty() {
        let (x, y);
        (x, a) = numbers::split_while(a, separator);
        (y, b) = numbers::split_while(b, separator);
        if a.is_empty() || b.is_empty() {
            break;
        }
        let order = x.len().cmp(&y.len()).then_with(|| segment(&mut a, &mut b));
        if order.is_ne() {
            return order;
        }
    }
    // What is left over is a newer version, unless it begins with a letter.
    let word = |text: &[u8]| text.first().is_some_and(u8::is_ascii_alphabetic);
    match (a.is_empty(), b.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) if word(b) => Ordering::Greater,
        (true, false) => Ordering::Less,
        _ if word(a) => Ordering::Less,
        _ => Ordering::Greater,
    }
}

/// Takes a run of the same kind from both; a number is behind a word.
fn segment(a: &mut &[u8], b: &mut &[u8]) -> Ordering {
    let is_number = |text: &[u8]| text.first().is_some_and(u8::is_ascii_digit);
    let number = is_number(a);
    if number != is_number(b) {
        return number.cmp(&is_number(b));
    }
    let wanted = |byte: u8| if number { byte.is_ascii_digit() } else { byte.is_ascii_alphabetic() };
    let (x, y);
    (x, *a) = numbers::split_while(a, wanted);
    (y, *b) = numbers::split_while(b, wanted);
    if number { numbers::digits(x, y) } else { x.cmp(y) }
}
