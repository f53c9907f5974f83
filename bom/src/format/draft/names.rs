//! The references of a document and what each of them names. Their texts lie
//! side by side and the table is small, so that following one touches no far part
//! of the memory: to wait for it is most of the cost.

use crate::document::Node;
use foldhash::fast::RandomState;
use std::hash::BuildHasher;

/// What references name.
#[derive(Default)]
pub(super) struct Names {
    /// All references, one behind the other.
    texts: String,
    /// In the order of `texts`.
    names: Vec<Name>,
    /// Half of a reference's hash, and one more than its place in `names`, at the first slot from the hash on that
    /// was free. Their number is a power of two, and a quarter of them is free.
    slots: Vec<(u32, u32)>,
    hashes: RandomState,
    /// The name behind the one that was followed last.
    following: u32,
}

struct Name {
    /// Where its reference begins in `texts`; it ends where the next one begins.
    start: usize,
    node: Node,
}

impl Names {
    /// No names yet, and room for so many.
    pub(super) fn with_room(names: usize) -> Self {
        Self {
            texts: String::with_capacity(names * 32),
            names: Vec::with_capacity(names),
            slots: vec![(0, 0); (names + names / 3).next_power_of_two().max(16)],
            ..Self::default()
        }
    }

    /// The node that `reference` names.
    pub(super) fn node(&self, reference: &str) -> Option<Node> {
        let at = self.find(reference, self.hash(reference)).ok()?;
        self.names.get(at as usize).map(|name| name.node)
    }

    /// The same, one after the other in mostly the order in which they were named: the one behind the last is tried first.
    pub(super) fn follow(&mut self, reference: &str) -> Option<Node> {
        let is_next = self.text(self.following) == Some(reference);
        let at = if is_next { self.following } else { self.find(reference, self.hash(reference)).ok()? };
        self.following = at + 1;
        self.names.get(at as usize).map(|name| name.node)
    }

    /// Makes `reference` name `node`, unless it names one already: that one is the answer then.
    pub(super) fn insert(&mut self, reference: &str, node: Node) -> Option<Node> {
        if self.names.len() * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let hash = self.hash(reference);
        match self.find(reference, hash) {
            Ok(at) => self.names.get(at as usize).map(|name| name.node),
            Err(free) => {
                self.names.push(Name { start: self.texts.len(), node });
                self.texts.push_str(reference);
                // There are no more names than components and a subject, whose number fits.
                let place = u32::try_from(self.names.len()).ok()?;
                *self.slots.get_mut(free)? = (hash, place);
                None
            }
        }
    }

    /// Makes `reference`, which names a node already, name another one.
    pub(super) fn rename(&mut self, reference: &str, node: Node) {
        let at = self.find(reference, self.hash(reference)).ok();
        if let Some(name) = at.and_then(|at| self.names.get_mut(at as usize)) {
            name.node = node;
        }
    }

    /// Half of the bits: documents have no more references than the other half could tell apart.
    fn hash(&self, reference: &str) -> u32 {
        u32::try_from(self.hashes.hash_one(reference) >> 32).unwrap_or_default()
    }

    /// Which name `reference` is, or the free slot where it belongs.
    fn find(&self, reference: &str, hash: u32) -> Result<u32, usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = hash as usize & mask;
        loop {
            match self.slots.get(slot) {
                Some((_, 0)) | None => return Err(slot),
                Some((known, place)) if *known == hash && self.text(place - 1) == Some(reference) => return Ok(place - 1),
                Some(_) => slot = (slot + 1) & mask,
            }
        }
    }

    /// The reference that is the name at this place.
    fn text(&self, at: u32) -> Option<&str> {
        let start = self.names.get(at as usize)?.start;
        let end = self.names.get(at as usize + 1).map_or(self.texts.len(), |next| next.start);
        self.texts.get(start..end)
    }

    /// Doubles the slots.
    #[cold]
    fn grow(&mut self) {
        let length = (self.slots.len() * 2).max(16);
        for (hash, place) in std::mem::replace(&mut self.slots, vec![(0, 0); length]) {
            let mut slot = hash as usize & (length - 1);
            while self.slots.get(slot).is_some_and(|(_, taken)| *taken > 0) {
                slot = (slot + 1) & (length - 1);
            }
            if place > 0
                && let Some(free) = self.slots.get_mut(slot)
            {
                *free = (hash, place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_what_it_named_first() {
        let mut names = Names::default();
        for (n, reference) in ["a", "ab", "b", "ü"].into_iter().enumerate() {
            let node = Node::Component(u32::try_from(n).expect("few"));
            assert_eq!(names.insert(reference, node), None, "{reference}");
            assert_eq!(names.insert(reference, Node::Subject), Some(node), "{reference}");
            assert_eq!(names.node(reference), Some(node), "{reference}");
        }
        for (reference, component) in [("a", 0), ("ab", 1), ("\u{fc}", 3), ("b", 2), ("b", 2), ("\u{fc}", 3), ("a", 0)] {
            assert_eq!(names.follow(reference), Some(Node::Component(component)), "{reference}");
        }
        assert_eq!(names.follow("c"), None);
        names.rename("ab", Node::Subject);
        assert_eq!((names.node("ab"), names.node("b"), names.node("")), (Some(Node::Subject), Some(Node::Component(2)), None));
    }

    #[test]
    fn references_with_the_same_hash_are_told_apart() {
        let mut names = Names::with_room(2);
        names.insert("a", Node::Component(0));
        names.insert("b", Node::Component(1));
        // As if both had the hash of `b`.
        let (a, b) = (names.hash("a"), names.hash("b"));
        names.slots.fill((0, 0));
        let mask = names.slots.len() - 1;
        names.slots[b as usize & mask] = (b, 1);
        names.slots[(b as usize + 1) & mask] = (b, 2);
        assert_eq!((names.find("a", b), names.find("b", b)), (Ok(0), Ok(1)));
        assert!(names.find("c", b).is_err() && (a == b || names.find("a", a).is_err()));
    }

    #[test]
    fn very_many_references_are_kept() {
        let mut names = Names::default();
        for n in 0..10_000 {
            assert_eq!(names.insert(&format!("r{n}"), Node::Component(n)), None);
        }
        for n in 0..10_000 {
            assert_eq!(names.node(&format!("r{n}")), Some(Node::Component(n)));
            assert_eq!(names.insert(&format!("r{n}"), Node::Subject), Some(Node::Component(n)));
        }
        assert_eq!(names.node("r10000"), None);
    }
}
