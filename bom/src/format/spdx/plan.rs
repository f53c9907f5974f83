//! A document as SPDX 2.3 can hold it: its ids, its licences' names, what each part
//! becomes, and what is lost. The same for JSON and tag-value.

use super::package::{CONCLUDED, ORIGIN, REFERENCE};
use super::relationship;
use super::whole::DOCUMENT;
use super::words;
use crate::document::{Component, Document, Licence, Node, Scope};
use crate::format::losses::Losses;
use crate::format::{licence, provenance, time};
use crate::origin::Origin;
use serde::Serialize;
use sha2::Digest;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A document of SPDX 2.3.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Whole<'a> {
    pub(super) spdx_version: &'static str,
    pub(super) data_license: &'static str,
    #[serde(rename = "SPDXID")]
    pub(super) id: &'static str,
    pub(super) name: Cow<'a, str>,
    pub(super) document_namespace: Cow<'a, str>,
    pub(super) creation_info: Creation<'a>,
    pub(super) packages: Vec<Package<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) has_extracted_licensing_infos: Vec<Extracted>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) relationships: Vec<Relationship>,
}

#[derive(Serialize)]
pub(super) struct Creation<'a> {
    pub(super) created: String,
    pub(super) creators: Vec<Cow<'a, str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Package<'a> {
    #[serde(rename = "SPDXID")]
    pub(super) id: String,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version_info: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) supplier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) originator: Option<String>,
    pub(super) download_location: &'a str,
    pub(super) files_analyzed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) homepage: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) checksums: Vec<Checksum<'a>>,
    pub(super) license_concluded: Cow<'a, str>,
    pub(super) license_declared: Cow<'a, str>,
    pub(super) copyright_text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) external_refs: Vec<Reference<'a>>,
    pub(super) primary_package_purpose: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Checksum<'a> {
    pub(super) algorithm: &'static str,
    pub(super) checksum_value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reference<'a> {
    pub(super) reference_category: Cow<'a, str>,
    pub(super) reference_type: Cow<'a, str>,
    pub(super) reference_locator: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Extracted {
    pub(super) license_id: String,
    pub(super) name: String,
    pub(super) extracted_text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Relationship {
    pub(super) spdx_element_id: String,
    pub(super) relationship_type: String,
    pub(super) related_spdx_element: String,
}

/// `document` in SPDX 2.3, and a line for each kind of loss.
pub(super) fn whole(document: &Document) -> (Whole<'_>, Vec<String>) {
    let everything = document.subject.iter().chain(&document.components);
    let mut plan = Plan { taken: HashSet::new(), licences: BTreeMap::new(), lost: Losses::default() };
    plan.taken.insert(DOCUMENT.to_owned());
    let ids: Vec<_> = everything.clone().map(|component| plan.id(component)).collect();
    let packages = everything.clone().zip(&ids).map(|(component, id)| plan.package(component, id)).collect();
    let relationships = plan.relationships(document, &ids);
    plan.look_at_the_whole(document);
    let created = document.created.map(time::write).unwrap_or_else(|| {
        plan.lost.add("that the document has no time of creation; written as the first of 1970");
        "1970-01-01T00:00:00Z".to_owned()
    });
    let subject = document.subject.as_ref().map(|subject| subject.name.as_str());
    let name = document.name.as_deref().or(subject).filter(|name| !name.is_empty()).unwrap_or("document");
    // What an expression names by its id alone has no name that we know.
    let known = |name: String, id: &str| if name == id { "NOASSERTION".to_owned() } else { name };
    let named = |(name, id): (String, String)| Extracted { extracted_text: name.clone(), name: known(name, &id), license_id: id };
    let whole = Whole {
        spdx_version: "SPDX-2.3",
        data_license: "CC0-1.0",
        id: DOCUMENT,
        name: Cow::Borrowed(name),
        document_namespace: namespace(document),
        creation_info: Creation { created, creators: creators(document) },
        packages,
        has_extracted_licensing_infos: plan.licences.into_iter().map(named).collect(),
        relationships,
    };
    (whole, plan.lost.lines())
}

/// An id of what the document holds, the same for the same contents, where it has none.
fn namespace(document: &Document) -> Cow<'_, str> {
    if let Some(identity) = document.identity.as_deref().filter(|id| id.contains(':') && !id.contains(['#', ' '])) {
        return Cow::Borrowed(identity);
    }
    let mut hash = sha2::Sha256::new();
    for component in document.subject.iter().chain(&document.components) {
        hash.update(format!("{:?}", (&component.name, &component.version, &component.purl, &component.reference)));
    }
    let hex = hex::encode(hash.finalize());
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    let text = format!("urn:uuid:{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30));
    Cow::Owned(text)
}

fn creators(document: &Document) -> Vec<Cow<'_, str>> {
    let tool = |text: &String| match crate::format::cyclonedx::tool(text) {
        (name, Some(version)) => Cow::Owned(format!("Tool: {name}-{version}")),
        (name, None) => Cow::Owned(format!("Tool: {name}")),
    };
    let authors = document.authors.iter().map(|name| Cow::Owned(format!("Person: {name}")));
    let mut creators: Vec<_> = document.tools.iter().map(tool).chain(authors).collect();
    if creators.is_empty() {
        creators.push(Cow::Borrowed("Organization: NOASSERTION"));
    }
    creators
}

struct Plan {
    taken: HashSet<String>,
    /// Ids of the document's own licences by their names.
    licences: BTreeMap<String, String>,
    lost: Losses,
}

impl Plan {
    fn id(&mut self, component: &Component) -> String {
        let own = component.reference.strip_prefix("SPDXRef-").unwrap_or(&component.reference);
        let base = if own.is_empty() { component.name.as_str() } else { own };
        self.unique("SPDXRef-", base)
    }

    /// `prefix` and what an id can hold of `base`, with a number where that is taken.
    fn unique(&mut self, prefix: &str, base: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' };
        let base: String = prefix.chars().chain(base.chars().map(plain).take(200)).collect();
        let mut candidate = base.clone();
        let mut number = 2_usize;
        while !self.taken.insert(candidate.clone()) {
            candidate = format!("{base}-{number}");
            number += 1;
        }
        candidate
    }

    fn package<'a>(&mut self, component: &'a Component, id: &str) -> Package<'a> {
        let (purpose, known) = words::purpose_of(&component.kind);
        if !known {
            self.lost.add("kinds that SPDX does not know; written as `OTHER`");
        }
        let told = component.purl.as_ref().is_some_and(|purl| purl.namespace == component.group && purl.name == component.name);
        if component.group.is_some() && !told {
            self.lost.add("groups that no purl tells");
        }
        let (download, homepage, mut external_refs) = self.links(component);
        self.references(component, &mut external_refs);
        let checksums = component.hashes.iter().filter_map(|hash| {
            let word = words::hash_word(hash);
            if word.is_none() {
                self.lost.add("hashes whose function SPDX does not know");
            }
            Some(Checksum { algorithm: word?, checksum_value: &hash.value })
        });
        let checksums = checksums.collect();
        let declared = self.licence(&component.licences);
        let concluded =
            component.properties.iter().find(|(name, _)| name == CONCLUDED).map(|(_, text)| Cow::Borrowed(text.as_str()));
        Package {
            id: id.to_owned(),
            name: &component.name,
            version_info: component.version.as_deref(),
            supplier: component.supplier.as_deref().map(|name| format!("Organization: {name}")),
            originator: component.author.as_deref().map(|name| format!("Person: {name}")),
            download_location: download.unwrap_or("NOASSERTION"),
            files_analyzed: false,
            homepage,
            checksums,
            license_concluded: concluded.filter(|text| licence::is_expression(text)).unwrap_or(Cow::Borrowed("NOASSERTION")),
            license_declared: declared.unwrap_or(Cow::Borrowed("NOASSERTION")),
            copyright_text: component.copyright.as_deref().unwrap_or("NOASSERTION"),
            description: component.description.as_deref(),
            external_refs,
            primary_package_purpose: purpose,
        }
    }

    /// One expression for all licences.
    fn licence<'a>(&mut self, stated: &'a [Licence]) -> Option<Cow<'a, str>> {
        if stated.len() > 1 {
            self.lost.add("lists of licences; written as one expression");
        }
        let mut terms = Vec::new();
        for licence in stated {
            terms.push(match licence {
                Licence::Id(text) | Licence::Expression(text) if licence::is_expression(text) => {
                    self.declare(text);
                    Cow::Borrowed(text.as_str())
                }
                Licence::Id(text) | Licence::Expression(text) | Licence::Name(text) => {
                    if matches!(licence, Licence::Expression(_)) {
                        self.lost.add("licence expressions that are none; written as names");
                    }
                    Cow::Owned(self.named(text))
                }
            });
        }
        match terms.len() {
            0 | 1 => terms.pop(),
            _ => {
                let bracketed = |term: Cow<'_, str>| if term.contains(' ') { format!("({term})") } else { term.into_owned() };
                Some(Cow::Owned(terms.into_iter().map(bracketed).collect::<Vec<_>>().join(" AND ")))
            }
        }
    }

    /// Every licence of its own that an expression names must be in the document.
    fn declare(&mut self, expression: &str) {
        let ids = expression.split([' ', '(', ')']).filter(|word| word.starts_with("LicenseRef-"));
        for id in ids {
            if self.taken.insert(id.to_owned()) {
                self.licences.insert(id.to_owned(), id.to_owned());
            }
        }
    }

    fn named(&mut self, name: &str) -> String {
        if let Some(id) = self.licences.get(name) {
            return id.clone();
        }
        let id = self.unique("LicenseRef-", name);
        self.licences.insert(name.to_owned(), id.clone());
        id
    }

    /// The place to download from, the home page, and the other links as references.
    fn links<'a>(&mut self, component: &'a Component) -> (Option<&'a str>, Option<&'a str>, Vec<Reference<'a>>) {
        let (mut download, mut homepage, mut others) = (None, None, Vec::new());
        let is_repository = |address: &str| super::package::REPOSITORIES.iter().any(|start| address.starts_with(start));
        for (kind, address) in &component.links {
            match kind.as_str() {
                _ if address.is_empty() || address.contains(char::is_whitespace) => self.lost.add("links with spaces in them"),
                "distribution" if download.is_none() && !is_repository(address) => download = Some(&**address),
                "vcs" if download.is_none() && is_repository(address) => download = Some(&**address),
                "website" if homepage.is_none() && address.contains("://") => homepage = Some(&**address),
                "advisories" => others.push(reference("SECURITY", "advisory", address)),
                kind if kind.contains(char::is_whitespace) => self.lost.add("links with spaces in them"),
                kind => others.push(reference("OTHER", kind, address)),
            }
        }
        (download, homepage, others)
    }

    fn references<'a>(&mut self, component: &'a Component, references: &mut Vec<Reference<'a>>) {
        if let Some(purl) = &component.purl {
            let locator = Cow::Owned(purl.to_string());
            references.push(Reference { reference_locator: locator, ..reference("PACKAGE-MANAGER", "purl", "") });
        }
        for cpe in &component.cpes {
            let kind = if cpe.starts_with("cpe:2.3:") { "cpe23Type" } else { "cpe22Type" };
            references.push(reference("SECURITY", kind, cpe));
        }
        let derived = component.purl.as_ref().map(provenance::of_purl).unwrap_or_default();
        if component.origin != derived || derived != Origin::Authority {
            let locator = Cow::Owned(component.origin.to_text().replace(' ', "%20"));
            references.push(Reference { reference_locator: locator, ..reference("OTHER", ORIGIN, "") });
        }
        for (name, value) in component.properties.iter().filter(|(name, _)| name != CONCLUDED) {
            let parts = name.strip_prefix(REFERENCE).and_then(|rest| rest.split_once(':'));
            match parts.filter(|(_, kind)| !kind.contains(char::is_whitespace) && !value.contains(char::is_whitespace)) {
                Some((category @ ("OTHER" | "SECURITY" | "PERSISTENT-ID" | "PACKAGE-MANAGER"), kind)) => {
                    references.push(reference(category, kind, value));
                }
                _ => self.lost.add("properties of components"),
            }
        }
    }

    fn relationships(&mut self, document: &Document, ids: &[String]) -> Vec<Relationship> {
        let offset = usize::from(document.subject.is_some());
        let id = |node: Node| match node {
            Node::Subject => ids.first().filter(|_| offset == 1),
            Node::Component(index) => ids.get(index as usize + offset),
        };
        let make = |from: &str, kind: &str, to: &str| Relationship {
            spdx_element_id: from.to_owned(),
            relationship_type: kind.to_owned(),
            related_spdx_element: to.to_owned(),
        };
        let mut made = Vec::with_capacity(document.edges.len() + document.relations.len() + 1);
        made.extend(id(Node::Subject).map(|subject| make(DOCUMENT, "DESCRIBES", subject)));
        let mut told: HashSet<Node> = HashSet::new();
        for edge in &document.edges {
            let scope = match edge.to {
                Node::Component(index) => document.components.get(index as usize).map_or(Scope::Required, |needed| needed.scope),
                Node::Subject => Scope::Required,
            };
            let (word, reversed) = relationship::word_for(scope);
            told.insert(edge.to);
            if let (Some(from), Some(to)) = (id(edge.from), id(edge.to)) {
                made.push(if reversed { make(to, word, from) } else { make(from, word, to) });
            }
        }
        for (index, component) in (0_u32..).zip(&document.components) {
            if component.scope != Scope::Required && !told.contains(&Node::Component(index)) {
                self.lost.add("scopes of components that nothing depends on");
            }
            if let Some(parent) = component.parent
                && let (Some(from), Some(to)) = (id(Node::Component(parent)), id(Node::Component(index)))
            {
                self.lost.add("nesting of components; written as `CONTAINS`");
                made.push(make(from, "CONTAINS", to));
            }
        }
        let everything = document.subject.iter().chain(&document.components);
        let by_reference: HashMap<_, _> =
            everything.zip(ids).map(|(component, id)| (component.reference.as_str(), id.as_str())).collect();
        let end = |reference: &'_ str| match reference {
            DOCUMENT | "NONE" | "NOASSERTION" => Some(reference.to_owned()),
            reference => by_reference.get(reference).filter(|_| !reference.is_empty()).map(|id| (*id).to_owned()),
        };
        for relation in &document.relations {
            let known = relationship::meaning(&relation.kind).is_some();
            match (end(&relation.from), end(&relation.to)) {
                (Some(from), Some(to)) if known => {
                    let described = id(Node::Subject).is_some_and(|subject| *subject == to);
                    if !(from == DOCUMENT && relation.kind == "DESCRIBES" && described) {
                        made.push(make(&from, &relation.kind, &to));
                    }
                }
                _ => self.lost.add("relations to what the model does not hold (files, other documents)"),
            }
        }
        made
    }

    fn look_at_the_whole(&mut self, document: &Document) {
        document.statements.iter().for_each(|_| self.lost.add("statements about vulnerabilities"));
        document.properties.iter().for_each(|_| self.lost.add("properties of the document"));
    }
}

fn reference<'a>(category: &'a str, kind: &'a str, locator: &'a str) -> Reference<'a> {
    Reference {
        reference_category: Cow::Borrowed(category),
        reference_type: Cow::Borrowed(kind),
        reference_locator: Cow::Borrowed(locator),
    }
}
