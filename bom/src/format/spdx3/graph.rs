//! The graph while it is read: packages become components at once, what refers to
//! others waits until all is known.

use super::element::{ElementRaw, ReferenceRaw};
use super::package::understand;
use super::words::{self, Meaning};
use crate::document::{Document, Kind, Node, Relation, Scope, Statement};
use crate::format::draft::Draft;
use crate::format::parts::word;
use crate::format::place::Place;
use crate::format::spdx::words as spdx;
use crate::format::time;
use crate::reading::{ReadError, Reading};
use crate::word::Word;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

type Name<'d> = Cow<'d, str>;

#[derive(Default)]
pub(super) struct Graph<'d> {
    /// Names of people, organisations and tools; licence expressions; vulnerabilities' ids.
    names: HashMap<Name<'d>, Name<'d>>,
    creations: HashMap<Name<'d>, Creation<'d>>,
    /// What the document and its SBOMs are about.
    roots: Vec<(Name<'d>, Vec<Name<'d>>)>,
    document: Option<(Name<'d>, Option<Name<'d>>)>,
    relationships: Vec<Relationship<'d>>,
    /// For components: suppliers and originators.
    agents: Vec<(u32, Vec<Name<'d>>, Vec<Name<'d>>)>,
}

struct Creation<'d> {
    version: Option<Name<'d>>,
    created: Option<Name<'d>>,
    by: Vec<Name<'d>>,
    using: Vec<Name<'d>>,
}

struct Relationship<'d> {
    at: usize,
    from: Name<'d>,
    to: Vec<Name<'d>>,
    kind: Name<'d>,
    meaning: Meaning,
    said: Option<Box<Statement>>,
}

impl<'d> Graph<'d> {
    /// Takes one element, which stands at `place`.
    pub(super) fn take(&mut self, mut raw: ElementRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) {
        let Some(kind) = raw.kind.take() else {
            return draft.note(place, "this element has no type; it was left out");
        };
        let kind = kind.rsplit_once('/').map_or(&*kind, |(_, last)| last).to_owned();
        let id = raw.id.take().unwrap_or_default();
        for (id, name) in raw.created_by.iter().chain(&raw.created_using).filter_map(|r| Some((r.id.clone()?, r.name.clone()?))) {
            self.names.entry(id).or_insert(name);
        }
        match kind.as_str() {
            "software_Package" | "ai_AIPackage" | "dataset_DatasetPackage" => self.package(&kind, id, raw, draft, place),
            "CreationInfo" => {
                let (by, using) = (ids(raw.created_by), ids(raw.created_using));
                self.creations.insert(id, Creation { version: raw.version, created: raw.created, by, using });
            }
            "SpdxDocument" => {
                let creation = ids(raw.creation).into_iter().next();
                self.roots.push((id.clone(), ids(raw.roots)));
                draft.document.name = word(raw.name, "name", draft, place);
                draft.register_elsewhere(id.clone());
                self.document = Some((id, creation));
            }
            "software_Sbom" | "Bom" | "Bundle" => {
                draft.register_elsewhere(id.clone());
                self.roots.push((id, ids(raw.roots)));
            }
            kind if raw.relationship.is_some() || kind.ends_with("Relationship") => self.relationship(raw, draft, place),
            _ => {
                let identifier = raw
                    .package
                    .identifiers
                    .into_iter()
                    .find_map(|raw| raw.identifier.filter(|_| raw.kind.as_deref() == Some("cve")));
                if let Some(name) = raw.expression.or(identifier).or(raw.name) {
                    self.names.insert(id.clone(), name);
                }
                draft.register_elsewhere(id);
            }
        }
    }

    fn package(&mut self, kind: &str, id: Name<'d>, raw: ElementRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) {
        let index = draft.reserve(place);
        let named = draft.register(&id, Node::Component(index), &place.key("spdxId"));
        let mut package = raw.package;
        let agents = (std::mem::take(&mut package.suppliers), std::mem::take(&mut package.originators));
        for (id, name) in agents.0.iter().chain(&agents.1).filter_map(|agent| Some((agent.id.clone()?, agent.name.clone()?))) {
            self.names.entry(id).or_insert(name);
        }
        let agents = (ids(agents.0), ids(agents.1));
        if !agents.0.is_empty() || !agents.1.is_empty() {
            self.agents.push((index, agents.0, agents.1));
        }
        let mut component = understand(raw.name, package, draft, place);
        match kind {
            "ai_AIPackage" => component.kind = Kind::Other(Box::new("machine-learning-model".into())),
            "dataset_DatasetPackage" => component.kind = Kind::Other(Box::new("data".into())),
            _ => {}
        }
        if named {
            component.reference = draft.word(&id, &place.key("spdxId"));
        }
        if let Some(slot) = draft.document.components.get_mut(index as usize) {
            *slot = component;
        }
    }

    fn relationship(&mut self, raw: ElementRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) {
        let from = ids(raw.from).into_iter().next();
        let (Some(from), Some(kind)) = (from, raw.relationship) else {
            return draft.note(place, "this relationship lacks its first end or its type; it was left out");
        };
        let meaning = words::meaning(&kind, raw.scope.as_deref());
        let said = matches!(meaning, Meaning::Status(_)).then(|| {
            Box::new(Statement {
                justification: raw.justification.as_deref().and_then(words::justification).map(str::to_owned),
                detail: draft.prose(raw.notes, place),
                at: raw.published.as_deref().and_then(time::read),
                ..Statement::default()
            })
        });
        let to = ids(raw.to);
        self.relationships.push(Relationship { at: place.last_index(), from, to, kind, meaning, said });
    }

    /// Follows the references and finishes the draft. Lines are not yet known.
    pub(super) fn finish(mut self, mut draft: Draft<'d>) -> Result<Reading<Document>, ReadError> {
        self.created(&mut draft);
        for (index, suppliers, originators) in std::mem::take(&mut self.agents) {
            let names = |ids: &[Name<'d>]| {
                let names: Vec<_> = ids.iter().filter_map(|id| self.names.get(id)).map(|name| name.trim()).collect();
                (!names.is_empty()).then(|| Word::from(names.join(", ")))
            };
            let (supplier, author) = (names(&suppliers), names(&originators));
            if let Some(component) = draft.document.components.get_mut(index as usize) {
                (component.supplier, component.author) = (supplier, author);
            }
        }
        draft.subject_at = self.subject(&draft);
        let mut scopes: HashMap<u32, Scope> = HashMap::new();
        let mut declared: BTreeSet<u32> = BTreeSet::new();
        let all = std::mem::take(&mut self.relationships);
        let (concluded, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|r| r.meaning == Meaning::Concluded);
        for relationship in others.into_iter().chain(concluded) {
            self.connect(relationship, &mut scopes, &mut declared, &mut draft);
        }
        for (index, scope) in scopes {
            if let Some(component) = draft.document.components.get_mut(index as usize) {
                component.scope = scope;
            }
        }
        draft.finish(|at, need| {
            let end = need.map_or("from".to_owned(), |need| format!("to[{need}]"));
            (format!("$.@graph[{at}].{end}"), None)
        })
    }

    fn created(&mut self, draft: &mut Draft<'d>) {
        let (id, creation) = self.document.take().unzip();
        draft.document.identity = id.filter(|id| !id.is_empty()).map(Cow::into_owned);
        let creation = match creation.flatten() {
            Some(creation) => self.creations.remove(&creation),
            None if self.creations.len() == 1 => self.creations.drain().next().map(|(_, creation)| creation),
            None => None,
        };
        let version = creation.as_ref().and_then(|creation| creation.version.as_deref()).unwrap_or("3.0");
        draft.document.format = format!("SPDX {version}");
        let Some(creation) = creation else { return };
        draft.document.created = creation.created.as_deref().and_then(time::read);
        let names = |ids: Vec<Name<'d>>| ids.iter().filter_map(|id| self.names.get(id)).map(|name| name.to_string()).collect();
        draft.document.authors = names(creation.by);
        draft.document.tools = names(creation.using);
    }

    /// The one package that the document is about.
    fn subject(&self, draft: &Draft<'d>) -> Option<u32> {
        let roots: HashMap<_, _> = self.roots.iter().map(|(id, roots)| (id.as_ref(), roots)).collect();
        let mut packages = BTreeSet::new();
        for id in self.roots.iter().flat_map(|(_, roots)| roots) {
            let below = roots.get(id.as_ref()).map_or(std::slice::from_ref(id), |below| below.as_slice());
            packages.extend(below.iter().filter_map(|id| match draft.node(id) {
                Some(Node::Component(at)) => Some(at),
                _ => None,
            }));
        }
        packages.first().copied().filter(|_| packages.len() == 1)
    }

    fn connect(
        &self,
        relationship: Relationship<'d>,
        scopes: &mut HashMap<u32, Scope>,
        declared: &mut BTreeSet<u32>,
        draft: &mut Draft<'d>,
    ) {
        let Relationship { at, from, to, kind, meaning, said } = relationship;
        match meaning {
            Meaning::Needs(scope) => {
                let (far, mut near): (Vec<_>, Vec<_>) =
                    to.into_iter().partition(|to| draft.is_elsewhere(to) || draft.is_elsewhere(&from));
                for node in near.iter().filter_map(|to| draft.node(to)) {
                    if let Node::Component(index) = node {
                        let known = scopes.entry(index).or_insert(scope);
                        *known = (*known).min(scope);
                    }
                }
                draft.depend(from.clone(), &mut near, at);
                keep(&from, &kind, far, draft);
            }
            Meaning::Declared | Meaning::Concluded => {
                let Some(Node::Component(index)) = draft.node(&from) else { return };
                let texts: Vec<_> = to.iter().filter_map(|id| self.names.get(id)).filter(|text| spdx::is_said(text)).collect();
                let first = meaning == Meaning::Declared || !declared.contains(&index);
                if let Some(component) = draft.document.components.get_mut(index as usize).filter(|_| first && !texts.is_empty())
                {
                    component.licences.extend(texts.iter().map(|text| draft.licences.of_text(text)));
                    declared.extend((meaning == Meaning::Declared).then_some(index));
                }
            }
            Meaning::Status(status) => {
                let vulnerability = self.names.get(&from).unwrap_or(&from).to_string();
                let about = to.into_iter().map(|to| to.into_owned().into()).collect();
                let said = said.map(|said| *said).unwrap_or_default();
                draft.document.statements.push(Statement { vulnerability, about, status: Some(status), ..said });
            }
            Meaning::Other => keep(&from, &kind, to, draft),
        }
    }
}

fn keep<'d>(from: &str, kind: &str, to: Vec<Name<'d>>, draft: &mut Draft<'d>) {
    if draft.count_edges(to.len()) {
        let kind = words::spelled_as_before(kind);
        let relation = |to: Name<'d>| Relation { from: from.to_owned(), kind: kind.clone(), to: to.into_owned() };
        draft.document.relations.extend(to.into_iter().map(relation));
    }
}

fn ids(raw: Vec<ReferenceRaw<'_>>) -> Vec<Name<'_>> {
    raw.into_iter().filter_map(|raw| raw.id.or(raw.name)).collect()
}
