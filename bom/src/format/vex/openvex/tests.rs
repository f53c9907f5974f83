//! What an OpenVEX document says, and what is left out of it.

use super::*;
use crate::document::Status;
use crate::format::vex::read;

fn check(statement: &str, expect: &str, warns: &str) {
    let text = format!(
        "{{\"@context\": \"https://openvex.dev/ns/v0.2.0\", \"@id\": \"x\", \"author\": \"A\",\n\"timestamp\": \"2024-01-01T00:00:00Z\", \"version\": 1, \"statements\": [\n{statement}]}}"
    );
    let reading = read(text.as_bytes(), &Limits::default()).expect(&text);
    let shown: Vec<String> = reading
        .value
        .statements
        .iter()
        .map(|s| {
            let products: Vec<String> = s
                .products
                .iter()
                .map(|p| {
                    let parts: Vec<String> = p.parts.iter().map(Identity::shown).collect();
                    if parts.is_empty() { p.whole.shown() } else { format!("{}({})", p.whole.shown(), parts.join(",")) }
                })
                .collect();
            format!("{} {} {:?} {:?}", s.names.join("+"), products.join(","), s.status, s.justification)
        })
        .collect();
    assert_eq!(shown.join("; "), expect, "{text}");
    let told: Vec<String> = reading.warnings.iter().map(|w| format!("{} {}", w.path, w.text)).collect();
    assert!(if warns.is_empty() { told.is_empty() } else { told.iter().any(|line| line.contains(warns)) }, "{told:?}");
    assert!(reading.warnings.iter().all(|warning| warning.line.is_some()), "{:?}", reading.warnings);
}

#[test]
fn statements_of_both_versions_are_read() {
    let new = r#"{"vulnerability": {"name": "CVE-1", "aliases": ["GHSA-1", "CVE-1"]}, "products": [{"@id": "pkg:npm/a@1",
        "subcomponents": [{"@id": "pkg:npm/b"}]}], "status": "not_affected", "justification": "component_not_present"}"#;
    check(new, "CVE-1+GHSA-1 pkg:npm/a@1(pkg:npm/b) NotAffected Some(ComponentNotPresent)", "");
    let old = r#"{"vulnerability": "CVE-1", "products": ["pkg:npm/a@1"], "subcomponents": ["pkg:npm/b"], "status": "fixed"}"#;
    check(old, "CVE-1 pkg:npm/a@1(pkg:npm/b) Fixed None", "");
    let identifiers = r#"{"vulnerability": {"name": "CVE-1"}, "status": "under_investigation",
        "products": [{"identifiers": {"cpe23": "cpe:2.3:a:a:a:1:*:*:*:*:*:*:*"}}, {"@id": "https://a.example"}]}"#;
    check(identifiers, "CVE-1 cpe:2.3:a:a:a:1:*:*:*:*:*:*:*,https://a.example InTriage None", "");
}

#[test]
fn one_bad_statement_spoils_nothing() {
    let good = r#"{"vulnerability": {"name": "CVE-1"}, "products": [{"@id": "pkg:npm/a"}], "status": "affected"}"#;
    let read = "CVE-1 pkg:npm/a Affected None";
    for (bad, warns) in [
        (r#"{"products": [{"@id": "pkg:npm/a"}], "status": "fixed"}"#, "$.statements[0] this statement names no vulnerability"),
        (r#"{"vulnerability": "CVE-2", "products": ["pkg:npm/a"]}"#, "$.statements[0] this statement has no status"),
        (r#"{"vulnerability": "CVE-2", "products": ["pkg:npm/a"], "status": "fine"}"#, "$.statements[0].status"),
        (r#"{"vulnerability": "CVE-2", "products": [], "status": "fixed"}"#, "$.statements[0] this statement names no product"),
        (r#"{"vulnerability": "CVE-2", "products": [{}], "status": "fixed"}"#, "$.statements[0].products[0]"),
        (
            r#"{"vulnerability": "CVE-2", "products": [{"@id": "pkg:npm/a", "subcomponents": [{}]}], "status": "fixed"}"#,
            "cannot be told",
        ),
        ("7", "$.statements[0] an object is wanted"),
    ] {
        check(&format!("{bad}, {good}"), read, warns);
    }
    let odd = r#"{"vulnerability": "CVE-1", "products": ["pkg:npm/a"], "status": "not_affected", "justification": "because", "timestamp": "soon"}"#;
    check(odd, "CVE-1 pkg:npm/a NotAffected None", "$.statements[0].justification");
    check(odd, "CVE-1 pkg:npm/a NotAffected None", "$.statements[0].timestamp");
}

#[test]
fn a_statement_is_as_old_as_its_document_unless_it_says_so() {
    let text = r#"{"@context": "https://openvex.dev/ns", "timestamp": "2024-01-01T00:00:00Z", "statements": [
        {"vulnerability": "CVE-1", "products": ["pkg:npm/a"], "status": "fixed", "timestamp": "2023-01-01T00:00:00Z"},
        {"vulnerability": "CVE-1", "products": ["pkg:npm/a"], "status": "affected"}]}"#;
    let vex = read(text.as_bytes(), &Limits::default()).expect(text).value;
    assert_eq!((vex.format.as_str(), vex.statements.len()), ("OpenVEX 0.0.1", 2));
    assert!(vex.statements[0].at < vex.statements[1].at && vex.statements[1].status == Status::Affected);
}

#[test]
fn a_document_may_not_list_more_than_its_bound() {
    let text = format!(r#"{{"@context": "openvex", "statements": [{}]}}"#, ["{}"; 40].join(","));
    let limits = Limits { components: 30, ..Limits::default() };
    let error = read(text.as_bytes(), &limits).expect_err("too many");
    assert!(error.text.contains("more statements and products") && error.path == "$.statements[30]", "{error}");
}
