//! The components of a document that is being read, by their places. SPDX lists
//! what a document describes like any other package, and mostly first: kept apart,
//! it leaves the list without all others being moved.

use super::Draft;
use crate::document::{Component, Document, Node};
use crate::format::place::Place;
use crate::reading::Bound;

impl Draft<'_> {
    /// Keeps the first component apart: it may be what the document describes.
    pub(in crate::format) fn keep_first_apart(&mut self) {
        self.first_is_apart = true;
    }

    /// How many components there are.
    pub(in crate::format) fn count(&self) -> usize {
        self.document.components.len() + usize::from(self.first.is_some())
    }

    /// Keeps a place for a component, so that nested ones come after it.
    pub(in crate::format) fn reserve(&mut self, place: &Place<'_>) -> u32 {
        let count = self.count();
        let Some(index) = u32::try_from(count).ok().filter(|_| count < self.limits.components) else {
            self.refuse(place, self.limits.refusal(Bound::Components));
            return 0;
        };
        if self.first_is_apart && count == 0 {
            self.first = Some(Component::default());
        } else {
            // In its place at once: pushing would write it elsewhere and move it.
            self.document.components.resize_with(self.document.components.len() + 1, Component::default);
        }
        index
    }

    /// Fills a place that was kept; what the component is made of goes there piece by piece, and nothing is moved.
    pub(in crate::format) fn fill(&mut self, index: u32, fill: impl FnOnce(&mut Component, &mut Self)) {
        if self.first_is_apart && index == 0 {
            let mut first = self.first.take();
            if let Some(component) = &mut first {
                fill(component, self);
            }
            self.first = first;
            return;
        }
        let mut components = std::mem::take(&mut self.document.components);
        let at = index as usize - usize::from(self.first_is_apart);
        if let Some(component) = components.get_mut(at) {
            fill(component, self);
        }
        self.document.components = components;
    }

    /// The component at this place.
    pub(in crate::format) fn component_mut(&mut self, index: u32) -> Option<&mut Component> {
        match index {
            0 if self.first_is_apart => self.first.as_mut(),
            _ => self.document.components.get_mut(index as usize - usize::from(self.first_is_apart)),
        }
    }

    /// All of them, in order.
    pub(in crate::format) fn components_mut(&mut self) -> impl Iterator<Item = &mut Component> {
        self.first.iter_mut().chain(&mut self.document.components)
    }

    /// Makes the component that the document describes the subject, and puts the first one where it belongs.
    pub(super) fn promote(&mut self) {
        let document = &mut self.document;
        match (self.first.take(), self.subject_at) {
            (first @ Some(_), Some(0)) => document.subject = first,
            (first, subject_at) => {
                first.into_iter().for_each(|first| document.components.insert(0, first));
                if let Some(at) = subject_at.filter(|at| (*at as usize) < document.components.len()) {
                    document.subject = Some(document.components.remove(at as usize));
                }
            }
        }
        if let Some(at) = self.subject_at {
            renumber(at, document);
        }
    }
}

/// The component that was at this place is the subject now, and the later ones moved up.
fn renumber(at: u32, document: &mut Document) {
    let moved = |node: &mut Node| match *node {
        Node::Component(place) if place == at => *node = Node::Subject,
        Node::Component(place) if place > at => *node = Node::Component(place - 1),
        _ => {}
    };
    for edge in &mut document.edges {
        moved(&mut edge.from);
        moved(&mut edge.to);
    }
    document.edges.sort_by_key(|edge| edge.from);
}
