//! The matcher's driver: takes what waits, reads components beside the records
//! that name their packages, and writes the difference to the matches that stand.

use crate::services::Services;
use crate::store::matching::{self, Happened, Match, Pair, Scope};
use crate::store::rematches;
use crate::store::{Db, StoreError};
use bom::advisory::{Answer, Versions, VersionsText};
use bom::ecosystem::Ecosystem;
use bom::matcher;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Pieces of work of one transaction.
const BATCH: i64 = 1000;
/// The answer of a match that is certain, and of one that nobody can tell.
const AFFECTED: i16 = 1;
const CANNOT_TELL: i16 = 2;

/// Matches everything that waits. Answers how many pieces of work there were.
///
/// # Errors
/// [`StoreError`] from the database; what was done stays done.
pub async fn drain(services: &Services) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let now = services.clock.millis();
        let found = services.store.read(prepare).await?;
        let Some(found) = found else { return Ok(total) };
        total += found.work.len();
        match services.store.write(move |db| found.write(db, now)).await {
            // Another server did this work from a newer snapshot.
            Err(StoreError::Overtaken) => {}
            answer => answer?,
        }
    }
}

/// Matches as they should be, and as they stand.
struct Found {
    work: Vec<i64>,
    wanted: BTreeMap<(i64, i64), Match>,
    components: BTreeSet<i64>,
}

/// Reads the next batch and matches it, on one snapshot. `None` when nothing waits.
fn prepare(db: &mut Db) -> Result<Option<Found>, StoreError> {
    let work = rematches::next(db, BATCH)?;
    if work.is_empty() {
        return Ok(None);
    }
    let public = matching::public_origins(db)?;
    let mut found = Found { work: work.iter().map(|w| w.id).collect(), wanted: BTreeMap::new(), components: BTreeSet::new() };
    let mut packages: Vec<i64> = work.iter().filter_map(|w| w.package_id).collect();
    packages.sort_unstable();
    packages.dedup();
    found.take(db, &Scope::Packages(&packages), &public)?;
    for range in &work {
        if let (Some(first), Some(last)) = (range.first_component, range.last_component) {
            found.take(db, &Scope::Range(first, last), &public)?;
        }
    }
    Ok(Some(found))
}

impl Found {
    fn take(&mut self, db: &mut Db, scope: &Scope<'_>, public: &HashSet<i64>) -> Result<(), StoreError> {
        self.components.extend(matching::components(db, scope)?);
        for pair in matching::pairs(db, scope)? {
            self.consider(&pair, public);
        }
        Ok(())
    }

    fn consider(&mut self, pair: &Pair, public: &HashSet<i64>) {
        if !public.contains(&pair.origin_id) {
            return;
        }
        let Some((answer, fixed)) = judge(pair) else { return };
        let new = Match {
            component_id: pair.component_id,
            problem_id: pair.problem_id,
            advisory_id: pair.advisory_id,
            answer,
            fixed,
            gone_at: None,
        };
        let key = (pair.component_id, pair.problem_id);
        match self.wanted.get(&key) {
            // Of records that speak of the same problem, a certain one counts, then one that knows a repair, then the older.
            Some(old) if rank(old) <= rank(&new) => {}
            _ => {
                self.wanted.insert(key, new);
            }
        }
    }

    /// Writes the difference and ends the work, in one transaction.
    fn write(&self, db: &mut Db, now: i64) -> Result<(), StoreError> {
        rematches::done(db, &self.work)?;
        let standing = matching::standing(db, &self.components)?;
        let mut rows: Vec<Match> = Vec::new();
        let mut happened = Vec::new();
        let mut touched = BTreeSet::new();
        for (key, wanted) in &self.wanted {
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
            if old.gone_at.is_none() && !self.wanted.contains_key(key) {
                rows.push(Match { gone_at: Some(now), ..old.clone() });
                happened.push(Happened { kind: "finding-gone", of: old });
            }
            // A record may have changed its severity without changing the match.
            touched.insert(key.0);
        }
        touched.extend(rows.iter().map(|row| row.component_id));
        matching::write(db, &rows, now)?;
        matching::record(db, &happened, now)?;
        rematches::recount(db, &touched)
    }
}

fn rank(found: &Match) -> (i16, bool, i64) {
    (found.answer, found.fixed.is_empty(), found.advisory_id)
}

/// Whether the record affects the component, and what repairs it.
fn judge(pair: &Pair) -> Option<(i16, String)> {
    let scheme = Ecosystem::of_code(pair.ecosystem)?.scheme;
    let version = Some(pair.version.as_str()).filter(|version| !version.is_empty());
    let distro = pair.qualifiers.split('&').find_map(|q| q.strip_prefix("distro="));
    match matcher::judge(scheme, version, distro, &pair.release, VersionsText(&pair.versions)) {
        Answer::No => None,
        Answer::Yes => {
            let fixes = Versions::from_text(&pair.versions).map(|versions| versions.fixes(scheme, &pair.version));
            Some((AFFECTED, fixes.unwrap_or_default().join(" ")))
        }
        Answer::CannotTell(_) => Some((CANNOT_TELL, String::new())),
    }
}
