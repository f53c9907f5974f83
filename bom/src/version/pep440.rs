//! PEP 440, the order of Python packages (packaging.python.org, "Version
//! specifiers"). Versions from before PEP 440 are ordered among each other as
//! setuptools did, and before all others; `check` does not accept them.

mod legacy;

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders PyPI versions.
pub static PEP440: Pep440 = Pep440;

/// The scheme of PEP 440.
pub struct Pep440;

impl Scheme for Pep440 {
    fn name(&self) -> &'static str {
        "pep440"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Zero) {
            return Ok(order);
        }
        match (parse(a), parse(b)) {
            (Some(a), Some(b)) => Ok(order(&a, &b)),
            (a_read, b_read) => {
                for (read, text) in [(&a_read, a), (&b_read, b)] {
                    if read.is_none() && !legacy::is_readable(text) {
                        return Err(VersionError::new(self.name(), text));
                    }
                }
                Ok(a_read.is_some().cmp(&b_read.is_some()).then_with(|| legacy::order(a, b)))
            }
        }
    }

    fn check(&self, text: &str) -> Result<(), VersionError> {
        parse(text).map(drop).ok_or_else(|| VersionError::new(self.name(), text))
    }
}

/// A version taken apart; numbers as digits, an absent number of a present part empty.
struct Parts<'a> {
    epoch: &'a [u8],
    release: &'a [u8],
    pre: Option<(Phase, &'a [u8])>,
    post: Option<&'a [u8]>,
    dev: Option<&'a [u8]>,
    local: Option<&'a [u8]>,
}

/// The phase of a pre-release.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Alpha,
    Beta,
    Candidate,
}

/// Longer spellings first: `alpha` must not be read as `a` and a rest.
const PHASES: &[(&str, Phase)] = &[
    ("alpha", Phase::Alpha),
    ("a", Phase::Alpha),
    ("beta", Phase::Beta),
    ("b", Phase::Beta),
    ("preview", Phase::Candidate),
    ("pre", Phase::Candidate),
    ("c", Phase::Candidate),
    ("rc", Phase::Candidate),
];

fn order(a: &Parts<'_>, b: &Parts<'_>) -> Ordering {
    numbers::digits(a.epoch, b.epoch)
        .then_with(|| numbers::dotted(a.release, b.release))
        .then_with(|| phase(a).cmp(&phase(b)))
        .then_with(|| numbers::digits(pre_number(a), pre_number(b)))
        .then_with(|| post(a, b))
        .then_with(|| dev(a, b))
        .then_with(|| local(a.local, b.local))
}

/// Where a version stands between the development and the final release of its numbers.
fn phase(version: &Parts<'_>) -> (u8, Option<Phase>) {
    match version.pre {
        Some((phase, _)) => (1, Some(phase)),
        None if version.post.is_none() && version.dev.is_some() => (0, None),
        None => (2, None),
    }
}

fn pre_number<'a>(version: &Parts<'a>) -> &'a [u8] {
    version.pre.map_or(&[], |(_, number)| number)
}

fn post(a: &Parts<'_>, b: &Parts<'_>) -> Ordering {
    let present = a.post.is_some().cmp(&b.post.is_some());
    present.then_with(|| numbers::digits(a.post.unwrap_or_default(), b.post.unwrap_or_default()))
}

fn dev(a: &Parts<'_>, b: &Parts<'_>) -> Ordering {
    let absent = a.dev.is_none().cmp(&b.dev.is_none());
    absent.then_with(|| numbers::digits(a.dev.unwrap_or_default(), b.dev.unwrap_or_default()))
}

/// Local versions: none first, words before numbers, the longer after its beginning.
fn local(a: Option<&[u8]>, b: Option<&[u8]>) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return a.is_some().cmp(&b.is_some()) };
    let (mut a, mut b) = (a.split(is_separator), b.split(is_separator));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => match (numbers::all_digits(x), numbers::all_digits(y)) {
                (true, true) => numbers::digits(x, y),
                (false, false) => lower(x).cmp(lower(y)),
                (x_number, y_number) => x_number.cmp(&y_number),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn lower(text: &[u8]) -> impl Iterator<Item = u8> {
    text.iter().map(u8::to_ascii_lowercase)
}

/// Reads the regular expression of PEP 440, appendix B.
fn parse(text: &str) -> Option<Parts<'_>> {
    let mut rest = text.trim().as_bytes();
    if let [b'v' | b'V', behind @ ..] = rest {
        rest = behind;
    }
    let epoch = epoch(&mut rest);
    let release = release(&mut rest)?;
    let pre = pre(&mut rest);
    let post = implicit_post(&mut rest).or_else(|| word_and_number(&mut rest, &["post", "rev", "r"]));
    let dev = word_and_number(&mut rest, &["dev"]);
    let local = match rest {
        [] => None,
        [b'+', local @ ..] if is_local(local) => Some(local),
        _ => return None,
    };
    Some(Parts { epoch, release, pre, post, dev, local })
}

fn epoch<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    match numbers::leading_digits(rest) {
        (epoch, [b'!', behind @ ..]) if !epoch.is_empty() => {
            *rest = behind;
            epoch
        }
        _ => &[],
    }
}

/// Numbers and the single dots between them; leaves a dot that no number follows.
fn release<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let text = *rest;
    let mut end = 0;
    loop {
        let number = numbers::leading_digits(text.get(end..)?).0.len();
        if number == 0 {
            // A dot without a number belongs to what follows, as in `1.0.dev1`.
            end = end.checked_sub(1)?;
            break;
        }
        end += number;
        if text.get(end) != Some(&b'.') {
            break;
        }
        end += 1;
    }
    let (release, behind) = text.split_at_checked(end)?;
    *rest = behind;
    Some(release)
}

fn pre<'a>(rest: &mut &'a [u8]) -> Option<(Phase, &'a [u8])> {
    PHASES.iter().find_map(|(word, phase)| word_and_number(rest, &[word]).map(|number| (*phase, number)))
}

/// `-1`, an older spelling of `.post1`.
fn implicit_post<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let [b'-', behind @ ..] = *rest else { return None };
    let (number, behind) = numbers::leading_digits(behind);
    if number.is_empty() {
        return None;
    }
    *rest = behind;
    Some(number)
}

/// One of the words, with a separator before and behind it where there is one, and its number.
fn word_and_number<'a>(rest: &mut &'a [u8], words: &[&str]) -> Option<&'a [u8]> {
    let text = after_separator(rest);
    let word = words.iter().find(|w| text.get(..w.len()).is_some_and(|t| t.eq_ignore_ascii_case(w.as_bytes())))?;
    let (number, behind) = numbers::leading_digits(after_separator(text.get(word.len()..)?));
    *rest = behind;
    Some(number)
}

fn after_separator(text: &[u8]) -> &[u8] {
    match text {
        [first, behind @ ..] if is_separator(first) => behind,
        _ => text,
    }
}

fn is_separator(byte: &u8) -> bool {
    matches!(byte, b'.' | b'-' | b'_')
}

fn is_local(text: &[u8]) -> bool {
    text.split(is_separator).all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_alphanumeric))
}
