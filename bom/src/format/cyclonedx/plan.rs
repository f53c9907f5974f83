//! A document as one version of CycloneDX can hold it: which references its
//! components bear, how they nest, what each part becomes, and what is lost.
//! The same for JSON and XML.

use super::component::CPE;
use super::words;
use crate::document::{Component, Document, Licence, Node, Statement, Target, TargetVersions};
use crate::format::losses::Losses;
use crate::format::{licence, provenance, references, time};
use crate::origin::Origin;
use crate::word::Word;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

/// A document on its way into version 1.`minor`.
pub(super) struct Plan<'a> {
    pub(super) document: &'a Document,
    pub(super) minor: u8,
    pub(super) subject_reference: Option<Cow<'a, str>>,
    references: Vec<Cow<'a, str>>,
    /// Components that no other contains.
    pub(super) roots: Vec<u32>,
    children: HashMap<u32, Vec<u32>>,
    by_purl: HashMap<String, u32>,
    lost: RefCell<Losses>,
}

/// A component as it will stand in the document.
pub(super) struct Part<'a> {
    pub(super) kind: &'a str,
    pub(super) reference: &'a str,
    pub(super) component: &'a Component,
    pub(super) scope: Option<&'static str>,
    pub(super) hashes: Vec<(&'a str, &'a str)>,
    pub(super) licences: Licences<'a>,
    pub(super) cpe: Option<&'a str>,
    pub(super) purl: Option<String>,
    pub(super) links: Vec<(&'a str, Cow<'a, str>)>,
    pub(super) properties: Vec<(&'a str, Cow<'a, str>)>,
    pub(super) children: &'a [u32],
}

/// Licences as CycloneDX lists them.
pub(super) enum Licences<'a> {
    /// Identifiers (true) and names.
    List(Vec<(bool, &'a str)>),
    /// One expression, alone.
    Expression(Cow<'a, str>),
}

impl<'a> Plan<'a> {
    pub(super) fn new(document: &'a Document, minor: u8) -> Self {
        let (subject_reference, references) = references::unique(document);
        let mut plan = Self {
            document,
            minor,
            subject_reference,
            references,
            roots: Vec::new(),
            children: HashMap::new(),
            by_purl: HashMap::new(),
            lost: RefCell::default(),
        };
        plan.nest();
        plan.look_at_the_whole();
        plan
    }

    /// Puts components under those that contain them, to a depth that every reader takes.
    fn nest(&mut self) {
        const DEEPEST: usize = 40;
        let mut depths = vec![0_usize; self.document.components.len()];
        for (index, component) in (0_u32..).zip(&self.document.components) {
            // A parent stands before its children: this rules out circles, too.
            let parent = component.parent.filter(|parent| *parent < index);
            let above = parent.and_then(|parent| depths.get(parent as usize)).copied();
            match (parent, above) {
                (Some(parent), Some(above)) if above < DEEPEST => {
                    if let Some(depth) = depths.get_mut(index as usize) {
                        *depth = above + 1;
                    }
                    self.children.entry(parent).or_default().push(index);
                }
                _ => {
                    if component.parent.is_some() {
                        self.lose("nesting of components that is too deep or runs in a circle");
                    }
                    self.roots.push(index);
                }
            }
        }
    }

    fn look_at_the_whole(&mut self) {
        let document = self.document;
        if document.identity.is_some() && self.serial_number().is_none() {
            self.lose("the document's identity, which is no UUID");
        }
        if document.name.is_some() && document.name.as_deref() != document.subject.as_ref().map(|subject| subject.name.as_str()) {
            self.lose("the document's own name");
        }
        document.relations.iter().for_each(|_| self.lose("relations that are no dependencies"));
        if self.minor < 4 {
            document.statements.iter().for_each(|_| self.lose("statements about vulnerabilities"));
        } else if !document.statements.is_empty() {
            let purl = |(index, component): (u32, &Component)| Some((component.purl.as_ref()?.to_string(), index));
            self.by_purl = (0_u32..).zip(&document.components).filter_map(purl).collect();
        }
    }

    /// Counts a loss of this kind.
    pub(super) fn lose(&self, what: &'static str) {
        self.lost.borrow_mut().add(what);
    }

    /// What was lost, when all is written.
    pub(super) fn lost(self) -> Vec<String> {
        self.lost.into_inner().lines()
    }

    /// The identity, where CycloneDX accepts it as a serial number.
    pub(super) fn serial_number(&self) -> Option<&'a str> {
        let identity = self.document.identity.as_deref()?;
        let uuid = identity.strip_prefix("urn:uuid:")?;
        let canonical = uuid::Uuid::try_parse(uuid).is_ok_and(|parsed| parsed.hyphenated().to_string() == uuid);
        canonical.then_some(identity)
    }

    /// The reference that a component bears.
    pub(super) fn reference(&self, index: u32) -> &str {
        self.references.get(index as usize).map_or("", AsRef::as_ref)
    }

    /// What stands for one component, or for the subject.
    pub(super) fn part(&'a self, index: Option<u32>) -> Option<Part<'a>> {
        let (component, reference) = match index {
            None => (self.document.subject.as_ref()?, self.subject_reference.as_deref().unwrap_or("")),
            Some(index) => (self.document.components.get(index as usize)?, self.reference(index)),
        };
        Some(Part {
            kind: self.kind(component),
            reference,
            component,
            scope: words::scope_word(component.scope),
            hashes: self.hashes(component),
            licences: self.licences(component),
            cpe: component.cpes.first().map(String::as_str).filter(|cpe| is_cpe(cpe)),
            purl: component.purl.as_ref().map(ToString::to_string),
            links: self.links(component),
            properties: properties(component),
            children: index.and_then(|index| self.children.get(&index)).map_or(&[], Vec::as_slice),
        })
    }

    fn kind(&self, component: &'a Component) -> &'a str {
        let word = words::kind_word(&component.kind);
        if words::kind_since(word).is_some_and(|since| self.minor >= since) {
            return word;
        }
        self.lose("types of components that this version does not know; written as `library`");
        "library"
    }

    fn hashes(&self, component: &'a Component) -> Vec<(&'a str, &'a str)> {
        let word = |hash| {
            words::hash_word(hash, self.minor).or_else(|| {
                self.lose("hashes whose function this version does not know");
                None
            })
        };
        component.hashes.iter().filter_map(|hash| Some((word(hash)?, &*hash.value))).collect()
    }

    /// CycloneDX before 1.7 takes either a list of licences or one expression.
    fn licences(&self, component: &'a Component) -> Licences<'a> {
        let stated = &component.licences;
        if let [Licence::Expression(one)] = stated.as_slice() {
            return Licences::Expression(Cow::Borrowed(one));
        }
        let expressions = stated.iter().any(|licence| matches!(licence, Licence::Expression(_)));
        let joinable = |licence: &Licence| match licence {
            Licence::Id(id) => Some(id.to_string()),
            Licence::Expression(text) if licence::is_expression(text) => Some(format!("({text})")),
            Licence::Expression(_) | Licence::Name(_) => None,
        };
        if expressions {
            if let Some(terms) = stated.iter().map(joinable).collect::<Option<Vec<_>>>() {
                self.lose("several licences with an expression among them; joined by AND");
                return Licences::Expression(Cow::Owned(terms.join(" AND ")));
            }
            self.lose("licence expressions beside named licences; written as names");
        }
        let entry = |licence: &'a Licence| match licence {
            Licence::Id(id) => (licence::is_known(id), id.as_str()),
            Licence::Expression(text) | Licence::Name(text) => (false, text.as_str()),
        };
        Licences::List(stated.iter().map(entry).collect())
    }

    fn links(&self, component: &'a Component) -> Vec<(&'a str, Cow<'a, str>)> {
        let link = |(kind, address): &'a (Word, Box<str>)| {
            let word = words::link_word(kind, self.minor);
            if word != kind {
                self.lose("types of links that this version does not know; written as `other`");
            }
            (word, encoded(address))
        };
        component.links.iter().map(link).collect()
    }

    /// Every node that occurs in a dependency, with what it needs, in order.
    pub(super) fn dependencies(&self) -> Vec<(&str, Vec<&str>)> {
        let mut occurring = vec![false; self.references.len()];
        let mut needs: HashMap<Node, Vec<Node>> = HashMap::new();
        for edge in &self.document.edges {
            for node in [edge.from, edge.to] {
                if let Node::Component(index) = node
                    && let Some(slot) = occurring.get_mut(index as usize)
                {
                    *slot = true;
                }
            }
            needs.entry(edge.from).or_default().push(edge.to);
        }
        let named = |node: &Node| match node {
            Node::Subject => self.subject_reference.as_deref(),
            Node::Component(index) => self.references.get(*index as usize).map(AsRef::as_ref),
        };
        let entry = |node: Node| {
            let needed = needs.get(&node).into_iter().flatten().filter_map(named).collect();
            Some((named(&node)?, needed))
        };
        let subject = needs.contains_key(&Node::Subject).then_some(Node::Subject);
        let components = (0_u32..).zip(&occurring).filter(|(_, occurs)| **occurs).map(|(index, _)| Node::Component(index));
        subject.into_iter().chain(components).filter_map(entry).collect()
    }

    /// The statements that the version has a place for.
    pub(super) fn statements(&self) -> &'a [Statement] {
        if self.minor < 4 { &[] } else { &self.document.statements }
    }

    /// When a statement was made, where the version has a place for it.
    pub(super) fn stated_at(&self, statement: &Statement) -> Option<String> {
        let at = statement.at?;
        if self.minor < 5 {
            self.lose("the times of statements about vulnerabilities");
            return None;
        }
        Some(time::write(at))
    }

    /// What a statement is about, by the references that the components bear here.
    pub(super) fn about(&self, statement: &'a Statement) -> Vec<(&str, &'a [TargetVersions])> {
        let named = |target: &'a Target| match self.by_purl.get(&target.reference) {
            Some(index) => (self.reference(*index), target.versions.as_slice()),
            None => (target.reference.as_str(), target.versions.as_slice()),
        };
        statement.about.iter().filter(|target| !target.reference.is_empty()).map(named).collect()
    }

    /// A statement's justification, if CycloneDX has the word.
    pub(super) fn justification(&self, statement: &'a Statement) -> Option<&'a str> {
        let stated = statement.justification.as_deref()?;
        let known = words::JUSTIFICATIONS.contains(&stated);
        if !known {
            self.lose("justifications that CycloneDX has no word for");
        }
        known.then_some(stated)
    }

    /// A statement's responses, as far as CycloneDX has the words.
    pub(super) fn responses(&self, statement: &'a Statement) -> Vec<&'a str> {
        let known = |text: &&str| {
            let known = words::RESPONSES.contains(text);
            if !known {
                self.lose("responses that CycloneDX has no word for");
            }
            known
        };
        statement.responses.iter().map(String::as_str).filter(known).collect()
    }
}

/// The stated properties, then those of our own that no field holds.
fn properties(component: &Component) -> Vec<(&str, Cow<'_, str>)> {
    let stated = component.properties.iter().map(|(name, value)| (name.as_str(), Cow::Borrowed(value.as_str())));
    let field = component.cpes.first().filter(|cpe| is_cpe(cpe));
    let cpes = component.cpes.iter().skip(usize::from(field.is_some())).map(|cpe| (CPE, Cow::Borrowed(cpe.as_str())));
    let derived = component.purl.as_ref().map(provenance::of_purl).unwrap_or_default();
    let plain = component.origin == Origin::Authority && derived == Origin::Authority;
    let origin = (!plain).then(|| (provenance::ORIGIN, Cow::Owned(component.origin.to_text())));
    stated.chain(cpes).chain(origin).collect()
}

/// Whether a CPE is well-formed, as the schema for XML asks: what is not goes into a property.
fn is_cpe(text: &str) -> bool {
    if let Some(parts) = text.strip_prefix("cpe:2.3:") {
        let mut escaped = false;
        let mut count = 1;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '%' | '*' | '?');
        let well_formed = parts.chars().all(|c| {
            let fits = match (escaped, c) {
                (true, c) => c.is_ascii_punctuation(),
                (false, ':') => {
                    count += 1;
                    true
                }
                (false, c) => c == '\\' || plain(c),
            };
            escaped = !escaped && c == '\\';
            fits
        });
        return well_formed && count == 11 && !escaped && !parts.contains("::") && !parts.ends_with(':');
    }
    let parts = text.strip_prefix("cpe:/").unwrap_or("?");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '_' | '-' | '~' | '%');
    parts.chars().all(plain) && parts.matches(':').count() <= 6 && parts.starts_with(['a', 'o', 'h', ':'])
}

/// A tool's name and version: the version is the last word, if it has a digit.
pub(in crate::format) fn tool(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(' ') {
        Some((name, version)) if version.contains(|c: char| c.is_ascii_digit()) => (name, Some(version)),
        _ => (text, None),
    }
}

/// An address with what no IRI may hold percent-encoded.
fn encoded(address: &str) -> Cow<'_, str> {
    let illegal =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`');
    if !address.contains(illegal) {
        return Cow::Borrowed(address);
    }
    let mut out = String::with_capacity(address.len() + 8);
    for c in address.chars() {
        if illegal(c) {
            let mut buffer = [0; 4];
            c.encode_utf8(&mut buffer).bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}
