//! CSAF 2.0 and 2.1, <https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html>: the
//! profiles "VEX" and "security advisory" are read, VEX is written as 2.0.

mod raw;
mod tree;
mod vulnerability;
mod write;

use super::super::draft::Draft;
use super::super::place::Place;
use super::detect::{self, Kind};
use super::{VexFormat, moment, read_json};
use crate::format::{WriteError, Written};
use crate::reading::{Limits, ReadError, Reading};
use crate::vex::Vex;
use raw::{DocumentRaw, GeneratorRaw};

/// CSAF.
pub(super) struct Csaf;

impl VexFormat for Csaf {
    fn name(&self) -> &'static str {
        "csaf"
    }

    fn claims(&self, text: &str) -> bool {
        detect::kind(text) == Some(Kind::Csaf)
    }

    fn read(&self, text: &str, limits: &Limits) -> Result<Reading<Vex>, ReadError> {
        read_json(text, limits, document)
    }

    fn write(&self, vex: &Vex) -> Result<Written, WriteError> {
        write::write(vex)
    }
}

fn document<'d>(raw: DocumentRaw<'d>, draft: &mut Draft<'d>, root: &Place<'_>) -> Result<Vex, ReadError> {
    let head = raw.head.unwrap_or_default();
    let place = root.key("document");
    let version: String = head.version.map(|text| draft.word(&text, &place.key("csaf_version"))).unwrap_or_default();
    if version.is_empty() {
        draft.note(&place, "`csaf_version` is missing; the fields of 2.0 and 2.1 are read");
    }
    let category = head.category.unwrap_or_default();
    let tracking = head.tracking.unwrap_or_default();
    let publisher = head.publisher.unwrap_or_default();
    let (at, by) = (place.key("tracking"), place.key("publisher"));
    let products = tree::products(raw.tree.unwrap_or_default(), draft, &root.key("product_tree"));
    let updated = moment(tracking.current, "current_release_date", draft, &at);
    let mut vex = Vex {
        format: format!("CSAF {version}").trim_end().to_owned(),
        id: tracking.id.map(|id| draft.word(&id, &at.key("id"))),
        version: tracking.version.map(|version| draft.word(&version, &at.key("version"))),
        title: draft.prose(head.title, &place.key("title")),
        author: draft.prose(publisher.name, &by.key("name")),
        author_address: publisher.namespace.map(|text| draft.word(&text, &by.key("namespace"))),
        issued: moment(tracking.initial, "initial_release_date", draft, &at),
        updated,
        tool: draft.prose(tracking.generator.and_then(GeneratorRaw::tool).map(Into::into), &at.key("generator")),
        withdrawn: matches!(category.as_ref(), "csaf_withdrawn" | "csaf_superseded"),
        statements: Vec::new(),
    };
    let list = root.key("vulnerabilities");
    for (index, raw) in raw.vulnerabilities.into_iter().enumerate() {
        vulnerability::add(raw, &products, &mut vex.statements, draft, &list.index(index));
    }
    for statement in &mut vex.statements {
        statement.at = statement.at.or(updated);
    }
    Ok(vex)
}

#[cfg(test)]
mod tests;
