//! SBOMs that state something about vulnerabilities: CycloneDX with `vulnerabilities`,
//! SPDX 3 with its security profile. Read by their own readers; CycloneDX 1.6 is written.

use super::detect::{self, Kind};
use super::{VexFormat, loss, names, needed};
use crate::document::{self, Component, Document, Status, Target};
use crate::format::losses::Losses;
use crate::format::{self as sboms, WriteError, Written};
use crate::reading::{Limits, ReadError, Reading, Warning};
use crate::vex::{Identity, Justification, Product, Response, Statement, Vex};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// CycloneDX.
pub(super) struct CycloneDx;

/// The version that is written.
const VERSION: &str = "1.6";

impl VexFormat for CycloneDx {
    fn name(&self) -> &'static str {
        "cyclonedx"
    }

    fn claims(&self, text: &str) -> bool {
        detect::kind(text) == Some(Kind::Sbom)
    }

    fn read(&self, text: &str, limits: &Limits) -> Result<Reading<Vex>, ReadError> {
        let Some(format) = sboms::FORMATS.iter().find(|format| format.claims(text)) else {
            return Err(detect::unknown(text));
        };
        let Reading { value: document, mut warnings } = format.read(text, limits)?;
        if document.statements.is_empty() {
            return Err(ReadError::whole("this is an SBOM that states nothing about vulnerabilities"));
        }
        let (vex, silent) = of_document(&document);
        if silent > 0 {
            let text = format!("{silent} of its vulnerabilities have no status; they were left out");
            warnings.push(Warning { path: "$.vulnerabilities".to_owned(), line: Some(1), text });
        }
        Ok(Reading { value: vex, warnings })
    }

    fn write(&self, vex: &Vex) -> Result<Written, WriteError> {
        let mut losses = Losses::default();
        let document = to_document(vex, &mut losses)?;
        let Some(format) = sboms::FORMATS.iter().find(|format| format.name() == "cyclonedx-json") else {
            return Err(WriteError("CycloneDX is not written".to_owned()));
        };
        let Written { bytes, mut lost } = format.write(&document, VERSION)?;
        lost.extend(losses.lines());
        Ok(Written { bytes, lost })
    }
}

/// What a document states, and how many of its statements say nothing.
pub(super) fn of_document(document: &Document) -> (Vex, usize) {
    let by_reference: HashMap<&str, &Component> =
        document.components.iter().filter(|c| !c.reference.is_empty()).map(|c| (c.reference.as_str(), c)).collect();
    let mut statements = Vec::new();
    let mut silent = 0;
    for stated in &document.statements {
        let before = statements.len();
        let mut products: BTreeMap<Status, Vec<Arc<Product>>> = BTreeMap::new();
        for target in &stated.about {
            for (status, versions) in meant(target, stated.status) {
                let product = product(target, versions, document, &by_reference);
                products.entry(status).or_default().push(Arc::new(product));
            }
        }
        let names = names(Some(stated.vulnerability.clone()), stated.aliases.iter().cloned());
        for (status, products) in products {
            let own = stated.status == Some(status);
            let justification = stated.justification.as_deref().and_then(Justification::of_word);
            statements.push(Statement {
                justification: justification.filter(|_| own && status == Status::NotAffected),
                responses: stated.responses.iter().filter_map(|word| Response::of_word(word)).collect(),
                detail: stated.detail.clone(),
                at: stated.at.or(document.created),
                ..Statement::new(names.clone(), products, status)
            });
        }
        silent += usize::from(statements.len() == before);
    }
    let vex = Vex {
        format: document.format.clone(),
        id: document.identity.clone(),
        title: document.name.clone(),
        author: (!document.authors.is_empty()).then(|| document.authors.join(", ")),
        issued: document.created,
        tool: document.tools.first().cloned(),
        statements,
        ..Vex::default()
    };
    (vex, silent)
}

/// The versions of a target by what is said of them. What an analysis says holds for the versions that have the
/// vulnerability; that others do not have it needs no analysis.
fn meant(target: &Target, status: Option<Status>) -> BTreeMap<Status, Vec<String>> {
    let mut meant: BTreeMap<Status, Vec<String>> = BTreeMap::new();
    if target.versions.is_empty() {
        meant.extend(status.map(|status| (status, Vec::new())));
    }
    for stated in &target.versions {
        let settled = status.filter(|status| *status != Status::Affected && *status != Status::InTriage);
        let status = match stated.affected {
            Some(true) => status,
            Some(false) => settled.or(Some(Status::NotAffected)),
            None => status.map(|_| Status::InTriage),
        };
        if let Some(status) = status {
            meant.entry(status).or_default().push(stated.versions.clone());
        }
    }
    meant
}

/// What a reference stands for: the document's subject, a component in it, or something elsewhere.
fn product(target: &Target, versions: Vec<String>, document: &Document, known: &HashMap<&str, &Component>) -> Product {
    let subject = document.subject.as_ref();
    let alone = |whole: Identity| Product { whole, parts: Vec::new() };
    if let Some(subject) = subject.filter(|subject| subject.reference == target.reference && !target.reference.is_empty()) {
        return alone(identity(subject, versions));
    }
    match (known.get(target.reference.as_str()), subject) {
        (Some(component), Some(subject)) => {
            Product { whole: identity(subject, Vec::new()), parts: vec![identity(component, versions)] }
        }
        (Some(component), None) => alone(identity(component, versions)),
        (None, _) => alone(Identity { versions, ..Identity::of_text(&target.reference) }),
    }
}

fn identity(component: &Component, mut versions: Vec<String>) -> Identity {
    let stated = component.version.as_ref().filter(|version| !version.is_empty());
    if versions.is_empty() && component.purl.as_ref().is_none_or(|purl| purl.version.is_none()) {
        versions.extend(stated.map(ToString::to_string));
    }
    let mut purl = component.purl.clone();
    if !versions.is_empty()
        && let Some(purl) = &mut purl
    {
        // What is meant is said beside it.
        purl.version = None;
    }
    Identity {
        name: (!component.name.is_empty()).then(|| component.name.to_string()),
        reference: Some(component.reference.clone()).filter(|reference| !reference.is_empty()),
        purls: purl.into_iter().collect(),
        cpes: component.cpes.to_vec(),
        versions,
    }
}

/// The document that states the same. What is inside a product stands in the document of that product: with
/// several products, each component for itself.
fn to_document(vex: &Vex, losses: &mut Losses) -> Result<Document, WriteError> {
    let mut wholes: Vec<&Identity> = vex.statements.iter().flat_map(|s| &s.products).map(|product| &product.whole).collect();
    wholes.dedup();
    let inside = vex.statements.iter().flat_map(|s| &s.products).any(|product| !product.parts.is_empty());
    let subject = match wholes.as_slice() {
        [whole] if inside => Some(component(whole)),
        _ => None,
    };
    if inside && subject.is_none() {
        return Err(WriteError(
            "several products hold the components; CycloneDX describes one, so write a document for each".to_owned(),
        ));
    }
    let mut document = Document {
        identity: Some(needed(vex.id.as_ref(), "id")?.to_owned()).filter(|id| id.starts_with("urn:uuid:")),
        created: vex.updated.or(vex.issued),
        authors: vex.author.iter().cloned().collect(),
        tools: vex.tool.iter().cloned().collect(),
        subject,
        ..Document::default()
    };
    let mut known = HashSet::new();
    for statement in &vex.statements {
        let Some((vulnerability, aliases)) = statement.names.split_first() else {
            losses.add(loss::NAMELESS);
            continue;
        };
        let about = about(statement, &mut document, &mut known, losses);
        if statement.action.is_some() {
            losses.add(loss::DETAILS);
        }
        document.statements.push(document::Statement {
            vulnerability: vulnerability.clone(),
            aliases: aliases.to_vec(),
            about,
            status: Some(statement.status),
            justification: justification(statement, losses),
            responses: statement.responses.iter().map(|response| response.cyclonedx().to_owned()).collect(),
            detail: statement.detail.clone(),
            at: statement.at,
        });
    }
    if document.statements.is_empty() {
        return Err(WriteError("there is nothing to state: no statement names a vulnerability".to_owned()));
    }
    Ok(document)
}

/// What a statement is about; what was not yet listed is.
fn about(statement: &Statement, document: &mut Document, known: &mut HashSet<String>, losses: &mut Losses) -> Vec<Target> {
    let mut about = Vec::new();
    for product in &statement.products {
        let own = std::slice::from_ref(&product.whole);
        let is_subject = product.parts.is_empty() && document.subject.is_some();
        for identity in if product.parts.is_empty() { own } else { &product.parts } {
            let made = component(identity);
            if made.reference.is_empty() {
                losses.add(loss::PRODUCTS);
                continue;
            }
            about.push(target(identity, &made, statement.status));
            let linked = made.reference.starts_with("urn:cdx:");
            if !is_subject && !linked && known.insert(made.reference.clone()) {
                document.components.push(made);
            }
        }
    }
    about
}

fn justification(statement: &Statement, losses: &mut Losses) -> Option<String> {
    let (word, own) = statement.justification.filter(|_| statement.status == Status::NotAffected)?.cyclonedx();
    if !own {
        losses.add(loss::JUSTIFICATIONS);
    }
    Some(word.to_owned())
}

fn target(identity: &Identity, made: &Component, status: Status) -> Target {
    let affected = Some(!matches!(status, Status::NotAffected | Status::FalsePositive));
    let one = matches!(identity.versions.as_slice(), [version] if made.version.as_deref() == Some(version));
    let versions = identity.versions.iter().filter(|_| !one);
    let versions = versions.map(|text| document::TargetVersions { versions: text.clone(), affected });
    Target { reference: made.reference.clone(), versions: versions.collect() }
}

fn component(identity: &Identity) -> Component {
    let purl = identity.purls.first().cloned();
    let stated = match identity.versions.as_slice() {
        [version] if !version.starts_with("vers:") => Some(version.as_str().into()),
        _ => None,
    };
    let name = purl.as_ref().map(|purl| purl.name.clone());
    let name = name.or_else(|| identity.name.as_deref().map(Into::into)).unwrap_or_else(|| identity.shown().into());
    Component {
        reference: identity.reference.clone().unwrap_or_else(|| identity.shown()),
        group: purl.as_ref().and_then(|purl| purl.namespace.clone()),
        name,
        version: purl.as_ref().and_then(|purl| purl.version.clone()).or(stated),
        cpes: identity.cpes.iter().cloned().collect(),
        purl,
        ..Component::default()
    }
}
