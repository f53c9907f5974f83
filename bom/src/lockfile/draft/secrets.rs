//! Addresses in texts of a component where none should stand lose their secrets.

use crate::document::{Component, Licence};
use crate::origin::without_secrets;
use crate::word::Word;
use std::borrow::Cow;
use std::ops::Deref;

/// Takes the secrets out of addresses that stand where none should: in names and versions.
pub(super) fn strip_secrets(component: &mut Component) {
    let Component { group, name, version, purl, .. } = component;
    strip_name(group, name);
    version.iter_mut().for_each(strip);
    if let Some(purl) = purl {
        strip_name(&mut purl.namespace, &mut purl.name);
        purl.version.iter_mut().for_each(strip);
        purl.further_texts_mut().for_each(strip);
    }
}

/// The same in texts that are no part of what a component is.
pub(super) fn strip_texts(component: &mut Component) {
    for licence in &mut component.licences {
        let (Licence::Id(text) | Licence::Expression(text) | Licence::Name(text)) = licence;
        strip(text);
    }
    component.description.iter_mut().for_each(strip);
    component.properties.iter_mut().for_each(|(_, value)| strip(value));
}

fn strip<T: Deref<Target = str> + From<String>>(text: &mut T) {
    if let Cow::Owned(stripped) = without_secrets(text) {
        *text = T::from(stripped);
    }
}

/// A name that is an address was cut at one of its slashes.
fn strip_name(group: &mut Option<Word>, name: &mut Word) {
    match group {
        Some(start) if start.contains(':') => {
            let whole = format!("{start}/{name}");
            let stripped = without_secrets(&whole);
            let (start, end) = stripped.rsplit_once('/').unwrap_or(("", &stripped));
            (*group, *name) = (Some(Word::new(start)), Word::new(end));
        }
        _ => strip(name),
    }
}
