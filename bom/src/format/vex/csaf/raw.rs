//! What a CSAF document says, before its product ids are followed.

use crate::format::draft::Draft;
use crate::format::lenient::{Fields, Slot, Text, record};
use crate::format::place::Place;
use serde::de::MapAccess;
use std::borrow::Cow;

/// Declares records: each field, its key, and how its value is read.
macro_rules! records {
    ($($(#[$about:meta])* $name:ident { $($field:ident: $type:ty = $key:literal $read:ident,)* })*) => {
        $(
            $(#[$about])*
            #[derive(Default)]
            pub(super) struct $name<'d> {
                $(pub(super) $field: $type,)*
            }

            record!($name, self, slot, { $($key => slot.$read(&mut self.$field),)* });
        )*
    };
}

records! {
    /// The document.
    DocumentRaw {
        head: Option<HeadRaw<'d>> = "document" record,
        tree: Option<TreeRaw<'d>> = "product_tree" record,
        vulnerabilities: Vec<VulnerabilityRaw<'d>> = "vulnerabilities" records,
    }
    /// `document`.
    HeadRaw {
        category: Text<'d> = "category" text,
        version: Text<'d> = "csaf_version" text,
        title: Text<'d> = "title" text,
        publisher: Option<PublisherRaw<'d>> = "publisher" record,
        tracking: Option<TrackingRaw<'d>> = "tracking" record,
    }
    /// `document.publisher`.
    PublisherRaw {
        name: Text<'d> = "name" text,
        namespace: Text<'d> = "namespace" text,
    }
    /// `document.tracking`.
    TrackingRaw {
        id: Text<'d> = "id" text,
        version: Text<'d> = "version" text,
        initial: Text<'d> = "initial_release_date" text,
        current: Text<'d> = "current_release_date" text,
        generator: Option<GeneratorRaw<'d>> = "generator" record,
    }
    /// `document.tracking.generator`.
    GeneratorRaw {
        engine: Option<EngineRaw<'d>> = "engine" record,
    }
    /// `document.tracking.generator.engine`.
    EngineRaw {
        name: Text<'d> = "name" text,
        version: Text<'d> = "version" text,
    }
    /// `product_tree`.
    TreeRaw {
        branches: Vec<BranchRaw<'d>> = "branches" records,
        names: Vec<ProductRaw<'d>> = "full_product_names" records,
        relationships: Vec<RelationshipRaw<'d>> = "relationships" records,
        groups: Vec<GroupRaw<'d>> = "product_groups" records,
    }
    /// `product_tree.relationships[]`.
    RelationshipRaw {
        category: Text<'d> = "category" text,
        product: Text<'d> = "product_reference" text,
        relates_to: Text<'d> = "relates_to_product_reference" text,
        name: Option<ProductRaw<'d>> = "full_product_name" record,
    }
    /// `product_tree.product_groups[]`.
    GroupRaw {
        id: Text<'d> = "group_id" text,
        products: Vec<Cow<'d, str>> = "product_ids" texts,
    }
    /// `product_identification_helper`: one purl in 2.0, several in 2.1.
    HelperRaw {
        cpe: Text<'d> = "cpe" text,
        purl: Text<'d> = "purl" text,
        purls: Vec<Cow<'d, str>> = "purls" texts,
    }
    /// `vulnerabilities[]`.
    VulnerabilityRaw {
        cve: Text<'d> = "cve" text,
        ids: Vec<IdRaw<'d>> = "ids" records,
        status: Option<StatusRaw<'d>> = "product_status" record,
        flags: Vec<RemarkRaw<'d>> = "flags" records,
        threats: Vec<RemarkRaw<'d>> = "threats" records,
        remediations: Vec<RemarkRaw<'d>> = "remediations" records,
    }
    /// `vulnerabilities[].ids[]`.
    IdRaw {
        text: Text<'d> = "text" text,
    }
    /// A flag, a threat or a remediation.
    RemarkRaw {
        label: Text<'d> = "label" text,
        category: Text<'d> = "category" text,
        details: Text<'d> = "details" text,
        date: Text<'d> = "date" text,
        products: Vec<Cow<'d, str>> = "product_ids" texts,
        groups: Vec<Cow<'d, str>> = "group_ids" texts,
    }
}

impl GeneratorRaw<'_> {
    /// The tool, as `name version`.
    pub(super) fn tool(self) -> Option<String> {
        let engine = self.engine?;
        let version = engine.version.map(|version| format!(" {version}")).unwrap_or_default();
        Some(format!("{}{version}", engine.name?))
    }
}

/// `product_tree.branches[]`, which nest.
#[derive(Default)]
pub(super) struct BranchRaw<'d> {
    pub(super) category: Text<'d>,
    pub(super) name: Text<'d>,
    pub(super) branches: Vec<BranchRaw<'d>>,
    pub(super) product: Option<ProductRaw<'d>>,
}

impl<'d> Fields<'d> for BranchRaw<'d> {
    fn begin(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        super::super::count(draft, place);
    }

    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "category" => slot.text(&mut self.category),
            "name" => slot.text(&mut self.name),
            "branches" => slot.records(&mut self.branches),
            "product" => slot.record(&mut self.product),
            _ => slot.skip(),
        }
    }
}

/// A product with its id, as branches, names and relationships hold it.
#[derive(Default)]
pub(super) struct ProductRaw<'d> {
    pub(super) id: Text<'d>,
    pub(super) name: Text<'d>,
    pub(super) helper: Option<HelperRaw<'d>>,
}

impl<'d> Fields<'d> for ProductRaw<'d> {
    fn begin(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        super::super::count(draft, place);
    }

    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "product_id" => slot.text(&mut self.id),
            "name" => slot.text(&mut self.name),
            "product_identification_helper" => slot.record(&mut self.helper),
            _ => slot.skip(),
        }
    }
}

/// `vulnerabilities[].product_status`: its groups in document order.
#[derive(Default)]
pub(super) struct StatusRaw<'d> {
    pub(super) groups: Vec<(String, Vec<Cow<'d, str>>)>,
}

impl<'d> Fields<'d> for StatusRaw<'d> {
    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        let mut products = Vec::new();
        slot.texts(&mut products)?;
        self.groups.push((key.to_owned(), products));
        Ok(())
    }
}
