//! SBOM formats, one file each. A reader is tolerant: what it does not
//! understand becomes a warning with its place. A writer is strict.

#[cfg(test)]
mod conformance;
mod cyclonedx;
mod decode;
mod detect;
mod draft;
#[cfg(test)]
mod fuzz;
mod json;
mod lenient;
mod licence;
mod locate;
mod losses;
mod parts;
mod place;
mod provenance;
mod references;
#[cfg(test)]
mod sample;
mod scan;
#[cfg(test)]
mod schemas;
mod space;
mod spdx;
mod spdx3;
mod stop;
mod strict;
mod time;
pub(crate) mod vex;
mod wrapped;
mod xml;
mod xml_text;
mod yaml;

pub use strict::{Conformance, conformance};

use crate::document::Document;
use crate::reading::{Limits, ReadError, Reading};

/// Every format, in the order in which detection asks them.
pub const FORMATS: &[&dyn Format] = &[
    &cyclonedx::Json,
    &cyclonedx::Xml,
    &spdx::Json,
    &spdx::TagValue,
    &spdx::SpdxYaml,
    &spdx::SpdxXml,
    &spdx::Rdf,
    &spdx3::JsonLd,
];

/// One format and syntax, for example CycloneDX in JSON.
pub trait Format: Sync {
    /// Its name on command lines, for example `cyclonedx-json`.
    fn name(&self) -> &'static str;

    /// The versions it writes, the default first; empty for a format that is only read.
    fn writes(&self) -> &'static [&'static str];

    /// Whether `text` looks like this format.
    fn claims(&self, text: &str) -> bool;

    /// Reads a document that was decoded; [`read_as`] takes its bytes.
    ///
    /// # Errors
    /// [`ReadError`] for what makes the whole document unusable, or a limit passed.
    fn read(&self, text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError>;

    /// Writes `document` in `version` of the format.
    ///
    /// # Errors
    /// [`WriteError`] for a version it does not write, or a document it cannot express at all.
    fn write(&self, document: &Document, version: &str) -> Result<Written, WriteError>;
}

/// A written document and what the format could not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The document's bytes; the same for the same input.
    pub bytes: Vec<u8>,
    /// What was left out, a line for each kind of loss.
    pub lost: Vec<String>,
}

/// Why a document could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WriteError(pub String);

/// Detects the format of `bytes` and reads them. They may be UTF-8 or UTF-16, with
/// or without a byte-order mark, packed by gzip or zstd, and in an envelope of JSON.
///
/// # Errors
/// [`ReadError`] when no format claims the bytes, or the one that does cannot read them.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Reading<Document>, ReadError> {
    let limits = limits.for_file(bytes.len());
    let text = decode::text(bytes, &limits)?;
    let claimed = |text: &str| FORMATS.iter().find(|format| format.claims(text));
    if let Some(format) = claimed(&text) {
        return format.read(&text, &limits);
    }
    let inner = wrapped::inner(&text);
    match inner.and_then(|inner| Some((claimed(inner.text)?, inner))) {
        Some((format, inner)) => inner.placed(format.read(inner.text, &limits)),
        None => Err(detect::unknown(&text)),
    }
}

/// Reads `bytes`, encoded as [`read`] takes them, in this format, whatever they look like.
///
/// # Errors
/// [`ReadError`] when they are no text, or the format cannot read them.
pub fn read_as(format: &dyn Format, bytes: &[u8], limits: &Limits) -> Result<Reading<Document>, ReadError> {
    let limits = limits.for_file(bytes.len());
    format.read(&decode::text(bytes, &limits)?, &limits)
}

/// The error for a version that `format` does not write.
fn unwritten(format: &dyn Format, version: &str) -> WriteError {
    WriteError(format!("{} is not written in version `{version}`; known are {}", format.name(), format.writes().join(", ")))
}

#[cfg(test)]
mod write_tests;
