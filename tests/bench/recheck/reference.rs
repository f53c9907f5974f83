//! The reference: all components and claims in memory, joined through a hash map by the
//! same judge, on one thread.

use anyhow::Result;
use bom::advisory::{Answer, VersionsText};
use bom::ecosystem::Ecosystem;
use bom::matcher;
use bomwarden_server::services::Services;
use bomwarden_server::store::rechecks::{self, Whose};
use std::collections::{HashMap, HashSet};
use std::time::Instant;

/// What it took.
pub struct Reference {
    /// Seconds to read the rows.
    pub load: f64,
    /// Seconds to join and judge.
    pub join: f64,
    /// Pairs that were judged.
    pub pairs: i64,
    /// Component and problem that match.
    pub matches: usize,
}

/// Reads and joins everything.
pub async fn run(services: &Services) -> Result<Reference> {
    let work = |db: &mut bomwarden_server::store::Db| {
        let began = Instant::now();
        let problems: HashMap<i64, i64> = rechecks::problems(db)?.into_iter().collect();
        let mut claims: HashMap<i64, Vec<rechecks::Claim>> = HashMap::new();
        for claim in rechecks::claims(db, 0, i64::MAX)? {
            claims.entry(claim.package_id).or_default().push(claim);
        }
        let mut components = Vec::new();
        rechecks::components(db, 0, i64::MAX, Whose::All, &mut |component| components.push(component.clone()))?;
        let (load, began) = (began.elapsed().as_secs_f64(), Instant::now());
        let (mut pairs, mut matches) = (0, HashSet::new());
        for component in &components {
            for claim in claims.get(&component.package_id).into_iter().flatten() {
                let (Some(problem), Some(ecosystem)) = (problems.get(&claim.advisory_id), Ecosystem::of_code(claim.ecosystem))
                else {
                    continue;
                };
                pairs += 1;
                let answer =
                    matcher::judge(ecosystem, Some(&component.version), None, &claim.release, VersionsText(&claim.versions));
                if answer != Answer::No {
                    matches.insert((component.id, *problem));
                }
            }
        }
        Ok(Reference { load, join: began.elapsed().as_secs_f64(), pairs, matches: matches.len() })
    };
    Ok(services.store.read(work).await?)
}
