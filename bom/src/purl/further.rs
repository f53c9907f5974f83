//! The parts of a purl that hardly any has: qualifiers and subpath.

use super::Purl;
use crate::word::Word;
use std::collections::BTreeMap;

/// What a purl may have beyond type, namespace, name and version; kept only where there is some of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Further {
    qualifiers: BTreeMap<String, String>,
    subpath: Option<String>,
}

static NO_QUALIFIERS: &BTreeMap<String, String> = &BTreeMap::new();

impl Further {
    /// Both, where there is one of them.
    pub(super) fn of(qualifiers: BTreeMap<String, String>, subpath: Option<String>) -> Option<Box<Self>> {
        (!qualifiers.is_empty() || subpath.is_some()).then(|| Box::new(Self { qualifiers, subpath }))
    }
}

impl Purl {
    /// Qualifiers, keys lower case, percent-decoded, empty values dropped.
    pub fn qualifiers(&self) -> &BTreeMap<String, String> {
        self.further.as_ref().map_or(NO_QUALIFIERS, |further| &further.qualifiers)
    }

    /// The value of the qualifier `key`.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.further.as_ref()?.qualifiers.get(key).map(String::as_str)
    }

    /// Subpath, percent-decoded.
    pub fn subpath(&self) -> Option<&str> {
        self.further.as_ref()?.subpath.as_deref()
    }

    /// Adds qualifiers.
    pub fn qualify(&mut self, qualifiers: impl IntoIterator<Item = (String, String)>) {
        self.change_qualifiers(|all| all.extend(qualifiers));
    }

    /// The package alone: the same purl without version, qualifiers and subpath.
    pub fn package(&self) -> Self {
        Self { version: None, further: None, kind: self.kind.clone(), namespace: self.namespace.clone(), name: self.name.clone() }
    }

    /// The same purl at this version.
    pub fn at(&self, version: &Word) -> Self {
        let mut purl = self.clone();
        purl.version = Some(version.clone());
        purl
    }

    /// The values of its qualifiers, and its subpath.
    pub(crate) fn further_texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let further = self.further.as_deref_mut();
        further.into_iter().flat_map(|further| further.subpath.iter_mut().chain(further.qualifiers.values_mut()))
    }

    pub(super) fn change_qualifiers(&mut self, change: impl FnOnce(&mut BTreeMap<String, String>)) {
        let mut further = self.further.take().map(|further| *further).unwrap_or_default();
        change(&mut further.qualifiers);
        self.further = Further::of(further.qualifiers, further.subpath);
    }
}
