//! A document while it is being read: what is known so far, the bounds that it
//! must keep, the warnings with their places, and the references that can be
//! followed only when everything was read.

mod components;
mod names;

use super::licence::Licences;
use super::place::Place;
use crate::document::{Component, Document, Edge, Node};
use crate::reading::{Bound, Limits, ReadError, Reading, Warning};
use crate::word::trim;
use foldhash::fast::RandomState;
use names::Names;
use std::borrow::Cow;
use std::collections::HashSet;

/// Warnings that are kept; beyond them only their number is told.
const MOST_WARNINGS: usize = 200;

/// A document that is being read.
pub(super) struct Draft<'d> {
    /// The bounds.
    pub(super) limits: Limits,
    /// What was read so far.
    pub(super) document: Document,
    /// What depends on what, by reference, from the first on whose ends were not all known.
    dependents: Vec<Dependent<'d>>,
    /// What depends on what, before these.
    edges: Vec<Edge>,
    /// Components that lost their references to the subject.
    renamed: Vec<u32>,
    /// The components that contain what is read now, the innermost last.
    pub(super) parents: Vec<u32>,
    /// The component that the document describes, by its place; it leaves the list at the end.
    pub(super) subject_at: Option<u32>,
    /// Whether the first component is not in the list, but here.
    first_is_apart: bool,
    first: Option<Component>,
    /// The line that is read now, where the syntax tells it at once.
    pub(super) line: Option<u32>,
    /// How the document is written.
    pub(super) syntax: Syntax,
    /// The document itself.
    pub(super) root: Place<'static>,
    /// The licences that were read so far.
    pub(super) licences: Licences,
    names: Names,
    elsewhere: HashSet<Cow<'d, str>, RandomState>,
    warnings: Vec<Warning>,
    unwritten: usize,
    needs: usize,
    refusal: Option<ReadError>,
}

/// How a document is written, as far as it matters to what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    /// JSON or YAML: lists are lists.
    Lists,
    /// XML in which an element stands round the elements of a list.
    Wrapped,
    /// XML in which elements of a list stand side by side.
    Repeated,
}

/// One thing and what it needs, by reference.
struct Dependent<'d> {
    reference: Cow<'d, str>,
    needs: Vec<Cow<'d, str>>,
    at: usize,
}

impl<'d> Draft<'d> {
    /// An empty draft of the document `text` in this syntax, whose paths begin at `root`.
    pub(super) fn new(text: &str, limits: &Limits, syntax: Syntax, root: Place<'static>) -> Self {
        // A usual component takes about as many bytes.
        let room = (text.len() / 1024).min(limits.components);
        Self {
            limits: *limits,
            document: Document { components: Vec::with_capacity(room), ..Document::default() },
            dependents: Vec::new(),
            edges: Vec::new(),
            renamed: Vec::new(),
            parents: Vec::new(),
            subject_at: None,
            first_is_apart: false,
            first: None,
            line: None,
            syntax,
            root,
            licences: Licences::default(),
            names: Names::with_room(room),
            elsewhere: HashSet::default(),
            warnings: Vec::new(),
            unwritten: 0,
            needs: 0,
            refusal: None,
        }
    }

    /// Warns about `place`.
    #[cold]
    pub(super) fn note(&mut self, place: &Place<'_>, text: impl Into<String>) {
        if self.has_room() {
            self.push(place.to_string(), self.line, text.into());
        }
    }

    /// Warns that one kind of value stands where another is wanted.
    #[cold]
    pub(super) fn note_kind(&mut self, place: &Place<'_>, wanted: &str, found: &str) {
        self.note(place, format!("{wanted} is wanted here, not {found}; it was left out"));
    }

    fn has_room(&mut self) -> bool {
        let room = self.warnings.len() < MOST_WARNINGS;
        self.unwritten += usize::from(!room);
        room
    }

    fn push(&mut self, path: String, line: Option<u32>, text: String) {
        self.warnings.push(Warning { path, line, text });
    }

    /// Warns about a place whose path and line are known.
    pub(super) fn note_at(&mut self, path: &str, line: u32, text: impl Into<String>) {
        if self.has_room() {
            self.push(path.to_owned(), Some(line), text.into());
        }
    }

    /// Refuses the document; reading stops at the next [`Draft::check`].
    #[cold]
    pub(super) fn refuse(&mut self, place: &Place<'_>, text: impl Into<String>) {
        let (path, line) = (place.to_string(), self.line);
        self.refusal.get_or_insert_with(|| ReadError::at(path, line, text));
    }

    /// Refuses the document for its depth, and says so.
    pub(super) fn refuse_depth(&mut self, place: &Place<'_>) -> String {
        let text = self.limits.refusal(Bound::Depth);
        self.refuse(place, text.clone());
        text
    }

    /// Whether the document was refused.
    pub(super) fn check<E: serde::de::Error>(&self) -> Result<(), E> {
        match &self.refusal {
            Some(refusal) => Err(E::custom(&refusal.text)),
            None => Ok(()),
        }
    }

    /// The refusal, if there was one.
    #[inline]
    pub(super) fn refusal(&mut self) -> Option<ReadError> {
        self.refusal.take()
    }

    /// Makes `reference` name `node`; false, with a warning, when it names another already.
    pub(super) fn register(&mut self, reference: &str, node: Node, place: &Place<'_>) -> bool {
        if reference.is_empty() {
            return false;
        }
        let Some(earlier) = self.names.insert(reference, node) else { return true };
        self.note(place, format!("`{}` names another component already", shown(reference)));
        // The subject's edges tell direct from indirect: it takes the name.
        let (Node::Subject, Node::Component(at)) = (node, earlier) else { return false };
        self.names.rename(reference, node);
        if let Some(component) = self.component_mut(at) {
            component.reference.clear();
        }
        self.renamed.push(at);
        true
    }

    /// The node that `reference` names.
    pub(super) fn node(&self, reference: &str) -> Option<Node> {
        self.names.node(reference)
    }

    /// The same, where references mostly come in the order of what they name.
    pub(super) fn follow(&mut self, reference: &str) -> Option<Node> {
        self.names.follow(reference)
    }

    /// Remembers a reference to a thing that is in the document but not in the model.
    pub(super) fn register_elsewhere(&mut self, reference: Cow<'d, str>) {
        self.elsewhere.insert(reference);
    }

    /// Whether `reference` names a thing that is not in the model.
    pub(super) fn is_elsewhere(&self, reference: &str) -> bool {
        self.elsewhere.contains(reference)
    }

    /// Takes what the thing of this reference `needs`, and counts it against the bound. `at` is where it stands: its
    /// index in the list, or its byte offset.
    pub(super) fn depend(&mut self, reference: Cow<'d, str>, needs: &mut Vec<Cow<'d, str>>, at: usize) {
        if self.count_edges(needs.len()) && !self.connect_now(&reference, needs) {
            self.dependents.push(Dependent { reference, needs: std::mem::take(needs), at });
        }
    }

    /// Follows the references at once, where they can be: false from the first on that cannot, so that edges keep
    /// their order.
    fn connect_now(&mut self, reference: &str, needs: &[Cow<'d, str>]) -> bool {
        let known = self.edges.len();
        let done = self.dependents.is_empty()
            && self.names.follow(reference).is_some_and(|from| {
                needs.iter().all(|need| {
                    let to = self.names.node(need);
                    self.edges.extend(to.map(|to| Edge { from, to }));
                    to.is_some()
                })
            });
        if !done {
            self.edges.truncate(known);
        }
        done
    }

    /// States a dependency whose ends are known; it was counted before all that wait for theirs.
    pub(super) fn depend_on(&mut self, from: Node, to: Node) {
        if self.count_edges(1) {
            self.edges.push(Edge { from, to });
        }
    }

    /// Counts `number` more edges against the bound; false, and refused, beyond it.
    pub(super) fn count_edges(&mut self, number: usize) -> bool {
        self.needs = self.needs.saturating_add(number);
        let fits = self.needs <= self.limits.edges;
        if !fits {
            let root = self.root;
            self.refuse(&root, self.limits.refusal(Bound::Edges));
        }
        fits
    }

    /// A name, version or reference: refused beyond the bound.
    #[inline]
    pub(super) fn word<T: for<'t> From<&'t str>>(&mut self, text: &str, place: &Place<'_>) -> T {
        self.bound(text, place);
        T::from(text)
    }

    /// Refuses the document for a text beyond the bound.
    #[inline]
    pub(super) fn bound(&mut self, text: &str, place: &Place<'_>) {
        if text.len() > self.limits.text {
            self.refuse_text(text.len(), place);
        }
    }

    #[cold]
    fn refuse_text(&mut self, length: usize, place: &Place<'_>) {
        let (setting, limit) = (Bound::Text.setting(), self.limits.text);
        self.refuse(place, format!("the text here has {length} bytes; the limit is {limit}, and `{setting}` allows more"));
    }

    /// A text for people: cut at the bound, with a warning. `None` for an empty one.
    #[inline]
    pub(super) fn prose<T>(&mut self, text: Option<Cow<'_, str>>, place: &Place<'_>) -> Option<T>
    where
        T: for<'t> From<Cow<'t, str>>,
    {
        let text = text.filter(|text| !trim(text).is_empty())?;
        Some(if text.len() > self.limits.text { self.cut(&text, place).into() } else { text.into() })
    }

    #[cold]
    fn cut<'t>(&mut self, text: &'t str, place: &Place<'_>) -> Cow<'t, str> {
        self.note(place, format!("the text was cut after {} bytes", self.limits.text));
        text.get(..text.floor_char_boundary(self.limits.text)).unwrap_or_default().into()
    }

    /// Follows the references and gives the document; `place_of` tells where the
    /// need number `n` of a dependent stands (`None`: the dependent itself).
    pub(super) fn finish(
        mut self,
        place_of: impl Fn(usize, Option<usize>) -> (String, Option<u32>),
    ) -> Result<Reading<Document>, ReadError> {
        self.connect(place_of);
        if let Some(refusal) = self.refusal {
            return Err(refusal);
        }
        if self.unwritten > 0 {
            self.push(self.root.to_string(), Some(1), format!("{} more warnings are not shown", self.unwritten));
        }
        Ok(Reading { value: self.document, warnings: self.warnings })
    }

    fn connect(&mut self, place_of: impl Fn(usize, Option<usize>) -> (String, Option<u32>)) {
        let mut found = std::mem::take(&mut self.edges);
        if !self.renamed.is_empty() {
            let renamed: HashSet<u32> = self.renamed.drain(..).collect();
            let moved = |node| if matches!(node, Node::Component(at) if renamed.contains(&at)) { Node::Subject } else { node };
            found.iter_mut().for_each(|edge| *edge = Edge { from: moved(edge.from), to: moved(edge.to) });
        }
        for dependent in std::mem::take(&mut self.dependents) {
            let from = self.resolve(&dependent.reference, || place_of(dependent.at, None));
            for (n, need) in dependent.needs.iter().enumerate() {
                let to = self.resolve(need, || place_of(dependent.at, Some(n)));
                if let (Some(from), Some(to)) = (from, to) {
                    found.push(Edge { from, to });
                }
            }
        }
        self.document.edges = without_duplicates(found, self.count());
        self.promote();
    }

    fn resolve(&mut self, reference: &str, place: impl Fn() -> (String, Option<u32>)) -> Option<Node> {
        let node = self.node(reference);
        if node.is_none() && !self.elsewhere.contains(reference) && self.has_room() {
            let (path, line) = place();
            self.push(
                path,
                line,
                format!("`{}` is no component of this document; the dependency was left out", shown(reference)),
            );
        }
        node
    }
}

/// Sorted by what needs, in the given order otherwise; each edge once.
fn without_duplicates(mut edges: Vec<Edge>, components: usize) -> Vec<Edge> {
    edges.sort_by_key(|edge| edge.from);
    // For each target the source that was last seen to need it.
    let mut seen: Vec<Option<Node>> = vec![None; components + 1];
    edges.retain(|edge| {
        let slot = match edge.to {
            Node::Subject => components,
            Node::Component(at) => at as usize,
        };
        seen.get_mut(slot).is_some_and(|last| last.replace(edge.from) != Some(edge.from))
    });
    edges
}

/// A reference short enough to show.
fn shown(text: &str) -> &str {
    text.get(..text.floor_char_boundary(120)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_edge_is_kept_once() {
        let edge = |from, to| Edge { from: Node::Component(from), to: Node::Component(to) };
        let subject = Edge { from: Node::Subject, to: Node::Component(1) };
        let edges = vec![edge(1, 0), edge(0, 1), subject, edge(1, 0), edge(0, 1), edge(0, 0)];
        assert_eq!(without_duplicates(edges, 2), [subject, edge(0, 1), edge(0, 0), edge(1, 0)]);
    }
}
