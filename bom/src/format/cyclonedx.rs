//! CycloneDX (ECMA-424). One model for all versions; JSON and XML.

pub(super) mod words;

mod bom;
mod component;
mod fields;
mod json;
mod json_write;
mod legacy;
mod metadata;
mod plan;
mod raw;
mod xml;
mod xml_write;

pub(super) use plan::tool;

use super::detect::{self, Kind};
use super::{Format, WriteError, Written};
use crate::document::Document;
use crate::reading::{Limits, ReadError, Reading};

/// The versions that are written, the default first.
const VERSIONS: &[&str] = &["1.6", "1.7", "1.5", "1.4", "1.3"];

/// The minor number of a version that is written.
fn minor(version: &str) -> Option<u8> {
    VERSIONS.contains(&version).then(|| version.strip_prefix("1.")?.parse().ok()).flatten()
}

/// CycloneDX in JSON.
pub(super) struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "cyclonedx-json"
    }

    fn writes(&self) -> &'static [&'static str] {
        VERSIONS
    }

    fn claims(&self, text: &str) -> bool {
        detect::kind(text) == Some(Kind::CycloneDxJson)
    }

    fn read(&self, text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
        json::read(text, limits)
    }

    fn write(&self, document: &Document, version: &str) -> Result<Written, WriteError> {
        match minor(version) {
            Some(minor @ ..6) => legacy::write_json(document, minor),
            Some(minor) => json_write::write(document, minor),
            None => Err(super::unwritten(self, version)),
        }
    }
}

/// CycloneDX in XML.
pub(super) struct Xml;

impl Format for Xml {
    fn name(&self) -> &'static str {
        "cyclonedx-xml"
    }

    fn writes(&self) -> &'static [&'static str] {
        VERSIONS
    }

    fn claims(&self, text: &str) -> bool {
        detect::kind(text) == Some(Kind::CycloneDxXml)
    }

    fn read(&self, text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
        xml::read(text, limits)
    }

    fn write(&self, document: &Document, version: &str) -> Result<Written, WriteError> {
        match minor(version) {
            Some(minor @ ..6) => legacy::write_xml(document, minor),
            Some(minor) => Ok(xml_write::write(document, minor)),
            None => Err(super::unwritten(self, version)),
        }
    }
}

#[cfg(test)]
mod json_tests;
#[cfg(test)]
mod xml_tests;
