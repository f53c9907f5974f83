//! Documents that others put into an object of their own: what GitHub's API answers
//! has one under `sbom`, an attestation (in-toto) under `predicate`.

use crate::document::Document;
use crate::reading::{ReadError, Reading};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// The keys under which a document may stand.
const KEYS: &[&str] = &["sbom", "predicate"];

/// A document inside another text.
#[derive(Debug, PartialEq)]
pub(super) struct Inner<'t> {
    pub(super) text: &'t str,
    key: &'static str,
    /// The lines before it.
    lines: u32,
}

/// The document in `text`, where that is an object with one in it.
pub(super) fn inner(text: &str) -> Option<Inner<'_>> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let mut found = None;
    let mut json = serde_json::Deserializer::from_str(text);
    serde::Deserializer::deserialize_map(&mut json, Keys(&mut found)).ok()?;
    let (key, name) = found?;
    // The name is a part of the text: its place tells where the value begins.
    let behind = name.as_ptr().addr().checked_sub(text.as_ptr().addr())? + name.len();
    let value = text.get(behind..)?.trim_start_matches(['"', ':', ' ', '\t', '\r', '\n']);
    let mut values = serde_json::Deserializer::from_str(value).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    let lines = text.get(..text.len() - value.len())?.bytes().filter(|byte| *byte == b'\n').count();
    let inner = value.get(..values.byte_offset()).filter(|inner| inner.starts_with('{'))?;
    Some(Inner { text: inner, key, lines: u32::try_from(lines).ok()? })
}

impl Inner<'_> {
    /// What was read of the document, with the places that things have in the whole.
    pub(super) fn placed(&self, read: Result<Reading<Document>, ReadError>) -> Result<Reading<Document>, ReadError> {
        match read {
            Ok(mut reading) => {
                for warning in &mut reading.warnings {
                    self.place(&mut warning.path, &mut warning.line);
                }
                Ok(reading)
            }
            Err(mut error) => {
                self.place(&mut error.path, &mut error.line);
                Err(error)
            }
        }
    }

    fn place(&self, path: &mut String, line: &mut Option<u32>) {
        if let Some(below) = path.strip_prefix('$') {
            *path = format!("$.{}{below}", self.key);
        }
        *line = line.map(|line| line.saturating_add(self.lines));
    }
}

/// Looks for the first of the keys; the others' values are passed over.
struct Keys<'f, 't>(&'f mut Option<(&'static str, &'t str)>);

impl<'t> Visitor<'t> for Keys<'_, 't> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Name<'t>>()? {
            map.next_value::<IgnoredAny>()?;
            if let (None, Name(Cow::Borrowed(name))) = (&self.0, &name)
                && let Some(key) = KEYS.iter().copied().find(|key| key == name)
            {
                *self.0 = Some((key, name));
            }
        }
        Ok(())
    }
}

/// A key, borrowed where it is spelled without escapes.
#[derive(serde::Deserialize)]
struct Name<'t>(#[serde(borrow)] Cow<'t, str>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::read;
    use crate::reading::Limits;

    #[test]
    fn a_document_in_an_envelope_is_read_with_its_own_places() {
        let bom = "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\",\n\"components\": [{\"name\": \"a\", \"purl\": \"no purl\"}]}";
        for (text, path, line) in [
            (format!("{{\n\"sbom\" :\n{bom}\n}}"), "$.sbom.components[0].purl", 4),
            (format!("{{\"_type\": \"x\", \"predicate\": {bom}, \"sbom\": 1}}"), "$.predicate.components[0].purl", 2),
        ] {
            let reading = read(text.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(reading.value.components.len(), 1, "{text}");
            let warning = &reading.warnings[0];
            assert_eq!((warning.path.as_str(), warning.line), (path, Some(line)), "{text}");
        }
        let broken = "{\"sbom\":\n{\"spdxVersion\": \"SPDX-2.3\",\n\"packages\": 7}}";
        assert_eq!(read(broken.as_bytes(), &Limits::default()).map(|r| r.warnings[0].line), Ok(Some(3)));
    }

    #[test]
    fn what_is_no_document_inside_is_refused_as_a_whole() {
        for text in [
            "{\"sbom\": {}}",
            "{\"sbom\": [1]}",
            "{\"sbom\": {\"sbom\": {\"bomFormat\": \"CycloneDX\"}}}",
            "{\"s\\u0062om\": {}}",
        ] {
            let error = read(text.as_bytes(), &Limits::default()).unwrap_err();
            assert!(error.text.contains("this is JSON but no SBOM"), "{text}: {error}");
        }
        assert_eq!(inner("{\"sbom\": {\"a\": 1}"), None, "the object around it does not end");
    }
}
