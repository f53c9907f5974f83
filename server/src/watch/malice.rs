//! Which versions of a package an advisory calls malicious.

use crate::store::matching::{self, Said};
use crate::store::{Db, StoreError};
use bom::advisory::{Answer, VersionsText};
use bom::ecosystem::Ecosystem;
use bom::matcher;
use bom::watched::Watched;

/// The versions published since the watch began that are called malicious: (id, version).
pub(super) fn of(
    db: &mut Db,
    ecosystem: &'static Ecosystem,
    package_id: i64,
    watched: &Watched,
) -> Result<Vec<(String, String)>, StoreError> {
    let said = matching::malicious(db, package_id)?;
    let new = watched.releases.iter().filter(|seen| seen.seen_at > watched.since).map(|seen| seen.release.version.as_str());
    let pairs = new.flat_map(|version| said.iter().map(move |said| (version, said)));
    let affects = |version: &str, said: &Said| {
        matcher::judge(ecosystem, Some(version), None, &said.release, VersionsText(&said.versions)) == Answer::Yes
    };
    Ok(pairs
        .filter(|(version, said)| affects(version, said))
        .map(|(version, said)| (said.name.clone(), version.to_owned()))
        .collect())
}
