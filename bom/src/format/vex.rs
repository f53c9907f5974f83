//! VEX formats, one file each, by the same rules as SBOM formats: a reader is
//! tolerant, a writer is strict. An SBOM that states something about vulnerabilities is a
//! VEX document too, in whatever format it is.

#[cfg(test)]
mod conformance;
mod csaf;
mod detect;
#[cfg(test)]
mod fuzz;
mod openvex;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod sample;
mod sbom;

use super::draft::Draft;
use super::place::Place;
use super::{WriteError, Written, decode, json, locate, time};
use crate::reading::{Limits, ReadError, Reading};
use crate::vex::{Identity, Vex};
use chrono::{DateTime, Utc};
use detect::Kind;
use std::borrow::Cow;

/// Bytes of a VEX document, after decompression: suppliers' largest have a third of it.
const MOST_BYTES: usize = 64 << 20;

/// Every VEX format, in the order in which detection asks them.
pub const FORMATS: &[&dyn VexFormat] = &[&openvex::OpenVex, &csaf::Csaf, &sbom::CycloneDx];

/// One VEX format.
pub trait VexFormat: Sync {
    /// Its name on command lines, for example `openvex`.
    fn name(&self) -> &'static str;

    /// Whether `text` looks like this format.
    fn claims(&self, text: &str) -> bool;

    /// Reads a document that was decoded; [`read`] takes its bytes.
    ///
    /// # Errors
    /// [`ReadError`] for what makes the whole document unusable, or a limit passed.
    fn read(&self, text: &str, limits: &Limits) -> Result<Reading<Vex>, ReadError>;

    /// Writes `vex`, which needs an id, an author and a time.
    ///
    /// # Errors
    /// [`WriteError`] for a document that the format cannot express at all.
    fn write(&self, vex: &Vex) -> Result<Written, WriteError>;
}

/// Detects the format of `bytes` and reads them. They may be UTF-8 or UTF-16, with or
/// without a byte-order mark, and packed by gzip or zstd.
///
/// # Errors
/// [`ReadError`] when this is no VEX document, or cannot be read.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Reading<Vex>, ReadError> {
    let limits = Limits { bytes: limits.bytes.min(MOST_BYTES), ..*limits }.for_file(bytes.len());
    let text = decode::text(bytes, &limits)?;
    match FORMATS.iter().find(|format| format.claims(&text)) {
        Some(format) => format.read(&text, &limits),
        None => Err(detect::unknown(&text)),
    }
}

/// Whether `bytes` are a VEX document and nothing else: an SBOM that states something is an SBOM.
pub fn is_vex(bytes: &[u8], limits: &Limits) -> bool {
    let text = decode::text(bytes, &limits.for_file(bytes.len()));
    text.is_ok_and(|text| matches!(detect::kind(&text), Some(Kind::OpenVex | Kind::Csaf)))
}

/// Writes `vex` in the format that is called `name`.
///
/// # Errors
/// [`WriteError`] for an unknown name, or what the format cannot express at all.
pub fn write(vex: &Vex, name: &str) -> Result<Written, WriteError> {
    let names = || FORMATS.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    match FORMATS.iter().find(|format| format.name() == name) {
        Some(format) => format.write(vex),
        None => Err(WriteError(format!("`{name}` is no VEX format; known are {}", names()))),
    }
}

/// Reads a JSON text as one record `T` in a draft, and lets `finish` make the document
/// of it; what was wrong gets its line.
fn read_json<'d, T: super::lenient::Fields<'d>>(
    text: &'d str,
    limits: &Limits,
    finish: impl FnOnce(T, &mut Draft<'d>, &Place<'_>) -> Result<Vex, ReadError>,
) -> Result<Reading<Vex>, ReadError> {
    let find = |paths: &[&str]| locate::json::lines(text, paths);
    let root = Place::root("$");
    let mut draft = Draft::new(text, limits, super::draft::Syntax::Lists, root);
    let mut json = json::Json::new(text);
    let read = super::lenient::document::<T, _>(&mut json, &mut draft);
    let read = read.and_then(|record| json.end().map(|()| record));
    let record = match read {
        Ok(Some(record)) => record,
        Ok(None) => return Err(ReadError::whole("this is JSON but no object")),
        Err(stop) => {
            return Err(draft.refusal().map_or_else(|| json.error(&stop), |refusal| locate::with_line(refusal, find)));
        }
    };
    let vex = finish(record, &mut draft, &root).map_err(|error| locate::with_line(error, find))?;
    let warnings = draft.finish(|_, _| (String::new(), None)).map_err(|error| locate::with_line(error, find))?.warnings;
    locate::with_lines(Ok(Reading { value: vex, warnings }), find)
}

/// Counts one statement or product against the bound.
fn count(draft: &mut Draft<'_>, place: &Place<'_>) {
    match draft.limits.components.checked_sub(1) {
        Some(left) => draft.limits.components = left,
        None => draft.refuse(place, "the document lists more statements and products than one of its size may"),
    }
}

/// A time at the member `key`.
fn moment(text: Option<Cow<'_, str>>, key: &str, draft: &mut Draft<'_>, place: &Place<'_>) -> Option<DateTime<Utc>> {
    let text = text.filter(|text| !text.is_empty())?;
    let moment = time::read(&text);
    if moment.is_none() {
        draft.note(&place.key(key), "this is no date and time by RFC 3339; it was left out");
    }
    moment
}

/// The id of a vulnerability and its other names, each once.
fn names(own: Option<String>, others: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in own.into_iter().chain(others) {
        let name = name.trim();
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The same identity with its one version said by its purls, or by its name; `None` for a range or several, which
/// neither can say.
fn with_own_version(identity: &Identity) -> Option<Identity> {
    let mut identity = identity.clone();
    match std::mem::take(&mut identity.versions).as_slice() {
        [] => {}
        [version] if !version.starts_with("vers:") => match identity.purls.is_empty() {
            false => identity.purls.iter_mut().for_each(|purl| purl.version = Some(version.as_str().into())),
            true => identity.name = identity.name.map(|name| format!("{name} {version}")),
        },
        _ => return None,
    }
    Some(identity)
}

/// What a writer needs of a document, or what to do without it.
fn needed<'v>(value: Option<&'v String>, what: &str) -> Result<&'v str, WriteError> {
    let said = value.map(|text| text.trim()).filter(|text| !text.is_empty());
    said.ok_or_else(|| WriteError(format!("the document has no {what}; give it one")))
}

/// The words of a loss that several writers have.
mod loss {
    pub(super) const JUSTIFICATIONS: &str = "justifications that the format has only a near word for";
    pub(super) const FALSE_POSITIVES: &str = "false positives, told as not affected";
    pub(super) const PRODUCTS: &str = "products that cannot be named in this format";
    pub(super) const TIMES: &str = "the times of statements that give no reason";
    pub(super) const RESPONSES: &str = "responses of the author";
    pub(super) const NAMELESS: &str = "statements that name no vulnerability or no product";
    pub(super) const VERSIONS: &str = "the versions that a statement means";
    pub(super) const DETAILS: &str = "what to do about a vulnerability, in words";
}
