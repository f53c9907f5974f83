//! Which VEX format a JSON text is in, from its first words.

use crate::format::detect::{self, Keys, first_telling};
use crate::reading::ReadError;
use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};
use std::borrow::Cow;

/// A format that states something about vulnerabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    OpenVex,
    Csaf,
    /// An SBOM, which may do so.
    Sbom,
}

/// The kind of `text`; `None` for what is none of them.
pub(super) fn kind(text: &str) -> Option<Kind> {
    let text = text.trim_start();
    if !text.starts_with('{') {
        // In XML only SBOMs state something.
        return detect::kind(text).map(|_| Kind::Sbom);
    }
    first_telling(text, VexKeys)
}

/// Why a text that no format claims is none, in words for people.
pub(super) fn unknown(text: &str) -> ReadError {
    let start = text.trim_start();
    match start.chars().next() {
        None => ReadError::whole("the document is empty"),
        Some('{' | '[') => match serde_json::from_str::<IgnoredAny>(text) {
            Err(error) => super::json::error(&error),
            Ok(_) => ReadError::whole(
                "this is JSON but no VEX document: it has neither an OpenVEX `@context` nor a CSAF `document` nor a `bomFormat`",
            ),
        },
        Some(_) => ReadError::whole("this is no VEX document of a known format; send OpenVEX, CSAF or CycloneDX"),
    }
}

/// The value of `@context`.
#[derive(Deserialize)]
#[serde(untagged)]
enum ContextRaw<'d> {
    One(#[serde(borrow)] Cow<'d, str>),
    Several(#[serde(borrow)] Vec<Cow<'d, str>>),
    Other(IgnoredAny),
}

impl ContextRaw<'_> {
    fn names(&self, word: &str) -> bool {
        match self {
            Self::One(text) => text.contains(word),
            Self::Several(texts) => texts.iter().any(|text| text.contains(word)),
            Self::Other(_) => false,
        }
    }
}

/// The keys of VEX documents, and of SBOMs.
struct VexKeys;

impl Keys for VexKeys {
    type Kind = Kind;

    fn tell<'d, A: MapAccess<'d>>(&self, key: &str, map: &mut A) -> Result<Option<Kind>, A::Error> {
        Ok(match key {
            "@context" => match map.next_value::<ContextRaw<'d>>()? {
                context if context.names("openvex") => Some(Kind::OpenVex),
                context if context.names("spdx") => Some(Kind::Sbom),
                _ => None,
            },
            "statements" => Some(Kind::OpenVex),
            "document" | "product_tree" => Some(Kind::Csaf),
            "bomFormat" | "specVersion" | "spdxVersion" | "SPDXID" | "@graph" => Some(Kind::Sbom),
            _ => map.next_value::<IgnoredAny>().map(|_| None)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_its_kind() {
        for (text, expect) in [
            (r#"{"@context": "https://openvex.dev/ns/v0.2.0"}"#, Some(Kind::OpenVex)),
            (r#"{"@context": ["https://openvex.dev/ns"]}"#, Some(Kind::OpenVex)),
            (r#"{"@context": 1, "statements": []}"#, Some(Kind::OpenVex)),
            (r#"{"@context": "https://spdx.example", "@graph": []}"#, Some(Kind::Sbom)),
            (r#"{"$schema": "x", "document": {}}"#, Some(Kind::Csaf)),
            (r#"{"bomFormat": "CycloneDX"}"#, Some(Kind::Sbom)),
            ("<bom/>", Some(Kind::Sbom)),
            ("{}", None),
            ("[]", None),
            ("hello", None),
        ] {
            assert_eq!(kind(text), expect, "{text}");
        }
    }

    #[test]
    fn what_is_none_is_told_in_words() {
        for (text, says) in
            [("", "is empty"), ("{}", "no VEX document"), ("{\"a\":", "truncated JSON"), ("hello", "OpenVEX, CSAF")]
        {
            assert!(unknown(text).text.contains(says), "{text}");
        }
    }
}
