//! Bitnami versions: Semantic Versioning, but a number behind a last hyphen
//! (`1.2.3-4`) is a revision of the package, later than none.

use super::numbers::{self, Absent};
use super::{SEMVER, Scheme, VersionError};
use std::cmp::Ordering;

/// Orders Bitnami versions.
pub static BITNAMI: Bitnami = Bitnami;

/// The scheme of Bitnami.
pub struct Bitnami;

impl Scheme for Bitnami {
    fn name(&self) -> &'static str {
        "bitnami"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Zero) {
            return Ok(order);
        }
        let ((a, a_revision), (b, b_revision)) = (parts(a), parts(b));
        let order = SEMVER.compare(a, b).map_err(|error| VersionError { scheme: self.name(), ..error })?;
        let revision = a_revision.is_some().cmp(&b_revision.is_some());
        let number = || numbers::digits(a_revision.unwrap_or_default(), b_revision.unwrap_or_default());
        Ok(order.then(revision).then_with(number))
    }
}

/// The version and its revision.
fn parts(text: &str) -> (&str, Option<&[u8]>) {
    let version = text.trim();
    let version = version.split_once('+').map_or(version, |(version, _)| version);
    match version.rsplit_once('-') {
        Some((version, revision)) if numbers::all_digits(revision.as_bytes()) => (version, Some(revision.as_bytes())),
        _ => (version, None),
    }
}
