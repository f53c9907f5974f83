//! What an OpenVEX document says, before it is understood.

use super::statement;
use crate::format::draft::Draft;
use crate::format::lenient::{Fields, Slot, Text, record};
use crate::format::place::Place;
use crate::vex::Statement;
use serde::de::MapAccess;
use std::borrow::Cow;

/// The document; its statements are understood as they come.
#[derive(Default)]
pub(super) struct DocumentRaw<'d> {
    pub(super) context: Vec<Cow<'d, str>>,
    pub(super) id: Text<'d>,
    pub(super) author: Text<'d>,
    pub(super) timestamp: Text<'d>,
    pub(super) last_updated: Text<'d>,
    pub(super) version: Text<'d>,
    pub(super) tooling: Text<'d>,
    pub(super) statements: Vec<Statement>,
}

record!(DocumentRaw, self, slot, {
    "@context" => slot.texts(&mut self.context),
    "@id" | "id" => slot.text(&mut self.id),
    "author" => slot.text(&mut self.author),
    "timestamp" => slot.text(&mut self.timestamp),
    "last_updated" => slot.text(&mut self.last_updated),
    "version" => slot.text(&mut self.version),
    "tooling" => slot.text(&mut self.tooling),
    "statements" => slot.each(|draft, place, raw: &mut StatementRaw<'d>| self.statements.extend(statement(std::mem::take(raw), draft, place))),
});

/// A statement.
#[derive(Default)]
pub(super) struct StatementRaw<'d> {
    pub(super) vulnerability: Option<VulnerabilityRaw<'d>>,
    pub(super) timestamp: Text<'d>,
    pub(super) last_updated: Text<'d>,
    pub(super) products: Vec<ProductRaw<'d>>,
    pub(super) subcomponents: Vec<ProductRaw<'d>>,
    pub(super) status: Text<'d>,
    pub(super) notes: Text<'d>,
    pub(super) justification: Text<'d>,
    pub(super) impact: Text<'d>,
    pub(super) action: Text<'d>,
}

record!(StatementRaw, self, slot, {
    "vulnerability" => slot.record(&mut self.vulnerability),
    "timestamp" => slot.text(&mut self.timestamp),
    "last_updated" => slot.text(&mut self.last_updated),
    "products" => slot.records(&mut self.products),
    "subcomponents" => slot.records(&mut self.subcomponents),
    "status" => slot.text(&mut self.status),
    "status_notes" => slot.text(&mut self.notes),
    "justification" => slot.text(&mut self.justification),
    "impact_statement" => slot.text(&mut self.impact),
    "action_statement" => slot.text(&mut self.action),
});

/// A vulnerability; in 0.0.1 its id alone.
#[derive(Default)]
pub(super) struct VulnerabilityRaw<'d> {
    pub(super) id: Text<'d>,
    pub(super) name: Text<'d>,
    pub(super) aliases: Vec<Cow<'d, str>>,
}

impl<'d> Fields<'d> for VulnerabilityRaw<'d> {
    fn bare(&mut self, text: Cow<'d, str>) -> bool {
        self.name = Some(text);
        true
    }

    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "@id" => slot.text(&mut self.id),
            "name" => slot.text(&mut self.name),
            "aliases" => slot.texts(&mut self.aliases),
            _ => slot.skip(),
        }
    }
}

/// A product or one of its components; in 0.0.1 its id alone.
#[derive(Default)]
pub(super) struct ProductRaw<'d> {
    pub(super) id: Text<'d>,
    pub(super) identifiers: Option<IdentifiersRaw<'d>>,
    pub(super) parts: Vec<ProductRaw<'d>>,
    /// Whether it names any parts: to name some that cannot be told is another thing than to name none.
    pub(super) has_parts: bool,
}

impl<'d> Fields<'d> for ProductRaw<'d> {
    fn bare(&mut self, text: Cow<'d, str>) -> bool {
        self.id = Some(text);
        true
    }

    fn field<A: MapAccess<'d>>(&mut self, key: &str, slot: Slot<'_, '_, 'd, A>) -> Result<(), A::Error> {
        match key {
            "@id" | "id" => slot.text(&mut self.id),
            "identifiers" => slot.record(&mut self.identifiers),
            "subcomponents" => {
                slot.records(&mut self.parts)?;
                self.has_parts = !self.parts.is_empty();
                Ok(())
            }
            _ => slot.skip(),
        }
    }

    fn end(&mut self, draft: &mut Draft<'d>, place: &Place<'_>) {
        super::count(draft, place);
    }
}

/// By what a product is recognised.
#[derive(Default)]
pub(super) struct IdentifiersRaw<'d> {
    pub(super) purl: Text<'d>,
    pub(super) cpe22: Text<'d>,
    pub(super) cpe23: Text<'d>,
}

record!(IdentifiersRaw, self, slot, {
    "purl" => slot.text(&mut self.purl),
    "cpe22" => slot.text(&mut self.cpe22),
    "cpe23" => slot.text(&mut self.cpe23),
});
