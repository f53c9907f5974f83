//! Licences as package files state them: an SPDX id, an expression, or a name.

use super::tolerant::{Either, Text};
use crate::document::Licence;
use crate::list::Few;
use serde::Deserialize;

/// The old way of npm to state a licence: `{"type": "MIT", "url": …}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LicenceRaw<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
}

/// The licence that `text` states; `None` where it is empty.
pub fn of_text(text: &str) -> Option<Licence> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Some(id) = spdx::license_id(text) {
        return Some(Licence::Id(id.name.into()));
    }
    let expression = text.contains([' ', '(', '+', ':']) && spdx::Expression::parse(text).is_ok();
    Some(if expression { Licence::Expression(text.into()) } else { Licence::Name(text.into()) })
}

/// The licences of a text, an object or a list of them.
pub(super) fn of_value(value: &Either<'_, LicenceRaw<'_>>) -> Few<Licence> {
    match value {
        Either::Text(text) => text.get().and_then(of_text).into_iter().collect(),
        Either::Record(raw) => raw.kind.get().or(raw.name.get()).and_then(of_text).into_iter().collect(),
        Either::List(list) => list.iter().flat_map(of_value).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_an_id_an_expression_or_a_name() {
        for (text, licence) in [
            ("MIT", Some(Licence::Id("MIT".into()))),
            ("(MIT OR Apache-2.0)", Some(Licence::Expression("(MIT OR Apache-2.0)".into()))),
            ("SEE LICENSE IN LICENSE.md", Some(Licence::Name("SEE LICENSE IN LICENSE.md".into()))),
            ("UNLICENSED", Some(Licence::Name("UNLICENSED".into()))),
            (" ", None),
        ] {
            assert_eq!(of_text(text), licence, "{text}");
        }
        let old: Either<'_, LicenceRaw<'_>> = serde_json::from_str(r#"[{"type":"MIT"},"ISC",7]"#).unwrap();
        assert_eq!(of_value(&old).len(), 3);
    }
}
