//! The JSON of an OSV record, as far as it is read. What matching needs is typed and
//! must be well formed; the rest may be of any shape.

use super::TEXT;
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use serde_json::Value;

#[derive(Deserialize)]
pub struct RawAdvisory {
    pub id: String,
    #[serde(default)]
    pub modified: Value,
    #[serde(default)]
    pub published: Value,
    #[serde(default)]
    pub withdrawn: Value,
    #[serde(default)]
    pub aliases: Value,
    #[serde(default)]
    pub related: Value,
    #[serde(default)]
    pub upstream: Value,
    #[serde(default)]
    pub summary: Value,
    #[serde(default)]
    pub details: Value,
    #[serde(default)]
    pub severity: Value,
    pub affected: Option<Vec<RawAffected>>,
    #[serde(default)]
    pub references: Value,
    #[serde(default)]
    pub database_specific: Value,
}

#[derive(Deserialize)]
pub struct RawAffected {
    pub package: Option<RawPackage>,
    pub ranges: Option<Vec<RawRange>>,
    pub versions: Option<Vec<RawVersion>>,
    #[serde(default)]
    pub severity: Value,
    #[serde(default)]
    pub ecosystem_specific: Value,
    #[serde(default)]
    pub database_specific: Value,
}

#[derive(Deserialize)]
pub struct RawPackage {
    pub ecosystem: Option<String>,
    pub name: Option<String>,
    pub purl: Option<String>,
}

#[derive(Deserialize)]
pub struct RawRange {
    #[serde(rename = "type")]
    pub kind: String,
    pub events: Option<Vec<RawEvent>>,
}

#[derive(Deserialize)]
pub struct RawEvent {
    pub introduced: Option<RawVersion>,
    pub fixed: Option<RawVersion>,
    pub last_affected: Option<RawVersion>,
    pub limit: Option<RawVersion>,
}

/// A version: a text, or a whole number that was meant as one.
pub struct RawVersion(pub String);

impl<'de> Deserialize<'de> for RawVersion {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(VersionVisitor).map(Self)
    }
}

struct VersionVisitor;

impl Visitor<'_> for VersionVisitor {
    type Value = String;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "a version of at most {TEXT} bytes")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        if text.len() > TEXT {
            return Err(E::invalid_length(text.len(), &self));
        }
        Ok(text.to_owned())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }
}
