//! The report for programs. It is written as it is read: a report of many findings is
//! dearer to build in memory than to find.

use super::Report;
use crate::scan::{Hit, Scanned, Why};
use bom::offline::Finding;
use serde::Serialize;

/// The report.
pub fn report<'a>(report: &'a Report<'_>) -> impl Serialize + 'a {
    let at = report.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    Told { at, documents: report.scanned.iter().map(Document::of).collect() }
}

#[derive(Serialize)]
struct Told<'a> {
    at: String,
    documents: Vec<Document<'a>>,
}

#[derive(Serialize)]
struct Document<'a> {
    file: &'a str,
    components: usize,
    findings: Vec<Found<'a>>,
    settled: Vec<Settled<'a>>,
    cannot_tell: Vec<Doubted<'a>>,
    unknown: Vec<Unknown<'a>>,
    not_from_a_registry: usize,
}

#[derive(Serialize)]
struct Found<'a> {
    purl: &'a str,
    component: &'a str,
    way: &'a [String],
    finding: &'a Finding,
}

#[derive(Serialize)]
struct Settled<'a> {
    #[serde(flatten)]
    found: Found<'a>,
    vex: &'a Why,
}

#[derive(Serialize)]
struct Doubted<'a> {
    purl: &'a str,
    id: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Unknown<'a> {
    component: &'a str,
    reason: &'a str,
}

impl<'a> Document<'a> {
    fn of(scanned: &'a Scanned) -> Self {
        let doubts = scanned.doubts.iter();
        let unknown = scanned.unknown.iter();
        Self {
            file: &scanned.name,
            components: scanned.components,
            findings: scanned.hits.iter().map(Found::of).collect(),
            settled: scanned.settled.iter().map(|(hit, vex)| Settled { found: Found::of(hit), vex }).collect(),
            cannot_tell: doubts.map(|(purl, doubt)| Doubted { purl, id: &doubt.id, reason: &doubt.reason }).collect(),
            unknown: unknown.map(|(component, reason)| Unknown { component, reason }).collect(),
            not_from_a_registry: scanned.elsewhere,
        }
    }
}

impl<'a> Found<'a> {
    fn of(hit: &'a Hit) -> Self {
        Self { purl: &hit.purl, component: &hit.component, way: &hit.way, finding: &hit.finding }
    }
}
