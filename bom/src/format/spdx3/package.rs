//! A package as SPDX 3 states it becomes a component.

use super::element::{HashRaw, IdentifierRaw, PackageRaw};
use super::words;
use crate::document::{Component, Hash, Kind};
use crate::format::draft::Draft;
use crate::format::lenient::Text;
use crate::format::parts::{self, word};
use crate::format::place::Place;
use crate::format::provenance;
use crate::format::spdx::words as spdx;
use crate::list::Few;
use crate::word::Word;

/// The component that an SPDX 3 package is; its references are not yet followed.
pub(super) fn understand(name: Text<'_>, raw: PackageRaw<'_>, draft: &mut Draft<'_>, place: &Place<'_>) -> Component {
    let mut component = Component {
        kind: raw.purpose.map_or(Kind::Library, |purpose| spdx::kind_of(&words::spelled_as_before(&purpose))),
        name: word(name, "name", draft, place).unwrap_or_default(),
        version: word(raw.version, "software_packageVersion", draft, place),
        hashes: hashes(raw.hashes, draft, place),
        copyright: draft.prose(raw.copyright.filter(|text| spdx::is_said(text)), &place.key("software_copyrightText")),
        ..Component::default()
    };
    component.description = draft.prose(raw.description, &place.key("description"));
    if component.description.is_none() {
        component.description = draft.prose(raw.summary, &place.key("summary"));
    }
    for (kind, text, key) in
        [("distribution", raw.download, "software_downloadLocation"), ("website", raw.homepage, "software_homePage")]
    {
        let address: Option<Box<str>> = word(text.filter(|text| spdx::is_said(text)), key, draft, place);
        component.links.extend(address.map(|address| (Word::new_static(kind), address)));
    }
    component.purl = parts::purl_at(raw.purl, "software_packageUrl", draft, place);
    identifiers(raw.identifiers, &mut component, draft, place);
    if let Some(purl) = &component.purl {
        component.origin = provenance::of_purl(purl);
        component.group = purl.namespace.clone().filter(|_| purl.name == component.name);
        if component.name.is_empty() {
            component.name = purl.name.clone();
        }
    }
    if component.name.is_empty() {
        draft.note(place, "this package has no name");
    }
    component
}

fn hashes(raw: Vec<HashRaw<'_>>, draft: &mut Draft<'_>, place: &Place<'_>) -> Few<Hash> {
    let list = place.key("verifiedUsing");
    let hash = |(index, raw): (usize, HashRaw<'_>)| {
        let (algorithm, value) = (raw.algorithm?, raw.value?);
        let value = parts::hash_value(&value, draft, &list.index(index))?;
        Some(Hash { algorithm: spdx::hash_of(&algorithm), value })
    };
    raw.into_iter().enumerate().filter_map(hash).collect()
}

fn identifiers(raw: Vec<IdentifierRaw<'_>>, component: &mut Component, draft: &mut Draft<'_>, place: &Place<'_>) {
    let list = place.key("externalIdentifier");
    for (index, raw) in raw.into_iter().enumerate() {
        let (Some(kind), Some(text)) = (raw.kind, raw.identifier) else { continue };
        let place = list.index(index);
        let text: String = draft.word(&text, &place);
        match &*kind {
            "packageUrl" | "purl" => {
                let purl = parts::purl(&text, draft, &place);
                match (&component.purl, purl) {
                    (None, purl) => component.purl = purl,
                    (Some(known), Some(purl)) if *known != purl => {
                        draft.note(&place, "this package has a purl already; only the first one is kept");
                    }
                    _ => {}
                }
            }
            "cpe22" | "cpe23" => component.cpes.push(text),
            kind => component.properties.push((format!("spdx:IDENTIFIER:{kind}"), text)),
        }
    }
}
