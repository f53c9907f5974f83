//! Readers of VEX against documents of others, and what is written of them against the
//! official schemas. Runs where `BOMWARDEN_DATA` names the folder that holds them.

use super::round_trip::claims;
use super::{FORMATS, read};
use crate::format::conformance::{data, documents};
use crate::format::schemas::Schemas;
use crate::reading::Limits;
use crate::vex::Vex;
use std::path::Path;

/// What is to be refused, and the words of the error.
const REFUSED: &[(&str, &str)] = &[
    ("-bom-1.json", "states nothing about vulnerabilities"),
    ("-bom-2.json", "states nothing about vulnerabilities"),
    ("-bom-3.json", "states nothing about vulnerabilities"),
    ("/bom.json", "states nothing about vulnerabilities"),
    ("trivy-unknown.json", "no VEX document"),
];

/// What lists a vulnerability and states no status, which is told.
const LISTS_ONLY: &[&str] = &["/Use-Cases-Case-7-vex.json"];

#[test]
fn conformance_every_vex_document_is_read_or_refused_as_expected() {
    let Some(data) = data() else { return };
    let mut schemas = Schemas::new(&data.join("schemas"));
    let mut wrong = Vec::new();
    for (corpus, folder) in [("openvex", "vex/openvex"), ("csaf", "vex/csaf"), ("cyclonedx vex", "vex/cyclonedx")] {
        let (mut good, mut refused, before) = (0, 0, wrong.len());
        for path in documents(&data, &[folder]) {
            let name = path.to_string_lossy();
            let expected = REFUSED.iter().find(|(end, _)| name.ends_with(end)).map(|(_, says)| *says);
            match (read(&std::fs::read(&path).expect("readable"), &Limits::default()), expected) {
                (Ok(reading), None) => {
                    good += 1;
                    if reading.value.statements.is_empty() && !LISTS_ONLY.iter().any(|end| name.ends_with(end)) {
                        wrong.push(format!("{name}: nothing was read of it: {:?}", reading.warnings));
                    }
                    wrong.extend(rewritten(&path, reading.value, &mut schemas));
                }
                (Err(error), Some(says)) if error.text.contains(says) => refused += 1,
                (found, expected) => wrong.push(format!("{name}: {found:?} instead of {expected:?}")),
            }
        }
        println!("conformance: {corpus:20} {good:4} read {refused:4} refused as they should be {:4} wrong", wrong.len() - before);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a document when it is written in each format.
fn rewritten(path: &Path, mut vex: Vex, schemas: &mut Schemas) -> Vec<String> {
    vex.id.get_or_insert_with(|| "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".to_owned());
    vex.author.get_or_insert_with(|| "Alice Adams".to_owned());
    vex.issued = vex.issued.or("2024-01-01T00:00:00Z".parse().ok());
    let mut wrong = Vec::new();
    for format in FORMATS {
        let place = format!("{} as {}", path.display(), format.name());
        let written = match format.write(&vex) {
            Ok(written) => written,
            // Several products with parts, or nothing that the format can name.
            Err(error) if error.0.contains("several products") || error.0.contains("nothing to state") => continue,
            Err(error) => {
                wrong.push(format!("{place}: {error}"));
                continue;
            }
        };
        let schema = if format.name() == "cyclonedx" { "cyclonedx-json" } else { format.name() };
        if let Some(Err(error)) = schemas.check(schema, "1.6", &written.bytes) {
            wrong.push(format!("{place}: {error}"));
        }
        match read(&written.bytes, &Limits::default()) {
            Ok(again) if written.lost.is_empty() && again.value.statements.is_empty() => {
                wrong.push(format!("{place}: nothing is left"))
            }
            Ok(again)
                if written.lost.is_empty() && format.name() == "openvex" && claims(&again.value).len() < claims(&vex).len() =>
            {
                wrong.push(format!("{place}: {} claims of {}", claims(&again.value).len(), claims(&vex).len()));
            }
            Ok(_) => {}
            Err(error) => wrong.push(format!("{place}: {error}")),
        }
    }
    wrong
}
