//! Conan versions (docs.conan.io, "Version ranges"): parts of any kind between
//! dots, a pre-release behind a hyphen, a build behind a plus. A number and a
//! word compare as texts, so that odd mixtures are in no order at all.

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders ConanCenter versions.
pub static CONAN: Conan = Conan;

/// The scheme of Conan 2.
pub struct Conan;

impl Scheme for Conan {
    fn name(&self) -> &'static str {
        "conan"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Zero) {
            return Ok(order);
        }
        let ((a, a_pre, a_build), (b, b_pre, b_build)) = (self.parts(a)?, self.parts(b)?);
        Ok(items(a, b).then_with(|| pre_release(a_pre, b_pre)).then_with(|| build(a_build, b_build)))
    }
}

type Parts<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

impl Conan {
    fn parts<'a>(&self, text: &'a str) -> Result<Parts<'a>, VersionError> {
        let version = text.trim();
        if version.is_empty() || version.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(VersionError::new(self.name(), text));
        }
        let (version, build) = behind(version.rsplit_once('+'), version);
        let (version, pre) = behind(version.split_once('-'), version);
        Ok((version, pre, build))
    }
}

fn behind<'a>(split: Option<(&'a str, &'a str)>, whole: &'a str) -> (&'a str, Option<&'a str>) {
    split.map_or((whole, None), |(before, behind)| (before, Some(behind)))
}

/// Zeros at the end say nothing; the longer of two lists is the later.
fn items(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (without_zeros(a).split('.'), without_zeros(b).split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(x), Some(y)) => item(x, y),
            (x, y) => return x.is_some().cmp(&y.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn without_zeros(mut text: &str) -> &str {
    while let Some((rest, last)) = text.rsplit_once('.') {
        if last.is_empty() || !numbers::is_zero(last.as_bytes()) {
            break;
        }
        text = rest;
    }
    text
}

fn item(a: &str, b: &str) -> Ordering {
    if numbers::all_digits(a.as_bytes()) && numbers::all_digits(b.as_bytes()) {
        numbers::digits(a.as_bytes(), b.as_bytes())
    } else {
        a.cmp(b)
    }
}

/// Absent last; an empty one first.
fn pre_release(a: Option<&str>, b: Option<&str>) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return a.is_none().cmp(&b.is_none()) };
    items(a, b)
}

/// Absent first.
fn build(a: Option<&str>, b: Option<&str>) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return a.is_some().cmp(&b.is_some()) };
    items(a, b)
}
