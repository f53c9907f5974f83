//! From a verdict that is news to what people are told: an event for the record, and an
//! alert. One alert for a version with all its evidence, one for the package as such.

use crate::fact::Fact;
use crate::store::alerts::{Kind, NewAlert, suspicions};
use crate::store::watched::verdicts::News;
use crate::store::watched::{Due, Happened, record};
use crate::store::{Db, StoreError};
use bom::advisory::Severity;
use bom::ecosystem::Ecosystem;
use bom::signal::{Evidence, Verdict};
use serde_json::json;

/// From this score on a suspicion is critical; what is work for somebody is high.
const CRITICAL: u8 = 80;
const HIGH: u8 = 40;

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
    record(db, about.due.package_id, &happened, now)?;
    news.iter().try_for_each(|news| match news {
        News::Told(verdict) | News::Confirmed(verdict) => suspicions::told(db, &about.alert(verdict), now).map(drop),
        News::TakenBack(version) => {
            let reason = format!("{} was asked again and did not bear it out", about.source);
            suspicions::taken_back(db, &about.blank(version).dedupe(), &reason, now).map(drop)
        }
    })
}

impl About<'_> {
    /// The alert that a verdict is told by.
    fn alert(&self, verdict: &Verdict) -> NewAlert {
        let blank = self.blank(verdict.version.as_deref().unwrap_or_default());
        NewAlert {
            severity: severity(verdict),
            urgency: verdict.urgency,
            confirmed: !verdict.unconfirmed,
            headline: headline(verdict),
            todo: todo(verdict).to_owned(),
            unknown: self.unknown(verdict),
            facts: verdict.evidence.iter().map(|one| self.fact(one)).collect(),
            ..blank
        }
    }

    /// An alert that says nothing yet: what it is about.
    fn blank(&self, version: &str) -> NewAlert {
        let named = !version.is_empty();
        NewAlert {
            kind: if named { Kind::Release } else { Kind::Ownership },
            subject: format!("{} ({})", self.due.name, self.ecosystem.name),
            episode: version.to_owned(),
            package_id: Some(self.due.package_id),
            problem_id: None,
            versions: named.then(|| version.to_owned()).into_iter().collect(),
            severity: Severity::Unknown,
            urgency: bom::signal::Urgency::Digest,
            confirmed: false,
            headline: String::new(),
            todo: String::new(),
            unknown: Vec::new(),
            facts: Vec::new(),
        }
    }

    fn fact(&self, one: &Evidence) -> Fact {
        Fact {
            what: one.what.to_owned(),
            then: one.then.clone(),
            now: one.now.clone(),
            source: self.source.to_owned(),
            at: one.at.timestamp_millis(),
        }
    }

    fn unknown(&self, verdict: &Verdict) -> Vec<String> {
        let mut unknown = Vec::new();
        if verdict.evidence.iter().any(|one| one.what == "owners") {
            unknown.push("who made the change (the registry does not say)".to_owned());
            unknown.push("whether the old owners announced it".to_owned());
            if self.ecosystem.name == "npm" {
                unknown
                    .push("whether an account only has another name now (this registry gives accounts no lasting id)".to_owned());
            }
        }
        if verdict.version.is_some() {
            unknown.push("what the version does when it is installed or run (nobody has run it)".to_owned());
        }
        unknown
    }
}

fn severity(verdict: &Verdict) -> Severity {
    if verdict.evidence.iter().any(|one| one.signal == "known-malicious") {
        return Severity::Malicious;
    }
    match verdict.score {
        CRITICAL.. => Severity::Critical,
        HIGH.. => Severity::High,
        _ => Severity::Medium,
    }
}

/// What happened, in half a sentence that follows the package's name.
fn headline(verdict: &Verdict) -> String {
    let doubt = if verdict.unconfirmed { " (seen once, asked again soon)" } else { "" };
    let owners = verdict.evidence.iter().find(|one| one.what == "owners");
    match (&verdict.version, owners) {
        (None, Some(owners)) if owners.then.contains(", ") => format!("all its owners were replaced{doubt}"),
        (None, _) => format!("its only owner was replaced{doubt}"),
        (Some(version), _) => {
            let mut what: Vec<&str> = verdict.evidence.iter().map(|one| one.what).collect();
            what.dedup();
            format!("version {version} is suspicious: {}{doubt}", what.join(", "))
        }
    }
}

fn todo(verdict: &Verdict) -> &'static str {
    match verdict.version {
        Some(_) => {
            "Do not take this version until it is clear. Where a build has taken it: go back, and replace the secrets that its runs could read."
        }
        None => "Find out whether this is a hand-over or a takeover, and take no new version until it is clear.",
    }
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
