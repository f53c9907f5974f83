//! A document in the making, common to every lockfile reader: one component
//! for each package, version and origin, edges without duplicates, unique
//! references, and the bounds of [`Limits`]. It reads no syntax itself.

mod secrets;

use crate::document::{Component, Document, Edge, Kind, Node, Scope};
use crate::origin::{Origin, without_secrets};
use crate::purl::Purl;
use crate::reading::{Bound, Limits, ReadError, Reading, Warning};
use foldhash::fast::RandomState;
use secrets::{strip_secrets, strip_texts};
use std::collections::HashMap;
use std::hash::BuildHasher as _;

/// Warnings kept of one file; the rest is counted.
const WARNINGS: usize = 1_000;

/// Bytes that are looked through for the lines of warnings.
const SEARCHED: usize = 1 << 28;

/// A document that a reader fills.
pub(super) struct Draft {
    document: Document,
    /// By the hash of a purl's text, the first component that has it.
    first: HashMap<u64, u32, RandomState>,
    /// For each of them, the next one that has the same; hardly ever any.
    next: HashMap<u32, u32, RandomState>,
    /// Places of edges that may come to nothing, in rising order.
    optional: Vec<usize>,
    warnings: Vec<Warning>,
    unkept: usize,
    searched: usize,
    limits: Limits,
}

impl Draft {
    /// An empty document about `subject`, read from a file of `format`.
    pub(super) fn new(format: String, mut subject: Component, limits: Limits) -> Self {
        strip_secrets(&mut subject);
        subject.kind = Kind::Application;
        subject.reference = match &subject.purl {
            Some(purl) => format!("{purl}|subject"),
            None => "subject".to_owned(),
        };
        Self {
            document: Document { format: without_secrets(&format).into_owned(), subject: Some(subject), ..Document::default() },
            first: HashMap::default(),
            next: HashMap::default(),
            optional: Vec::new(),
            warnings: Vec::new(),
            unkept: 0,
            searched: 0,
            limits,
        }
    }

    /// Makes room for so many components and edges that are about to be added.
    pub(super) fn reserve(&mut self, components: usize, edges: usize) {
        self.document.edges.reserve_exact(edges.min(self.limits.edges));
        let components = components.min(self.limits.components);
        self.document.components.reserve_exact(components);
        self.first.reserve(components);
    }

    /// Adds a component, or merges it into the one with the same purl and
    /// origin. Silence about the origin never makes a second component beside
    /// one from a registry.
    ///
    /// # Errors
    /// [`ReadError`] beyond a bound.
    pub(super) fn add(&mut self, mut component: Component) -> Result<Node, ReadError> {
        let mut text = text_of(&component);
        // A purl's text has all of its parts, colons as they are, and no address is without one.
        if text.strip_prefix("pkg:").is_none_or(|parts| parts.contains(':')) {
            strip_secrets(&mut component);
            text = text_of(&component);
        }
        if text.len() > self.limits.text {
            let start: String = component.name.chars().take(40).collect();
            let why = self.limits.refusal(Bound::Text);
            return Err(ReadError::whole(format!("the package `{start}…` is named too long: {why}")));
        }
        let place = u32::try_from(self.document.components.len()).unwrap_or(u32::MAX);
        let hash = self.first.hasher().hash_one(&text);
        let mut alike = self.first.get(&hash).copied();
        let (mut last, mut count) = (None, 0_usize);
        while let Some(at) = alike {
            if let Some(known) = self.document.components.get_mut(at as usize)
                && is_of(&known.reference, &text)
                && let Some(origin) = one_origin(&known.origin, &component.origin)
            {
                known.origin = origin;
                merge(known, component);
                return Ok(Node::Component(at));
            }
            (last, count) = (Some(at), count + 1);
            alike = self.next.get(&at).copied();
        }
        if place as usize >= self.limits.components {
            return Err(ReadError::whole(self.limits.refusal(Bound::Components)));
        }
        // A canonical purl never holds `|`, so the suffix collides with none.
        component.reference = if count == 0 { text } else { format!("{text}|{}", count + 1) };
        match last {
            None => self.first.insert(hash, place),
            Some(last) => self.next.insert(last, place),
        };
        self.document.components.push(component);
        Ok(Node::Component(place))
    }

    /// States that `from` needs `to`; a package that needs itself is left out.
    ///
    /// # Errors
    /// [`ReadError`] beyond the bound on edges.
    pub(super) fn edge(&mut self, from: Node, to: Node) -> Result<(), ReadError> {
        if from == to || to == Node::Subject {
            return Ok(());
        }
        if self.document.edges.len() >= self.limits.edges {
            return Err(ReadError::whole(self.limits.refusal(Bound::Edges)));
        }
        self.document.edges.push(Edge { from, to });
        Ok(())
    }

    /// States that `from` makes use of `to` where that can be had: a scope is not
    /// passed on undiminished.
    ///
    /// # Errors
    /// [`ReadError`] beyond the bound on edges.
    pub(super) fn optional_edge(&mut self, from: Node, to: Node) -> Result<(), ReadError> {
        let before = self.document.edges.len();
        self.edge(from, to)?;
        if self.document.edges.len() > before {
            self.optional.push(before);
        }
        Ok(())
    }

    /// Records something that was passed over.
    pub(super) fn warn(&mut self, path: impl Into<String>, line: Option<u32>, text: impl Into<String>) {
        if self.warnings.len() < WARNINGS {
            let [path, text] = [path.into(), text.into()].map(|text| without_secrets(&text).into_owned());
            self.warnings.push(Warning { path, line, text });
        } else {
            self.unkept += 1;
        }
    }

    /// Records something that was passed over in a structured file; the line is
    /// that of the first `mark` in `source`, looked for only now, and no longer when
    /// much was looked through already: a file of nothing but faults has many.
    pub(super) fn warn_near(&mut self, source: &str, mark: &str, path: impl Into<String>, text: impl Into<String>) {
        let line = if self.warnings.len() < WARNINGS && self.searched < SEARCHED { line_of(source, mark) } else { None };
        self.searched = self.searched.saturating_add(source.len());
        self.warn(path, line, text);
    }

    /// Gives every component the strongest scope under which it is reached from
    /// one of `roots`; what is not reached keeps its own. Nothing is reached
    /// through `members`, the project's own packages: what they need are roots.
    /// What is required by nothing but optional edges is optional.
    pub(super) fn spread(&mut self, roots: &[(Node, Scope)], members: &[Node]) {
        let needs = self.needs(members);
        let mut reached: Vec<bool> = vec![false; needs.len()];
        let mut put_off: Vec<u32> = Vec::new();
        for scope in [Scope::Required, Scope::Optional, Scope::Development] {
            let mut open = if scope == Scope::Optional { std::mem::take(&mut put_off) } else { Vec::new() };
            open.extend(roots.iter().filter(|(_, s)| *s == scope).filter_map(|(node, _)| place(*node)));
            while let Some(at) = open.pop() {
                match reached.get_mut(at as usize) {
                    Some(seen) if !*seen => *seen = true,
                    _ => continue,
                }
                if let Some(component) = self.document.components.get_mut(at as usize) {
                    component.scope = scope;
                }
                for &(to, optional) in needs.get(at as usize).into_iter().flatten() {
                    let later = optional && scope == Scope::Required;
                    if later { put_off.push(to) } else { open.push(to) }
                }
            }
        }
    }

    /// What each component needs, and whether it is optional; nothing for `members`.
    fn needs(&self, members: &[Node]) -> Vec<Vec<(u32, bool)>> {
        let mut needs: Vec<Vec<(u32, bool)>> = vec![Vec::new(); self.document.components.len()];
        let mut optional = self.optional.iter().peekable();
        for (at, edge) in self.document.edges.iter().enumerate() {
            let is_optional = optional.next_if(|next| **next == at).is_some();
            if let (Node::Component(from), Node::Component(to)) = (edge.from, edge.to)
                && let Some(list) = needs.get_mut(from as usize)
            {
                list.push((to, is_optional));
            }
        }
        for at in members.iter().filter_map(|member| place(*member)) {
            if let Some(list) = needs.get_mut(at as usize) {
                list.clear();
            }
        }
        needs
    }

    /// The component at `node`, to complete it.
    pub(super) fn component(&mut self, node: Node) -> Option<&mut Component> {
        match node {
            Node::Subject => self.document.subject.as_mut(),
            Node::Component(at) => self.document.components.get_mut(at as usize),
        }
    }

    /// The finished document and what was passed over.
    pub(super) fn finish(mut self) -> Reading<Document> {
        // Lockfiles are nearly in this order, which a stable sort makes use of.
        self.document.edges.sort();
        self.document.edges.dedup();
        self.document.subject.iter_mut().chain(&mut self.document.components).for_each(strip_texts);
        if self.unkept > 0 {
            let text = format!("{} further warnings are not shown", self.unkept);
            self.warnings.push(Warning { path: String::new(), line: None, text });
        }
        Reading { value: self.document, warnings: self.warnings }
    }
}

/// A component of `purl`, named as the purl names it.
pub(super) fn component(purl: Purl, origin: Origin, scope: Scope) -> Component {
    Component {
        group: purl.namespace.clone(),
        name: purl.name.clone(),
        version: purl.version.clone(),
        purl: Some(purl),
        origin,
        scope,
        ..Component::default()
    }
}

/// The project of a lockfile that does not name it: its folder's name, or `.` at the root.
pub(super) fn unnamed_subject(path: &str) -> Component {
    let folder = super::place::folder(path);
    let name = folder.rsplit('/').next().filter(|n| !n.is_empty()).unwrap_or(".");
    let origin = Origin::Path(if folder.is_empty() { ".".to_owned() } else { folder.to_owned() });
    Component { name: name.into(), origin, ..Component::default() }
}

/// The text that tells a package: its purl, or its name and version.
fn text_of(component: &Component) -> String {
    match &component.purl {
        Some(purl) => purl.to_text(),
        None => format!("{}@{}", component.name, component.version.as_deref().unwrap_or("")),
    }
}

/// The line, counted from 1, of the first `mark` in `source`.
pub(super) fn line_of(source: &str, mark: &str) -> Option<u32> {
    let before = source.get(..source.find(mark)?)?;
    u32::try_from(before.bytes().filter(|b| *b == b'\n').count() + 1).ok()
}

fn place(node: Node) -> Option<u32> {
    match node {
        Node::Subject => None,
        Node::Component(at) => Some(at),
    }
}

/// Whether a reference was made of this text: itself, or with a number that tells it apart.
fn is_of(reference: &str, text: &str) -> bool {
    reference.strip_prefix(text).is_some_and(|rest| rest.is_empty() || rest.starts_with('|'))
}

/// The origin of two components of one purl that are the same; `None` where they differ.
fn one_origin(a: &Origin, b: &Origin) -> Option<Origin> {
    match (a, b) {
        (a, b) if a == b => Some(a.clone()),
        (Origin::Authority, Origin::Registry(_)) => Some(b.clone()),
        (Origin::Registry(_), Origin::Authority) => Some(a.clone()),
        _ => None,
    }
}

fn merge(known: &mut Component, other: Component) {
    known.scope = known.scope.min(other.scope);
    for hash in other.hashes {
        if !known.hashes.contains(&hash) {
            known.hashes.push(hash);
        }
    }
    for property in other.properties {
        if !known.properties.contains(&property) {
            known.properties.push(property);
        }
    }
    if known.licences.is_empty() {
        known.licences = other.licences;
    }
    if known.description.is_none() {
        known.description = other.description;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, origin: Origin, scope: Scope) -> Component {
        component(Purl::new("npm", None, name, Some("1.0.0")), origin, scope)
    }

    #[test]
    fn one_component_for_each_package_version_and_origin() {
        let registry = || Origin::Registry("https://npm.registry.example".into());
        let mut draft = Draft::new("x".into(), unnamed_subject("a/b/x.lock"), Limits::DEFAULT);
        let first = draft.add(package("a", registry(), Scope::Development)).unwrap();
        assert_eq!(draft.add(package("a", registry(), Scope::Required)).unwrap(), first);
        assert_eq!(draft.add(package("a", Origin::Authority, Scope::Required)).unwrap(), first, "silence is no other origin");
        let fork = draft.add(package("a", Origin::Path("a".into()), Scope::Required)).unwrap();
        assert_ne!(fork, first);
        for _ in 0..2 {
            draft.edge(first, fork).unwrap();
            draft.edge(first, first).unwrap();
        }
        let document = draft.finish().value;
        let references: Vec<_> = document.components.iter().map(|c| c.reference.as_str()).collect();
        assert_eq!(references, ["pkg:npm/a@1.0.0", "pkg:npm/a@1.0.0|2"]);
        assert_eq!(document.components[0].scope, Scope::Required);
        assert_eq!(document.edges, [Edge { from: first, to: fork }]);
        assert_eq!(document.subject.unwrap().name, "b");
    }

    #[test]
    fn a_package_without_a_purl_keeps_no_secret_either() {
        let group = Some("https://user:password@host.example".into());
        let mut draft = Draft::new("x".into(), unnamed_subject("x.lock"), Limits::DEFAULT);
        draft.add(Component { group, name: "a".into(), ..Component::default() }).unwrap();
        let found = draft.finish().value.components.remove(0);
        assert_eq!(found.group.as_deref(), Some("https://host.example"));
    }

    #[test]
    fn the_strongest_scope_is_passed_on() {
        let mut draft = Draft::new("x".into(), unnamed_subject("x.lock"), Limits::DEFAULT);
        let nodes: Vec<_> =
            ["a", "b", "c", "d"].iter().map(|n| draft.add(package(n, Origin::Authority, Scope::Required)).unwrap()).collect();
        draft.edge(nodes[0], nodes[2]).unwrap();
        draft.edge(nodes[1], nodes[2]).unwrap();
        draft.edge(nodes[1], nodes[3]).unwrap();
        draft.edge(nodes[3], nodes[1]).unwrap();
        draft.spread(&[(nodes[1], Scope::Development), (nodes[0], Scope::Optional)], &[]);
        let scopes: Vec<_> = draft.finish().value.components.iter().map(|c| c.scope).collect();
        assert_eq!(scopes, [Scope::Optional, Scope::Development, Scope::Optional, Scope::Development]);
    }

    #[test]
    fn what_only_optional_edges_lead_to_is_optional() {
        let mut draft = Draft::new("x".into(), unnamed_subject("x.lock"), Limits::DEFAULT);
        let nodes: Vec<_> = ["a", "b", "c", "d", "e"]
            .iter()
            .map(|n| draft.add(package(n, Origin::Authority, Scope::Required)).unwrap())
            .collect();
        draft.optional_edge(nodes[0], nodes[1]).unwrap();
        draft.edge(nodes[1], nodes[2]).unwrap();
        draft.optional_edge(nodes[0], nodes[3]).unwrap();
        draft.edge(nodes[0], nodes[3]).unwrap();
        draft.optional_edge(nodes[4], nodes[4]).unwrap();
        draft.spread(&[(nodes[0], Scope::Required), (nodes[4], Scope::Development)], &[]);
        let scopes: Vec<_> = draft.finish().value.components.iter().map(|c| c.scope).collect();
        let (required, optional) = (Scope::Required, Scope::Optional);
        assert_eq!(scopes, [required, optional, optional, required, Scope::Development]);
    }
}
