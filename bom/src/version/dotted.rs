//! Versions that are numbers alone: Hackage (the Package Versioning Policy) and
//! R (`package_version`). Of `1.0` and `1.0.0` the longer is the later.

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders Hackage versions.
pub static HACKAGE: Dotted = Dotted { name: "hackage", hyphens: false };

/// Orders CRAN and Bioconductor versions; a hyphen separates like a dot.
pub static CRAN: Dotted = Dotted { name: "cran", hyphens: true };

/// A scheme of numbers alone.
pub struct Dotted {
    name: &'static str,
    hyphens: bool,
}

impl Scheme for Dotted {
    fn name(&self) -> &'static str {
        self.name
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Before) {
            return Ok(order);
        }
        self.read(a)?;
        self.read(b)?;
        let (mut a, mut b) = (self.numbers(a), self.numbers(b));
        loop {
            let order = match (a.next(), b.next()) {
                (Some(x), Some(y)) => numbers::digits(x, y),
                (None, None) => return Ok(Ordering::Equal),
                (x, y) => return Ok(x.is_some().cmp(&y.is_some())),
            };
            if order.is_ne() {
                return Ok(order);
            }
        }
    }
}

impl Dotted {
    fn read(&self, text: &str) -> Result<(), VersionError> {
        if self.numbers(text).all(numbers::all_digits) { Ok(()) } else { Err(VersionError::new(self.name, text)) }
    }

    fn numbers<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let hyphens = self.hyphens;
        text.trim().as_bytes().split(move |&b| b == b'.' || (hyphens && b == b'-'))
    }
}
