//! From a verdict that is news to what people are told.

use crate::store::watched::verdicts::News;
use crate::store::watched::{Due, Happened, record};
use crate::store::{Db, StoreError};
use bom::ecosystem::Ecosystem;
use bom::signal::Verdict;
use serde_json::json;

/// What the news is about.
pub(super) struct About<'a> {
    pub(super) due: &'a Due,
    pub(super) ecosystem: &'static Ecosystem,
    /// Who says so.
    pub(super) source: &'a str,
}

/// Tells what is news, in the transaction that keeps it.
pub(super) fn all(db: &mut Db, about: &About<'_>, news: &[News], now: i64) -> Result<(), StoreError> {
    let happened: Vec<Happened> = news
        .iter()
        .map(|news| match news {
            News::Told(verdict) => event("verdict", verdict, about),
            News::Confirmed(verdict) => event("verdict-confirmed", verdict, about),
            News::TakenBack(version) => {
                let detail = json!({"version": version, "source": about.source});
                Happened { kind: "verdict-taken-back", subject: version.clone(), detail }
            }
        })
        .collect();
    record(db, about.due.package_id, &happened, now)
}

fn event(kind: &'static str, verdict: &Verdict, about: &About<'_>) -> Happened {
    let version = verdict.version.clone().unwrap_or_default();
    let why: Vec<_> = verdict.evidence.iter().map(|one| one.signal).collect();
    let detail = json!({
        "version": version, "urgency": verdict.urgency.name(), "signals": why, "source": about.source,
        "ecosystem": about.ecosystem.name,
    });
    Happened { kind, subject: version, detail }
}
