//! What a CycloneDX document says of itself and of vulnerabilities.

use super::component::properties;
use super::raw::{AnalysisRaw, MetadataRaw, PersonRaw, TargetRaw, ToolRaw, VulnerabilityRaw};
use super::words;
use crate::document::{Statement, Status, Target, TargetVersions};
use crate::format::draft::Draft;
use crate::format::place::Place;
use crate::format::time;
use chrono::{DateTime, Utc};
use std::borrow::Cow;

/// Puts `raw`, which stands at `place`, into the draft. The subject is read before.
pub(super) fn add(raw: &mut MetadataRaw<'_>, draft: &mut Draft<'_>, place: &Place<'_>) {
    let mut raw = std::mem::take(raw);
    draft.document.created = moment(raw.timestamp, "timestamp", draft, place);
    let mut tools = Vec::new();
    flatten(raw.tools, &mut tools);
    draft.document.tools = tools;
    draft.document.authors =
        raw.authors.into_iter().chain(raw.manufacturer).filter_map(PersonRaw::words).map(String::from).collect();
    if let (Some(subject), Some(supplier)) = (&mut draft.document.subject, raw.supplier.and_then(PersonRaw::words)) {
        subject.supplier.get_or_insert(supplier);
    }
    let found: Vec<_> = properties(&mut raw.properties, draft, place);
    draft.document.properties.splice(0..0, found);
}

fn flatten(raw: Vec<ToolRaw<'_>>, tools: &mut Vec<String>) {
    for tool in raw {
        let name = tool.name.filter(|name| !name.is_empty());
        match (name, tool.version.filter(|version| !version.is_empty())) {
            (Some(name), Some(version)) => tools.push(format!("{name} {version}")),
            (Some(name), None) => tools.push(name.into_owned()),
            (None, _) => {}
        }
        flatten(tool.nested, tools);
    }
}

fn moment(text: Option<Cow<'_, str>>, key: &str, draft: &mut Draft<'_>, place: &Place<'_>) -> Option<DateTime<Utc>> {
    let text = text?;
    let moment = time::read(&text);
    if moment.is_none() {
        draft.note(&place.key(key), "this is no date and time by RFC 3339; it was left out");
    }
    moment
}

/// Understands one `vulnerability`, which stands at `place`.
pub(super) fn add_statement(raw: &mut VulnerabilityRaw<'_>, draft: &mut Draft<'_>, place: &Place<'_>) {
    let raw = std::mem::take(raw);
    let Some(id) = raw.id.or(raw.reference).filter(|id| !id.is_empty()) else {
        draft.note(place, "this vulnerability has no id; it was left out");
        return;
    };
    let id = draft.word(&id, &place.key("id"));
    let list = place.key("references");
    let named = |(index, name): (usize, Option<Cow<'_, str>>)| {
        name.filter(|name| !name.is_empty()).map(|name| draft.word(&name, &list.index(index)))
    };
    let aliases = raw.names.into_iter().enumerate().filter_map(named).collect();
    let list = place.key("affects");
    let about = raw.affects.into_iter().enumerate().filter_map(|(index, raw)| target(raw, draft, &list.index(index))).collect();
    let mut statement = Statement { vulnerability: id, aliases, about, ..Statement::default() };
    if let Some(analysis) = raw.analysis {
        analyse(analysis, &mut statement, draft, &place.key("analysis"));
    }
    draft.document.statements.push(statement);
}

/// What a vulnerability affects; `None` where it names nothing.
fn target(raw: TargetRaw<'_>, draft: &mut Draft<'_>, place: &Place<'_>) -> Option<Target> {
    let reference = draft.word(&raw.reference?, &place.key("ref"));
    let list = place.key("versions");
    let mut versions = Vec::with_capacity(raw.versions.len());
    for (index, raw) in raw.versions.into_iter().enumerate() {
        let place = list.index(index);
        let affected = match raw.status.as_deref() {
            None | Some("affected") => Some(true),
            Some("unaffected") => Some(false),
            Some("unknown") => None,
            Some(_) => {
                draft.note(&place.key("status"), "this status of versions is not in the specification; it is taken as unknown");
                None
            }
        };
        match raw.range.or(raw.version).filter(|text| !text.is_empty()) {
            Some(text) => versions.push(TargetVersions { versions: draft.word(&text, &place), affected }),
            None => draft.note(&place, "this names neither a version nor a range; it was left out"),
        }
    }
    Some(Target { reference, versions })
}

fn analyse(raw: AnalysisRaw<'_>, statement: &mut Statement, draft: &mut Draft<'_>, place: &Place<'_>) {
    statement.status = raw.state.and_then(|state| status(&state, draft, place));
    statement.justification =
        raw.justification.filter(|text| !text.is_empty()).map(|text| draft.word(&text, &place.key("justification")));
    statement.responses = raw.responses.into_iter().map(|text| draft.word(&text, &place.key("response"))).collect();
    statement.detail = draft.prose(raw.detail, &place.key("detail"));
    let updated = moment(raw.last_updated, "lastUpdated", draft, place);
    statement.at = updated.or_else(|| moment(raw.first_issued, "firstIssued", draft, place));
}

fn status(state: &str, draft: &mut Draft<'_>, place: &Place<'_>) -> Option<Status> {
    let status = words::status_of(state);
    if status.is_none() {
        draft.note(&place.key("state"), "this state is not in the specification; it was left out");
    }
    status
}
