//! OpenVEX, <https://github.com/openvex/spec>: 0.0.1 and 0.2.0 are read, 0.2.0 is written.

mod raw;
mod write;

use super::super::draft::Draft;
use super::super::place::Place;
use super::detect::{self, Kind};
use super::{VexFormat, count, moment, names, read_json};
use crate::format::{WriteError, Written};
use crate::reading::{Limits, ReadError, Reading};
use crate::vex::{Identity, Justification, Product, Statement, Vex, status_of_openvex};
use raw::{DocumentRaw, ProductRaw, StatementRaw};
use std::sync::Arc;

/// OpenVEX.
pub(super) struct OpenVex;

impl VexFormat for OpenVex {
    fn name(&self) -> &'static str {
        "openvex"
    }

    fn claims(&self, text: &str) -> bool {
        detect::kind(text) == Some(Kind::OpenVex)
    }

    fn read(&self, text: &str, limits: &Limits) -> Result<Reading<Vex>, ReadError> {
        read_json(text, limits, document)
    }

    fn write(&self, vex: &Vex) -> Result<Written, WriteError> {
        write::write(vex)
    }
}

fn document<'d>(raw: DocumentRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) -> Result<Vex, ReadError> {
    let context = raw.context.iter().find(|context| context.contains("openvex"));
    let version = match context.map(|context| context.rsplit_once("/v")) {
        Some(Some((_, version))) => version,
        Some(None) => "0.0.1",
        None => {
            draft.note(place, "`@context` does not name OpenVEX; it is read as such");
            ""
        }
    };
    let format = draft.word::<String>(&format!("OpenVEX {version}"), &place.key("@context")).trim_end().to_owned();
    let issued = moment(raw.timestamp, "timestamp", draft, place);
    let updated = moment(raw.last_updated, "last_updated", draft, place);
    let mut statements = raw.statements;
    for statement in &mut statements {
        statement.at = statement.at.or(updated).or(issued);
    }
    Ok(Vex {
        format,
        id: raw.id.map(|id| draft.word(&id, &place.key("@id"))),
        version: raw.version.map(|version| draft.word(&version, &place.key("version"))),
        title: None,
        author: draft.prose(raw.author, &place.key("author")),
        author_address: None,
        issued,
        updated,
        tool: draft.prose(raw.tooling, &place.key("tooling")),
        withdrawn: false,
        statements,
    })
}

/// Understands one statement, which stands at `place`.
fn statement<'d>(raw: StatementRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) -> Option<Statement> {
    count(draft, place);
    let vulnerability = raw.vulnerability.unwrap_or_default();
    let at = place.key("vulnerability");
    let own = vulnerability.name.or(vulnerability.id).map(|name| draft.word(&name, &at.key("name")));
    let aliases: Vec<String> = vulnerability.aliases.into_iter().map(|name| draft.word(&name, &at.key("aliases"))).collect();
    let names = names(own, aliases);
    if names.is_empty() {
        draft.note(place, "this statement names no vulnerability; it was left out");
        return None;
    }
    let Some(word) = raw.status else {
        draft.note(place, "this statement has no status; it was left out");
        return None;
    };
    let Some(status) = status_of_openvex(&word) else {
        draft.note(&place.key("status"), "this status is not in the specification; the statement was left out");
        return None;
    };
    let products = products(raw.products, raw.subcomponents, draft, place);
    if products.is_empty() {
        draft.note(place, "this statement names no product; it was left out");
        return None;
    }
    let justification = raw.justification.and_then(|word| {
        let known = Justification::of_word(&word);
        if known.is_none() && !word.is_empty() {
            draft.note(&place.key("justification"), "this justification is not in the specification; it was left out");
        }
        known
    });
    let impact = draft.prose(raw.impact, &place.key("impact_statement"));
    let notes = draft.prose(raw.notes, &place.key("status_notes"));
    let updated = moment(raw.last_updated, "last_updated", draft, place);
    Some(Statement {
        justification,
        detail: impact.or(notes),
        action: draft.prose(raw.action, &place.key("action_statement")),
        at: updated.or_else(|| moment(raw.timestamp, "timestamp", draft, place)),
        ..Statement::new(names, products, status)
    })
}

/// The products of a statement; in 0.0.1 its subcomponents stand beside them.
fn products<'d>(
    raw: Vec<ProductRaw<'d>>,
    parts: Vec<ProductRaw<'d>>,
    draft: &mut Draft<'d>,
    place: &Place<'_>,
) -> Vec<Arc<Product>> {
    let shared: Vec<Identity> = identities(parts, draft, &place.key("subcomponents"));
    let list = place.key("products");
    let mut products = Vec::with_capacity(raw.len());
    for (index, mut raw) in raw.into_iter().enumerate() {
        let place = list.index(index);
        let own = identities(std::mem::take(&mut raw.parts), draft, &place.key("subcomponents"));
        let stated = raw.has_parts;
        match identity(raw, draft, &place) {
            // What names parts of which none can be told is not about the whole.
            Some(whole) if !(stated && own.is_empty()) => {
                let parts = if own.is_empty() { shared.clone() } else { own };
                products.push(Arc::new(Product { whole, parts }));
            }
            _ => draft.note(&place, "this product cannot be told; it was left out"),
        }
    }
    products
}

fn identities<'d>(raw: Vec<ProductRaw<'d>>, draft: &mut Draft<'d>, list: &Place<'_>) -> Vec<Identity> {
    let told = raw.into_iter().enumerate().filter_map(|(index, raw)| identity(raw, draft, &list.index(index)));
    told.collect()
}

fn identity<'d>(raw: ProductRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) -> Option<Identity> {
    let id = raw.id.filter(|id| !id.is_empty()).map(|id| draft.word::<String>(&id, &place.key("@id")));
    let mut identity = id.as_deref().map(Identity::of_text).unwrap_or_default();
    if let (Some(id), true) = (&id, identity.purls.is_empty())
        && id.starts_with("pkg:")
    {
        draft.note(&place.key("@id"), "this is no package URL; it is kept as a name");
    }
    let identifiers = raw.identifiers.unwrap_or_default();
    let at = place.key("identifiers");
    if let Some(purl) = super::super::parts::purl_at(identifiers.purl, "purl", draft, &at)
        && !identity.purls.contains(&purl)
    {
        identity.purls.push(purl);
    }
    for (key, cpe) in [("cpe23", identifiers.cpe23), ("cpe22", identifiers.cpe22)] {
        identity.cpes.extend(cpe.filter(|cpe| !cpe.is_empty()).map(|cpe| draft.word::<String>(&cpe, &at.key(key))));
    }
    (identity != Identity::default()).then_some(identity)
}

#[cfg(test)]
mod tests;
