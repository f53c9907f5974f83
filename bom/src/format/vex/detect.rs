//! Which VEX format a JSON text is in, from its first words.

use crate::reading::ReadError;
use serde::Deserialize;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

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
        return super::super::detect::kind(text).map(|_| Kind::Sbom);
    }
    let mut found = None;
    // The visitor stops with an error of its own as soon as it knows enough.
    let _ = serde::Deserializer::deserialize_map(&mut serde_json::Deserializer::from_str(text), TopLevel(&mut found));
    found
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

/// Looks at an object's keys until one tells the format.
struct TopLevel<'f>(&'f mut Option<Kind>);

impl<'d> Visitor<'d> for TopLevel<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'d, str>>()? {
            let kind = match key.as_ref() {
                "@context" => match map.next_value::<ContextRaw<'d>>()? {
                    context if context.names("openvex") => Kind::OpenVex,
                    context if context.names("spdx") => Kind::Sbom,
                    _ => continue,
                },
                "statements" => Kind::OpenVex,
                "document" | "product_tree" => Kind::Csaf,
                "bomFormat" | "specVersion" | "spdxVersion" | "SPDXID" | "@graph" => Kind::Sbom,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *self.0 = Some(kind);
            return Err(A::Error::custom("known"));
        }
        Ok(())
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
