//! CycloneDX in JSON, read tolerantly in every version from 1.2 to 1.7.

use super::component;
use super::json_fields::BomRaw;
use crate::document::Document;
use crate::format::draft::Draft;
use crate::format::place::Place;
use crate::format::{json, lenient};
use crate::reading::{Limits, ReadError, Reading};

/// Versions of the specification that are known.
pub(super) const KNOWN: &[&str] = &["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// Reads a document.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
    let mut draft = Draft::new(limits);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = lenient::document::<BomRaw<'_>, _>(&mut deserializer, &mut draft);
    let bom = match read.and_then(|bom| deserializer.end().map(|()| bom)) {
        Ok(bom) => bom.unwrap_or_default(),
        Err(error) => return Err(draft.refusal().map_or_else(|| json::error(&error), |refusal| json::with_line(refusal, text))),
    };
    let root = Place::ROOT;
    let version = bom.version.unwrap_or_default();
    if version.is_empty() {
        draft.note(&root, "`specVersion` is missing; the fields of every version are read");
    } else if !KNOWN.contains(&version.as_ref()) {
        draft.note(&root.key("specVersion"), "this version of CycloneDX is not known; the fields of 1.7 are read");
    }
    if bom.format.as_deref() != Some("CycloneDX") {
        let place = root.key("bomFormat");
        draft.note(if bom.format.is_none() { &root } else { &place }, "`bomFormat` is not `CycloneDX`; it is read as such");
    }
    draft.document.format = format!("CycloneDX {version}").trim_end().to_owned();
    draft.document.identity =
        bom.serial_number.filter(|text| !text.is_empty()).map(|text| draft.word(text, &root.key("serialNumber")));
    let properties = component::properties(bom.properties, &mut draft, &root);
    draft.document.properties.extend(properties);
    let reading = draft.finish(|dependency, need| {
        let key = match need {
            Some(need) => format!("dependsOn[{need}]"),
            None => "ref".to_owned(),
        };
        (format!("$.dependencies[{dependency}].{key}"), None)
    });
    json::with_lines(reading, text)
}
