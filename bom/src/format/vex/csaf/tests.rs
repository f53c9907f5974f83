//! What a CSAF document says of which product, and what is left out of it.

use crate::format::vex::read;
use crate::reading::Limits;
use crate::vex::{Identity, Vex};

const TREE: &str = r#"{"branches": [{"category": "vendor", "name": "v", "branches": [
    {"category": "product_version", "name": "1.0", "product": {"name": "left 1.0", "product_id": "L",
      "product_identification_helper": {"purl": "pkg:npm/left"}}},
    {"category": "product_version_range", "name": "vers:npm/<2.0", "product": {"name": "right", "product_id": "R",
      "product_identification_helper": {"purls": ["pkg:npm/right", "pkg:npm/right2"], "cpe": "cpe:/a:v:right"}}}]}],
  "full_product_names": [{"name": "shop", "product_id": "S"}],
  "relationships": [
    {"category": "default_component_of", "product_reference": "LS", "relates_to_product_reference": "S",
      "full_product_name": {"name": "left in left in shop", "product_id": "LLS"}},
    {"category": "default_component_of", "product_reference": "L", "relates_to_product_reference": "S",
      "full_product_name": {"name": "left in shop", "product_id": "LS"}},
    {"category": "default_component_of", "product_reference": "nobody", "relates_to_product_reference": "S",
      "full_product_name": {"name": "x", "product_id": "X"}}],
  "product_groups": [{"group_id": "G", "product_ids": ["L", "R"]}]}"#;

fn read_one(vulnerability: &str, category: &str) -> (Vex, Vec<String>) {
    let text = format!(
        r#"{{"document": {{"category": "{category}", "csaf_version": "2.0", "title": "t", "publisher": {{"name": "Left Ltd", "namespace": "https://left.example"}},
        "tracking": {{"id": "L-1", "version": "3", "initial_release_date": "2024-01-01T00:00:00Z", "current_release_date": "2024-02-01T00:00:00Z"}}}},
        "vulnerabilities": [{vulnerability}], "product_tree": {TREE}}}"#
    );
    let reading = read(text.as_bytes(), &Limits::default()).expect(&text);
    assert!(reading.warnings.iter().all(|warning| warning.line.is_some()), "{:?}", reading.warnings);
    (reading.value, reading.warnings.iter().map(|warning| format!("{} {}", warning.path, warning.text)).collect())
}

fn check(vulnerability: &str, expect: &[&str]) {
    let (vex, _) = read_one(vulnerability, "csaf_vex");
    let product = |p: &crate::vex::Product| {
        let parts: Vec<String> = p.parts.iter().map(|part| format!("{} {:?}", part.shown(), part.versions)).collect();
        if parts.is_empty() {
            format!("{} {:?}", p.whole.shown(), p.whole.versions)
        } else {
            format!("{}({})", p.whole.shown(), parts.join(","))
        }
    };
    let shown: Vec<String> = vex
        .statements
        .iter()
        .map(|s| {
            let products: Vec<String> = s.products.iter().map(|p| product(p)).collect();
            format!(
                "{} {} {:?} {:?} {:?} {:?}",
                s.names.join("+"),
                products.join(","),
                s.status,
                s.justification,
                s.detail,
                s.action
            )
        })
        .collect();
    assert_eq!(shown, expect);
}

#[test]
fn products_are_followed_through_the_tree() {
    check(
        r#"{"cve": "CVE-1", "ids": [{"text": "12345"}, {"text": "GHSA-1"}], "product_status": {"fixed": ["L", "R"], "known_affected": ["LS"], "recommended": ["S"]}}"#,
        &[
            r#"CVE-1+GHSA-1 shop(pkg:npm/left ["1.0"]) Affected None None None"#,
            r#"CVE-1+GHSA-1 pkg:npm/left ["1.0"],pkg:npm/right ["vers:npm/<2.0"] Fixed None None None"#,
        ],
    );
    check(
        r#"{"cve": "CVE-1", "product_status": {"under_investigation": ["LLS"]}}"#,
        &[r#"CVE-1 shop(pkg:npm/left ["1.0"]) InTriage None None None"#],
    );
}

#[test]
fn reasons_belong_to_the_products_that_they_name() {
    check(
        r#"{"cve": "CVE-1", "product_status": {"known_not_affected": ["L", "R", "S"]},
          "flags": [{"label": "component_not_present", "group_ids": ["G"]}, {"label": "nonsense", "product_ids": ["S"]}],
          "threats": [{"category": "impact", "details": "not there", "product_ids": ["R"]}, {"category": "exploit_status", "details": "none"}],
          "remediations": [{"category": "vendor_fix", "details": "update", "product_ids": ["S"]}, {"category": "workaround", "details": "or not", "product_ids": ["S"]}]}"#,
        &[
            r#"CVE-1 shop [] NotAffected None None Some("update\nor not")"#,
            r#"CVE-1 pkg:npm/left ["1.0"] NotAffected Some(ComponentNotPresent) None None"#,
            r#"CVE-1 pkg:npm/right ["vers:npm/<2.0"] NotAffected Some(ComponentNotPresent) Some("not there") None"#,
        ],
    );
}

#[test]
fn what_cannot_be_told_is_left_out_with_its_place() {
    for (vulnerability, says) in [
        (r#"{"product_status": {"fixed": ["L"]}}"#, "$.vulnerabilities[0] this vulnerability has neither"),
        (r#"{"cve": "CVE-1"}"#, "$.vulnerabilities[0] no status"),
        (
            r#"{"cve": "CVE-1", "product_status": {"fixed": ["L", "nobody"]}}"#,
            "$.vulnerabilities[0].product_status.fixed[1] this product is not",
        ),
        (r#"{"cve": "CVE-1", "product_status": {"mended": ["L"]}}"#, "$.vulnerabilities[0].product_status.mended this status"),
        (r#"{"cve": "CVE-1", "product_status": {}}"#, "$.product_tree.relationships[2] this relationship names"),
    ] {
        let (_, warnings) = read_one(vulnerability, "csaf_vex");
        assert!(warnings.iter().any(|line| line.starts_with(says)), "{vulnerability}: {warnings:?}");
    }
}

#[test]
fn the_head_tells_who_states_it_and_whether_still() {
    let (vex, _) = read_one(r#"{"cve": "CVE-1", "product_status": {"fixed": ["L"]}}"#, "csaf_security_advisory");
    assert_eq!((vex.id.as_deref(), vex.author.as_deref(), vex.version.as_deref()), (Some("L-1"), Some("Left Ltd"), Some("3")));
    assert_eq!((vex.withdrawn, vex.statements[0].at, vex.format.as_str()), (false, vex.updated, "CSAF 2.0"));
    assert!(read_one("{}", "csaf_withdrawn").0.withdrawn);
    assert_eq!(Identity::default().shown(), "");
}
