//! SARIF 2.1.0: a rule for each problem, a result for each finding in a file.

use super::{Report, sentence, word};
use crate::scan::Hit;
use bom::advisory::Severity;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The report.
pub fn report(report: &Report<'_>) -> Value {
    let settled: Vec<_> = report.settled().map(|(scanned, hit, why)| (scanned, hit, Some(why))).collect();
    // Where one result says that it is suppressed, the others say that they are not (3.27.23).
    let told = !settled.is_empty();
    let all: Vec<_> = report.hits().map(|(scanned, hit)| (scanned, hit, None)).chain(settled).collect();
    let rules: BTreeMap<&str, &Hit> = all.iter().map(|(_, hit, _)| (hit.finding.id.as_str(), *hit)).collect();
    let place: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(i, id)| (*id, i)).collect();
    let results: Vec<Value> = all
        .iter()
        .map(|(scanned, hit, why)| {
            let id = hit.finding.id.as_str();
            let mut result = json!({
                "ruleId": id,
                "ruleIndex": place.get(id),
                "level": level(hit),
                "message": {"text": sentence(hit)},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": address(&scanned.name)},
                    "region": {"startLine": 1},
                }}],
                "partialFingerprints": {"finding/v1": format!("{id} {}", hit.purl)},
            });
            if let (true, Some(fields)) = (told, result.as_object_mut()) {
                let said =
                    why.iter().map(|why| json!({"kind": "external", "status": "accepted", "justification": why.sentence()}));
                fields.insert("suppressions".to_owned(), said.collect());
            }
            result
        })
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "bomwarden",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|hit| rule(hit)).collect::<Vec<_>>(),
            }},
            "results": results,
        }],
    })
}

fn rule(hit: &Hit) -> Value {
    let finding = &hit.finding;
    let text = if finding.summary.is_empty() { &finding.id } else { &finding.summary };
    json!({
        "id": finding.id,
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": format!("{text}. Also known as: {}", finding.aliases.join(", "))},
        "properties": {"tags": ["security", word(hit)], "security-severity": score(finding.severity)},
    })
}

/// The level that viewers colour.
fn level(hit: &Hit) -> &'static str {
    match hit.finding.severity {
        _ if hit.finding.informational.is_some() => "note",
        Severity::Malicious | Severity::Critical | Severity::High => "error",
        Severity::Medium | Severity::Unknown => "warning",
        Severity::Low => "note",
    }
}

/// A number in the band of a severity, which is how viewers sort.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Malicious => "10.0",
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Unknown => "0.0",
    }
}

/// A path as a relative reference: `/` between its parts, the rest percent-encoded.
fn address(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
