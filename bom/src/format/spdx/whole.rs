//! An SPDX 2 document as a whole, when its fields were read: its identity, its
//! subject and its relationships.

use super::package;
use super::raw::{CreationRaw, DocumentRaw, ExtractedRaw, RelationshipRaw};
use super::relationship::{self, Meaning};
use super::words;
use crate::document::{Document, Node, Relation, Scope};
use crate::format::draft::Draft;
use crate::format::parts::word;
use crate::format::place::Place;
use crate::format::time;
use crate::reading::{ReadError, Reading};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Versions of the specification that are known.
const KNOWN: &[&str] = &["SPDX-2.0", "SPDX-2.1", "SPDX-2.2", "SPDX-2.3"];
/// The reference of every document.
pub(super) const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// Puts what was read of the `root` into the draft and finishes it. Lines are not yet known.
pub(super) fn finish<'d>(
    mut raw: DocumentRaw<'d>,
    mut draft: Draft<'d>,
    root: &Place<'_>,
) -> Result<Reading<Document>, ReadError> {
    version(raw.version.take(), &mut draft, root);
    draft.document.name = word(raw.name.take(), "name", &mut draft, root);
    draft.document.identity = word(raw.namespace.take(), "documentNamespace", &mut draft, root);
    if let Some(creation) = raw.creation.take() {
        created(creation, &mut draft, &root.key("creationInfo"));
    }
    let names = licence_names(std::mem::take(&mut raw.licences), &mut draft, root);
    package::name_licences(&mut draft.document.components, &names);
    draft.register_elsewhere(Cow::Borrowed(DOCUMENT));
    if let Some(reference) = raw.reference.take() {
        draft.register_elsewhere(reference);
    }
    Relationships::default().add(raw, &mut draft, root);
    let list = root.key("relationships");
    // Dependencies whose ends are not known were kept as relations.
    draft.finish(|at, _| (list.index(at).to_string(), None))
}

fn version(text: Option<Cow<'_, str>>, draft: &mut Draft<'_>, root: &Place<'_>) {
    let version = text.unwrap_or_default();
    let version: String = draft.word(version, &root.key("spdxVersion"));
    if version.is_empty() {
        draft.note(root, "the version of SPDX is missing; the fields of 2.2 and 2.3 are read");
    } else if !KNOWN.contains(&version.as_str()) {
        draft.note(&root.key("spdxVersion"), format!("version `{version}` of SPDX is not known; the fields of 2.3 are read"));
    }
    draft.document.format = format!("SPDX {}", version.strip_prefix("SPDX-").unwrap_or(&version)).trim_end().to_owned();
}

fn created(raw: CreationRaw<'_>, draft: &mut Draft<'_>, place: &Place<'_>) {
    if let Some(text) = raw.created {
        draft.document.created = time::read(&text);
        if draft.document.created.is_none() {
            draft.note(&place.key("created"), "this is no date and time by RFC 3339; it was left out");
        }
    }
    let list = place.key("creators");
    for (index, creator) in raw.creators.iter().enumerate() {
        match words::agent(creator) {
            Some(("Tool", name)) => {
                let tool: String = draft.word(Cow::Borrowed(name), &list.index(index));
                draft.document.tools.push(tool_of(&tool));
            }
            Some((_, name)) => {
                let author = draft.word(Cow::Borrowed(name), &list.index(index));
                draft.document.authors.push(author);
            }
            None => {}
        }
    }
}

/// SPDX writes `name-version`, we `name version`.
fn tool_of(text: &str) -> String {
    let is_version = |text: &str| text.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let at = text.match_indices('-').map(|(at, _)| at).find(|at| text.get(at + 1..).is_some_and(is_version));
    match at.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))) {
        Some((name, version)) if !name.is_empty() && !version.contains(' ') => format!("{name} {version}"),
        _ => text.to_owned(),
    }
}

fn licence_names(raw: Vec<ExtractedRaw<'_>>, draft: &mut Draft<'_>, root: &Place<'_>) -> Vec<(String, String)> {
    let list = root.key("hasExtractedLicensingInfos");
    let named = |(index, raw): (usize, ExtractedRaw<'_>)| {
        let (id, name) = (raw.id?, raw.name.filter(|name| words::is_said(name))?);
        Some((draft.word(id, &list.index(index)), draft.word(name, &list.index(index))))
    };
    raw.into_iter().enumerate().filter_map(named).collect()
}

/// Relationships while they are gone through.
#[derive(Default)]
struct Relationships {
    described: BTreeSet<u32>,
    /// For each component that is needed the scope in which it is needed most.
    scopes: Vec<Option<Scope>>,
}

impl Relationships {
    fn add<'d>(mut self, raw: DocumentRaw<'d>, draft: &mut Draft<'d>, root: &Place<'_>) {
        let list = root.key("relationships");
        self.scopes = vec![None; draft.document.components.len()];
        for (index, relationship) in raw.relationships.into_iter().enumerate() {
            self.understand(relationship, draft, &list.index(index));
        }
        let list = root.key("documentDescribes");
        for (index, reference) in raw.describes.into_iter().enumerate() {
            match draft.node(&reference) {
                Some(Node::Component(at)) => drop(self.described.insert(at)),
                Some(Node::Subject) => {}
                None if draft.is_elsewhere(&reference) => {}
                None => draft.note(&list.index(index), "the document has no element of this name; it was left out"),
            }
        }
        if let Some(only) = self.described.first().filter(|_| self.described.len() == 1) {
            draft.subject_at = Some(*only);
        }
        for (component, scope) in draft.document.components.iter_mut().zip(self.scopes) {
            component.scope = scope.unwrap_or(component.scope);
        }
    }

    fn understand<'d>(&mut self, raw: RelationshipRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) {
        let (Some(from), Some(kind), Some(to)) = (raw.from, raw.kind, raw.to) else {
            return draft.note(place, "this relationship lacks an end or a type; it was left out");
        };
        let Some((word, meaning)) = known(&kind, draft, &place.key("relationshipType")) else { return };
        match meaning {
            Meaning::Needs(scope) => match (draft.node(&from), draft.node(&to)) {
                (Some(dependent), Some(need)) => self.depend(dependent, need, scope, draft),
                _ => relate(from, word, to, draft, place),
            },
            Meaning::NeededBy(scope) => match (draft.node(&to), draft.node(&from)) {
                (Some(dependent), Some(need)) => self.depend(dependent, need, scope, draft),
                _ => relate(from, word, to, draft, place),
            },
            Meaning::Describes => {
                if let Some(Node::Component(at)) = draft.node(&to) {
                    self.described.insert(at);
                }
                relate(from, word, to, draft, place);
            }
            Meaning::DescribedBy => {
                if let Some(Node::Component(at)) = draft.node(&from) {
                    self.described.insert(at);
                }
                relate(from, word, to, draft, place);
            }
            Meaning::Other => relate(from, word, to, draft, place),
        }
    }

    fn depend(&mut self, dependent: Node, need: Node, scope: Scope, draft: &mut Draft<'_>) {
        let at = if let Node::Component(at) = need { self.scopes.get_mut(at as usize) } else { None };
        if let Some(known) = at {
            *known = Some(known.map_or(scope, |known| known.min(scope)));
        }
        draft.depend_on(dependent, need);
    }
}

fn known(kind: &str, draft: &mut Draft<'_>, place: &Place<'_>) -> Option<(&'static str, Meaning)> {
    if let Some(known) = relationship::meaning(kind.trim()) {
        return Some(known);
    }
    // As one tool writes it, and others with small letters or dashes.
    let word = match kind.trim().to_ascii_uppercase().replace('-', "_") {
        word if word == "DESCRIBE" => "DESCRIBES".to_owned(),
        word => word,
    };
    let known = relationship::meaning(&word);
    match known {
        Some((word, _)) => draft.note(place, format!("this type is not in the specification; it was read as `{word}`")),
        None => draft.note(place, "this type of relationship is not in the specification; it was left out"),
    }
    known
}

/// `NONE`, or an element of another document.
fn is_far(reference: &str) -> bool {
    !words::is_said(reference) || reference.starts_with("DocumentRef-")
}

fn relate<'d>(from: Cow<'d, str>, word: &str, to: Cow<'d, str>, draft: &mut Draft<'d>, place: &Place<'_>) {
    for (end, key) in [(&from, "spdxElementId"), (&to, "relatedSpdxElement")] {
        if draft.node(end).is_none() && !draft.is_elsewhere(end) && !is_far(end) {
            draft.note(&place.key(key), "the document has no element of this name; the relationship is kept as it is");
        }
    }
    keep(from, word, to, draft);
}

fn keep<'d>(from: Cow<'d, str>, word: &str, to: Cow<'d, str>, draft: &mut Draft<'d>) {
    if draft.count_edges(1) {
        let relation = Relation { from: from.into_owned(), kind: word.to_owned(), to: to.into_owned() };
        draft.document.relations.push(relation);
    }
}
