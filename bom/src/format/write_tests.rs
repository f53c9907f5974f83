//! What is written reads back the same, in every format and version.

use super::{FORMATS, read, sample};
use crate::document::{Component, Document, Licence};
use crate::reading::Limits;

/// The sample as a target holds it, and how many kinds of loss it must tell.
fn expected(format: &str, version: &str) -> (Document, usize) {
    let mut document = sample::document();
    document.format = match format {
        "cyclonedx-json" | "cyclonedx-xml" => format!("CycloneDX {version}"),
        _ => format!("SPDX {version}"),
    };
    match (format, version) {
        (_, "1.3") => document.statements.clear(),
        (_, "1.4") => document.statements.iter_mut().for_each(|statement| statement.at = None),
        _ => {}
    }
    let lost = usize::from(matches!(version, "1.3" | "1.4"));
    (document, lost)
}

#[test]
fn cyclonedx_holds_the_whole_model() {
    for format in FORMATS.iter().filter(|format| format.name().starts_with("cyclonedx")) {
        for version in format.writes() {
            let name = format!("{}@{version}", format.name());
            let written = format.write(&sample::document(), version).unwrap_or_else(|error| panic!("{name}: {error}"));
            let reading = read(&written.bytes, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(reading.warnings, [], "{name}");
            let (expected, lost) = expected(format.name(), version);
            assert_eq!(written.lost.len(), lost, "{name}: {:?}", written.lost);
            assert_eq!(reading.value, expected, "{name}");
            assert_eq!(format.write(&sample::document(), version), Ok(written), "{name}: the bytes are the same again");
        }
    }
}

#[test]
fn spdx_holds_it_but_for_what_it_tells() {
    for format in FORMATS.iter().filter(|format| format.name().starts_with("spdx") && !format.writes().is_empty()) {
        let name = format.name();
        let written = format.write(&sample::document(), "2.3").unwrap_or_else(|error| panic!("{name}: {error}"));
        let reading = read(&written.bytes, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(reading.warnings, [], "{name}");
        for told in ["statements about vulnerabilities", "lists of licences", "properties of the document", "nesting", "scopes"] {
            assert_eq!(written.lost.iter().any(|line| line.contains(told)), told != "scopes", "{told}: {:?}", written.lost);
        }
        let (before, after) = (sample::document(), reading.value);
        assert_eq!(
            (after.edges, after.created, after.tools, after.authors),
            (before.edges, before.created, before.tools, before.authors)
        );
        for (old, new) in before.components.iter().zip(&after.components) {
            assert_eq!(
                (&old.name, &old.version, &old.group, &old.purl),
                (&new.name, &new.version, &new.group, &new.purl),
                "{name}"
            );
            assert_eq!(
                (&old.cpes, &old.hashes, &old.supplier, &old.author),
                (&new.cpes, &new.hashes, &new.supplier, &new.author)
            );
            assert_eq!(
                (&old.origin, &old.scope, &old.kind, &old.description),
                (&new.origin, &new.scope, &new.kind, &new.description)
            );
            if old.licences.len() < 2 {
                assert_eq!(old.licences, new.licences);
            }
        }
        let joined = Licence::Expression("MIT AND LicenseRef-House-licence".into());
        assert_eq!(after.components.first().map(|component| component.licences.as_slice()), Some(&[joined][..]));
        assert_eq!(format.write(&sample::document(), "2.3"), Ok(written), "{name}: the bytes are the same again");
    }
}

#[test]
fn the_strict_crate_reads_what_we_write_in_spdx() {
    let format = FORMATS.iter().find(|format| format.name() == "spdx-json").expect("listed");
    let written = format.write(&sample::document(), "2.3").expect("written");
    let strict: spdx_rs::models::SPDX = serde_json::from_slice(&written.bytes).expect("strictly valid");
    assert_eq!(strict.package_information.len(), 5);
}

#[test]
fn a_name_like_the_mark_of_a_text_does_not_swallow_the_document() {
    let component = |name: &str| Component { reference: name.into(), name: name.into(), ..Component::default() };
    let document = Document { components: vec![component("<text>a"), component("b</text>")], ..Document::default() };
    let format = FORMATS.iter().find(|format| format.name() == "spdx-tag-value").expect("listed");
    let written = format.write(&document, "2.3").expect("written");
    let read = read(&written.bytes, &Limits::default()).expect("read").value;
    assert_eq!(read.components.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["a", "b</text>"]);
    assert!(written.lost.iter().any(|line| line.contains("marks of texts")), "{:?}", written.lost);
}
