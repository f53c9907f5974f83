//! Version order, one file per scheme. A version that its scheme cannot read is
//! an answer of its own, never a guess.

mod alpm;
mod apk;
mod bitnami;
pub mod check;
mod conan;
#[cfg(test)]
mod conformance;
mod cpe;
mod dotted;
mod dpkg;
mod freebsd;
mod gentoo;
mod homebrew;
mod maven;
mod nuget;
mod numbers;
mod opaque;
mod openssl;
mod packagist;
mod pep440;
mod plain_text;
mod rpm;
mod rubygems;
mod semver;
pub mod vers;

pub use alpm::ALPM;
pub use apk::APK;
pub use bitnami::BITNAMI;
pub use conan::CONAN;
pub use cpe::CPE;
pub use dotted::{CRAN, HACKAGE};
pub use dpkg::{DPKG, OPAM};
pub use freebsd::FREEBSD;
pub use gentoo::GENTOO;
pub use homebrew::HOMEBREW;
pub use maven::MAVEN;
pub use nuget::NUGET;
pub use opaque::OPAQUE;
pub use openssl::OPENSSL;
pub use packagist::PACKAGIST;
pub use pep440::PEP440;
pub use plain_text::{DATETIME, LEXICOGRAPHIC};
pub use rpm::RPM;
pub use rubygems::RUBYGEMS;
pub use semver::{GO, SEMVER, SEMVER_BUILD};

use std::cmp::Ordering;

/// Every scheme, to be found by its name.
pub static SCHEMES: &[&dyn Scheme] = &[
    &SEMVER,
    &SEMVER_BUILD,
    &GO,
    &PEP440,
    &MAVEN,
    &NUGET,
    &RUBYGEMS,
    &PACKAGIST,
    &HACKAGE,
    &CRAN,
    &CONAN,
    &BITNAMI,
    &OPAM,
    &DPKG,
    &RPM,
    &APK,
    &FREEBSD,
    &HOMEBREW,
    &CPE,
    &ALPM,
    &GENTOO,
    &OPENSSL,
    &LEXICOGRAPHIC,
    &DATETIME,
    &OPAQUE,
];

/// How versions of an ecosystem are ordered.
pub trait Scheme: Sync {
    /// The scheme's name, for example `pep440`.
    fn name(&self) -> &'static str;

    /// Orders two versions. Equal means "the same version in two spellings".
    /// Where an ecosystem's own tool orders texts that break its rule for
    /// versions, so does this; [`Scheme::check`] tells them apart.
    ///
    /// # Errors
    /// [`VersionError`] when either text cannot be ordered.
    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError>;

    /// Whether a text is a version by the scheme's own rule.
    ///
    /// # Errors
    /// [`VersionError`] when it is none.
    fn check(&self, text: &str) -> Result<(), VersionError> {
        self.compare(text, text).map(drop)
    }
}

/// A text that is no version of a scheme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {scheme} version")]
pub struct VersionError {
    /// The scheme that was asked.
    pub scheme: &'static str,
    /// What was given, cut to a readable length.
    pub text: String,
}

impl VersionError {
    fn new(scheme: &'static str, text: &str) -> Self {
        Self { scheme, text: text.chars().take(200).collect() }
    }
}
