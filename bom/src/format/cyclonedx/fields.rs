//! The fields of CycloneDX, 1.0 to 1.7, that are read: by the names of its JSON,
//! and by those of its XML where they differ.

use super::raw::{
    AnalysisRaw, ComponentRaw, HashRaw, LicenceRaw, LinkRaw, MetadataRaw, PersonRaw, PropertyRaw, TargetRaw, ToolRaw,
    VersionsRaw, VulnerabilityRaw,
};
use super::{component, metadata};
use crate::format::draft::Draft;
use crate::format::lenient::{Fields, Slot, Text, record};
use crate::format::place::Place;
use crate::format::xml::TEXT;
use serde::de::MapAccess;
use std::borrow::Cow;

/// The document.
#[derive(Default)]
pub(super) struct BomRaw<'d> {
    pub(super) format: Text<'d>,
    pub(super) version: Text<'d>,
    pub(super) serial_number: Text<'d>,
    pub(super) properties: Vec<PropertyRaw<'d>>,
}

record!(BomRaw, self, slot, {
    "bomFormat" => slot.text(&mut self.format),
    "specVersion" => slot.text(&mut self.version),
    "serialNumber" => slot.text(&mut self.serial_number),
    "metadata" => slot.record(&mut None::<Metadata<'d>>),
    "components" => slot.each(|_, _, _: &mut Listed<'d>| {}),
    "services" => slot.each(|_, _, _: &mut ServiceRaw<'d>| {}),
    "dependencies" => slot.each(depend),
    "vulnerabilities" => slot.each(|draft, place, raw| metadata::add_statement(raw, draft, place)),
    "properties" => slot.records(&mut self.properties),
});

/// A component of the list, with those that are nested in it.
#[derive(Default)]
struct Listed<'d>(Box<ComponentRaw<'d>>);

impl<'d> Fields<'d> for Listed<'d> {
    fn begin(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        let index = draft.reserve(place);
        draft.parents.push(index);
        self.0.index = Some(index);
    }

    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        self.0.field(key, slot)
    }

    fn end(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        draft.parents.pop();
        component::add(&mut self.0, draft, place);
    }

    /// Everything was taken out of it when it ended.
    fn clear(&mut self) {}
}

/// The component that the document describes, put into the draft at once.
#[derive(Default)]
struct Subject<'d>(ComponentRaw<'d>);

impl<'d> Fields<'d> for Subject<'d> {
    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        self.0.field(key, slot)
    }

    fn end(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        component::add(&mut self.0, draft, place);
    }
}

record!(ComponentRaw, self, slot, {
    "type" => slot.text(&mut self.kind),
    "bom-ref" => slot.text(&mut self.reference),
    "supplier" => slot.record(&mut self.supplier),
    "manufacturer" => slot.record(&mut self.manufacturer),
    "author" => slot.text(&mut self.author),
    "authors" => slot.records(&mut self.authors),
    "publisher" => slot.text(&mut self.publisher),
    "group" => slot.text(&mut self.group),
    "name" => slot.text(&mut self.name),
    "version" => slot.text(&mut self.version),
    "description" => slot.text(&mut self.description),
    "scope" => slot.text(&mut self.scope),
    "hashes" => slot.records(&mut self.hashes),
    "licenses" => slot.records(&mut self.licences),
    "copyright" => slot.text(&mut self.copyright),
    "cpe" => slot.text(&mut self.cpe),
    "purl" => slot.text(&mut self.purl),
    "externalReferences" => slot.records(&mut self.links),
    "properties" => slot.records(&mut self.properties),
    "components" => slot.each(|_, _, _: &mut Listed<'d>| {}),
});

/// `metadata` with its component, which is put into the draft at once.
#[derive(Default)]
struct Metadata<'d>(MetadataRaw<'d>);

impl<'d> Fields<'d> for Metadata<'d> {
    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "timestamp" => slot.text(&mut self.0.timestamp),
            "tools" => slot.records(&mut self.0.tools),
            "authors" => slot.records(&mut self.0.authors),
            "manufacturer" => slot.record(&mut self.0.manufacturer),
            "supplier" => slot.record(&mut self.0.supplier),
            "properties" => slot.records(&mut self.0.properties),
            "component" => slot.record(&mut None::<Subject<'d>>),
            _ => slot.skip(),
        }
    }

    fn end(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        metadata::add(&mut self.0, draft, place);
    }
}

impl<'d> Fields<'d> for PersonRaw<'d> {
    fn bare(&mut self, text: Cow<'d, str>) -> bool {
        self.name = Some(text);
        true
    }

    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "name" => slot.text(&mut self.name),
            "email" => slot.text(&mut self.email),
            _ => slot.skip(),
        }
    }
}

record!(HashRaw, self, slot, {
    "alg" => slot.text(&mut self.algorithm),
    "content" | TEXT => slot.text(&mut self.content),
});

impl<'d> Fields<'d> for LicenceRaw<'d> {
    const IS_CHOICE: bool = true;

    fn bare(&mut self, text: Cow<'d, str>) -> bool {
        self.bare = Some(text);
        true
    }

    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "id" => slot.text(&mut self.id),
            "name" => slot.text(&mut self.name),
            "expression" => slot.text(&mut self.expression),
            "url" => slot.text(&mut self.url),
            "license" => {
                self.clear();
                slot.record_in_place(self).map(drop)
            }
            _ => slot.skip(),
        }
    }
}

record!(LinkRaw, self, slot, {
    "type" => slot.text(&mut self.kind),
    "url" => slot.text(&mut self.url),
});

record!(PropertyRaw, self, slot, {
    "name" => slot.text(&mut self.name),
    "value" | TEXT => slot.text(&mut self.value),
});

record!(ToolRaw, self, slot, {
    "name" => slot.text(&mut self.name),
    "version" => slot.text(&mut self.version),
    "components" | "services" => slot.records(&mut self.nested),
    // In XML the list's element stands in the place of the tool.
    "component" | "service" => {
        let mut nested = None;
        slot.record(&mut nested)?;
        self.nested.extend(nested);
        Ok(())
    },
});

record!(VulnerabilityRaw, self, slot, {
    "id" => slot.text(&mut self.id),
    "bom-ref" => slot.text(&mut self.reference),
    "references" => slot.each(|_, _, reference: &mut NameRaw<'d>| self.names.push(reference.id.take())),
    "affects" => slot.records(&mut self.affects),
    "analysis" => slot.record(&mut self.analysis),
});

/// `vulnerability.references[]`.
#[derive(Default)]
struct NameRaw<'d> {
    id: Text<'d>,
}

record!(NameRaw, self, slot, {
    "id" => slot.text(&mut self.id),
});

record!(TargetRaw, self, slot, {
    "ref" => slot.text(&mut self.reference),
    "versions" => slot.records(&mut self.versions),
});

record!(VersionsRaw, self, slot, {
    "version" => slot.text(&mut self.version),
    "range" => slot.text(&mut self.range),
    "status" => slot.text(&mut self.status),
});

record!(AnalysisRaw, self, slot, {
    "state" => slot.text(&mut self.state),
    "justification" => slot.text(&mut self.justification),
    // `responses` is the name that the crate `cyclonedx-bom` writes.
    "response" | "responses" => slot.texts(&mut self.responses),
    "detail" => slot.text(&mut self.detail),
    "firstIssued" => slot.text(&mut self.first_issued),
    "lastUpdated" => slot.text(&mut self.last_updated),
});

/// A service: the model has none, but dependencies may name it.
#[derive(Default)]
struct ServiceRaw<'d> {
    reference: Text<'d>,
}

impl<'d> Fields<'d> for ServiceRaw<'d> {
    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "bom-ref" => slot.text(&mut self.reference),
            "services" => slot.each(|_, _, _: &mut ServiceRaw<'d>| {}),
            _ => slot.skip(),
        }
    }

    fn end(&mut self, draft: &mut Draft<'d>, _: &Place<'_>) {
        if let Some(reference) = self.reference.take() {
            draft.register_elsewhere(reference);
        }
    }
}

/// `dependency`.
#[derive(Default)]
struct DependencyRaw<'d> {
    reference: Text<'d>,
    needs: Vec<Cow<'d, str>>,
}

impl<'d> Fields<'d> for DependencyRaw<'d> {
    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "ref" => slot.text(&mut self.reference),
            "dependency" => {
                let mut need = None;
                slot.record::<TargetRaw<'d>>(&mut need)?;
                self.needs.extend(need.and_then(|need| need.reference));
                Ok(())
            }
            "dependsOn" => slot.texts(&mut self.needs),
            _ => slot.skip(),
        }
    }

    fn clear(&mut self) {
        self.reference = None;
        self.needs.clear();
    }
}

fn depend<'d>(draft: &mut Draft<'d>, place: &Place<'_>, raw: &mut DependencyRaw<'d>) {
    match raw.reference.take() {
        Some(reference) => draft.depend(reference, &mut raw.needs, place.last_index()),
        None => draft.note(place, "this dependency has no `ref`; it was left out"),
    }
}
