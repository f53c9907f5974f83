//! Relationships, followed as they come: most are dependencies of packages that
//! were read before. The others wait until everything was read.

use super::relationship::{self, Meaning, RelationshipRaw};
use super::words;
use crate::document::{Node, Relation, Scope};
use crate::format::draft::Draft;
use crate::format::place::Place;
use crate::word::trim;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Relationships while they are gone through.
#[derive(Default)]
pub(super) struct Relationships<'d> {
    count: usize,
    /// What could not be followed yet, and its index.
    waiting: Vec<(usize, RelationshipRaw<'d>)>,
    /// Whether one of them may be a dependency: those behind it wait too, so that edges keep their order.
    is_blocked: bool,
    /// The first end of the last one, which many in a row have.
    last: Option<(Cow<'d, str>, Node)>,
    described: BTreeSet<u32>,
    /// For each component that is needed the scope in which it is needed most.
    scopes: Vec<Option<Scope>>,
}

impl<'d> Relationships<'d> {
    /// Takes the next one.
    pub(super) fn take(&mut self, raw: &mut RelationshipRaw<'d>, draft: &mut Draft<'d>) {
        let index = self.count;
        self.count += 1;
        let meaning = raw.kind.as_deref().and_then(|kind| relationship::meaning(trim(kind))).map(|(_, meaning)| meaning);
        let dependency = match meaning {
            _ if self.is_blocked => None,
            Some(Meaning::Needs(scope)) => self.ends(raw, draft).map(|(from, to)| (from, to, scope)),
            Some(Meaning::NeededBy(scope)) => self.ends(raw, draft).map(|(from, to)| (to, from, scope)),
            _ => None,
        };
        match dependency {
            Some((dependent, need, scope)) => self.depend(dependent, need, scope, draft),
            None => {
                self.is_blocked |= matches!(meaning, None | Some(Meaning::Needs(_) | Meaning::NeededBy(_)));
                self.waiting.push((index, std::mem::take(raw)));
            }
        }
    }

    /// What the two ends name, where both are known already.
    fn ends(&mut self, raw: &RelationshipRaw<'d>, draft: &mut Draft<'d>) -> Option<(Node, Node)> {
        let from = match (&self.last, raw.from.as_ref()?) {
            (Some((last, node)), from) if last == from => *node,
            (_, from) => {
                let node = draft.follow(from)?;
                self.last = Some((from.clone(), node));
                node
            }
        };
        Some((from, draft.node(raw.to.as_ref()?)?))
    }

    /// Follows those that waited, and what the document says that it `describes`.
    pub(super) fn finish(mut self, describes: Vec<Cow<'d, str>>, draft: &mut Draft<'d>, root: &Place<'_>) {
        let list = root.key("relationships");
        for (index, relationship) in std::mem::take(&mut self.waiting) {
            self.understand(relationship, draft, &list.index(index));
        }
        let list = root.key("documentDescribes");
        for (index, reference) in describes.into_iter().enumerate() {
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
        for (component, scope) in draft.components_mut().zip(self.scopes) {
            component.scope = scope.unwrap_or(component.scope);
        }
    }

    fn understand(&mut self, raw: RelationshipRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) {
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
        if let Node::Component(at) = need {
            if self.scopes.len() <= at as usize {
                self.scopes.resize(draft.count(), None);
            }
            if let Some(known) = self.scopes.get_mut(at as usize) {
                *known = Some(known.map_or(scope, |known| known.min(scope)));
            }
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
