//! CycloneDX 1.6 with the components that have findings and their vulnerabilities,
//! all still to be triaged: a start for a VEX document.

use super::Report;
use crate::scan::Hit;
use bom::advisory::Severity;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The report.
pub fn report(report: &Report<'_>) -> Value {
    let purls: BTreeSet<&str> = report.hits().map(|(_, hit)| hit.purl.as_str()).collect();
    let mut problems: BTreeMap<&str, Vec<&Hit>> = BTreeMap::new();
    for (_, hit) in report.hits() {
        problems.entry(&hit.finding.id).or_default().push(hit);
    }
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": format!("urn:uuid:{}", uuid::Uuid::new_v4()),
        "version": 1,
        "metadata": {
            "timestamp": report.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            "tools": {"components": [{"type": "application", "name": "bomwarden", "version": env!("CARGO_PKG_VERSION")}]},
        },
        "components": purls.iter().map(|purl| component(purl)).collect::<Vec<_>>(),
        "vulnerabilities": problems.into_iter().map(|(id, hits)| vulnerability(id, &hits)).collect::<Vec<_>>(),
    })
}

fn component(purl: &str) -> Value {
    let parsed = purl.parse::<bom::purl::Purl>().ok();
    let name = parsed.as_ref().map_or(purl, |purl| &purl.name);
    let mut component = json!({"type": "library", "bom-ref": purl, "name": name, "purl": purl});
    if let (Some(parsed), Some(fields)) = (&parsed, component.as_object_mut()) {
        fields.extend(parsed.namespace.as_ref().map(|group| ("group".to_owned(), json!(group))));
        fields.extend(parsed.version.as_ref().map(|version| ("version".to_owned(), json!(version))));
    }
    component
}

fn vulnerability(id: &str, hits: &[&Hit]) -> Value {
    let mut aliases: Vec<&str> = hits.iter().flat_map(|hit| hit.finding.aliases.iter().map(String::as_str)).collect();
    aliases.sort_unstable();
    aliases.dedup();
    let refs: BTreeSet<&str> = hits.iter().map(|hit| hit.purl.as_str()).collect();
    let severity = hits.iter().map(|hit| hit.finding.severity).max().unwrap_or_default();
    let mut vulnerability = json!({
        "bom-ref": id,
        "id": id,
        "references": aliases.iter().map(|alias| json!({"id": alias, "source": {"name": database(alias)}})).collect::<Vec<_>>(),
        "source": {"name": database(id)},
        "ratings": [{"severity": rating(severity)}],
        "analysis": {"state": "in_triage"},
        "affects": refs.iter().map(|purl| json!({"ref": purl})).collect::<Vec<_>>(),
    });
    let summary = hits.iter().map(|hit| &hit.finding.summary).find(|summary| !summary.is_empty());
    let fixed: BTreeSet<String> =
        hits.iter().filter_map(|hit| Some(format!("{}: upgrade to {}", hit.component, hit.finding.fixed.first()?))).collect();
    if let Some(fields) = vulnerability.as_object_mut() {
        fields.extend(summary.map(|summary| ("description".to_owned(), json!(summary))));
        if !fixed.is_empty() {
            fields.insert("recommendation".to_owned(), json!(fixed.into_iter().collect::<Vec<_>>().join("; ")));
        }
    }
    vulnerability
}

/// The database that an id belongs to, by its prefix.
fn database(id: &str) -> &str {
    id.split_once('-').map_or("unknown", |(prefix, _)| prefix)
}

/// CycloneDX has no word for malicious packages but the worst.
fn rating(severity: Severity) -> &'static str {
    match severity {
        Severity::Malicious => "critical",
        other => other.name(),
    }
}
