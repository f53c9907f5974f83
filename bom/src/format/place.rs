//! A place in a document that is being read.

use std::fmt;

/// One step of a [`Place`].
#[derive(Clone, Copy)]
enum Step<'p> {
    /// What a path begins with: `$`, or nothing before the root element.
    Root(&'static str),
    Key(&'p str),
    Index(usize),
    /// Among the children of this name, the one with this index.
    Child(&'p str, usize),
}

/// Where in the document the reader is: a chain on the stack, written out only
/// when there is something to say.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    step: Step<'p>,
    depth: usize,
}

impl<'p> Place<'p> {
    /// The document itself, in a syntax whose paths begin with `root`.
    pub(super) const fn root(root: &'static str) -> Place<'static> {
        Place { parent: None, step: Step::Root(root), depth: 0 }
    }

    fn is_xml(&self) -> bool {
        match self.parent {
            Some(parent) => parent.is_xml(),
            None => matches!(self.step, Step::Root(root) if root.starts_with('/')),
        }
    }

    /// How deep it is nested; the document itself is at 0.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The index of the element that is here; 0 where it is no element.
    pub(super) fn last_index(&self) -> usize {
        match self.step {
            Step::Index(index) | Step::Child(_, index) => index,
            Step::Root(_) | Step::Key(_) => 0,
        }
    }

    /// The member `key` of the object that is here.
    pub(super) fn key(&'p self, key: &'p str) -> Place<'p> {
        Place { parent: Some(self), step: Step::Key(key), depth: self.depth + 1 }
    }

    /// The element `index` of the array that is here.
    pub(super) fn index(&'p self, index: usize) -> Place<'p> {
        Place { parent: Some(self), step: Step::Index(index), depth: self.depth + 1 }
    }

    /// Of the XML elements `name` that are here, the one with this index.
    pub(super) fn child(&'p self, name: &'p str, index: usize) -> Place<'p> {
        Place { parent: Some(self), step: Step::Child(name, index), depth: self.depth + 1 }
    }
}

/// What stands in XML as an attribute, by the name that it has in JSON.
const ATTRIBUTES: &[&str] = &["bom-ref", "serialNumber", "ref", "type", "alg"];

/// What the elements of a list are called in XML: anything, where they are of several kinds.
const ELEMENTS: &[(&str, &str)] = &[
    ("components", "component"),
    ("hashes", "hash"),
    ("externalReferences", "reference"),
    ("properties", "property"),
    ("vulnerabilities", "vulnerability"),
    ("dependencies", "dependency"),
    ("licenses", "*"),
    ("tools", "*"),
    ("authors", "author"),
];

impl Place<'_> {
    /// A step as XPath says it, which counts from 1.
    fn write_xpath(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.step, self.parent.map(|parent| parent.step)) {
            (Step::Root(root), _) => out.write_str(root),
            (Step::Key(super::xml::TEXT), _) => Ok(()),
            (Step::Key(key), _) if ATTRIBUTES.contains(&key) => write!(out, "/@{key}"),
            (Step::Key(key) | Step::Child(key, 0), _) => write!(out, "/{key}"),
            (Step::Child(key, index), _) => write!(out, "/{key}[{}]", index + 1),
            (Step::Index(index), Some(Step::Key(list) | Step::Child(list, _))) => {
                match ELEMENTS.iter().find(|(known, _)| *known == list) {
                    Some((_, element)) => write!(out, "/{element}[{}]", index + 1),
                    None => write!(out, "[{}]", index + 1),
                }
            }
            (Step::Index(index), _) => write!(out, "/*[{}]", index + 1),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(out)?;
        }
        if self.is_xml() {
            return self.write_xpath(out);
        }
        match self.step {
            Step::Root(root) => out.write_str(root),
            Step::Key(key) => write!(out, ".{key}"),
            Step::Index(index) => write!(out, "[{index}]"),
            Step::Child(key, index) => write!(out, ".{key}[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_as_its_syntax_writes_paths() {
        let (json, xml) = (Place::root("$"), Place::root("/bom"));
        let written = |root: &Place<'_>| {
            let list = root.key("components");
            let component = list.index(1);
            let hashes = component.key("hashes");
            [component.key("bom-ref").to_string(), hashes.index(0).to_string(), component.key("name").to_string()]
        };
        assert_eq!(written(&json), ["$.components[1].bom-ref", "$.components[1].hashes[0]", "$.components[1].name"]);
        let expected = [
            "/bom/components/component[2]/@bom-ref",
            "/bom/components/component[2]/hashes/hash[1]",
            "/bom/components/component[2]/name",
        ];
        assert_eq!(written(&xml), expected);
    }
}
