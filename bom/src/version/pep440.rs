//! PEP 440, the order of Python packages.

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
        super::SEMVER.compare(a, b)
    }
}
