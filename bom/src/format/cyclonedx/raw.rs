//! What a CycloneDX document says of components and vulnerabilities, before it
//! is understood: the same for JSON and XML.

use crate::format::lenient::Text;
use crate::word::{Word, trim};
use std::borrow::Cow;

/// `component`.
#[derive(Default)]
pub(super) struct ComponentRaw<'d> {
    /// Its place in the draft; `None` for the document's subject.
    pub(super) index: Option<u32>,
    pub(super) kind: Text<'d>,
    pub(super) reference: Text<'d>,
    pub(super) supplier: Option<PersonRaw<'d>>,
    pub(super) manufacturer: Option<PersonRaw<'d>>,
    pub(super) author: Text<'d>,
    pub(super) authors: Vec<PersonRaw<'d>>,
    pub(super) publisher: Text<'d>,
    pub(super) group: Text<'d>,
    pub(super) name: Text<'d>,
    pub(super) version: Text<'d>,
    pub(super) description: Text<'d>,
    pub(super) scope: Text<'d>,
    pub(super) hashes: Vec<HashRaw<'d>>,
    pub(super) licences: Vec<LicenceRaw<'d>>,
    pub(super) copyright: Text<'d>,
    pub(super) cpe: Text<'d>,
    pub(super) purl: Text<'d>,
    pub(super) links: Vec<LinkRaw<'d>>,
    pub(super) properties: Vec<PropertyRaw<'d>>,
}

/// `organizationalEntity` or `organizationalContact`.
#[derive(Default)]
pub(super) struct PersonRaw<'d> {
    pub(super) name: Text<'d>,
    pub(super) email: Text<'d>,
}

impl PersonRaw<'_> {
    /// The name, else the address.
    pub(super) fn words(self) -> Option<Word> {
        self.name.into_iter().chain(self.email).find(|text| !trim(text).is_empty()).map(Word::from)
    }
}

/// `hash`.
#[derive(Default)]
pub(super) struct HashRaw<'d> {
    pub(super) algorithm: Text<'d>,
    pub(super) content: Text<'d>,
}

/// `licenseChoice`, with its `license` laid flat.
#[derive(Default)]
pub(super) struct LicenceRaw<'d> {
    pub(super) id: Text<'d>,
    pub(super) name: Text<'d>,
    pub(super) expression: Text<'d>,
    pub(super) url: Text<'d>,
    /// A licence in the place of the choice, with no saying which it is.
    pub(super) bare: Text<'d>,
}

/// `externalReference`.
#[derive(Default)]
pub(super) struct LinkRaw<'d> {
    pub(super) kind: Text<'d>,
    pub(super) url: Text<'d>,
}

/// `property`.
#[derive(Default)]
pub(super) struct PropertyRaw<'d> {
    pub(super) name: Text<'d>,
    pub(super) value: Text<'d>,
}

/// `vulnerability`.
#[derive(Default)]
pub(super) struct VulnerabilityRaw<'d> {
    pub(super) id: Text<'d>,
    pub(super) reference: Text<'d>,
    pub(super) names: Vec<Text<'d>>,
    pub(super) affects: Vec<TargetRaw<'d>>,
    pub(super) analysis: Option<AnalysisRaw<'d>>,
}

/// `vulnerability.affects[]`; in XML also what is needed, in a dependency.
#[derive(Default)]
pub(super) struct TargetRaw<'d> {
    pub(super) reference: Text<'d>,
    pub(super) versions: Vec<VersionsRaw<'d>>,
}

/// `vulnerability.affects[].versions[]`.
#[derive(Default)]
pub(super) struct VersionsRaw<'d> {
    pub(super) version: Text<'d>,
    pub(super) range: Text<'d>,
    pub(super) status: Text<'d>,
}

/// `vulnerability.analysis`.
#[derive(Default)]
pub(super) struct AnalysisRaw<'d> {
    pub(super) state: Text<'d>,
    pub(super) justification: Text<'d>,
    pub(super) responses: Vec<Cow<'d, str>>,
    pub(super) detail: Text<'d>,
    pub(super) first_issued: Text<'d>,
    pub(super) last_updated: Text<'d>,
}

/// `tool`, or the object that holds tools as components and services since 1.5.
#[derive(Default)]
pub(super) struct ToolRaw<'d> {
    pub(super) name: Text<'d>,
    pub(super) version: Text<'d>,
    pub(super) nested: Vec<ToolRaw<'d>>,
}

/// `metadata`, without its component.
#[derive(Default)]
pub(super) struct MetadataRaw<'d> {
    pub(super) timestamp: Text<'d>,
    pub(super) tools: Vec<ToolRaw<'d>>,
    pub(super) authors: Vec<PersonRaw<'d>>,
    pub(super) manufacturer: Option<PersonRaw<'d>>,
    pub(super) supplier: Option<PersonRaw<'d>>,
    pub(super) properties: Vec<PropertyRaw<'d>>,
}
