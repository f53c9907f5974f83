//! CycloneDX 1.6 with the components that have findings and their vulnerabilities,
//! still to be triaged, or as a VEX document settles them: a start for one.

use super::Report;
use crate::scan::{Hit, Why};
use bom::advisory::Severity;
use bom::document::Status;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The report.
pub fn report(report: &Report<'_>) -> Value {
    let open = report.hits().map(|(_, hit)| (hit, None));
    let all: Vec<(&Hit, Option<&Why>)> = open.chain(report.settled().map(|(_, hit, why)| (hit, Some(why)))).collect();
    let purls: BTreeSet<&str> = all.iter().map(|(hit, _)| hit.purl.as_str()).collect();
    // What is said of a problem in one component may differ from what is said in another.
    let mut problems: BTreeMap<(&str, String), Vec<&Hit>> = BTreeMap::new();
    for (hit, why) in all {
        problems.entry((&hit.finding.id, analysis(why).to_string())).or_default().push(hit);
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
        "vulnerabilities": problems
            .into_iter()
            .enumerate()
            .map(|(index, ((id, analysis), hits))| vulnerability(index, id, &analysis, &hits))
            .collect::<Vec<_>>(),
    })
}

fn component(purl: &str) -> Value {
    if purl.starts_with("cpe:") {
        let name = bom::cpe::Cpe::of(purl).ok().and_then(|cpe| cpe.package()).map_or(purl.to_owned(), |package| package.name);
        return json!({"type": "library", "bom-ref": purl, "name": name, "cpe": purl});
    }
    let parsed = purl.parse::<bom::purl::Purl>().ok();
    let name = parsed.as_ref().map_or(purl, |purl| &purl.name);
    let mut component = json!({"type": "library", "bom-ref": purl, "name": name, "purl": purl});
    if let (Some(parsed), Some(fields)) = (&parsed, component.as_object_mut()) {
        fields.extend(parsed.namespace.as_ref().map(|group| ("group".to_owned(), json!(group))));
        fields.extend(parsed.version.as_ref().map(|version| ("version".to_owned(), json!(version))));
    }
    component
}

/// What is said of a finding.
fn analysis(why: Option<&Why>) -> Value {
    let Some(why) = why else { return json!({"state": "in_triage"}) };
    let state = match why.status {
        Status::NotAffected => "not_affected",
        Status::FalsePositive => "false_positive",
        _ => "resolved",
    };
    let mut said = json!({"state": state});
    if let Some(fields) = said.as_object_mut() {
        fields.extend(why.justification.map(|why| ("justification".to_owned(), json!(why.cyclonedx().0))));
        fields.insert("detail".to_owned(), json!(why.sentence()));
    }
    said
}

fn vulnerability(index: usize, id: &str, analysis: &str, hits: &[&Hit]) -> Value {
    let mut aliases: Vec<&str> = hits.iter().flat_map(|hit| hit.finding.aliases.iter().map(String::as_str)).collect();
    aliases.sort_unstable();
    aliases.dedup();
    let refs: BTreeSet<&str> = hits.iter().map(|hit| hit.purl.as_str()).collect();
    let severity = hits.iter().map(|hit| hit.finding.severity).max().unwrap_or_default();
    let mut vulnerability = json!({
        "bom-ref": format!("{id}#{index}"),
        "id": id,
        "references": aliases.iter().map(|alias| json!({"id": alias, "source": {"name": database(alias)}})).collect::<Vec<_>>(),
        "source": {"name": database(id)},
        "ratings": [{"severity": rating(severity)}],
        "analysis": serde_json::from_str::<Value>(analysis).unwrap_or_default(),
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
