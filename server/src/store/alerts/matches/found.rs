//! One problem in one package: which versions it is about, which alert tells it, and
//! what that alert says.

use super::super::{Alert, Fact, Kind, NewAlert, absorb, alone, get, open_about, raise, retract, row, settled, update};
use super::problems::Problem;
use crate::clock::{from_millis, rfc3339};
use crate::store::schema::{advisory, affected, component, matched, package};
use crate::store::{Db, StoreError};
use bom::advisory::{Answer, Severity, VersionsText};
use bom::ecosystem::Ecosystem;
use bom::matcher;
use bom::signal::Urgency;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How long before what the watch told a record may be published and still speak of it.
const SHADOW: i64 = 30 * 86_400_000;
/// What a fact is called that a record states, and the one that says who was earlier.
const RECORD: &str = "record";
const EXPLOITED: &str = "exploited";
const LEAD: &str = "first told";

/// A problem in a package.
pub(super) struct Found {
    pub(super) problem_id: i64,
    pub(super) package_id: i64,
    pub(super) problem: Problem,
    /// Whether a new alert may be opened for it.
    pub(super) news: bool,
}

/// What a record says: its line, when it last changed, and when it was published.
type Records = BTreeMap<String, (String, i64, i64)>;

impl Found {
    /// Raises, updates or retracts the alert about it.
    pub(super) fn tell(&self, db: &mut Db, now: i64) -> Result<(), StoreError> {
        alone(db)?;
        let records = self.records(db)?;
        let suspected = if self.is_malice() { self.suspected(db, &records)? } else { Vec::new() };
        let old = match self.known(db)? {
            Some(old) => Some(old),
            None => suspected.first().cloned(),
        };
        let mut candidates: BTreeSet<String> = BTreeSet::new();
        for alert in suspected.iter().chain(&old) {
            candidates.extend(alert.versions()?);
        }
        let versions = self.versions(db, candidates)?;
        let alone_in_it = old.as_ref().is_none_or(|old| old.dedupe == self.key());
        let unsaid = records.is_empty() || (alone_in_it && versions.is_empty());
        if let Some(old) = &old
            && (unsaid || (old.kind == Kind::Malicious.word() && !self.is_malice()))
        {
            let reason = format!("no published record says so any more (it was {})", self.problem.name);
            return retract(db, &old.dedupe, &reason, now).map(drop);
        }
        let goes_on = old.as_ref().is_some_and(Alert::is_open);
        if unsaid || !(goes_on || self.news) {
            return Ok(());
        }
        let new = self.alert(db, versions, &records, old.as_ref())?;
        match old {
            None => drop(raise(db, &new, now)?),
            Some(old) => {
                update(db, &old, &new, now)?;
                let into = get(db, old.id)?;
                suspected.iter().filter(|other| other.id != into.id).try_for_each(|other| absorb(db, other, &into, now))?;
            }
        }
        settled::raised(db, self.problem_id, self.package_id, now)
    }

    fn is_malice(&self) -> bool {
        self.problem.severity == Severity::Malicious
    }

    fn key(&self) -> String {
        format!("record:{}:{}", self.package_id, self.problem_id)
    }

    /// The alert that tells of it already, an open one before one that has ended.
    fn known(&self, db: &mut Db) -> Result<Option<Alert>, StoreError> {
        let mine = row::table.filter(row::problem_id.eq(self.problem_id)).filter(row::package_id.eq(self.package_id));
        let mut known: Vec<Alert> = mine.order(row::id).select(Alert::as_select()).load(db)?;
        known.sort_by_key(|alert| !alert.is_open());
        Ok(known.into_iter().next())
    }

    /// What the watch has told of the package and the records now speak of: alerts about
    /// these versions, else one about the owners around that time.
    fn suspected(&self, db: &mut Db, records: &Records) -> Result<Vec<Alert>, StoreError> {
        let (mut releases, mut owners) = (Vec::new(), Vec::new());
        for alert in open_about(db, self.package_id)? {
            let first = records.values().map(|(_, _, at)| *at).min();
            if alert.kind == Kind::Release.word() {
                let named = alert.versions()?.into_iter().collect();
                if !self.affected(db, &named)?.is_empty() {
                    releases.push(alert);
                }
            } else if alert.kind == Kind::Ownership.word() && first.is_some_and(|at| at >= alert.opened_at - SHADOW) {
                owners.push(alert);
            }
        }
        owners.truncate(1);
        Ok(if releases.is_empty() { owners } else { releases })
    }

    /// Of `versions` and of those that are held or were, the ones that it is about.
    fn versions(&self, db: &mut Db, versions: BTreeSet<String>) -> Result<Vec<String>, StoreError> {
        let mut found = self.affected(db, &versions)?;
        found.extend(self.held(db)?);
        Ok(found.into_iter().collect())
    }

    /// The versions that it is about and that are held or were.
    fn held(&self, db: &mut Db) -> Result<Vec<String>, StoreError> {
        let held = matched::table
            .inner_join(component::table.on(component::id.eq(matched::component_id)))
            .filter(matched::problem_id.eq(self.problem_id))
            .filter(component::package_id.eq(self.package_id))
            .filter(matched::gone_at.is_null())
            .filter(matched::answer.eq(1))
            .select(component::version);
        Ok(held.load(db)?)
    }

    /// Those of some versions that a record of it affects, whoever holds them.
    fn affected(&self, db: &mut Db, versions: &BTreeSet<String>) -> Result<BTreeSet<String>, StoreError> {
        if versions.is_empty() {
            return Ok(BTreeSet::new());
        }
        let code: i16 = package::table.find(self.package_id).select(package::ecosystem).first(db)?;
        let Some(ecosystem) = Ecosystem::of_code(code) else { return Ok(BTreeSet::new()) };
        let said: Vec<(String, String)> = affected::table
            .inner_join(advisory::table.on(advisory::id.eq(affected::advisory_id)))
            .filter(affected::package_id.eq(self.package_id))
            .filter(advisory::problem_id.eq(self.problem_id))
            .filter(advisory::withdrawn_at.is_null())
            .select((affected::release, affected::versions))
            .load(db)?;
        let is_meant = |version: &&String| {
            let judge = |(release, text): &(String, String)| {
                matcher::judge(ecosystem, Some(version), None, release, VersionsText(text)) == Answer::Yes
            };
            said.iter().any(judge)
        };
        Ok(versions.iter().filter(is_meant).cloned().collect())
    }

    /// The records of it that name the package and are not taken back.
    fn records(&self, db: &mut Db) -> Result<Records, StoreError> {
        let rows: Vec<(String, String, i64, Option<i64>)> = affected::table
            .inner_join(advisory::table.on(advisory::id.eq(affected::advisory_id)))
            .filter(affected::package_id.eq(self.package_id))
            .filter(advisory::problem_id.eq(self.problem_id))
            .filter(advisory::withdrawn_at.is_null())
            .select((advisory::name, advisory::summary, advisory::modified_at, advisory::published_at))
            .distinct()
            .load(db)?;
        Ok(rows.into_iter().map(|(name, line, at, published)| (name, (line, at, published.unwrap_or(at)))).collect())
    }

    fn alert(&self, db: &mut Db, versions: Vec<String>, records: &Records, old: Option<&Alert>) -> Result<NewAlert, StoreError> {
        let (code, name): (i16, String) =
            package::table.find(self.package_id).select((package::ecosystem, package::name)).first(db)?;
        let known = Ecosystem::of_code(code);
        let ecosystem = known.map_or("unknown ecosystem", |ecosystem| ecosystem.name);
        let is_weak = known.is_some_and(|ecosystem| ecosystem.weak);
        let at_once = self.is_malice() || self.problem.exploited_at.is_some();
        let what = match (self.is_malice(), self.problem.exploited_at) {
            (true, _) => "is malicious".to_owned(),
            (false, Some(_)) => "has a problem that is being exploited".to_owned(),
            (false, None) => format!("has a problem of severity {}", self.problem.severity.name()),
        };
        Ok(NewAlert {
            kind: if self.is_malice() { Kind::Malicious } else { Kind::Vulnerable },
            subject: format!("{name} ({ecosystem})"),
            episode: self.problem_id.to_string(),
            package_id: Some(self.package_id),
            problem_id: Some(self.problem_id),
            versions,
            severity: self.problem.severity,
            urgency: if at_once { Urgency::Urgent } else { Urgency::Ticket },
            confirmed: true,
            headline: format!("{what} ({}{})", self.problem.name, if is_weak { "; weak: found by a CPE" } else { "" }),
            todo: self.todo(db)?.to_owned(),
            unknown: unknown(is_weak),
            facts: self.facts(records, old)?,
        })
    }

    /// What people are to do about it.
    fn todo(&self, db: &mut Db) -> Result<&'static str, StoreError> {
        if !self.is_malice() {
            return Ok("Move to a version that repairs it, or say on the project's page why it does not concern you.");
        }
        Ok(match self.held(db)?.as_slice() {
            [] => "Keep it out: no build that was sent here holds it or held it. Look for builds that are not sent here.",
            _ => "Stop builds that hold it, go back to a version before it, and replace every secret that its runs could read.",
        })
    }

    /// What records say, how much earlier it was told, and what the watch had told.
    fn facts(&self, records: &Records, old: Option<&Alert>) -> Result<Vec<Fact>, StoreError> {
        let mut facts: Vec<Fact> =
            records.iter().map(|(record, (line, at, _))| fact(RECORD, line.clone(), record.clone(), *at)).collect();
        if let Some(at) = self.problem.exploited_at {
            facts.push(fact(EXPLOITED, "known to be exploited".to_owned(), self.problem.name.clone(), at));
        }
        let Some(old) = old.filter(|old| old.dedupe != self.key()) else { return Ok(facts) };
        if let Some(published) = records.values().map(|(_, _, at)| *at).min().filter(|at| *at > old.opened_at) {
            let text = format!("{} before the first record ({})", span(published - old.opened_at), rfc3339(published));
            facts.push(fact(LEAD, text, "this server".to_owned(), old.opened_at));
        }
        let ours = |fact: &Fact| [RECORD, EXPLOITED, LEAD].contains(&fact.what.as_str());
        facts.extend(old.facts()?.into_iter().filter(|fact| !ours(fact)));
        Ok(facts)
    }
}

/// What nobody knows of a match.
fn unknown(is_weak: bool) -> Vec<String> {
    let product = is_weak.then_some("whether it is this product: a CPE is a name that somebody guessed");
    product.into_iter().chain(["builds that do not send their inventory"]).map(str::to_owned).collect()
}

fn fact(what: &str, now: String, source: String, at: i64) -> Fact {
    Fact { what: what.to_owned(), then: String::new(), now, source, at }
}

/// A span of time in its two greatest units.
fn span(millis: i64) -> String {
    let minutes = (from_millis(millis) - from_millis(0)).num_minutes();
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn spans_are_short() {
        for (minutes, text) in [(0, "0 min"), (147, "2 h 27 min"), (1441, "1 d 0 h")] {
            assert_eq!(super::span(minutes * 60_000), text);
        }
    }
}
