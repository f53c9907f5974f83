//! A package as SPDX states it becomes a component.

use super::raw::{ChecksumRaw, PackageRaw, ReferenceRaw};
use super::words;
use crate::document::{Component, Hash, Kind, Licence, Node};
use crate::format::draft::Draft;
use crate::format::parts::{self, word};
use crate::format::place::Place;
use crate::format::provenance;
use crate::list::Few;
use crate::origin::Origin;
use crate::word::{Word, split_last, trim};
use std::borrow::Cow;

/// The property that holds a licence that was concluded and is not the declared one.
pub(super) const CONCLUDED: &str = "bomwarden:licence-concluded";
/// What the properties begin with that hold external references of other types: `spdx:CATEGORY:type`.
pub(super) const REFERENCE: &str = "spdx:";
/// The type of the external reference that carries an origin through SPDX.
pub(super) const ORIGIN: &str = "bomwarden-origin";
/// What a repository's address begins with in a download location.
pub(super) const REPOSITORIES: &[&str] = &["git+", "hg+", "svn+", "bzr+", "git:"];

/// Understands `raw`, which stands at `place`, and puts it into the draft.
pub(super) fn add<'d>(raw: &mut PackageRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) {
    register(raw, draft, place);
    let is_named = raw.is_named.take();
    if is_named.is_none() {
        draft.note(place, "this package has no SPDXID; nothing can refer to it");
    }
    draft.fill(raw.index, |component, draft| {
        understand(raw, component, draft, place);
        if is_named != Some(true) {
            component.reference.clear();
        }
    });
}

/// Makes the reference of a package name it, where that was not done: something may refer to it before it ends.
pub(super) fn register<'d>(raw: &mut PackageRaw<'d>, draft: &mut Draft<'d>, place: &Place<'_>) {
    if let (None, Some(reference)) = (raw.is_named, &raw.reference) {
        raw.is_named = Some(draft.register(reference, Node::Component(raw.index), &place.key("SPDXID")));
    }
}

/// Takes everything out of `raw` and puts it into a component that is empty.
fn understand(raw: &mut PackageRaw<'_>, component: &mut Component, draft: &mut Draft<'_>, place: &Place<'_>) {
    component.reference = word(raw.reference.take(), "SPDXID", draft, place).unwrap_or_default();
    component.kind = raw.purpose.take().map_or(Kind::Library, |purpose| words::kind_of(&purpose));
    component.name = word(raw.name.take(), "name", draft, place).unwrap_or_default();
    component.version = word(raw.version.take().filter(|text| words::is_said(text)), "versionInfo", draft, place);
    component.hashes = hashes(&mut raw.checksums, draft, place);
    component.supplier = agent(raw.supplier.take(), "supplier", draft, place);
    component.author = agent(raw.originator.take(), "originator", draft, place);
    let copyright = raw.copyright.take().filter(|text| words::is_said(text));
    component.copyright = draft.prose(copyright, &place.key("copyrightText"));
    let description = raw.description.take().filter(|text| words::is_said(text));
    component.description = draft.prose(description, &place.key("description"));
    let summary = raw.summary.take();
    if component.description.is_none() {
        component.description = draft.prose(summary, &place.key("summary"));
    }
    licences(raw.declared.take(), raw.concluded.take(), component, draft, place);
    let download: Option<Box<str>> =
        word(raw.download.take().filter(|text| words::is_said(text)), "downloadLocation", draft, place);
    let homepage = word(raw.homepage.take().filter(|text| words::is_said(text)), "homepage", draft, place);
    let kind = |address: &str| if REPOSITORIES.iter().any(|start| address.starts_with(start)) { "vcs" } else { "distribution" };
    component.links.reserve_exact(usize::from(download.is_some()) + usize::from(homepage.is_some()));
    component.links.extend(download.map(|address| (Word::new_static(kind(&address)), address)));
    component.links.extend(homepage.map(|address| (Word::new_static("website"), address)));
    let origin = references(&mut raw.references, component, draft, place);
    if let Some(purl) = &component.purl {
        component.origin = provenance::of_purl(purl);
        let namespace = purl.namespace.clone().filter(|_| purl.name == component.name);
        component.group = namespace;
        if component.name.is_empty() {
            component.name = purl.name.clone();
        }
    }
    if let Some(origin) = origin {
        component.origin = origin;
    }
    if component.name.is_empty() {
        draft.note(place, "this package has no name");
    }
}

fn agent(text: Option<Cow<'_, str>>, key: &str, draft: &mut Draft<'_>, place: &Place<'_>) -> Option<Word> {
    let text = text?;
    let (_, name) = words::agent(&text)?;
    Some(draft.word(name, &place.key(key)))
}

fn hashes(raw: &mut Vec<ChecksumRaw<'_>>, draft: &mut Draft<'_>, place: &Place<'_>) -> Few<Hash> {
    let list = place.key("checksums");
    let mut hashes = Few::with_capacity(raw.len());
    for (index, raw) in raw.iter().enumerate() {
        let (Some(algorithm), Some(value)) = (&raw.algorithm, &raw.value) else { continue };
        let Some(value) = parts::hash_value(value, draft, &list.index(index)) else { continue };
        hashes.push(Hash { algorithm: words::hash_of(algorithm), value });
    }
    raw.clear();
    hashes
}

/// The declared licence counts; the concluded one where nothing was declared.
fn licences(
    declared: Option<Cow<'_, str>>,
    concluded: Option<Cow<'_, str>>,
    component: &mut Component,
    draft: &mut Draft<'_>,
    place: &Place<'_>,
) {
    let declared = declared.as_deref().filter(|text| words::is_said(text));
    let concluded = concluded.as_deref().filter(|text| words::is_said(text));
    for (text, key) in [(declared, "licenseDeclared"), (concluded, "licenseConcluded")] {
        text.into_iter().for_each(|text| draft.bound(text, &place.key(key)));
    }
    component.licences = declared.or(concluded).map(|text| draft.licences.of_text(text)).into_iter().collect();
    if let (Some(declared), Some(concluded)) = (declared, concluded)
        && trim(declared) != trim(concluded)
    {
        component.properties.push((CONCLUDED.to_owned(), concluded.to_owned()));
    }
}

/// Puts external references where they belong; gives the origin that one of them states.
fn references(
    raw: &mut Vec<ReferenceRaw<'_>>,
    component: &mut Component,
    draft: &mut Draft<'_>,
    place: &Place<'_>,
) -> Option<Origin> {
    let list = place.key("externalRefs");
    let mut origin = None;
    for (index, raw) in raw.iter().enumerate() {
        let place = list.index(index);
        let (Some(kind), Some(locator)) = (&raw.kind, &raw.locator) else {
            draft.note(&place, "this external reference has no type or no locator; it was left out");
            continue;
        };
        // A type of the specification may also be named by its address.
        let kind = trim(split_last(kind, b'/').map_or(kind, |(_, name)| name));
        if kind == "purl" {
            match component.purl {
                None => component.purl = parts::purl(locator, draft, &place),
                Some(_) => draft.note(&place, "this package has a purl already; only the first one is kept"),
            }
            continue;
        }
        let locator: String = draft.word(locator, &place);
        match (kind, raw.category.as_deref().unwrap_or("OTHER")) {
            ("cpe22Type" | "cpe23Type", _) => component.cpes.push(locator),
            (ORIGIN, "OTHER") => origin = Origin::from_text(&locator.replace("%20", " ")),
            ("advisory", "SECURITY") => component.links.push((Word::new_static("advisories"), locator.into())),
            (kind, "OTHER") if crate::format::cyclonedx::words::is_link(kind) => {
                component.links.push((Word::new(kind), locator.into()));
            }
            (kind, category) => {
                component.properties.push((format!("{REFERENCE}{}:{kind}", category.replace('_', "-")), locator));
            }
        }
    }
    raw.clear();
    origin
}

/// The licences of a document's own that have names stand in components by these names.
pub(super) fn name_licences<'c>(components: impl Iterator<Item = &'c mut Component>, names: &[(String, String)]) {
    if names.is_empty() {
        return;
    }
    let names: std::collections::HashMap<_, _> = names.iter().map(|(id, name)| (id.as_str(), name)).collect();
    for licence in components.flat_map(|component| &mut component.licences) {
        if let Licence::Expression(text) = licence
            && let Some(name) = names.get(text.as_str())
        {
            *licence = Licence::Name(Word::new(name));
        }
    }
}
