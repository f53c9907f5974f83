//! From matches to alerts: a component that a record calls malicious is told at once,
//! one that it calls critical is work for the next day; a record that is taken back
//! takes its alert with it. The cost follows what changed, not what is held.

use super::{Fact, Kind, NewAlert, by_dedupe, raise, retract};
use crate::store::components::CHUNK;
use crate::store::counts::severity;
use crate::store::matching::Happened;
use crate::store::schema::{advisory, component, matched, package, problem};
use crate::store::{Db, StoreError};
use bom::advisory::Severity;
use bom::ecosystem::Ecosystem;
use bom::signal::Urgency;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A match that stands or ended.
type Ended = (i64, i64);

/// Raises and retracts what follows from matches that began and ended, in the
/// transaction that writes them.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn told(db: &mut Db, happened: &[Happened<'_>], now: i64) -> Result<(), StoreError> {
    let problems: BTreeSet<i64> = happened.iter().map(|h| h.of.problem_id).collect();
    let grave = grave(db, &problems)?;
    let concerned = |h: &&Happened<'_>| grave.contains_key(&h.of.problem_id);
    let components: BTreeSet<i64> = happened.iter().filter(concerned).map(|h| h.of.component_id).collect();
    let packages = packages(db, &components)?;
    let pairs: BTreeSet<Ended> =
        happened.iter().filter(concerned).filter_map(|h| Some((h.of.problem_id, *packages.get(&h.of.component_id)?))).collect();
    for (problem_id, package_id) in pairs {
        let Some((name, severity)) = grave.get(&problem_id) else { continue };
        let found = Found { problem_id, package_id, name: name.clone(), severity: *severity };
        found.tell(db, now)?;
    }
    Ok(())
}

/// A grave problem in a package.
struct Found {
    problem_id: i64,
    package_id: i64,
    name: String,
    severity: Severity,
}

impl Found {
    fn tell(&self, db: &mut Db, now: i64) -> Result<(), StoreError> {
        let (versions, records) = self.standing(db)?;
        let (ecosystem, name): (i16, String) =
            package::table.find(self.package_id).select((package::ecosystem, package::name)).first(db)?;
        let ecosystem = Ecosystem::of_code(ecosystem).map_or("unknown ecosystem", |ecosystem| ecosystem.name);
        let new = self.alert(&name, ecosystem, versions, &records);
        if new.versions.is_empty() {
            let reason = format!("no published record says so any more (it was {})", self.name);
            return retract(db, &new.dedupe(), &reason, now).map(drop);
        }
        // What was known when it was held for the first time is the upload's answer, unless it was made to harm.
        let raised = self.severity == Severity::Malicious || by_dedupe(db, &new.dedupe())?.is_some() || self.is_news(db, now)?;
        if raised { raise(db, &new, now).map(drop) } else { Ok(()) }
    }

    /// The versions that are held or were, and the records that say so.
    fn standing(&self, db: &mut Db) -> Result<(Vec<String>, Records), StoreError> {
        let rows: Vec<(String, String, String, i64)> = matched::table
            .inner_join(component::table.on(component::id.eq(matched::component_id)))
            .inner_join(advisory::table.on(advisory::id.eq(matched::advisory_id)))
            .filter(matched::problem_id.eq(self.problem_id))
            .filter(component::package_id.eq(self.package_id))
            .filter(matched::gone_at.is_null())
            .filter(matched::answer.eq(1))
            .select((component::version, advisory::name, advisory::summary, advisory::modified_at))
            .load(db)?;
        let versions: BTreeSet<String> = rows.iter().map(|(version, ..)| version.clone()).collect();
        let records = rows.into_iter().map(|(_, record, summary, at)| (record, (summary, at))).collect();
        Ok((versions.into_iter().collect(), records))
    }

    /// Whether the record came after the components it speaks of.
    fn is_news(&self, db: &mut Db, now: i64) -> Result<bool, StoreError> {
        const DAY: i64 = 86_400_000;
        let published: Option<Option<i64>> = advisory::table
            .filter(advisory::problem_id.eq(self.problem_id))
            .select(advisory::published_at)
            .order(advisory::published_at.desc())
            .first(db)
            .optional()?;
        Ok(published.flatten().is_some_and(|at| at > now - 7 * DAY))
    }

    fn alert(&self, name: &str, ecosystem: &str, versions: Vec<String>, records: &Records) -> NewAlert {
        let malicious = self.severity == Severity::Malicious;
        let fact = |(record, (summary, at)): (&String, &(String, i64))| Fact {
            what: "record".to_owned(),
            then: String::new(),
            now: summary.clone(),
            source: record.clone(),
            at: *at,
        };
        NewAlert {
            kind: if malicious { Kind::Malicious } else { Kind::Vulnerable },
            subject: format!("{name} ({ecosystem})"),
            episode: self.problem_id.to_string(),
            package_id: Some(self.package_id),
            problem_id: Some(self.problem_id),
            versions,
            severity: self.severity,
            urgency: if malicious { Urgency::Urgent } else { Urgency::Ticket },
            confirmed: true,
            headline: format!("{} ({})", if malicious { "is malicious" } else { "has a critical problem" }, self.name),
            todo: if malicious {
                "Stop builds that hold it, go back to a version before it, and replace every secret that its runs could read."
            } else {
                "Move to a version that repairs it."
            }
            .to_owned(),
            unknown: vec!["builds that do not upload their inventory".to_owned()],
            facts: records.iter().map(fact).collect(),
        }
    }
}

/// Records by name, with their line and when they last changed.
type Records = BTreeMap<String, (String, i64)>;

/// The names of those problems that are told.
fn grave(db: &mut Db, problems: &BTreeSet<i64>) -> Result<BTreeMap<i64, (String, Severity)>, StoreError> {
    let ids: Vec<i64> = problems.iter().copied().collect();
    let mut grave = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(i64, String, i16)> = problem::table
            .filter(problem::id.eq_any(chunk))
            .filter(problem::severity.ge(i16::from(Severity::Critical.code())))
            .select((problem::id, problem::name, problem::severity))
            .load(db)?;
        grave.extend(rows.into_iter().map(|(id, name, code)| (id, (name, severity(code)))));
    }
    Ok(grave)
}

fn packages(db: &mut Db, components: &BTreeSet<i64>) -> Result<BTreeMap<i64, i64>, StoreError> {
    let ids: Vec<i64> = components.iter().copied().collect();
    let mut packages = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(i64, i64)> =
            component::table.filter(component::id.eq_any(chunk)).select((component::id, component::package_id)).load(db)?;
        packages.extend(rows);
    }
    Ok(packages)
}
