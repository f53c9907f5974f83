//! A place in a document that is being read.

use std::fmt;

/// One step of a [`Place`].
#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    #[expect(dead_code, reason = "for the XML reader")]
    Element(&'p str),
    Key(&'p str),
    Index(usize),
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
    /// The document itself, in JSON or YAML.
    pub(super) const ROOT: Place<'static> = Place { parent: None, step: Step::Root, depth: 0 };

    fn is_xml(&self) -> bool {
        match self.parent {
            Some(parent) => parent.is_xml(),
            None => matches!(self.step, Step::Element(_)),
        }
    }

    /// How deep it is nested; the document itself is at 0.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The index of the element that is here; 0 where it is no element.
    pub(super) fn last_index(&self) -> usize {
        match self.step {
            Step::Index(index) => index,
            _ => 0,
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
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(out)?;
        }
        match self.step {
            Step::Root => out.write_str("$"),
            Step::Element(name) => write!(out, "/{name}"),
            Step::Key(key) => write!(out, "{}{key}", if self.is_xml() { '/' } else { '.' }),
            // XPath counts from 1.
            Step::Index(index) => write!(out, "[{}]", index + usize::from(self.is_xml())),
        }
    }
}
