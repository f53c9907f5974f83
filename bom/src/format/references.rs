//! References that components bear in a document that is written: their own
//! where they have a unique one, else made of their purl or name.

use crate::document::{Component, Document};
use std::borrow::Cow;
use std::collections::HashSet;

/// The subject's reference, if there is a subject, and one for each component;
/// all different, none empty, the same for the same document.
pub(super) fn unique(document: &Document) -> (Option<Cow<'_, str>>, Vec<Cow<'_, str>>) {
    let everything = document.subject.iter().chain(&document.components);
    let mut taken: HashSet<Cow<'_, str>> = HashSet::new();
    let own = |component: &Component| !component.reference.is_empty();
    // Stated references come first, so that no made one takes their place.
    let stated: Vec<bool> =
        everything.clone().map(|component| own(component) && taken.insert(Cow::Owned(component.reference.clone()))).collect();
    let mut named = everything.zip(stated).map(|(component, stated)| {
        if stated { Cow::Borrowed(component.reference.as_str()) } else { Cow::Owned(make(component, &mut taken)) }
    });
    let subject = document.subject.as_ref().and_then(|_| named.next());
    (subject, named.collect())
}

fn make(component: &Component, taken: &mut HashSet<Cow<'_, str>>) -> String {
    let base = match (&component.purl, &component.version) {
        (Some(purl), _) => purl.to_string(),
        (None, Some(version)) => format!("{}@{version}", component.name),
        (None, None) if component.name.is_empty() => "component".to_owned(),
        (None, None) => component.name.to_string(),
    };
    let mut candidate = base.clone();
    let mut number = 2_usize;
    while !taken.insert(Cow::Owned(candidate.clone())) {
        candidate = format!("{base}#{number}");
        number += 1;
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_gets_its_own_reference() {
        let component = |reference: &str, name: &str, purl: &str| Component {
            reference: reference.into(),
            name: name.into(),
            purl: purl.parse().ok(),
            ..Component::default()
        };
        let components = vec![
            component("", "a", "pkg:npm/a@1"),
            component("r", "b", ""),
            component("r", "c", ""),
            component("", "a", "pkg:npm/a@1"),
            component("pkg:npm/a@1", "d", ""),
        ];
        let document = Document { components, ..Document::default() };
        assert_eq!(
            unique(&document),
            (None, vec!["pkg:npm/a@1#2".into(), "r".into(), "c".into(), "pkg:npm/a@1#3".into(), "pkg:npm/a@1".into()])
        );
    }
}
