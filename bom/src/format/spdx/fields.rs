//! The fields of SPDX 2.2 and 2.3 in JSON, YAML and XML that are read.

use super::package;
use super::raw::{ChecksumRaw, CreationRaw, DocumentRaw, ElementRaw, ExtractedRaw, PackageRaw, ReferenceRaw};
use super::relationship::RelationshipRaw;
use crate::format::draft::Draft;
use crate::format::lenient::{Fields, Slot, record};
use crate::format::place::Place;
use serde::de::MapAccess;

record!(DocumentRaw, self, slot, {
    "SPDXID" => slot.text(&mut self.reference),
    "spdxVersion" => slot.text(&mut self.version),
    "name" => slot.text(&mut self.name),
    "documentNamespace" => slot.text(&mut self.namespace),
    "creationInfo" => slot.record(&mut self.creation),
    "documentDescribes" => slot.texts(&mut self.describes),
    "packages" => slot.each(|_, _, _: &mut Listed<'d>| {}),
    "files" | "snippets" => slot.each(|draft, _, raw: &mut ElementRaw<'d>| raw.reference.take().into_iter().for_each(|id| draft.register_elsewhere(id))),
    "relationships" => slot.each(|draft, _, raw| self.relationships.take(raw, draft)),
    "hasExtractedLicensingInfos" => slot.records(&mut self.licences),
});

record!(CreationRaw, self, slot, {
    "created" => slot.text(&mut self.created),
    "creators" => slot.texts(&mut self.creators),
});

/// A package of the list, put into the draft when it ends.
#[derive(Default)]
struct Listed<'d>(Box<PackageRaw<'d>>);

impl<'d> Fields<'d> for Listed<'d> {
    fn begin(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        self.0.index = draft.reserve(place);
    }

    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        let package = &mut *self.0;
        match key {
            "SPDXID" => slot.text(&mut package.reference),
            "name" => slot.text(&mut package.name),
            "versionInfo" => slot.text(&mut package.version),
            "supplier" => slot.text(&mut package.supplier),
            "originator" => slot.text(&mut package.originator),
            "downloadLocation" => slot.text(&mut package.download),
            "homepage" => slot.text(&mut package.homepage),
            "checksums" => slot.records(&mut package.checksums),
            "licenseConcluded" => slot.text(&mut package.concluded),
            "licenseDeclared" => slot.text(&mut package.declared),
            "copyrightText" => slot.text(&mut package.copyright),
            "summary" => slot.text(&mut package.summary),
            "description" => slot.text(&mut package.description),
            "externalRefs" => slot.records(&mut package.references),
            "primaryPackagePurpose" => slot.text(&mut package.purpose),
            _ => slot.skip(),
        }
    }

    fn end(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        package::add(&mut self.0, draft, place);
    }

    /// Everything was taken out of it when it ended.
    fn clear(&mut self) {}
}

record!(ChecksumRaw, self, slot, {
    "algorithm" => slot.text(&mut self.algorithm),
    "checksumValue" => slot.text(&mut self.value),
});

record!(ReferenceRaw, self, slot, {
    "referenceCategory" => slot.text(&mut self.category),
    "referenceType" => slot.text(&mut self.kind),
    "referenceLocator" => slot.text(&mut self.locator),
});

record!(RelationshipRaw, self, slot, {
    "spdxElementId" => slot.text(&mut self.from),
    "relationshipType" => slot.text(&mut self.kind),
    "relatedSpdxElement" => slot.text(&mut self.to),
});

record!(ExtractedRaw, self, slot, {
    "licenseId" => slot.text(&mut self.id),
    "name" => slot.text(&mut self.name),
});

record!(ElementRaw, self, slot, {
    "SPDXID" => slot.text(&mut self.reference),
});
