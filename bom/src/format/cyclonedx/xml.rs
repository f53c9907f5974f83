//! CycloneDX in XML, read tolerantly in every version from 1.0 to 1.7. The
//! namespace tells the version.

use super::bom;
use super::fields::BomRaw;
use crate::document::Document;
use crate::format::draft::{Draft, Syntax};
use crate::format::place::Place;
use crate::format::xml::{Xml, line_at};
use crate::format::{lenient, locate};
use crate::reading::{Limits, ReadError, Reading, Warning};
use std::borrow::Cow;

/// What the namespaces of all versions begin with.
const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

/// Reads a document.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
    let find = |paths: &[&str]| locate::xml::lines(text, paths);
    let root = Place::root("/bom");
    let mut draft = Draft::new(text, limits, Syntax::Wrapped, root);
    let mut xml = Xml::new(text, limits.depth);
    let tag = xml.root().map_err(|stop| xml.error(&stop))?;
    let version = match xml.namespace(tag) {
        Some(Cow::Borrowed(address)) => address.strip_prefix(NAMESPACE).map(Cow::Borrowed),
        Some(Cow::Owned(address)) => address.strip_prefix(NAMESPACE).map(|version| Cow::Owned(version.to_owned())),
        None => None,
    };
    if version.is_none() {
        draft.note(&root, "the namespace is not one of CycloneDX; the fields of every version are read");
    }
    let read = lenient::document::<BomRaw<'_>, _>(xml.element(tag), &mut draft);
    let bom = match read.and_then(|bom| xml.end().map(|()| bom)) {
        Ok(bom) => bom.unwrap_or_default(),
        Err(stop) => {
            return Err(draft.refusal().map_or_else(|| xml.error(&stop), |refusal| locate::with_line(refusal, find)));
        }
    };
    bom::add(bom, version, &mut draft, &root);
    let reading = draft.finish(|dependency, need| {
        let need = need.map(|need| format!("/dependency[{}]", need + 1)).unwrap_or_default();
        (format!("/bom/dependencies/dependency[{}]{need}/@ref", dependency + 1), None)
    });
    let mut reading = locate::with_lines(reading, find)?;
    reading.warnings.extend(xml.oddities.iter().map(|(at, said)| Warning {
        path: "/bom".to_owned(),
        line: Some(line_at(text, *at)),
        text: (*said).to_owned(),
    }));
    Ok(reading)
}
