//! The report for programs.

use super::Report;
use serde_json::{Value, json};

/// The report.
pub fn report(report: &Report<'_>) -> Value {
    let documents: Vec<Value> = report
        .scanned
        .iter()
        .map(|scanned| {
            let findings: Vec<Value> = scanned
                .hits
                .iter()
                .map(|hit| json!({"purl": hit.purl, "component": hit.component, "way": hit.way, "finding": hit.finding}))
                .collect();
            let doubts: Vec<Value> = scanned
                .doubts
                .iter()
                .map(|(purl, doubt)| json!({"purl": purl, "id": doubt.id, "reason": doubt.reason}))
                .collect();
            let unknown: Vec<Value> =
                scanned.unknown.iter().map(|(component, why)| json!({"component": component, "reason": why})).collect();
            let settled: Vec<Value> = scanned
                .settled
                .iter()
                .map(|(hit, why)| {
                    json!({"purl": hit.purl, "component": hit.component, "way": hit.way, "finding": hit.finding, "vex": why})
                })
                .collect();
            json!({"file": scanned.name, "components": scanned.components, "findings": findings, "settled": settled, "cannot_tell": doubts,
                "unknown": unknown, "not_from_a_registry": scanned.elsewhere})
        })
        .collect();
    json!({"at": report.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true), "documents": documents})
}
