//! What the reports of a scan look like, line by line.

use super::*;
use bom::offline::{Doubt, Finding};

fn scanned() -> Vec<Scanned> {
    let finding = |id: &str, severity, fixed: &[&str], informational: Option<&str>| Finding {
        id: id.to_owned(),
        aliases: vec!["CVE-2020-26235".to_owned()],
        fixed: fixed.iter().map(|fixed| (*fixed).to_owned()).collect(),
        severity,
        informational: informational.map(str::to_owned),
        summary: "a <segfault> & \"more\"".to_owned(),
        weak: false,
    };
    let why = Why {
        status: bom::document::Status::NotAffected,
        justification: Some(bom::vex::Justification::CodeNotReachable),
        detail: Some("never\ncalled".to_owned()),
        author: Some("Alice <alice@example>".to_owned()),
        document: "urn:vex".to_owned(),
    };
    let hit = |purl: &str, finding| Hit {
        purl: purl.to_owned(),
        component: "time 0.1.43".to_owned(),
        way: vec!["chrono 0.4.19".to_owned(), "time 0.1.43".to_owned()],
        finding,
    };
    vec![Scanned {
        name: "a folder/Cargo.lock".to_owned(),
        components: 3,
        hits: vec![
            hit("pkg:cargo/time@0.1.43", finding("RUSTSEC-2020-0071", Severity::Medium, &["0.2.23"], None)),
            hit("pkg:cargo/time@0.1.43", finding("RUSTSEC-2021-9999", Severity::Unknown, &[], Some("unmaintained"))),
        ],
        settled: vec![(hit("pkg:cargo/left@1.0.0", finding("RUSTSEC-2022-0001", Severity::High, &[], None)), why)],
        doubts: vec![("pkg:cargo/x@y".to_owned(), Doubt { id: "X-1".to_owned(), reason: "`y` is no version".to_owned() })],
        unknown: vec![("pkg:generic/z@1".to_owned(), "no such ecosystem".to_owned())],
        elsewhere: 1,
    }]
}

/// The report with its random and dated parts made constant.
fn told(write: impl Fn(&Report<'_>) -> String) -> String {
    let at = DateTime::from_timestamp(1_760_000_000, 0).unwrap();
    let text = write(&Report { scanned: &scanned(), at });
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    match text.find("urn:uuid:") {
        Some(start) => format!("{}urn:uuid:0{}", &text[..start], &text[start + 45..]),
        None => text,
    }
    .replace(&version, "\"VERSION\"")
}

fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

#[test]
fn every_form_tells_the_same_findings() {
    insta::assert_snapshot!("json", told(|report| pretty(&json::report(report))));
    insta::assert_snapshot!("sarif", told(|report| pretty(&sarif::report(report))));
    insta::assert_snapshot!("vex", told(|report| pretty(&vex::report(report))));
    insta::assert_snapshot!("openvex", told(|report| String::from_utf8(openvex::report(report).unwrap()).unwrap()));
    insta::assert_snapshot!("junit", told(junit::report));
}
