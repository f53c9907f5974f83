//! CycloneDX 1.3 to 1.5 by the crate `cyclonedx-bom`, which holds its own model of
//! each version: what it cannot take is an error here, not a bad document.

use super::json_write;
use crate::document::{Document, Statement};
use crate::format::{WriteError, Written};
use cyclonedx_bom::models::vulnerability_analysis::ImpactAnalysisResponse;
use cyclonedx_bom::prelude::{Bom, SpecVersion};

/// Writes `document` in version 1.`minor`, 3 to 5, in JSON.
pub(super) fn write_json(document: &Document, minor: u8) -> Result<Written, WriteError> {
    let (bom, version, lost) = bom(document, minor)?;
    let mut bytes = Vec::new();
    bom.output_as_json(&mut bytes, version).map_err(|error| WriteError(error.to_string()))?;
    bytes.push(b'\n');
    Ok(Written { bytes: respelled(bytes), lost })
}

/// The same in XML.
pub(super) fn write_xml(document: &Document, minor: u8) -> Result<Written, WriteError> {
    let (bom, version, mut lost) = bom(document, minor)?;
    let mut bytes = Vec::new();
    bom.output_as_xml(&mut bytes, version).map_err(|error| WriteError(error.to_string()))?;
    bytes.push(b'\n');
    let is_bad = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    if bytes.iter().any(is_bad) {
        // The crate lets them through.
        lost.push("characters that XML cannot hold".to_owned());
        bytes.iter_mut().filter(|byte| is_bad(byte)).for_each(|byte| *byte = b'?');
    }
    Ok(Written { bytes, lost })
}

fn bom(document: &Document, minor: u8) -> Result<(Bom, SpecVersion, Vec<String>), WriteError> {
    let Written { bytes, lost } = json_write::write(document, minor)?;
    let version = match minor {
        3 => SpecVersion::V1_3,
        4 => SpecVersion::V1_4,
        _ => SpecVersion::V1_5,
    };
    let mut bom = Bom::parse_from_json_with_version(bytes.as_slice(), version).map_err(|error| WriteError(error.to_string()))?;
    // The crate reads `responses` where the specification has `response`.
    let vulnerabilities = bom.vulnerabilities.iter_mut().flat_map(|list| &mut list.0);
    for (vulnerability, statement) in vulnerabilities.zip(&document.statements) {
        if let Some(analysis) = &mut vulnerability.vulnerability_analysis {
            analysis.responses = responses(statement);
        }
    }
    Ok((bom, version, lost))
}

fn responses(statement: &Statement) -> Option<Vec<ImpactAnalysisResponse>> {
    let known = statement.responses.iter().filter(|word| super::words::RESPONSES.contains(&word.as_str()));
    let list: Vec<_> = known.map(ImpactAnalysisResponse::new_unchecked).collect();
    (!list.is_empty()).then_some(list)
}

/// The crate writes `responses`, too. As a key it stands after no backslash.
fn respelled(bytes: Vec<u8>) -> Vec<u8> {
    const WRONG: &str = "\"responses\": [";
    match String::from_utf8(bytes) {
        Ok(text) if text.contains(WRONG) => text.replace(WRONG, "\"response\": [").into_bytes(),
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    }
}
