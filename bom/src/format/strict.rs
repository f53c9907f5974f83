//! The conformance report of the strict crates, `cyclonedx-bom` and `spdx-rs`: what
//! a document does against its specification, told and never a reason to refuse.
//! They see only what our own reader took under its limits, no more than a bound of
//! bytes, and no tag-value, at which `spdx-rs` panics.

use super::detect::{self, Kind};
use super::{decode, read, wrapped};
use crate::reading::{Limits, ReadError};
use cyclonedx_bom::prelude::{Bom, SpecVersion, Validate};
use cyclonedx_bom::validation::{ValidationErrorsKind, ValidationResult};

/// Bytes above which a document is not checked: the crates hold many times its size.
const MOST_BYTES: usize = 16 << 20;
/// Offences that are told.
const MOST_OFFENCES: usize = 200;

/// What the strict reader of a document's format says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conformance {
    /// Nothing is wrong.
    Conforms,
    /// What is against the specification, as `place: offence` (200 at most).
    Offends(Vec<String>),
    /// It was not checked, and why.
    Unchecked(String),
}

/// Checks `bytes`, which may be packed or in any encoding that [`read`] takes.
///
/// # Errors
/// [`ReadError`] when the tolerant reader cannot use the document either.
pub fn conformance(bytes: &[u8], limits: &Limits) -> Result<Conformance, ReadError> {
    let format = read(bytes, limits)?.value.format;
    let whole = decode::text(bytes, limits)?;
    let kind = detect::kind(&whole);
    let inner = if kind.is_some() { None } else { wrapped::inner(&whole) };
    let text = inner.map_or(whole.as_ref(), |inner| inner.text);
    if text.len() > MOST_BYTES {
        return Ok(Conformance::Unchecked(format!("it has more than {MOST_BYTES} bytes")));
    }
    let version = match format.as_str() {
        "CycloneDX 1.3" => Some(SpecVersion::V1_3),
        "CycloneDX 1.4" => Some(SpecVersion::V1_4),
        "CycloneDX 1.5" => Some(SpecVersion::V1_5),
        _ => None,
    };
    Ok(match (kind.or_else(|| detect::kind(text)), version) {
        (Some(Kind::CycloneDxJson), Some(version)) => {
            of_cyclonedx(Bom::parse_from_json_with_version(text.as_bytes(), version).map_err(|error| error.to_string()), version)
        }
        (Some(Kind::CycloneDxXml), Some(version)) => {
            of_cyclonedx(Bom::parse_from_xml_with_version(text.as_bytes(), version).map_err(|error| error.to_string()), version)
        }
        (Some(Kind::SpdxJson), _) if matches!(format.as_str(), "SPDX 2.2" | "SPDX 2.3") => {
            match serde_json::from_str::<spdx_rs::models::SPDX>(text) {
                Ok(_) => Conformance::Conforms,
                Err(error) => Conformance::Offends(vec![error.to_string()]),
            }
        }
        _ => Conformance::Unchecked(format!("no strict reader knows {format} in this syntax")),
    })
}

fn of_cyclonedx(bom: Result<Bom, String>, version: SpecVersion) -> Conformance {
    let result = match bom {
        Ok(bom) => bom.validate_version(version),
        Err(error) => return Conformance::Offends(vec![error]),
    };
    let mut offences = Vec::new();
    collect("", result, &mut offences);
    if offences.is_empty() { Conformance::Conforms } else { Conformance::Offends(offences) }
}

/// Writes out the crate's nested result, `place: offence`. It nests as the document does.
fn collect(place: &str, result: ValidationResult, offences: &mut Vec<String>) {
    for (name, kind) in result.errors() {
        if offences.len() >= MOST_OFFENCES {
            return;
        }
        let here = match name.as_str() {
            // The crate's own wrapper round a list.
            "inner" => place.to_owned(),
            _ if place.is_empty() => name,
            _ => format!("{place}.{name}"),
        };
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(&here, inner, offences),
            ValidationErrorsKind::List(list) => {
                list.into_iter().for_each(|(index, inner)| collect(&format!("{here}[{index}]"), inner, offences));
            }
            ValidationErrorsKind::Field(errors) | ValidationErrorsKind::Custom(errors) => {
                offences.extend(errors.iter().map(|error| format!("{here}: {}", error.message)));
            }
            ValidationErrorsKind::Enum(error) => offences.push(format!("{here}: {}", error.message)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, says: Option<&str>) {
        let found = conformance(text.as_bytes(), &Limits::default()).expect(text);
        match (&found, says) {
            (Conformance::Conforms, None) => {}
            (Conformance::Offends(offences), Some(says)) => {
                assert!(offences.iter().any(|line| line.contains(says)), "{offences:?}")
            }
            (Conformance::Unchecked(why), Some(says)) => assert!(why.contains(says), "{why}"),
            _ => panic!("{found:?}: {text}"),
        }
    }

    #[test]
    fn the_strict_readers_are_asked_where_they_know_the_version() {
        let bom = |version: &str, purl: &str| {
            format!(
                "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"{version}\",\"version\":1,\"components\":[{{\"type\":\"library\",\"name\":\"a\",\"version\":\"1\",\"purl\":\"{purl}\"}}]}}"
            )
        };
        check(&bom("1.5", "pkg:npm/a@1"), None);
        check(&bom("1.4", "nonsense"), Some("components[0].purl"));
        check(&bom("1.6", "pkg:npm/a@1"), Some("no strict reader knows CycloneDX 1.6"));
        check(
            "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\",\"version\":1,\"components\":[{\"name\":\"a\"}]}",
            Some("type"),
        );
        check("{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[]}", Some("missing field"));
        check("{\"sbom\":{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[]}}", Some("missing field"));
        check("SPDXVersion: SPDX-2.3\nNonsense: 1\n", Some("in this syntax"));
    }
}
