//! Writes OpenVEX 0.2.0.

use super::super::{loss, needed, with_own_version};
use crate::document::Status;
use crate::format::losses::Losses;
use crate::format::{WriteError, Written, time};
use crate::vex::{Identity, Product, Statement, Vex, openvex_status};
use serde_json::{Map, Value, json};
use url::Url;

const CONTEXT: &str = "https://openvex.dev/ns/v0.2.0";

/// Writes the document.
pub(super) fn write(vex: &Vex) -> Result<Written, WriteError> {
    let mut losses = Losses::default();
    let id = needed(vex.id.as_ref(), "id")?;
    let issued = vex.issued.or(vex.updated).ok_or_else(|| WriteError("the document has no time; give it one".to_owned()))?;
    let mut statements: Vec<Value> = Vec::new();
    for stated in &vex.statements {
        match statement(stated, &mut losses) {
            Some(statement) if !statements.contains(&statement) => statements.push(statement),
            Some(_) => {}
            None => losses.add(loss::NAMELESS),
        }
    }
    if statements.is_empty() {
        return Err(WriteError("there is nothing to state: OpenVEX needs one statement at least".to_owned()));
    }
    let version = vex.version.as_ref().and_then(|version| version.parse::<u64>().ok()).filter(|version| *version > 0);
    let mut document = json!({
        "@context": CONTEXT,
        "@id": if Url::parse(id).is_ok() { id.to_owned() } else { reference("document", id) },
        "author": needed(vex.author.as_ref(), "author")?,
        "timestamp": time::write(issued),
        "version": version.unwrap_or(1),
        "statements": statements,
    });
    if let Some(fields) = document.as_object_mut() {
        fields.extend(
            vex.updated.filter(|updated| *updated != issued).map(|at| ("last_updated".to_owned(), json!(time::write(at)))),
        );
        fields.extend(vex.tool.as_ref().map(|tool| ("tooling".to_owned(), json!(tool))));
    }
    let mut bytes = serde_json::to_vec_pretty(&document).map_err(|error| WriteError(error.to_string()))?;
    bytes.push(b'\n');
    Ok(Written { bytes, lost: losses.lines() })
}

fn statement(stated: &Statement, losses: &mut Losses) -> Option<Value> {
    let (name, aliases) = stated.names.split_first()?;
    let mut products: Vec<Value> = Vec::new();
    for value in stated.products.iter().filter_map(|stated| product(stated, losses)) {
        if !products.contains(&value) {
            products.push(value);
        }
    }
    if products.is_empty() {
        return None;
    }
    let mut vulnerability = Map::from_iter([("name".to_owned(), json!(name))]);
    if !aliases.is_empty() {
        vulnerability.insert("aliases".to_owned(), json!(aliases));
    }
    let (status, own) = openvex_status(stated.status);
    let mut fields = Map::from_iter([
        ("vulnerability".to_owned(), Value::Object(vulnerability)),
        ("products".to_owned(), json!(products)),
        ("status".to_owned(), json!(status)),
    ]);
    if !own {
        losses.add(loss::FALSE_POSITIVES);
    }
    if !stated.responses.is_empty() {
        losses.add(loss::RESPONSES);
    }
    fields.extend(stated.at.map(|at| ("timestamp".to_owned(), json!(time::write(at)))));
    reasons(stated, &mut fields, losses);
    Some(Value::Object(fields))
}

/// Why, and what to do: a status of not affected needs a reason, one of affected an action.
fn reasons(stated: &Statement, fields: &mut Map<String, Value>, losses: &mut Losses) {
    let justification = stated.justification.filter(|_| stated.status == Status::NotAffected);
    if let Some((word, own)) = justification.map(|justification| justification.openvex()) {
        fields.insert("justification".to_owned(), json!(word));
        if !own {
            losses.add(loss::JUSTIFICATIONS);
        }
    }
    let not_affected = matches!(stated.status, Status::NotAffected | Status::FalsePositive);
    let detail = stated.detail.as_deref().filter(|text| !text.trim().is_empty());
    let unsaid = match stated.status {
        Status::FalsePositive => Some("This was matched wrongly."),
        Status::NotAffected if justification.is_none() => Some("The author states no reason."),
        _ => None,
    };
    let key = if not_affected { "impact_statement" } else { "status_notes" };
    fields.extend(detail.or(unsaid).map(|text| (key.to_owned(), json!(text))));
    let action = stated.action.as_deref().filter(|text| !text.trim().is_empty());
    let unsaid = (stated.status == Status::Affected).then_some("The author states no action.");
    fields.extend(action.or(unsaid).map(|text| ("action_statement".to_owned(), json!(text))));
}

fn product(stated: &Product, losses: &mut Losses) -> Option<Value> {
    let mut product = identity(&stated.whole, losses)?;
    let parts: Vec<Value> = stated.parts.iter().filter_map(|part| identity(part, losses)).map(Value::Object).collect();
    if !stated.parts.is_empty() {
        if parts.is_empty() {
            return None;
        }
        product.insert("subcomponents".to_owned(), json!(parts));
    }
    Some(Value::Object(product))
}

/// The object that names something; `None`, and told, where nothing of it is an IRI, a purl or a CPE name.
fn identity(stated: &Identity, losses: &mut Losses) -> Option<Map<String, Value>> {
    let Some(stated) = with_own_version(stated) else {
        // Without its versions it would speak of all.
        losses.add(loss::VERSIONS);
        return None;
    };
    let mut identifiers = Map::new();
    let purl = stated.purls.first().map(ToString::to_string);
    identifiers.extend(purl.iter().map(|purl| ("purl".to_owned(), json!(purl))));
    let cpe = |start: &str| stated.cpes.iter().find(|cpe| cpe.starts_with(start));
    identifiers.extend(cpe("cpe:2.3:").map(|cpe| ("cpe23".to_owned(), json!(cpe))));
    identifiers.extend(cpe("cpe:/").map(|cpe| ("cpe22".to_owned(), json!(cpe))));
    let iri = stated.reference.filter(|text| Url::parse(text).is_ok());
    let named = stated.name.filter(|text| !text.is_empty());
    let iri = iri.or_else(|| named.map(|text| reference("product", &text)));
    let id = purl.or_else(|| iri.filter(|_| identifiers.is_empty()));
    let mut fields = Map::from_iter(id.map(|id| ("@id".to_owned(), json!(id))));
    if !identifiers.is_empty() {
        fields.insert("identifiers".to_owned(), Value::Object(identifiers));
    }
    if fields.is_empty() {
        losses.add(loss::PRODUCTS);
        return None;
    }
    Some(fields)
}

/// An IRI for a name that is none.
fn reference(kind: &str, text: &str) -> String {
    let mut out = format!("urn:bomwarden:{kind}:");
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
