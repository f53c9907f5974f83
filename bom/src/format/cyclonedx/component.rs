//! A component as CycloneDX states it becomes one of ours.

use super::raw::{ComponentRaw, HashRaw, LicenceRaw, LinkRaw, PersonRaw, PropertyRaw};
use super::words;
use crate::document::{Component, Hash, Kind, Licence, Node, Scope};
use crate::format::draft::Draft;
use crate::format::lenient::Text;
use crate::format::parts::{self, word};
use crate::format::place::Place;
use crate::format::provenance;
use crate::list::{Few, List};
use crate::origin::Origin;
use crate::word::{Word, trim};
use std::borrow::Cow;

/// The property that holds a component's second and further CPE names.
pub(super) const CPE: &str = "bomwarden:cpe";

/// Properties by which package managers' own tools mark what is for development only.
const DEVELOPMENT: &[&str] = &["cdx:npm:package:development", "cdx:composer:package:isDevRequirement"];

/// Understands `raw`, which stands at `place`, and puts it into the draft.
pub(super) fn add<'d>(raw: &mut ComponentRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) {
    let index = raw.index;
    let node = index.map_or(Node::Subject, Node::Component);
    let named = raw.reference.as_ref().is_some_and(|reference| draft.register(reference, node, &place.key("bom-ref")));
    let parent = draft.parents.last().copied();
    let mut fill = |component: &mut Component, draft: &mut Draft<'d>| {
        understand(raw, component, draft, place);
        if !named {
            component.reference.clear();
        }
        component.parent = parent;
    };
    match index {
        None => {
            let mut subject = Component::default();
            fill(&mut subject, draft);
            draft.document.subject = Some(subject);
        }
        Some(index) => draft.fill(index, fill),
    }
}

/// Takes everything out of `raw` and puts it into a component that is empty.
fn understand(raw: &mut ComponentRaw<'_>, component: &mut Component, draft: &mut Draft<'_>, place: &Place<'_>) {
    let maker = raw.manufacturer.take();
    component.reference = word(raw.reference.take(), "bom-ref", draft, place).unwrap_or_default();
    component.kind = kind(raw.kind.take(), draft, place);
    component.group = word(raw.group.take(), "group", draft, place);
    component.name = word(raw.name.take(), "name", draft, place).unwrap_or_default();
    component.version = word(raw.version.take(), "version", draft, place);
    component.cpes.extend(word::<String>(raw.cpe.take(), "cpe", draft, place));
    component.hashes = hashes(&mut raw.hashes, draft, place);
    component.licences = licences(&mut raw.licences, draft, place);
    component.supplier = raw.supplier.take().and_then(PersonRaw::words).or_else(|| maker.and_then(PersonRaw::words));
    component.author = author(raw.author.take(), std::mem::take(&mut raw.authors), raw.publisher.take());
    component.description = draft.prose(raw.description.take(), &place.key("description"));
    component.copyright = draft.prose(raw.copyright.take(), &place.key("copyright"));
    component.links = links(&mut raw.links, draft, place);
    component.properties = properties(&mut raw.properties, draft, place);
    component.purl = parts::purl_at(raw.purl.take(), "purl", draft, place);
    if component.name.is_empty() {
        match &component.purl {
            Some(purl) => component.name = purl.name.clone(),
            None => draft.note(place, "this component has no name"),
        }
    }
    component.scope = scope(raw.scope.take(), &component.properties, draft, place);
    component.origin = origin(component, draft, place);
}

fn kind(text: Option<Cow<'_, str>>, draft: &mut Draft<'_>, place: &Place<'_>) -> Kind {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Kind::Library };
    draft.bound(&text, &place.key("type"));
    let kind = words::kind_of(&text);
    if matches!(kind, Kind::Other(_)) && words::kind_since(&text).is_none() {
        draft.note(&place.key("type"), "this type of component is not in the specification; it is kept as it is");
    }
    kind
}

fn scope(text: Option<Cow<'_, str>>, properties: &[(String, String)], draft: &mut Draft<'_>, place: &Place<'_>) -> Scope {
    let development = |(name, value): &(String, String)| DEVELOPMENT.contains(&name.as_str()) && value == "true";
    match text {
        None if properties.iter().any(development) => Scope::Development,
        None => Scope::Required,
        Some(text) => words::scope_of(&text).unwrap_or_else(|| {
            draft.note(
                &place.key("scope"),
                "the scope is none of `required`, `optional` and `excluded`; it was taken as `required`",
            );
            Scope::Required
        }),
    }
}

/// The origin, and the CPE names, that our own properties hold come out of the list.
fn origin(component: &mut Component, draft: &mut Draft<'_>, place: &Place<'_>) -> Origin {
    let mut stated = None;
    let cpes = &mut component.cpes;
    component.properties.retain(|(name, value)| match name.as_str() {
        provenance::ORIGIN => {
            stated = Some(Origin::from_text(value));
            false
        }
        CPE => {
            cpes.push(value.clone());
            false
        }
        _ => true,
    });
    match stated {
        Some(Some(origin)) => origin,
        Some(None) => {
            draft.note(&place.key("properties"), format!("`{}` has a value that names no origin", provenance::ORIGIN));
            Origin::Authority
        }
        None => component.purl.as_ref().map(provenance::of_purl).unwrap_or_default(),
    }
}

fn author(author: Option<Cow<'_, str>>, authors: Vec<PersonRaw<'_>>, publisher: Option<Cow<'_, str>>) -> Option<Word> {
    let names: Vec<_> = authors.into_iter().filter_map(PersonRaw::words).collect();
    if !names.is_empty() {
        return Some(names.join(", ").into());
    }
    author.into_iter().chain(publisher).find(|text| !trim(text).is_empty()).map(Word::from)
}

fn hashes(raw: &mut Vec<HashRaw<'_>>, draft: &mut Draft<'_>, place: &Place<'_>) -> Few<Hash> {
    let list = place.key("hashes");
    let mut hashes = Few::with_capacity(raw.len());
    for (index, hash) in raw.iter().enumerate() {
        let (Some(algorithm), Some(content)) = (&hash.algorithm, &hash.content) else { continue };
        let Some(value) = parts::hash_value(content, draft, &list.index(index)) else { continue };
        hashes.push(Hash { algorithm: words::hash_of(algorithm), value });
    }
    raw.clear();
    hashes
}

fn licences(raw: &mut Vec<LicenceRaw<'_>>, draft: &mut Draft<'_>, place: &Place<'_>) -> Few<Licence> {
    let list = place.key("licenses");
    let mut licences = Few::with_capacity(raw.len());
    for (index, stated) in raw.iter().enumerate() {
        licences.push(if let Some(id) = said(&stated.id) {
            match draft.licences.of_text(id) {
                known @ Licence::Id(_) => known,
                _ => {
                    draft.note(&list.index(index), "the id is not in the SPDX licence list; it is kept as a name");
                    Licence::Name(Word::new(id))
                }
            }
        } else if let Some(expression) = said(&stated.expression) {
            Licence::Expression(Word::new(expression))
        } else if let Some(name) = said(&stated.name) {
            Licence::Name(Word::new(name))
        } else if let Some(bare) = said(&stated.bare) {
            draft.licences.of_text(bare)
        } else if let Some(url) = said(&stated.url) {
            Licence::Name(Word::new(url))
        } else {
            draft.note(&list.index(index), "this licence has no id, name or expression; it was left out");
            continue;
        });
    }
    raw.clear();
    licences
}

/// What a text says, without space around it.
fn said<'t>(text: &'t Text<'_>) -> Option<&'t str> {
    text.as_deref().map(trim).filter(|text| !text.is_empty())
}

fn links(raw: &mut Vec<LinkRaw<'_>>, draft: &mut Draft<'_>, place: &Place<'_>) -> List<(Word, Box<str>)> {
    let list = place.key("externalReferences");
    let mut links = List::with_capacity(raw.len());
    for (index, link) in raw.iter().enumerate() {
        let Some(url) = link.url.as_deref().filter(|url| !url.is_empty()) else { continue };
        let kind = Word::new(link.kind.as_deref().unwrap_or("other"));
        links.push((kind, draft.word(url, &list.index(index))));
    }
    raw.clear();
    links
}

/// Named values in document order; a nameless one is left out.
pub(super) fn properties<L>(raw: &mut Vec<PropertyRaw<'_>>, draft: &mut Draft<'_>, place: &Place<'_>) -> L
where
    L: FromIterator<(String, String)>,
{
    let list = place.key("properties");
    let pair = |(index, property): (usize, PropertyRaw<'_>)| {
        let name = property.name.filter(|name| !name.is_empty())?;
        let value = draft.prose(property.value, &list.index(index)).unwrap_or_default();
        Some((draft.word(&name, &list.index(index)), value))
    };
    raw.drain(..).enumerate().filter_map(pair).collect()
}
