//! Lockfiles, one file per kind: what a package manager resolved, as a
//! [`Document`] whose subject is the project.

mod bun;
mod bundler;
mod cargo;
mod composer;
#[cfg(test)]
mod conformance;
mod draft;
#[cfg(test)]
mod fixtures;
mod go;
mod gradle;
mod hashes;
mod javascript;
mod json_text;
mod licences;
mod maven;
mod npm;
mod nuget;
mod pdm;
mod pipfile;
mod place;
mod pnpm;
mod poetry;
mod pylock;
mod python;
mod requirements;
#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;
mod tolerant;
mod toml_text;
#[cfg(test)]
mod truth;
mod uv;
mod yaml_text;
mod yarn;

pub use licences::of_text as licence_of_text;

use crate::document::Document;
use crate::reading::{Limits, ReadError, Reading};

/// Every kind of lockfile.
pub const LOCKFILES: &[&dyn Lockfile] = &[
    &cargo::CARGO,
    &npm::NPM,
    &yarn::YARN,
    &pnpm::PNPM,
    &bun::BUN,
    &uv::UV,
    &poetry::POETRY,
    &pdm::PDM,
    &pipfile::PIPFILE,
    &pylock::PYLOCK,
    &requirements::REQUIREMENTS,
    &bundler::BUNDLER,
    &go::GO,
    &composer::COMPOSER,
    &nuget::NUGET,
    &maven::MAVEN,
    &gradle::GRADLE,
];

/// One kind of lockfile.
pub trait Lockfile: Sync {
    /// Its name on command lines, for example `cargo-lock`.
    fn kind(&self) -> &'static str;

    /// The OSV name of the ecosystem it belongs to.
    fn ecosystem(&self) -> &'static str;

    /// The names its files have, without their folder; one `*` stands for any text.
    fn names(&self) -> &'static [&'static str];

    /// Whether a file of this name (without its folder) is of this kind.
    fn claims(&self, file_name: &str) -> bool {
        self.names().iter().any(|name| match name.split_once('*') {
            Some((start, end)) => {
                file_name.len() >= start.len() + end.len() && file_name.starts_with(start) && file_name.ends_with(end)
            }
            None => *name == file_name,
        })
    }

    /// What its files say about where packages come from.
    fn origins(&self) -> Origins;

    /// Whether its files list the project itself among the packages, so that a
    /// document's subject that has a purl is one of them.
    fn lists_project(&self) -> bool {
        false
    }

    /// Reads the lockfile at `path` and the files beside it that it needs.
    ///
    /// # Errors
    /// [`ReadError`] when the file is no lockfile of this kind.
    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError>;
}

/// What a kind of lockfile says about where packages come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Each package names its registry.
    InFile,
    /// The package manager's configured registry; the file is silent.
    ClientDefault,
    /// Nothing can be said.
    Unknown,
}

/// Reads files below the root of what is being looked at. The implementation
/// caps sizes and never leaves the root.
pub trait Files {
    /// The bytes of `path` (relative, with `/`); `None` where there is no such file.
    ///
    /// # Errors
    /// [`ReadError`] when it is there but unreadable, too large, or outside the root.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ReadError>;

    /// What one file may ask for.
    fn limits(&self) -> Limits {
        Limits::DEFAULT
    }
}

/// The kind of lockfile that a file of this name is.
pub fn of_name(file_name: &str) -> Option<&'static dyn Lockfile> {
    LOCKFILES.iter().copied().find(|kind| kind.claims(file_name))
}

/// The kind of lockfile with this name on command lines.
pub fn of_kind(kind: &str) -> Option<&'static dyn Lockfile> {
    LOCKFILES.iter().copied().find(|lockfile| lockfile.kind() == kind)
}
