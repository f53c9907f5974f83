//! CycloneDX in JSON, read tolerantly in every version from 1.2 to 1.7.

use super::bom;
use super::fields::BomRaw;
use crate::document::Document;
use crate::format::draft::{Draft, Syntax};
use crate::format::json::Json;
use crate::format::place::Place;
use crate::format::{lenient, locate};
use crate::reading::{Limits, ReadError, Reading};

/// Reads a document.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
    let find = |paths: &[&str]| locate::json::lines(text, paths);
    let root = Place::root("$");
    let mut draft = Draft::new(text, limits, Syntax::Lists, root);
    let mut json = Json::new(text);
    let read = lenient::document::<BomRaw<'_>, _>(&mut json, &mut draft);
    let mut bom = match read.and_then(|bom| json.end().map(|()| bom)) {
        Ok(bom) => bom.unwrap_or_default(),
        Err(stop) => {
            return Err(draft.refusal().map_or_else(|| json.error(&stop), |refusal| locate::with_line(refusal, find)));
        }
    };
    let version = bom.version.take().filter(|version| !version.is_empty());
    if version.is_none() {
        draft.note(&root, "`specVersion` is missing; the fields of every version are read");
    }
    if bom.format.as_deref() != Some("CycloneDX") {
        let place = root.key("bomFormat");
        draft.note(if bom.format.is_none() { &root } else { &place }, "`bomFormat` is not `CycloneDX`; it is read as such");
    }
    bom::add(bom, version, &mut draft, &root);
    let reading = draft.finish(|dependency, need| {
        let key = match need {
            Some(need) => format!("dependsOn[{need}]"),
            None => "ref".to_owned(),
        };
        (format!("$.dependencies[{dependency}].{key}"), None)
    });
    locate::with_lines(reading, find)
}
