//! Why a component is in a document: the shortest way to it from what was built.

use crate::document::{Document, Node};
use crate::inventory::identity;
use crate::origin::Origin;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A component on the way: its package's name in canonical spelling, and its version.
pub type Step = (String, String);

/// What stands between the subject and a package at a version, nearest to the subject
/// first; nothing where the subject needs it itself. The subject's own packages, which
/// lie at a path, are part of it. `None` where no edges lead there.
pub fn why(document: &Document, package: &str, version: &str) -> Option<Vec<Step>> {
    let mut needs: BTreeMap<Node, Vec<u32>> = BTreeMap::new();
    for edge in &document.edges {
        if let Node::Component(to) = edge.to {
            needs.entry(edge.from).or_default().push(to);
        }
    }
    let mut seen: BTreeSet<Node> = BTreeSet::from([Node::Subject]);
    let mut waiting: VecDeque<(Node, Vec<Step>)> = VecDeque::from([(Node::Subject, Vec::new())]);
    while let Some((node, steps)) = waiting.pop_front() {
        for &to in needs.get(&node).into_iter().flatten() {
            let Some(component) = document.components.get(to as usize) else { continue };
            if !seen.insert(Node::Component(to)) {
                continue;
            }
            let found = identity(component);
            if found.name == package && found.version == version {
                return Some(steps);
            }
            if matches!(component.origin, Origin::Path(_)) && steps.is_empty() {
                // In front: what our own packages need is as near as what the subject needs.
                waiting.push_front((Node::Component(to), Vec::new()));
                continue;
            }
            let mut further = steps.clone();
            further.push((found.name, found.version));
            waiting.push_back((Node::Component(to), further));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::why;
    use crate::document::{Component, Document, Edge, Node};
    use crate::origin::Origin;
    use crate::purl::Purl;

    fn document() -> Document {
        let named = |name: &str, origin: Origin| {
            let purl = format!("pkg:npm/{name}@1.0.0").parse::<Purl>().ok();
            Component { name: name.into(), version: Some("1.0.0".into()), purl, origin, ..Component::default() }
        };
        let names =
            [("own", Origin::Path("own".into())), ("a", Origin::Authority), ("b", Origin::Authority), ("c", Origin::Authority)];
        let edge = |from, to| Edge { from, to: Node::Component(to) };
        let from = Node::Component;
        Document {
            components: names.into_iter().map(|(name, origin)| named(name, origin)).collect(),
            edges: vec![
                edge(Node::Subject, 0),
                edge(from(0), 1),
                edge(from(1), 2),
                edge(from(2), 3),
                edge(from(1), 3),
                edge(from(3), 1),
            ],
            ..Document::default()
        }
    }

    #[test]
    fn the_shortest_way_is_told_and_circles_end() {
        let step = |name: &str| (name.to_owned(), "1.0.0".to_owned());
        for (name, way) in [("a", Some(vec![])), ("b", Some(vec![step("a")])), ("c", Some(vec![step("a")])), ("absent", None)] {
            assert_eq!(why(&document(), name, "1.0.0"), way, "{name}");
        }
        assert_eq!(why(&document(), "a", "2.0.0"), None, "another version");
    }
}
