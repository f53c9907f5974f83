//! Joins documents into one: a component with a purl that several of them hold
//! appears once, with all that they say of it and all its edges. Components
//! without a purl are kept apart: nothing tells whether two of them are the same.

use crate::document::{Component, Document, Edge, Node};
use crate::inventory::{Identity, identity};
use std::collections::{HashMap, HashSet};
use std::ops::Deref;

/// One document about `subject`, which needs the subjects of `documents`; these become
/// components. What was said about the documents themselves (identity, time, properties)
/// is left behind.
pub fn merge(documents: impl IntoIterator<Item = Document>, subject: Component) -> Document {
    let mut joined = Joined::new(subject);
    for document in documents {
        joined.add(document);
    }
    joined.document
}

struct Joined {
    document: Document,
    places: HashMap<Identity, u32>,
    references: HashSet<String>,
    edges: HashSet<Edge>,
}

impl Joined {
    fn new(subject: Component) -> Self {
        let references = HashSet::from([subject.reference.clone()]);
        let document = Document { subject: Some(subject), ..Document::default() };
        Self { document, places: HashMap::new(), references, edges: HashSet::new() }
    }

    fn add(&mut self, document: Document) {
        let mut renamed = HashMap::new();
        let top = match document.subject {
            Some(subject) => {
                let project = self.place(subject, &mut renamed);
                self.edge(Edge { from: Node::Subject, to: project });
                project
            }
            None => Node::Subject,
        };
        let mut nodes = Vec::with_capacity(document.components.len());
        for component in document.components {
            let known = self.document.components.len();
            let parent = component.parent;
            let node = self.place(component, &mut renamed);
            if self.document.components.len() > known {
                let parent = parent.and_then(|parent| nodes.get(parent as usize).copied());
                self.contain(node, parent);
            }
            nodes.push(node);
        }
        let node = |node: Node| match node {
            Node::Subject => Some(top),
            Node::Component(place) => nodes.get(place as usize).copied(),
        };
        for edge in document.edges {
            if let (Some(from), Some(to)) = (node(edge.from), node(edge.to)) {
                self.edge(Edge { from, to });
            }
        }
        for mut statement in document.statements {
            for about in &mut statement.about {
                if let Some(reference) = renamed.get(&about.reference) {
                    about.reference.clone_from(reference);
                }
            }
            self.document.statements.push(statement);
        }
        add_new(&mut self.document.tools, document.tools);
        add_new(&mut self.document.authors, document.authors);
    }

    /// Where `component` is in the joined document, which takes it unless it has it.
    fn place(&mut self, mut component: Component, renamed: &mut HashMap<String, String>) -> Node {
        let next = u32::try_from(self.document.components.len()).unwrap_or(u32::MAX);
        let place = match component.purl {
            Some(_) => *self.places.entry(identity(&component)).or_insert(next),
            None => next,
        };
        let old = component.reference.clone();
        match self.document.components.get_mut(place as usize) {
            Some(known) => add_facts(known, component),
            None => {
                component.reference = unique(&mut self.references, component.reference);
                component.parent = None;
                self.document.components.push(component);
            }
        }
        if let Some(known) = self.document.components.get(place as usize) {
            renamed.insert(old, known.reference.clone());
        }
        Node::Component(place)
    }

    fn contain(&mut self, node: Node, parent: Option<Node>) {
        if let (Node::Component(place), Some(Node::Component(parent))) = (node, parent)
            && let Some(component) = self.document.components.get_mut(place as usize)
        {
            component.parent = Some(parent);
        }
    }

    fn edge(&mut self, edge: Edge) {
        if edge.from != edge.to && self.edges.insert(edge) {
            self.document.edges.push(edge);
        }
    }
}

/// `wanted`, or with a number behind it when another component has that reference.
fn unique(taken: &mut HashSet<String>, wanted: String) -> String {
    if wanted.is_empty() || taken.insert(wanted.clone()) {
        return wanted;
    }
    // There are fewer references than numbers, so one of them is free.
    let free = (2u32..).map(|number| format!("{wanted}#{number}")).find(|name| taken.insert(name.clone()));
    free.unwrap_or(wanted)
}

/// Adds what `other` says of the component `known`; where both say something, `known` is right.
fn add_facts(known: &mut Component, other: Component) {
    known.scope = known.scope.min(other.scope);
    add_new(&mut known.cpes, other.cpes);
    add_new(&mut known.hashes, other.hashes);
    add_new(&mut known.links, other.links);
    add_new(&mut known.properties, other.properties);
    if known.licences.is_empty() {
        known.licences = other.licences;
    }
    fill(&mut known.supplier, other.supplier);
    fill(&mut known.author, other.author);
    fill(&mut known.description, other.description);
    fill(&mut known.copyright, other.copyright);
}

fn fill<T>(mine: &mut Option<T>, theirs: Option<T>) {
    if mine.is_none() {
        *mine = theirs;
    }
}

fn add_new<T: PartialEq, L>(known: &mut L, others: L)
where
    L: Deref<Target = [T]> + Extend<T> + IntoIterator<Item = T>,
{
    for other in others {
        if !known.contains(&other) {
            known.extend([other]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Hash, HashAlgorithm, Scope, Statement};

    fn component(reference: &str, purl: &str) -> Component {
        let purl = purl.parse().ok();
        Component { reference: reference.to_owned(), name: reference.into(), purl, ..Component::default() }
    }

    fn document(subject: &str, components: Vec<Component>, edges: &[(Option<u32>, u32)]) -> Document {
        let node = |place: Option<u32>| place.map_or(Node::Subject, Node::Component);
        Document {
            subject: Some(component(subject, "")),
            components,
            edges: edges.iter().map(|(from, to)| Edge { from: node(*from), to: Node::Component(*to) }).collect(),
            ..Document::default()
        }
    }

    fn named(document: &Document) -> Vec<String> {
        let name = |node: Node| match node {
            Node::Subject => "all".to_owned(),
            Node::Component(place) => document.components[place as usize].reference.clone(),
        };
        document.edges.iter().map(|edge| format!("{}>{}", name(edge.from), name(edge.to))).collect()
    }

    #[test]
    fn what_two_documents_hold_appears_once_with_the_edges_of_both() {
        let a = Component { scope: Scope::Development, ..component("a", "pkg:npm/a@1") };
        let one = document("web", vec![a, component("b", "pkg:npm/b@1")], &[(None, 0), (Some(0), 1)]);
        let hash = Hash { algorithm: HashAlgorithm::Sha256, value: "00".into() };
        let b = Component { hashes: [hash].into(), ..component("x", "pkg:npm/b@1") };
        let two = document("api", vec![b, component("c", "pkg:npm/c@1")], &[(None, 0), (Some(0), 1)]);
        let joined = merge([one, two], component("all", ""));
        assert_eq!(joined.components.iter().map(|c| c.reference.as_str()).collect::<Vec<_>>(), ["web", "a", "b", "api", "c"]);
        assert_eq!(named(&joined), ["all>web", "web>a", "a>b", "all>api", "api>b", "b>c"]);
        assert_eq!(joined.components[2].hashes.len(), 1);
    }

    #[test]
    fn the_stronger_need_wins() {
        let scoped = |scope| document("x", vec![Component { scope, ..component("a", "pkg:npm/a@1") }], &[]);
        let joined = merge([scoped(Scope::Development), scoped(Scope::Required)], component("all", ""));
        assert_eq!(joined.components.last().unwrap().scope, Scope::Required);
    }

    #[test]
    fn references_stay_unique_and_statements_follow_them() {
        let statement = Statement { about: vec!["a".to_owned().into()], ..Statement::default() };
        let one = document("x", vec![component("a", "pkg:npm/a@1")], &[]);
        let two = Document { statements: vec![statement], ..document("x", vec![component("a", "pkg:npm/other@1")], &[]) };
        let joined = merge([one, two], component("all", ""));
        assert_eq!(joined.components.iter().map(|c| c.reference.as_str()).collect::<Vec<_>>(), ["x", "a", "x#2", "a#2"]);
        assert_eq!(joined.statements[0].about, ["a#2".to_owned().into()]);
    }

    #[test]
    fn components_without_a_purl_are_kept_apart_and_nested_ones_stay_nested() {
        let nested = Component { parent: Some(0), ..component("inner", "") };
        let one = document("x", vec![component("file", ""), nested.clone()], &[]);
        let two = document("y", vec![component("file", ""), nested], &[]);
        let joined = merge([one, two], component("all", ""));
        let parents: Vec<_> = joined.components.iter().map(|c| c.parent).collect();
        assert_eq!(parents, [None, None, Some(1), None, None, Some(4)]);
    }
}
