//! CycloneDX (ECMA-424). One model for all versions; JSON and XML.

pub(super) mod words;

mod bom;
mod component;
mod fields;
mod json;
mod json_write;
mod metadata;
mod plan;
mod raw;
mod xml;

use super::decode;
use super::detect::{self, Kind};
use super::{Format, WriteError, Written};
use crate::document::Document;
use crate::reading::{Limits, ReadError, Reading};

/// CycloneDX in JSON.
pub(super) struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "cyclonedx-json"
    }

    fn writes(&self) -> &'static [&'static str] {
        &["1.6", "1.7"]
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        std::str::from_utf8(bytes).is_ok_and(|text| detect::kind(text) == Some(Kind::CycloneDxJson))
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Reading<Document>, ReadError> {
        json::read(&decode::text(bytes, limits)?, limits)
    }

    fn write(&self, document: &Document, version: &str) -> Result<Written, WriteError> {
        match version {
            "1.6" => json_write::write(document, 6),
            "1.7" => json_write::write(document, 7),
            other => Err(super::unwritten(self, other)),
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
        &[]
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        std::str::from_utf8(bytes).is_ok_and(|text| detect::kind(text) == Some(Kind::CycloneDxXml))
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Reading<Document>, ReadError> {
        xml::read(&decode::text(bytes, limits)?, limits)
    }

    fn write(&self, _: &Document, version: &str) -> Result<Written, WriteError> {
        Err(super::unwritten(self, version))
    }
}

#[cfg(test)]
mod json_tests;
#[cfg(test)]
mod xml_tests;
