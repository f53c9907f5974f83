//! One model of a software bill of materials, whatever format it came in: what
//! was built, the components in it, how they depend on each other, and what was
//! stated about their vulnerabilities. Readers fill it, writers print it.

mod component;
mod statement;

pub use component::{Component, Hash, HashAlgorithm, Kind, Licence, Scope};
pub use statement::{Statement, Status};

use chrono::{DateTime, Utc};

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

impl Document {
    /// For each component whether something stated puts it directly under the
    /// subject. A document without edges from its subject says nothing: all `None`.
    pub fn direct(&self) -> Vec<Option<bool>> {
        let mut direct = vec![false; self.components.len()];
        let mut stated = false;
        for edge in &self.edges {
            if let (Node::Subject, Node::Component(to)) = (edge.from, edge.to) {
                stated = true;
                if let Some(slot) = direct.get_mut(to as usize) {
                    *slot = true;
                }
            }
        }
        direct.into_iter().map(|d| stated.then_some(d)).collect()
    }
}
