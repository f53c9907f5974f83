//! Ecosystems whose versions nobody has given an order (OSS-Fuzz, Android):
//! the same text is the same version, and nothing else can be told.

use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Knows only whether two versions are spelled the same.
pub static OPAQUE: Opaque = Opaque;

/// The scheme of ecosystems without an order.
pub struct Opaque;

impl Scheme for Opaque {
    fn name(&self) -> &'static str {
        "opaque"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if a == b { Ok(Ordering::Equal) } else { Err(VersionError::new("comparable", a)) }
    }
}
