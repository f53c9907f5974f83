//! The two orders of the vers specification that belong to no packager: texts by
//! their characters, and points in time.

use super::{Scheme, VersionError};
use chrono::DateTime;
use std::cmp::Ordering;

/// Orders texts by their characters' numbers in Unicode.
pub static LEXICOGRAPHIC: Lexicographic = Lexicographic;

/// Orders points in time, as RFC 3339 writes them.
pub static DATETIME: Datetime = Datetime;

/// The order of characters.
pub struct Lexicographic;

impl Scheme for Lexicographic {
    fn name(&self) -> &'static str {
        "lexicographic"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        // UTF-8 keeps the order of the characters.
        Ok(a.cmp(b))
    }
}

/// The order of time.
pub struct Datetime;

impl Scheme for Datetime {
    fn name(&self) -> &'static str {
        "datetime"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        let read = |text| DateTime::parse_from_rfc3339(text).map_err(|_| VersionError::new(self.name(), text));
        Ok(read(a)?.cmp(&read(b)?))
    }
}
