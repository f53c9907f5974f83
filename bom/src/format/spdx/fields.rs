//! The fields of SPDX 2.2 and 2.3 in JSON, YAML and XML that are read.

use super::package;
use super::raw::{ChecksumRaw, CreationRaw, DocumentRaw, ElementRaw, ExtractedRaw, PackageRaw, ReferenceRaw, RelationshipRaw};
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
    "packages" => slot.each(|_, _, _: PackageRaw<'d>| {}),
    "files" | "snippets" => slot.each(|draft, _, raw: ElementRaw<'d>| raw.reference.into_iter().for_each(|id| draft.register_elsewhere(id))),
    "relationships" => slot.records(&mut self.relationships),
    "hasExtractedLicensingInfos" => slot.records(&mut self.licences),
});

record!(CreationRaw, self, slot, {
    "created" => slot.text(&mut self.created),
    "creators" => slot.texts(&mut self.creators),
});

impl<'d> Fields<'d> for PackageRaw<'d> {
    fn begin(draft: &mut Draft<'d>, place: &Place<'_>) -> Self {
        Self { index: draft.reserve(place), ..Self::default() }
    }

    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "SPDXID" => slot.text(&mut self.reference),
            "name" => slot.text(&mut self.name),
            "versionInfo" => slot.text(&mut self.version),
            "supplier" => slot.text(&mut self.supplier),
            "originator" => slot.text(&mut self.originator),
            "downloadLocation" => slot.text(&mut self.download),
            "homepage" => slot.text(&mut self.homepage),
            "checksums" => slot.records(&mut self.checksums),
            "licenseConcluded" => slot.text(&mut self.concluded),
            "licenseDeclared" => slot.text(&mut self.declared),
            "copyrightText" => slot.text(&mut self.copyright),
            "summary" => slot.text(&mut self.summary),
            "description" => slot.text(&mut self.description),
            "externalRefs" => slot.records(&mut self.references),
            "primaryPackagePurpose" => slot.text(&mut self.purpose),
            _ => slot.skip(),
        }
    }

    fn end(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        package::add(std::mem::take(self), draft, place);
    }
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
