//! What the watch knows, as rows of a page.

use super::axis::{Axis, axis, known_by};
use crate::store::views::watch::{WatchView, urgency};
use bom::snapshot::OwnerKind;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// An owner's row.
pub struct OwnerLine {
    pub id: String,
    pub login: String,
    pub team: bool,
    pub baseline: bool,
    pub from_at: i64,
    pub from_source: &'static str,
    pub until_at: Option<i64>,
}

/// One fact of a verdict.
pub struct FactLine {
    pub version: String,
    pub urgency: &'static str,
    pub unconfirmed: bool,
    pub taken_back: bool,
    pub signal: String,
    pub then: String,
    pub now: String,
    pub at: i64,
}

/// The owners, those of now first, and their drawing.
pub fn owners(watch: Option<&WatchView>, now: DateTime<Utc>) -> (Vec<OwnerLine>, Axis) {
    let tenures = watch.map_or(&[][..], |watch| watch.tenures.as_slice());
    let mut lines: Vec<OwnerLine> = tenures
        .iter()
        .map(|tenure| OwnerLine {
            id: tenure.owner.id.clone(),
            login: tenure.owner.login.clone(),
            team: tenure.owner.kind == OwnerKind::Team,
            baseline: watch.is_some_and(|watch| watch.baseline.contains(&tenure.owner.id)),
            from_at: tenure.from.at.timestamp_millis(),
            from_source: known_by(tenure.from.source),
            until_at: tenure.until.map(|until| until.at.timestamp_millis()),
        })
        .collect();
    lines.sort_by_key(|line| (line.until_at.is_some(), -line.from_at));
    (lines, axis(tenures, now))
}

/// The facts behind the verdicts.
pub fn facts(watch: Option<&WatchView>) -> Vec<FactLine> {
    let verdicts = watch.into_iter().flat_map(|watch| &watch.verdicts);
    let lines = verdicts.flat_map(|verdict| {
        let evidence: Vec<Value> = serde_json::from_str(&verdict.evidence).unwrap_or_default();
        let text = |one: &Value, name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        evidence.into_iter().map(move |one| FactLine {
            version: verdict.version.clone(),
            urgency: urgency(verdict.urgency),
            unconfirmed: verdict.unconfirmed,
            taken_back: verdict.retracted_at.is_some(),
            signal: text(&one, "signal"),
            then: text(&one, "then"),
            now: text(&one, "now"),
            at: one.get("at").and_then(Value::as_i64).unwrap_or(verdict.opened_at),
        })
    });
    lines.collect()
}
