//! FreeBSD package versions, `version[_revision][,epoch]`, as pkg(8) orders them
//! (`pkg version -t`): numbers with a letter and a patch level between separators.

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders FreeBSD packages and releases.
pub static FREEBSD: FreeBsd = FreeBsd;

/// The scheme of pkg(8).
pub struct FreeBsd;

impl Scheme for FreeBsd {
    fn name(&self) -> &'static str {
        "freebsd"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Zero) {
            return Ok(order);
        }
        let read = |text| parse(text).ok_or_else(|| VersionError::new(self.name(), text));
        let (a, b) = (read(a)?, read(b)?);
        Ok(numbers::digits(a.epoch, b.epoch)
            .then_with(|| versions(a.version, b.version))
            .then_with(|| numbers::digits(a.revision, b.revision)))
    }
}

struct Parts<'a> {
    version: &'a [u8],
    revision: &'a [u8],
    epoch: &'a [u8],
}

fn parse(text: &str) -> Option<Parts<'_>> {
    let text = text.trim();
    let (rest, epoch) = text.rsplit_once(',').unwrap_or((text, ""));
    let (version, revision) = rest.rsplit_once('_').unwrap_or((rest, ""));
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let readable = version.bytes().any(|b| b.is_ascii_digit()) && !version.bytes().any(|b| b.is_ascii_whitespace());
    let parts = Parts { version: version.as_bytes(), revision: revision.as_bytes(), epoch: epoch.as_bytes() };
    (readable && numeric(epoch) && numeric(revision)).then_some(parts)
}

/// One component: `12rc3` is the number, then a component `rc3` without one.
#[derive(Default)]
struct Component<'a> {
    /// Without one it is before zero.
    number: Option<&'a [u8]>,
    letter: u8,
    /// A letter without a patch level is before one with zero.
    patch: Option<&'a [u8]>,
}

const NOTHING: Component<'static> = Component { number: Some(&[]), letter: 0, patch: Some(&[]) };
/// Words that begin a component of their own, and the letter they count as.
const STAGES: &[(&str, u8)] = &[("pl", 0), ("alpha", 1), ("beta", 2), ("pre", 16), ("rc", 18)];

/// Compares up to a plus, then what is behind it.
fn versions(mut a: &[u8], mut b: &[u8]) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        match (ended(a), ended(b)) {
            (true, true) => {
                a = a.get(1..).unwrap_or_default();
                b = b.get(1..).unwrap_or_default();
            }
            (a_ended, b_ended) => {
                let x = if a_ended { NOTHING } else { component(&mut a) };
                let y = if b_ended { NOTHING } else { component(&mut b) };
                let order = optional(x.number, y.number).then(x.letter.cmp(&y.letter)).then(optional(x.patch, y.patch));
                if order.is_ne() {
                    return order;
                }
            }
        }
    }
    Ordering::Equal
}

fn ended(text: &[u8]) -> bool {
    matches!(text.first(), None | Some(b'+'))
}

fn optional(a: Option<&[u8]>, b: Option<&[u8]>) -> Ordering {
    a.is_some().cmp(&b.is_some()).then_with(|| numbers::digits(a.unwrap_or_default(), b.unwrap_or_default()))
}

/// Takes a component and the separators behind it.
fn component<'a>(text: &mut &'a [u8]) -> Component<'a> {
    let (digits, rest) = numbers::leading_digits(text);
    let number = (!digits.is_empty()).then_some(digits);
    let (word, behind) = numbers::split_while(rest, |b| b.is_ascii_alphabetic());
    let stage = STAGES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes())).map(|(_, letter)| *letter);
    let mut found = Component { number, letter: 0, patch: Some(&[]) };
    let rest = match (word.first(), stage) {
        // The word is the next component's.
        (Some(_), Some(_)) if number.is_some() => rest,
        (Some(first), stage) => {
            found.letter = stage.unwrap_or(first.to_ascii_lowercase() - b'a' + 1);
            let (patch, behind) = numbers::leading_digits(behind);
            found.patch = (!patch.is_empty()).then_some(patch);
            behind
        }
        (None, _) => behind,
    };
    let separator = |b: u8| !b.is_ascii_alphanumeric() && b != b'+';
    *text = numbers::split_while(rest, separator).1;
    found
}
