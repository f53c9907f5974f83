//! One model of a software bill of materials, whatever format it came in: what
//! was built, the components in it, how they depend on each other, and what was
//! stated about their vulnerabilities. Readers fill it, writers print it.

mod component;
mod relation;
mod statement;

pub use component::{Component, Hash, HashAlgorithm, Kind, Licence, Scope};
pub use relation::Relation;
pub use statement::{Statement, Status, Target, TargetVersions};

use crate::origin::Origin;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// A software bill of materials.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The format's name and version as found, for example `CycloneDX 1.6`; empty for one just made.
    pub format: String,
    /// The document's own identity: CycloneDX serial number or SPDX namespace.
    pub identity: Option<String>,
    /// The document's name, where the format has one apart from the subject's.
    pub name: Option<String>,
    /// When the document says it was made.
    pub created: Option<DateTime<Utc>>,
    /// Tools that made it, as `name version`.
    pub tools: Vec<String>,
    /// People or organisations who made it.
    pub authors: Vec<String>,
    /// What the document describes. It is not one of `components`.
    pub subject: Option<Component>,
    /// Everything in it, nested components laid flat, in document order.
    pub components: Vec<Component>,
    /// Dependencies: `from` needs `to`. No duplicates; cycles are fine.
    pub edges: Vec<Edge>,
    /// What was said of two elements and is no dependency, in document order (SPDX only).
    pub relations: Vec<Relation>,
    /// What was stated about vulnerabilities (VEX).
    pub statements: Vec<Statement>,
    /// Named values about the document (CI context and the like), in document order.
    pub properties: Vec<(String, String)>,
}

/// One end of an [`Edge`]: the document's subject or a component by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// The document's subject.
    Subject,
    /// `Document::components[i]`.
    Component(u32),
}

/// `from` depends on `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edge {
    /// What needs.
    pub from: Node,
    /// What is needed.
    pub to: Node,
}

/// A document's contents, counted as its own format counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Components; in SPDX, where the subject is a package like any other, with it.
    pub components: usize,
    /// Those of them that have a purl.
    pub with_purl: usize,
    /// Dependencies; in SPDX all relationships.
    pub edges: usize,
}

impl Document {
    /// What it holds, by the words of the format that it came in.
    pub fn counts(&self) -> Counts {
        let listed = self.subject.iter().filter(|_| self.format.starts_with("SPDX")).chain(&self.components);
        Counts {
            components: listed.clone().count(),
            with_purl: listed.filter(|component| component.purl.is_some()).count(),
            edges: self.edges.len() + self.relations.len(),
        }
    }

    /// For each component whether something stated puts it directly under the
    /// subject. The subject's own packages (members of its workspace, which lie at
    /// a path) are part of it: what they need is direct too. A document without
    /// edges from its subject says nothing: all `None`.
    pub fn direct(&self) -> Vec<Option<bool>> {
        let mut needs: BTreeMap<Node, Vec<u32>> = BTreeMap::new();
        for edge in &self.edges {
            if let Node::Component(to) = edge.to {
                needs.entry(edge.from).or_default().push(to);
            }
        }
        let stated = needs.contains_key(&Node::Subject);
        let mut direct = vec![false; self.components.len()];
        let mut own = vec![Node::Subject];
        while let Some(node) = own.pop() {
            for &to in needs.get(&node).into_iter().flatten() {
                let Some(slot) = direct.get_mut(to as usize) else { continue };
                let member = self.components.get(to as usize).is_some_and(|c| matches!(c.origin, Origin::Path(_)));
                if !std::mem::replace(slot, true) && member {
                    own.push(Node::Component(to));
                }
            }
        }
        direct.into_iter().map(|d| stated.then_some(d)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_member_needs_is_direct_too() {
        let at = |origin: Origin| Component { origin, ..Component::default() };
        let edge = |from, to| Edge { from, to: Node::Component(to) };
        let member = || at(Origin::Path("member".into()));
        let mut document = Document {
            components: vec![member(), at(Origin::Authority), at(Origin::Authority), member()],
            edges: vec![edge(Node::Component(0), 1), edge(Node::Component(1), 2), edge(Node::Component(1), 3)],
            ..Document::default()
        };
        assert_eq!(document.direct(), [None; 4], "nothing is said of the subject");
        document.edges.push(edge(Node::Subject, 0));
        assert_eq!(document.direct(), [Some(true), Some(true), Some(false), Some(false)]);
    }
}
