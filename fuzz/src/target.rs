//! What is fuzzed: each format, each lockfile, detection with unpacking, and the
//! smaller texts. A format or a lockfile that is in its list is a target by itself.

use crate::{document, text};
use bom::advisory::Advisory;
use bom::format::{FORMATS, Format};
use bom::lockfile::{LOCKFILES, Lockfile};
use bom::reading::{ReadError, Reading};

/// A reader under test.
pub enum Target {
    /// Detection, decoding and unpacking, then the format that claims the bytes.
    Any,
    /// One format, whether it claims the bytes or not.
    Format(&'static dyn Format),
    /// One kind of lockfile.
    Lockfile(&'static dyn Lockfile),
    /// A text that has a grammar.
    Text(fn(&[u8])),
}

/// The targets that are neither formats nor lockfiles.
const OTHERS: &[(&str, Target)] = &[
    ("any", Target::Any),
    ("purl", Target::Text(text::purl)),
    ("versions", Target::Text(text::versions)),
    ("vers", Target::Text(text::vers)),
    ("cvss", Target::Text(text::cvss)),
    ("osv", Target::Text(osv)),
    ("nvd", Target::Text(nvd)),
    ("cpe", Target::Text(text::cpe)),
    ("vex", Target::Text(document::vex)),
    ("strict", Target::Text(document::strict)),
];

/// The names of all targets.
pub fn names() -> Vec<&'static str> {
    let formats = FORMATS.iter().map(|format| format.name());
    let lockfiles = LOCKFILES.iter().map(|lockfile| lockfile.kind());
    formats.chain(lockfiles).chain(OTHERS.iter().map(|(name, _)| *name)).collect()
}

impl Target {
    /// The target of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        let format = FORMATS.iter().find(|format| format.name() == name).map(|format| Self::Format(*format));
        let lockfile = || bom::lockfile::of_kind(name).map(Self::Lockfile);
        let other = || {
            OTHERS.iter().find(|(other, _)| *other == name).map(|(_, target)| match target {
                Self::Text(check) => Self::Text(*check),
                _ => Self::Any,
            })
        };
        format.or_else(lockfile).or_else(other)
    }

    /// Gives it one input.
    pub fn try_on(&self, data: &[u8]) {
        match self {
            Self::Any => document::any(data),
            Self::Format(format) => document::of_format(*format, data),
            Self::Lockfile(kind) => document::of_lockfile(*kind, data),
            Self::Text(check) => check(data),
        }
    }
}

fn osv(data: &[u8]) {
    advisory(Advisory::from_osv(data));
}

fn nvd(data: &[u8]) {
    advisory(Advisory::from_nvd(data));
}

fn advisory(read: Result<Reading<Advisory>, ReadError>) {
    if let Ok(reading) = read {
        for warning in &reading.warnings {
            assert!(!warning.path.is_empty(), "a warning without a place: {warning:?}");
        }
    }
}
