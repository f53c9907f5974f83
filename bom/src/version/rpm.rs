//! RPM versions, `[epoch:]version[-release]`, each part ordered as `rpmvercmp`
//! does (rpm's manual, "Dependencies": tilde before, caret behind a release).

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders the versions of Red Hat, SUSE and all others that use RPM.
pub static RPM: Rpm = Rpm;

/// The scheme of RPM.
pub struct Rpm;

impl Scheme for Rpm {
    fn name(&self) -> &'static str {
        "rpm"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Before) {
            return Ok(order);
        }
        let read = |text| parse(text).ok_or_else(|| VersionError::new(self.name(), text));
        let (a, b) = (read(a)?, read(b)?);
        Ok(numbers::digits(a.epoch, b.epoch)
            .then_with(|| part(a.version, b.version))
            .then_with(|| a.release.is_some().cmp(&b.release.is_some()))
            .then_with(|| part(a.release.unwrap_or_default(), b.release.unwrap_or_default())))
    }
}

struct Parts<'a> {
    epoch: &'a [u8],
    version: &'a [u8],
    /// Absent is before every release.
    release: Option<&'a [u8]>,
}

fn parse(text: &str) -> Option<Parts<'_>> {
    let text = text.trim().as_bytes();
    if text.is_empty() || text.iter().any(u8::is_ascii_whitespace) {
        return None;
    }
    // Module streams put colons elsewhere: only digits before one are an epoch.
    let (epoch, version) = match numbers::leading_digits(text) {
        (epoch, [b':', version @ ..]) => (epoch, version),
        _ => (&[][..], text),
    };
    let (version, release) = match numbers::split_while(version, |b| b != b'-') {
        (version, [b'-', release @ ..]) => (version, Some(release)),
        _ => (version, None),
    };
    Some(Parts { epoch, version, release })
}

/// Compares runs of digits and of letters; everything else only separates,
/// but for the tilde, which is before the end, and the caret, which is behind it.
fn part(mut a: &[u8], mut b: &[u8]) -> Ordering {
    loop {
        a = numbers::split_while(a, is_separator).1;
        b = numbers::split_while(b, is_separator).1;
        match (a, b) {
            ([b'~', x @ ..], [b'~', y @ ..]) | ([b'^', x @ ..], [b'^', y @ ..]) => {
                (a, b) = (x, y);
                continue;
            }
            ([b'~', ..], _) => return Ordering::Less,
            (_, [b'~', ..]) => return Ordering::Greater,
            ([], []) => return Ordering::Equal,
            ([], _) => return Ordering::Less,
            (_, []) => return Ordering::Greater,
            ([b'^', ..], _) => return Ordering::Less,
            (_, [b'^', ..]) => return Ordering::Greater,
            _ => {}
        }
        let order = segment(&mut a, &mut b);
        if order.is_ne() {
            return order;
        }
    }
}

/// Takes a run of the same kind from both; a number is behind a word.
fn segment(a: &mut &[u8], b: &mut &[u8]) -> Ordering {
    let is_number = |text: &[u8]| text.first().is_some_and(u8::is_ascii_digit);
    let (a_number, b_number) = (is_number(a), is_number(b));
    if a_number != b_number {
        return a_number.cmp(&b_number);
    }
    let wanted = |byte: u8| if a_number { byte.is_ascii_digit() } else { byte.is_ascii_alphabetic() };
    let (x, y);
    (x, *a) = numbers::split_while(a, wanted);
    (y, *b) = numbers::split_while(b, wanted);
    if a_number { numbers::digits(x, y) } else { x.cmp(y) }
}

fn is_separator(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && !matches!(byte, b'~' | b'^')
}
