//! SPDX 2 (ISO/IEC 5962): one model for 2.2 and 2.3 in JSON, YAML, XML and
//! tag-value. RDF is named and refused.

mod fields;
mod follow;
mod package;
mod plan;
mod raw;
mod relationship;
mod tag_value;
mod whole;
pub(super) mod words;
mod write;

use super::detect::{self, Kind};
use super::draft::{Draft, Syntax};
use super::place::Place;
use super::xml::{Xml, line_at};
use super::yaml::Yaml;
use super::{Format, WriteError, Written, json, lenient, locate};
use crate::document::Document;
use crate::reading::{Limits, ReadError, Reading};
use raw::DocumentRaw;

/// The syntaxes: the type, its name, what it claims, how it is read, and written where it is.
macro_rules! readers {
    ($($(#[$doc:meta])* $type:ident, $name:literal, $kind:ident, $read:path, $versions:expr, $write:path;)*) => {$(
        $(#[$doc])*
        pub(super) struct $type;

        impl Format for $type {
            fn name(&self) -> &'static str {
                $name
            }

            fn writes(&self) -> &'static [&'static str] {
                $versions
            }

            fn claims(&self, text: &str) -> bool {
                detect::kind(text) == Some(Kind::$kind)
            }

            fn read(&self, text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
                $read(text, limits)
            }

            fn write(&self, document: &Document, version: &str) -> Result<Written, WriteError> {
                if !self.writes().contains(&version) {
                    return Err(super::unwritten(self, version));
                }
                $write(document)
            }
        }
    )*};
}

readers! {
    /// SPDX 2 in JSON.
    Json, "spdx-json", SpdxJson, read_json, &["2.3"], write::json;
    /// SPDX 2 in YAML.
    SpdxYaml, "spdx-yaml", SpdxYaml, read_yaml, &[], unwritten;
    /// SPDX 2 in XML.
    SpdxXml, "spdx-xml", SpdxXml, read_xml, &[], unwritten;
    /// SPDX 2 in tag-value.
    TagValue, "spdx-tag-value", SpdxTagValue, tag_value::read, &["2.3"], write::tag_value;
    /// SPDX 2 in RDF/XML: refused by name.
    Rdf, "spdx-rdf", SpdxRdf, refuse_rdf, &[], unwritten;
}

fn read_json(text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
    let find = |paths: &[&str]| locate::json::lines(text, paths);
    let root = Place::root("$");
    let mut draft = Draft::new(text, limits, Syntax::Lists, root);
    draft.keep_first_apart();
    let mut json = json::Json::new(text);
    let read = lenient::document::<DocumentRaw<'_>, _>(&mut json, &mut draft);
    match read.and_then(|raw| json.end().map(|()| raw)) {
        Ok(raw) => locate::with_lines(whole::finish(raw.unwrap_or_default(), draft, &root), find),
        Err(stop) => Err(draft.refusal().map_or_else(|| json.error(&stop), |refusal| locate::with_line(refusal, find))),
    }
}

fn read_yaml(text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
    let find = |paths: &[&str]| locate::yaml::lines(text, paths);
    let root = Place::root("$");
    let mut draft = Draft::new(text, limits, Syntax::Lists, root);
    draft.keep_first_apart();
    let mut yaml = Yaml::new(text, limits.depth);
    let read = yaml.value().and_then(|value| lenient::document::<DocumentRaw<'_>, _>(value, &mut draft));
    match read.and_then(|raw| yaml.end().map(|()| raw)) {
        Ok(raw) => {
            yaml.oddities.iter().for_each(|(line, said)| draft.note_at("$", *line, *said));
            locate::with_lines(whole::finish(raw.unwrap_or_default(), draft, &root), find)
        }
        Err(stop) => Err(draft.refusal().map_or_else(|| yaml.error(&stop), |refusal| locate::with_line(refusal, find))),
    }
}

fn read_xml(text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
    let find = |paths: &[&str]| locate::xml::lines(text, paths);
    let mut xml = Xml::new(text, limits.depth);
    let tag = xml.root().map_err(|stop| xml.error(&stop))?;
    let root = Place::root(if tag.name == "Document" { "/Document" } else { "/SpdxDocument" });
    let mut draft = Draft::new(text, limits, Syntax::Repeated, root);
    draft.keep_first_apart();
    let read = lenient::document::<DocumentRaw<'_>, _>(xml.element(tag), &mut draft);
    match read.and_then(|raw| xml.end().map(|()| raw)) {
        Ok(raw) => {
            let root_text = root.to_string();
            xml.oddities.iter().for_each(|(at, said)| draft.note_at(&root_text, line_at(text, *at), *said));
            locate::with_lines(whole::finish(raw.unwrap_or_default(), draft, &root), find)
        }
        Err(stop) => Err(draft.refusal().map_or_else(|| xml.error(&stop), |refusal| locate::with_line(refusal, find))),
    }
}

/// Never asked: `writes` lists no version.
fn unwritten(_: &Document) -> Result<Written, WriteError> {
    Err(WriteError("this syntax is only read".to_owned()))
}

fn refuse_rdf(text: &str, _: &Limits) -> Result<Reading<Document>, ReadError> {
    let line = text.find("RDF").map(|at| line_at(text, at));
    Err(ReadError::at("/RDF", line, "this is SPDX in RDF/XML, which is not read; convert it to SPDX JSON or tag-value first"))
}

#[cfg(test)]
mod read_tests;
