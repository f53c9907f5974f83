//! The matcher's driver: takes what waits, reads components beside the records
//! that name their packages, and writes the difference to the matches that stand.

pub(crate) mod wanted;

use crate::outbox;
use crate::services::Services;
use crate::store::matching::{self, Happened, Match, Scope};
use crate::store::{Db, StoreError};
use crate::store::{alerts, rematches};
use bom::ecosystem::Ecosystem;
use std::collections::{BTreeSet, HashSet};
use wanted::{Claimed, Held, Wanted};

/// Pieces of work of one transaction.
const BATCH: i64 = 1000;

/// Matches everything that waits. Answers how many pieces of work there were.
///
/// # Errors
/// [`StoreError`] from the database; what was done stays done.
pub async fn drain(services: &Services) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let now = services.clock.millis();
        let found = services.store.read(prepare).await?;
        let Some(found) = found else { break };
        total += found.work.len();
        match services.store.write(move |db| found.write(db, now)).await {
            // Another server did this work from a newer snapshot.
            Err(StoreError::Overtaken) => {}
            answer => answer?,
        }
    }
    if total > 0 {
        outbox::hint(services).await?;
    }
    Ok(total)
}

/// Matches as they should be, and as they stand.
#[derive(Default)]
struct Found {
    work: Vec<i64>,
    wanted: Wanted,
    components: BTreeSet<i64>,
    /// Those that an upload brought just now.
    brought: BTreeSet<i64>,
    /// Packages of which a record changed.
    packages: Vec<i64>,
}

/// Reads the next batch and matches it, on one snapshot. `None` when nothing waits.
fn prepare(db: &mut Db) -> Result<Option<Found>, StoreError> {
    let work = rematches::next(db, BATCH)?;
    if work.is_empty() {
        return Ok(None);
    }
    let public = matching::public_origins(db)?;
    let mut packages: Vec<i64> = work.iter().filter_map(|w| w.package_id).collect();
    packages.sort_unstable();
    packages.dedup();
    let mut found = Found { work: work.iter().map(|w| w.id).collect(), packages, ..Found::default() };
    let packages = found.packages.clone();
    found.take(db, &Scope::Packages(&packages), &public)?;
    for range in &work {
        if let (Some(first), Some(last)) = (range.first_component, range.last_component) {
            let scope = Scope::Range(first, last);
            found.take(db, &scope, &public)?;
            found.brought.extend(matching::components(db, &scope)?);
        }
    }
    Ok(Some(found))
}

impl Found {
    fn take(&mut self, db: &mut Db, scope: &Scope<'_>, public: &HashSet<i64>) -> Result<(), StoreError> {
        self.components.extend(matching::components(db, scope)?);
        for pair in matching::pairs(db, scope)? {
            let Some(ecosystem) = Ecosystem::of_code(pair.ecosystem).filter(|_| public.contains(&pair.origin_id)) else {
                continue;
            };
            let (version, qualifiers) = (pair.version.as_str(), pair.qualifiers.as_str());
            let held = Held { id: pair.component_id, ecosystem, version, qualifiers };
            let (release, versions) = (pair.release.as_str(), pair.versions.as_str());
            let (advisory_id, problem_id) = (pair.advisory_id, pair.problem_id);
            self.wanted.consider(held, Claimed { advisory_id, problem_id, release, versions });
        }
        Ok(())
    }

    /// Writes the difference and ends the work, in one transaction.
    fn write(&self, db: &mut Db, now: i64) -> Result<(), StoreError> {
        rematches::done(db, &self.work)?;
        let standing = matching::standing(db, &self.components)?;
        let mut rows: Vec<Match> = Vec::new();
        let mut happened = Vec::new();
        let mut touched = BTreeSet::new();
        for (key, wanted) in self.wanted.matches() {
            match standing.get(key) {
                Some(old) if old == wanted => {}
                Some(old) => {
                    rows.push(wanted.clone());
                    if old.gone_at.is_some() {
                        happened.push(Happened { kind: "finding-back", of: wanted });
                    }
                }
                None => {
                    rows.push(wanted.clone());
                    happened.push(Happened { kind: "finding-new", of: wanted });
                }
            }
        }
        for (key, old) in &standing {
            if old.gone_at.is_none() && !self.wanted.matches().contains_key(key) {
                rows.push(Match { gone_at: Some(now), ..old.clone() });
                happened.push(Happened { kind: "finding-gone", of: old });
            }
            // A record may have changed its severity without changing the match.
            touched.insert(key.0);
        }
        touched.extend(rows.iter().map(|row| row.component_id));
        matching::write(db, &rows, now)?;
        matching::record(db, &happened, now)?;
        alerts::matches::told(db, &happened, &self.brought, &self.packages, now)?;
        rematches::recount(db, &touched, None)
    }
}
