//! Writes CSAF 2.0 by the profile "VEX".

use super::super::{loss, needed, with_own_version};
use crate::document::Status;
use crate::format::losses::Losses;
use crate::format::{WriteError, Written, time};
use crate::vex::{Identity, Product, Statement, Vex, csaf_status};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The products of a document by their ids, each once.
#[derive(Default)]
struct Tree {
    names: Vec<Value>,
    relationships: Vec<Value>,
    ids: BTreeMap<String, String>,
}

/// A statement and the ids of its products.
type Stated<'v> = (&'v Statement, Vec<String>);

/// Writes the document.
pub(super) fn write(vex: &Vex) -> Result<Written, WriteError> {
    let mut losses = Losses::default();
    let mut tree = Tree::default();
    let mut vulnerabilities: Vec<(&[String], Vec<Stated<'_>>)> = Vec::new();
    for statement in &vex.statements {
        let mut ids: Vec<String> = statement.products.iter().flat_map(|product| tree.product(product, &mut losses)).collect();
        ids.sort();
        ids.dedup();
        if ids.is_empty() || statement.names.is_empty() {
            losses.add(loss::NAMELESS);
            continue;
        }
        match vulnerabilities.iter_mut().find(|(names, _)| *names == statement.names.as_slice()) {
            Some((_, statements)) => statements.push((statement, ids)),
            None => vulnerabilities.push((&statement.names, vec![(statement, ids)])),
        }
    }
    if vulnerabilities.is_empty() {
        return Err(WriteError("there is nothing to state: the VEX profile of CSAF needs one vulnerability at least".to_owned()));
    }
    let vulnerabilities: Vec<Value> =
        vulnerabilities.into_iter().map(|(names, stated)| vulnerability(names, stated, &mut losses)).collect();
    let mut product_tree = json!({"full_product_names": tree.names});
    if let (Some(fields), false) = (product_tree.as_object_mut(), tree.relationships.is_empty()) {
        fields.insert("relationships".to_owned(), json!(tree.relationships));
    }
    let document = json!({"document": head(vex)?, "product_tree": product_tree, "vulnerabilities": vulnerabilities});
    let mut bytes = serde_json::to_vec_pretty(&document).map_err(|error| WriteError(error.to_string()))?;
    bytes.push(b'\n');
    Ok(Written { bytes, lost: losses.lines() })
}

fn head(vex: &Vex) -> Result<Value, WriteError> {
    let issued = vex.issued.or(vex.updated).ok_or_else(|| WriteError("the document has no time; give it one".to_owned()))?;
    let (issued, updated) = (time::write(issued), time::write(vex.updated.unwrap_or(issued)));
    let version = vex.version.as_deref().filter(|version| version.parse::<u32>().is_ok_and(|version| version > 0)).unwrap_or("1");
    let mut tracking = json!({
        "id": needed(vex.id.as_ref(), "id")?,
        "initial_release_date": issued,
        "current_release_date": updated,
        "status": "final",
        "version": version,
        // Earlier ones are not ours to tell.
        "revision_history": [{"date": updated, "number": version, "summary": "This state."}],
    });
    if let (Some(tool), Some(fields)) = (&vex.tool, tracking.as_object_mut()) {
        fields.insert("generator".to_owned(), json!({"engine": {"name": tool}}));
    }
    Ok(json!({
        "category": "csaf_vex",
        "csaf_version": "2.0",
        "title": vex.title.as_deref().filter(|title| !title.is_empty()).unwrap_or("Status of vulnerabilities"),
        "publisher": {
            "category": "vendor",
            "name": needed(vex.author.as_ref(), "author")?,
            "namespace": vex.author_address.as_deref().filter(|text| url::Url::parse(text).is_ok()).unwrap_or("urn:bomwarden"),
        },
        "tracking": tracking,
    }))
}

fn vulnerability(names: &[String], stated: Vec<Stated<'_>>, losses: &mut Losses) -> Value {
    let mut fields = Map::new();
    let mut others = Vec::new();
    for name in names {
        match is_cve(name) && !fields.contains_key("cve") {
            true => drop(fields.insert("cve".to_owned(), json!(name))),
            false => {
                others.push(json!({"system_name": name.split_once('-').map_or("other", |(system, _)| system), "text": name}))
            }
        }
    }
    if !others.is_empty() {
        fields.insert("ids".to_owned(), json!(others));
    }
    let title = names.first().map(String::as_str).unwrap_or_default();
    fields.insert("notes".to_owned(), json!([{"category": "summary", "text": title}]));
    let (mut groups, mut flags, mut threats, mut remediations) =
        (BTreeMap::<&str, Vec<String>>::new(), Vec::new(), Vec::new(), Vec::new());
    let mut seen = BTreeMap::<String, usize>::new();
    // Of a product that is named twice the last word counts: the profile allows one status.
    for (index, (_, ids)) in stated.iter().enumerate() {
        seen.extend(ids.iter().map(|id| (id.clone(), index)));
    }
    for (index, (statement, ids)) in stated.into_iter().enumerate() {
        let ids: Vec<String> = ids.into_iter().filter(|id| seen.get(id) == Some(&index)).collect();
        if ids.is_empty() {
            continue;
        }
        groups.entry(csaf_status(statement.status).0).or_default().extend(ids.iter().cloned());
        let dated = flags.len() + threats.len();
        reasons(statement, &ids, &mut flags, &mut threats, losses);
        if statement.at.is_some() && dated == flags.len() + threats.len() {
            losses.add(loss::TIMES);
        }
        actions(statement, &ids, &mut remediations);
    }
    fields.insert("product_status".to_owned(), json!(groups));
    for (key, list) in [("flags", flags), ("threats", threats), ("remediations", remediations)] {
        if !list.is_empty() {
            fields.insert(key.to_owned(), json!(list));
        }
    }
    Value::Object(fields)
}

/// Whether an id has the form that `cve` must have.
fn is_cve(name: &str) -> bool {
    let digits = |text: &str, least: usize| text.len() >= least && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = name.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(year, number)| year.len() == 4 && digits(year, 4) && digits(number, 4))
}

/// A flag and an impact; the profile wants one of them for what is not affected.
fn reasons(stated: &Statement, ids: &[String], flags: &mut Vec<Value>, threats: &mut Vec<Value>, losses: &mut Losses) {
    let dated = |mut value: Value| {
        if let (Some(at), Some(fields)) = (stated.at, value.as_object_mut()) {
            fields.insert("date".to_owned(), json!(time::write(at)));
        }
        value
    };
    let justification = stated.justification.filter(|_| stated.status == Status::NotAffected);
    if let Some((word, own)) = justification.map(|justification| justification.openvex()) {
        flags.push(dated(json!({"label": word, "product_ids": ids})));
        if !own {
            losses.add(loss::JUSTIFICATIONS);
        }
    }
    let unsaid = match stated.status {
        Status::FalsePositive => Some("This was matched wrongly."),
        Status::NotAffected if justification.is_none() => Some("The author states no reason."),
        _ => None,
    };
    if stated.status == Status::FalsePositive {
        losses.add(loss::FALSE_POSITIVES);
    }
    let detail = stated.detail.as_deref().filter(|text| !text.trim().is_empty());
    threats.extend(detail.or(unsaid).map(|text| dated(json!({"category": "impact", "details": text, "product_ids": ids}))));
}

/// Remediations; the profile wants one for what is affected.
fn actions(stated: &Statement, ids: &[String], remediations: &mut Vec<Value>) {
    let said = stated.action.as_deref().filter(|text| !text.trim().is_empty());
    let mut add = |category: &str| {
        let text = said.unwrap_or("The author states no action.");
        remediations.push(json!({"category": category, "details": text, "product_ids": ids}));
    };
    stated.responses.iter().for_each(|response| add(response.csaf()));
    if stated.responses.is_empty() && (said.is_some() || stated.status == Status::Affected) {
        add(if said.is_some() { "mitigation" } else { "none_available" });
    }
}

impl Tree {
    /// The ids of a product: its own, or those of its parts in it.
    fn product(&mut self, product: &Product, losses: &mut Losses) -> Vec<String> {
        let Some(whole) = self.identity(&product.whole, losses) else { return Vec::new() };
        if product.parts.is_empty() {
            return vec![whole];
        }
        let mut ids = Vec::with_capacity(product.parts.len());
        for part in &product.parts {
            let Some(inner) = self.identity(part, losses) else { continue };
            let (id, new) = self.id(format!("{inner} in {whole}"));
            if new {
                self.relationships.push(json!({
                    "category": "default_component_of",
                    "product_reference": inner,
                    "relates_to_product_reference": whole,
                    "full_product_name": {"name": format!("{} in {}", part.shown(), product.whole.shown()), "product_id": id},
                }));
            }
            ids.push(id);
        }
        ids
    }

    /// The id of what this identity names; `None`, and told, where it has no name at all.
    fn identity(&mut self, identity: &Identity, losses: &mut Losses) -> Option<String> {
        let Some(identity) = with_own_version(identity) else {
            // Without its versions it would speak of all.
            losses.add(loss::VERSIONS);
            return None;
        };
        let name = identity.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| identity.shown());
        if name.is_empty() {
            losses.add(loss::PRODUCTS);
            return None;
        }
        let mut helper = Map::new();
        helper.extend(identity.purls.first().map(|purl| ("purl".to_owned(), json!(purl.to_string()))));
        helper.extend(identity.cpes.first().map(|cpe| ("cpe".to_owned(), json!(cpe))));
        let (id, new) = self.id(format!("{name}\n{}", Value::Object(helper.clone())));
        if new {
            let mut product = json!({"name": name, "product_id": id});
            if let (Some(fields), false) = (product.as_object_mut(), helper.is_empty()) {
                fields.insert("product_identification_helper".to_owned(), Value::Object(helper));
            }
            self.names.push(product);
        }
        Some(id)
    }

    /// The id of `key`, and whether it is new.
    fn id(&mut self, key: String) -> (String, bool) {
        let next = format!("CSAFPID-{:04}", self.ids.len() + 1);
        let new = !self.ids.contains_key(&key);
        (self.ids.entry(key).or_insert(next).clone(), new)
    }
}
