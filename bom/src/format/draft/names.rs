//! The references of a document and what each of them names. Their texts lie
//! side by side, so that following one touches no far part of the document.

use crate::document::Node;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

/// What references name.
#[derive(Default)]
pub(super) struct Names {
    /// All references, one behind the other.
    texts: String,
    /// In the order of `texts`.
    names: Vec<Name>,
    /// The newest of `names` for each hash of a reference.
    newest: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
    hashes: RandomState,
}

struct Name {
    /// Where its reference begins in `texts`; it ends where the next one begins.
    start: usize,
    node: Node,
    /// Another one whose reference has the same hash.
    older: Option<u32>,
}

impl Names {
    /// The node that `reference` names.
    pub(super) fn node(&self, reference: &str) -> Option<Node> {
        let at = self.find(reference, *self.newest.get(&self.hashes.hash_one(reference))?)?;
        self.names.get(at as usize).map(|name| name.node)
    }

    /// Makes `reference` name `node`, unless it names one already: that one is the answer then.
    pub(super) fn insert(&mut self, reference: &str, node: Node) -> Option<Node> {
        let hash = self.hashes.hash_one(reference);
        let older = self.newest.get(&hash).copied();
        if let Some(at) = older.and_then(|newest| self.find(reference, newest)) {
            return self.names.get(at as usize).map(|name| name.node);
        }
        // There are no more names than components and a subject, whose number fits.
        let at = u32::try_from(self.names.len()).ok()?;
        self.names.push(Name { start: self.texts.len(), node, older });
        self.texts.push_str(reference);
        self.newest.insert(hash, at);
        None
    }

    /// Makes `reference`, which names a node already, name another one.
    pub(super) fn rename(&mut self, reference: &str, node: Node) {
        let newest = self.newest.get(&self.hashes.hash_one(reference)).copied();
        let at = newest.and_then(|newest| self.find(reference, newest));
        if let Some(name) = at.and_then(|at| self.names.get_mut(at as usize)) {
            name.node = node;
        }
    }

    /// Which name `reference` is, among those that share the hash of the one at `newest`.
    fn find(&self, reference: &str, newest: u32) -> Option<u32> {
        let mut at = Some(newest);
        while let Some(name) = at.and_then(|at| self.names.get(at as usize)) {
            let end = self.names.get(at? as usize + 1).map_or(self.texts.len(), |next| next.start);
            if self.texts.get(name.start..end) == Some(reference) {
                return at;
            }
            at = name.older;
        }
        None
    }
}

/// A hash as its own hash.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
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
        names.rename("ab", Node::Subject);
        assert_eq!((names.node("ab"), names.node("b"), names.node("")), (Some(Node::Subject), Some(Node::Component(2)), None));
    }

    #[test]
    fn references_with_the_same_hash_are_told_apart() {
        let mut names = Names::default();
        names.insert("a", Node::Component(0));
        names.insert("b", Node::Component(1));
        // As if both had the hash of `b`.
        names.names[1].older = Some(0);
        assert_eq!((names.find("a", 1), names.find("b", 1), names.find("c", 1)), (Some(0), Some(1), None));
    }
}
