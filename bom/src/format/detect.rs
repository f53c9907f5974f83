//! What a text is, from its first words: which format of ours, or which other
//! thing by name.

use crate::reading::ReadError;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A format and syntax that is known, read or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    CycloneDxJson,
    CycloneDxXml,
    SpdxJson,
    Spdx3Json,
    SpdxYaml,
    SpdxTagValue,
    SpdxRdf,
    SpdxXml,
}

/// The kind of `text`; `None` for what is no SBOM of a known kind.
pub(super) fn kind(text: &str) -> Option<Kind> {
    let text = text.trim_start();
    match text.as_bytes().first()? {
        b'{' => json_kind(text),
        b'<' => xml_kind(text),
        _ => line_kind(text),
    }
}

/// Why a text that no format claims is none, in words for people.
pub(super) fn unknown(text: &str) -> ReadError {
    let start = text.trim_start();
    if start.is_empty() {
        return ReadError::whole("the document is empty");
    }
    if start.starts_with(['{', '[']) {
        if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
            return super::json::error(&error);
        }
        if start.starts_with('[') {
            return ReadError::whole("this is JSON but no SBOM: it is a list; send its documents one by one");
        }
        let text = "this is JSON but no SBOM: it has neither `bomFormat` nor `spdxVersion` nor an SPDX 3 `@graph`";
        return ReadError::whole(text);
    }
    if start.starts_with('<') {
        return ReadError::whole("this is XML but no SBOM: its root element is not a CycloneDX `bom`");
    }
    ReadError::whole("this is no SBOM of a known format; send CycloneDX or SPDX")
}

fn json_kind(text: &str) -> Option<Kind> {
    first_telling(text, SbomKeys)
}

/// Keys of which some tell what an object is.
pub(super) trait Keys {
    /// What it is.
    type Kind;

    /// What `key` tells; it takes the key's value out of `map` where it tells nothing.
    fn tell<'d, A: MapAccess<'d>>(&self, key: &str, map: &mut A) -> Result<Option<Self::Kind>, A::Error>;
}

/// What the first telling key of the JSON object `text` tells.
pub(super) fn first_telling<K: Keys>(text: &str, keys: K) -> Option<K::Kind> {
    let mut found = None;
    // The visitor stops with an error of its own as soon as it knows enough.
    let visitor = TopLevel { keys, found: &mut found };
    let _ = serde::Deserializer::deserialize_map(&mut serde_json::Deserializer::from_str(text), visitor);
    found
}

/// Looks at an object's keys until one tells.
struct TopLevel<'f, K: Keys> {
    keys: K,
    found: &'f mut Option<K::Kind>,
}

impl<'d, K: Keys> Visitor<'d> for TopLevel<'_, K> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'d, str>>()? {
            *self.found = self.keys.tell(&key, &mut map)?;
            if self.found.is_some() {
                return Err(A::Error::custom("known"));
            }
        }
        Ok(())
    }
}

/// The keys of SBOMs.
struct SbomKeys;

impl Keys for SbomKeys {
    type Kind = Kind;

    fn tell<'d, A: MapAccess<'d>>(&self, key: &str, map: &mut A) -> Result<Option<Kind>, A::Error> {
        Ok(Some(match key {
            "bomFormat" | "specVersion" => Kind::CycloneDxJson,
            "spdxVersion" | "SPDXID" => Kind::SpdxJson,
            "@graph" | "@context" => Kind::Spdx3Json,
            _ => return map.next_value::<IgnoredAny>().map(|_| None),
        }))
    }
}

fn xml_kind(text: &str) -> Option<Kind> {
    let mut reader = quick_xml::Reader::from_str(text);
    loop {
        match reader.read_event().ok()? {
            quick_xml::events::Event::Start(element) | quick_xml::events::Event::Empty(element) => {
                return match element.local_name().as_ref() {
                    "bom" => Some(Kind::CycloneDxXml),
                    "RDF" => Some(Kind::SpdxRdf),
                    "Document" | "SpdxDocument" => Some(Kind::SpdxXml),
                    _ => None,
                };
            }
            quick_xml::events::Event::Eof => return None,
            _ => {}
        }
    }
}

fn line_kind(text: &str) -> Option<Kind> {
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#') && *line != "---");
    lines.find_map(|line| match line.split_once(':')? {
        ("SPDXVersion" | "DocumentName" | "DocumentNamespace" | "DataLicense", _) => Some(Kind::SpdxTagValue),
        ("spdxVersion" | "SPDXID" | "\"spdxVersion\"" | "\"SPDXID\"" | "creationInfo" | "documentNamespace", rest)
            if rest.is_empty() || rest.starts_with(' ') =>
        {
            // Both spellings of `SPDXID` lead a file; only YAML goes on in lower case.
            let tags = text.lines().any(|line| line.starts_with("SPDXVersion:"));
            Some(if tags { Kind::SpdxTagValue } else { Kind::SpdxYaml })
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_its_kind() {
        for (text, expected) in [
            (" \n{\"components\": [], \"bomFormat\": \"CycloneDX\"}", Some(Kind::CycloneDxJson)),
            ("{\"packages\": [], \"spdxVersion\": \"SPDX-2.3\"}", Some(Kind::SpdxJson)),
            ("{\"@context\": \"https://spdx.example\", \"@graph\": []}", Some(Kind::Spdx3Json)),
            ("{\"a\": 1}", None),
            ("<?xml version=\"1.0\"?>\n<!-- x --><b:bom xmlns:b=\"y\"/>", Some(Kind::CycloneDxXml)),
            ("<rdf:RDF/>", Some(Kind::SpdxRdf)),
            ("<html/>", None),
            ("# comment\nSPDXVersion: SPDX-2.3\nSPDXID: x", Some(Kind::SpdxTagValue)),
            ("SPDXID: SPDXRef-DOCUMENT\nSPDXVersion: SPDX-2.2", Some(Kind::SpdxTagValue)),
            ("---\nSPDXID: \"SPDXRef-DOCUMENT\"\nspdxVersion: SPDX-2.2", Some(Kind::SpdxYaml)),
            ("hello", None),
            ("", None),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }
}
