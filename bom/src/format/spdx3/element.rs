//! The fields of an SPDX 3 element, of whatever type, that are read.

use crate::format::lenient::{Fields, Slot, Text, record};
use serde::de::MapAccess;
use std::borrow::Cow;

/// An element of the graph, with what any type of it may say.
#[derive(Default)]
pub(super) struct ElementRaw<'d> {
    pub(super) kind: Text<'d>,
    pub(super) id: Text<'d>,
    pub(super) name: Text<'d>,
    // Creation
    pub(super) version: Text<'d>,
    pub(super) created: Text<'d>,
    pub(super) creation: Vec<ReferenceRaw<'d>>,
    pub(super) created_by: Vec<ReferenceRaw<'d>>,
    pub(super) created_using: Vec<ReferenceRaw<'d>>,
    // Documents
    pub(super) roots: Vec<ReferenceRaw<'d>>,
    // Packages
    pub(super) package: PackageRaw<'d>,
    // Licences
    pub(super) expression: Text<'d>,
    // Relationships
    pub(super) from: Vec<ReferenceRaw<'d>>,
    pub(super) to: Vec<ReferenceRaw<'d>>,
    pub(super) relationship: Text<'d>,
    pub(super) scope: Text<'d>,
    // Statements about vulnerabilities
    pub(super) justification: Text<'d>,
    pub(super) notes: Text<'d>,
    pub(super) published: Text<'d>,
}

/// What only packages say.
#[derive(Default)]
pub(super) struct PackageRaw<'d> {
    pub(super) version: Text<'d>,
    pub(super) purl: Text<'d>,
    pub(super) download: Text<'d>,
    pub(super) homepage: Text<'d>,
    pub(super) copyright: Text<'d>,
    pub(super) purpose: Text<'d>,
    pub(super) description: Text<'d>,
    pub(super) summary: Text<'d>,
    pub(super) suppliers: Vec<ReferenceRaw<'d>>,
    pub(super) originators: Vec<ReferenceRaw<'d>>,
    pub(super) identifiers: Vec<IdentifierRaw<'d>>,
    pub(super) hashes: Vec<HashRaw<'d>>,
}

record!(ElementRaw, self, slot, {
    "type" | "@type" => slot.text(&mut self.kind),
    "spdxId" | "@id" => slot.text(&mut self.id),
    "name" => slot.text(&mut self.name),
    "specVersion" => slot.text(&mut self.version),
    "created" => slot.text(&mut self.created),
    "creationInfo" => slot.records(&mut self.creation),
    "createdBy" => slot.records(&mut self.created_by),
    "createdUsing" => slot.records(&mut self.created_using),
    "rootElement" => slot.records(&mut self.roots),
    "software_packageVersion" => slot.text(&mut self.package.version),
    "software_packageUrl" => slot.text(&mut self.package.purl),
    "software_downloadLocation" => slot.text(&mut self.package.download),
    "software_homePage" => slot.text(&mut self.package.homepage),
    "software_copyrightText" => slot.text(&mut self.package.copyright),
    "software_primaryPurpose" => slot.text(&mut self.package.purpose),
    "description" => slot.text(&mut self.package.description),
    "summary" => slot.text(&mut self.package.summary),
    "suppliedBy" => slot.records(&mut self.package.suppliers),
    "originatedBy" => slot.records(&mut self.package.originators),
    // `externalIdentifiers` is what some tools write.
    "externalIdentifier" | "externalIdentifiers" => slot.records(&mut self.package.identifiers),
    "verifiedUsing" => slot.records(&mut self.package.hashes),
    "simplelicensing_licenseExpression" => slot.text(&mut self.expression),
    "from" => slot.records(&mut self.from),
    "to" => slot.records(&mut self.to),
    "relationshipType" => slot.text(&mut self.relationship),
    "scope" => slot.text(&mut self.scope),
    "security_justificationType" => slot.text(&mut self.justification),
    "security_statusNotes" | "security_impactStatement" | "security_actionStatement" => slot.text(&mut self.notes),
    "security_publishedTime" => slot.text(&mut self.published),
});

/// A reference to an element, or the element in its place: its id and name.
#[derive(Default)]
pub(super) struct ReferenceRaw<'d> {
    pub(super) id: Text<'d>,
    pub(super) name: Text<'d>,
}

impl<'d> Fields<'d> for ReferenceRaw<'d> {
    fn bare(&mut self, text: Cow<'d, str>) -> bool {
        self.id = Some(text);
        true
    }

    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "spdxId" | "@id" => slot.text(&mut self.id),
            "name" => slot.text(&mut self.name),
            _ => slot.skip(),
        }
    }
}

/// `ExternalIdentifier`.
#[derive(Default)]
pub(super) struct IdentifierRaw<'d> {
    pub(super) kind: Text<'d>,
    pub(super) identifier: Text<'d>,
}

record!(IdentifierRaw, self, slot, {
    "externalIdentifierType" => slot.text(&mut self.kind),
    "identifier" => slot.text(&mut self.identifier),
});

/// `Hash`.
#[derive(Default)]
pub(super) struct HashRaw<'d> {
    pub(super) algorithm: Text<'d>,
    pub(super) value: Text<'d>,
}

record!(HashRaw, self, slot, {
    "algorithm" => slot.text(&mut self.algorithm),
    "hashValue" => slot.text(&mut self.value),
});
