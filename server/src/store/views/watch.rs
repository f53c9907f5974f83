//! What the watch knows of a package, for people: owners then and now, where that comes
//! from and how old it is.

use crate::store::registries::{self, Health};
use crate::store::schema::{package, project, registry, team_package, verdict, watched};
use crate::store::viewer::Viewer;
use crate::store::watched::tenures;
use crate::store::{Db, StoreError};
use bom::watched::Tenure;
use diesel::prelude::*;

/// What is known of a watched package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchView {
    /// Who says so: the registry's base address.
    pub registry: String,
    /// When the watch began; `None` before the first answer.
    pub since_at: Option<i64>,
    /// When it was last answered.
    pub looked_at: Option<i64>,
    /// When the owners were last known to be so.
    pub owners_at: Option<i64>,
    /// When it is asked next.
    pub next_at: i64,
    /// Why the last look brought less than it should, or the registry nothing.
    pub last_error: Option<String>,
    /// The source repository.
    pub repository: Option<String>,
    /// Whether the last look did not show owners that count as there until a second.
    pub in_doubt: bool,
    /// Who owned it, oldest first.
    pub tenures: Vec<Tenure>,
    /// The ids of the owners that later ones are compared with.
    pub baseline: Vec<String>,
    /// What is suspicious, newest first.
    pub verdicts: Vec<VerdictLine>,
}

/// A verdict as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct VerdictLine {
    /// The version; empty for the package as such.
    pub version: String,
    /// 0 to 100.
    pub score: i16,
    /// 1 digest, 2 ticket, 3 urgent.
    pub urgency: i16,
    /// Whether one look only said so.
    pub unconfirmed: bool,
    /// The evidence, as JSON.
    pub evidence: String,
    /// When it was first told.
    pub opened_at: i64,
    /// When it was taken back.
    pub retracted_at: Option<i64>,
}

/// The word of an urgency's code.
pub fn urgency(code: i16) -> &'static str {
    match code {
        3 => "urgent",
        2 => "ticket",
        _ => "digest",
    }
}

/// The most verdicts of one package.
const SHOWN: i64 = 50;

/// What is known of a package that one of the viewer's teams holds or held.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn of_package(db: &mut Db, viewer: &Viewer, ecosystem: i16, name: &str) -> Result<Option<WatchView>, StoreError> {
    type Row = (i64, i64, String, Option<i64>, Option<i64>, Option<i64>, i64, Option<String>, Option<String>, Option<String>);
    let mine = team_package::table
        .inner_join(project::table.on(project::team_id.eq(team_package::team_id)))
        .filter(team_package::package_id.eq(package::id))
        .filter(viewer.sees());
    let row: Option<Row> = watched::table
        .inner_join(package::table.on(package::id.eq(watched::package_id)))
        .inner_join(registry::table.on(registry::id.eq(watched::registry_id)))
        .filter(package::ecosystem.eq(ecosystem))
        .filter(package::name.eq(name))
        .filter(diesel::dsl::exists(mine))
        .select((
            package::id,
            registry::id,
            registry::address,
            watched::since_at,
            watched::looked_at,
            watched::owners_at,
            watched::next_at,
            watched::last_error,
            watched::repository,
            watched::doubt,
        ))
        .first(db)
        .optional()?;
    let Some((package_id, registry_id, registry, since_at, looked_at, owners_at, next_at, last_error, repository, doubt)) = row
    else {
        return Ok(None);
    };
    let (tenures, baseline) = tenures::load(db, package_id)?;
    let Health { last_error: silent, .. } = registries::health(db, registry_id)?;
    let repository = super::link(repository);
    let (last_error, in_doubt) = (last_error.or(silent), doubt.is_some());
    let baseline = baseline.into_iter().map(|owner| owner.id).collect();
    let verdicts = verdicts(db, package_id)?;
    Ok(Some(WatchView {
        registry,
        since_at,
        looked_at,
        owners_at,
        next_at,
        last_error,
        repository,
        in_doubt,
        tenures,
        baseline,
        verdicts,
    }))
}

fn verdicts(db: &mut Db, package_id: i64) -> Result<Vec<VerdictLine>, StoreError> {
    let columns = (
        verdict::version,
        verdict::score,
        verdict::urgency,
        verdict::unconfirmed,
        verdict::evidence,
        verdict::opened_at,
        verdict::retracted_at,
    );
    let rows = verdict::table.filter(verdict::package_id.eq(package_id)).order((verdict::opened_at.desc(), verdict::id.desc()));
    Ok(rows.limit(SHOWN).select(columns).load(db)?)
}
