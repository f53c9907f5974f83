//! Debian versions, `[epoch:]upstream[-revision]` (Debian Policy 5.6.12, deb-version(7)),
//! and opam's, which are ordered the same way but have neither epoch nor revision.

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders the versions of Debian and what is derived from it.
pub static DPKG: Dpkg = Dpkg { name: "dpkg", parts: true };

/// Orders opam versions.
pub static OPAM: Dpkg = Dpkg { name: "opam", parts: false };

/// The scheme of dpkg and opam.
pub struct Dpkg {
    name: &'static str,
    /// Whether a version has an epoch and a revision.
    parts: bool,
}

impl Scheme for Dpkg {
    fn name(&self) -> &'static str {
        self.name
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Before) {
            return Ok(order);
        }
        let (a, b) = (self.parse(a)?, self.parse(b)?);
        let order = numbers::digits(a.epoch, b.epoch).then_with(|| fragments(a.upstream, b.upstream));
        Ok(order.then_with(|| fragments(a.revision, b.revision)))
    }

    /// An upstream version begins with a digit; dpkg orders others too.
    fn check(&self, text: &str) -> Result<(), VersionError> {
        let version = self.parse(text)?;
        let allowed = |b: &u8| b.is_ascii_alphanumeric() || b".+-~:_".contains(b);
        if (!self.parts || version.upstream.first().is_some_and(u8::is_ascii_digit)) && text.trim().as_bytes().iter().all(allowed)
        {
            Ok(())
        } else {
            Err(VersionError::new(self.name, text))
        }
    }
}

struct Parts<'a> {
    epoch: &'a [u8],
    upstream: &'a [u8],
    revision: &'a [u8],
}

impl Dpkg {
    fn parse<'a>(&self, text: &'a str) -> Result<Parts<'a>, VersionError> {
        let version = text.trim();
        let error = || VersionError::new(self.name, text);
        if version.is_empty() || version.bytes().any(|b| b.is_ascii_whitespace()) {
            return Err(error());
        }
        if !self.parts {
            return Ok(Parts { epoch: &[], upstream: version.as_bytes(), revision: &[] });
        }
        let (epoch, rest) = version.split_once(':').unwrap_or(("0", version));
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
        if !numbers::all_digits(epoch.as_bytes()) || upstream.is_empty() {
            return Err(error());
        }
        Ok(Parts { epoch: epoch.as_bytes(), upstream: upstream.as_bytes(), revision: revision.as_bytes() })
    }
}

/// Compares in turn what is no number, character by character, and numbers.
fn fragments(mut a: &[u8], mut b: &[u8]) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let (x, y);
        (x, a) = numbers::split_while(a, |c| !c.is_ascii_digit());
        (y, b) = numbers::split_while(b, |c| !c.is_ascii_digit());
        let order = words(x, y);
        if order.is_ne() {
            return order;
        }
        let (x, y);
        (x, a) = numbers::leading_digits(a);
        (y, b) = numbers::leading_digits(b);
        let order = numbers::digits(x, y);
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

/// A tilde is before the end, the end before letters, letters before all else.
fn words(a: &[u8], b: &[u8]) -> Ordering {
    let weight = |c: Option<&u8>| match c {
        Some(b'~') => -1,
        None => 0,
        Some(c) if c.is_ascii_alphabetic() => i32::from(*c),
        Some(c) => i32::from(*c) + 256,
    };
    (0..a.len().max(b.len()))
        .map(|i| weight(a.get(i)).cmp(&weight(b.get(i))))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}
