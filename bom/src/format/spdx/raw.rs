//! What an SPDX 2 document says, before it is understood: the same for JSON,
//! YAML, XML and tag-value.

use super::follow::Relationships;
use crate::format::lenient::Text;
use std::borrow::Cow;

/// The document.
#[derive(Default)]
pub(super) struct DocumentRaw<'d> {
    pub(super) reference: Text<'d>,
    pub(super) version: Text<'d>,
    pub(super) name: Text<'d>,
    pub(super) namespace: Text<'d>,
    pub(super) creation: Option<CreationRaw<'d>>,
    pub(super) describes: Vec<Cow<'d, str>>,
    pub(super) relationships: Relationships<'d>,
    pub(super) licences: Vec<ExtractedRaw<'d>>,
}

/// `creationInfo`.
#[derive(Default)]
pub(super) struct CreationRaw<'d> {
    pub(super) created: Text<'d>,
    pub(super) creators: Vec<Cow<'d, str>>,
}

/// `packages[]`.
#[derive(Default)]
pub(super) struct PackageRaw<'d> {
    /// Its place in the draft.
    pub(super) index: u32,
    pub(super) reference: Text<'d>,
    /// Whether its reference names it, once that was decided.
    pub(super) is_named: Option<bool>,
    pub(super) name: Text<'d>,
    pub(super) version: Text<'d>,
    pub(super) supplier: Text<'d>,
    pub(super) originator: Text<'d>,
    pub(super) download: Text<'d>,
    pub(super) homepage: Text<'d>,
    pub(super) checksums: Vec<ChecksumRaw<'d>>,
    pub(super) concluded: Text<'d>,
    pub(super) declared: Text<'d>,
    pub(super) copyright: Text<'d>,
    pub(super) summary: Text<'d>,
    pub(super) description: Text<'d>,
    pub(super) references: Vec<ReferenceRaw<'d>>,
    pub(super) purpose: Text<'d>,
}

/// `checksums[]`.
#[derive(Default)]
pub(super) struct ChecksumRaw<'d> {
    pub(super) algorithm: Text<'d>,
    pub(super) value: Text<'d>,
}

/// `externalRefs[]`.
#[derive(Default)]
pub(super) struct ReferenceRaw<'d> {
    pub(super) category: Text<'d>,
    pub(super) kind: Text<'d>,
    pub(super) locator: Text<'d>,
}

/// `hasExtractedLicensingInfos[]`.
#[derive(Default)]
pub(super) struct ExtractedRaw<'d> {
    pub(super) id: Text<'d>,
    pub(super) name: Text<'d>,
}

/// A file or a snippet: the model has none, but relationships may name it.
#[derive(Default)]
pub(super) struct ElementRaw<'d> {
    pub(super) reference: Text<'d>,
}
