//! An SPDX 2 document as a whole, when its fields were read: its identity, its
//! subject and its relationships.

use super::package;
use super::raw::{CreationRaw, DocumentRaw, ExtractedRaw};
use super::words;
use crate::document::Document;
use crate::format::draft::Draft;
use crate::format::parts::word;
use crate::format::place::Place;
use crate::format::time;
use crate::reading::{ReadError, Reading};
use std::borrow::Cow;

/// Versions of the specification that are known.
const KNOWN: &[&str] = &["SPDX-2.0", "SPDX-2.1", "SPDX-2.2", "SPDX-2.3"];
/// The reference of every document.
pub(super) const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// Puts what was read of the `root` into the draft and finishes it. Lines are not yet known.
pub(super) fn finish<'d>(
    mut raw: DocumentRaw<'d>,
    mut draft: Draft<'d>,
    root: &Place<'_>,
) -> Result<Reading<Document>, ReadError> {
    version(raw.version.take(), &mut draft, root);
    draft.document.name = word(raw.name.take(), "name", &mut draft, root);
    draft.document.identity = word(raw.namespace.take(), "documentNamespace", &mut draft, root);
    if let Some(creation) = raw.creation.take() {
        created(creation, &mut draft, &root.key("creationInfo"));
    }
    let names = licence_names(std::mem::take(&mut raw.licences), &mut draft, root);
    package::name_licences(draft.components_mut(), &names);
    draft.register_elsewhere(Cow::Borrowed(DOCUMENT));
    if let Some(reference) = raw.reference.take() {
        draft.register_elsewhere(reference);
    }
    raw.relationships.finish(raw.describes, &mut draft, root);
    let list = root.key("relationships");
    // Dependencies whose ends are not known were kept as relations.
    draft.finish(|at, _| (list.index(at).to_string(), None))
}

fn version(text: Option<Cow<'_, str>>, draft: &mut Draft<'_>, root: &Place<'_>) {
    let version = text.unwrap_or_default();
    let version: String = draft.word(&version, &root.key("spdxVersion"));
    if version.is_empty() {
        draft.note(root, "the version of SPDX is missing; the fields of 2.2 and 2.3 are read");
    } else if !KNOWN.contains(&version.as_str()) {
        draft.note(&root.key("spdxVersion"), format!("version `{version}` of SPDX is not known; the fields of 2.3 are read"));
    }
    draft.document.format = format!("SPDX {}", version.strip_prefix("SPDX-").unwrap_or(&version)).trim_end().to_owned();
}

fn created(raw: CreationRaw<'_>, draft: &mut Draft<'_>, place: &Place<'_>) {
    if let Some(text) = raw.created {
        draft.document.created = time::read(&text);
        if draft.document.created.is_none() {
            draft.note(&place.key("created"), "this is no date and time by RFC 3339; it was left out");
        }
    }
    let list = place.key("creators");
    for (index, creator) in raw.creators.iter().enumerate() {
        match words::agent(creator) {
            Some(("Tool", name)) => {
                let tool: String = draft.word(name, &list.index(index));
                draft.document.tools.push(tool_of(&tool));
            }
            Some((_, name)) => {
                let author = draft.word(name, &list.index(index));
                draft.document.authors.push(author);
            }
            None => {}
        }
    }
}

/// SPDX writes `name-version`, we `name version`.
fn tool_of(text: &str) -> String {
    let is_version = |text: &str| text.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let at = text.match_indices('-').map(|(at, _)| at).find(|at| text.get(at + 1..).is_some_and(is_version));
    match at.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))) {
        Some((name, version)) if !name.is_empty() && !version.contains(' ') => format!("{name} {version}"),
        _ => text.to_owned(),
    }
}

fn licence_names(raw: Vec<ExtractedRaw<'_>>, draft: &mut Draft<'_>, root: &Place<'_>) -> Vec<(String, String)> {
    let list = root.key("hasExtractedLicensingInfos");
    let named = |(index, raw): (usize, ExtractedRaw<'_>)| {
        let (id, name) = (raw.id?, raw.name.filter(|name| words::is_said(name))?);
        Some((draft.word(&id, &list.index(index)), draft.word(&name, &list.index(index))))
    };
    raw.into_iter().enumerate().filter_map(named).collect()
}
