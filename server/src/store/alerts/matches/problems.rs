//! Problems as alerts speak of them.

use crate::store::components::CHUNK;
use crate::store::counts::severity;
use crate::store::schema::{advisory, feed, problem};
use crate::store::{Db, StoreError};
use bom::advisory::Severity;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A problem.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub(super) name: String,
    pub(super) severity: Severity,
    /// Since when it is known to be exploited, in milliseconds.
    pub(super) exploited_at: Option<i64>,
    /// Whether a feed says it that was loaded before.
    pub(super) loaded: bool,
}

/// The problems with these keys.
pub(super) fn of(db: &mut Db, ids: &[i64]) -> Result<BTreeMap<i64, Problem>, StoreError> {
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let new: BTreeSet<i64> = only_in_first_loads(db, chunk)?;
        let rows: Vec<(i64, String, i16, Option<i64>)> = problem::table
            .filter(problem::id.eq_any(chunk))
            .select((problem::id, problem::name, problem::severity, problem::exploited_at))
            .load(db)?;
        found.extend(rows.into_iter().map(|(id, name, code, exploited_at)| {
            (id, Problem { name, severity: severity(code), exploited_at, loaded: !new.contains(&id) })
        }));
    }
    Ok(found)
}

/// Those of the problems that only feeds speak of which are fetched for the first time.
fn only_in_first_loads(db: &mut Db, problems: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
    let said = || advisory::table.filter(advisory::problem_id.eq_any(problems)).select(advisory::problem_id).distinct();
    let first = feed::table.filter(feed::fetched_at.is_null()).select(feed::name);
    let new: BTreeSet<i64> = said().filter(advisory::feed.eq_any(first)).load::<i64>(db)?.into_iter().collect();
    if new.is_empty() {
        return Ok(new);
    }
    let first = feed::table.filter(feed::fetched_at.is_null()).select(feed::name);
    let old: BTreeSet<i64> = said().filter(advisory::feed.ne_all(first)).load::<i64>(db)?.into_iter().collect();
    Ok(new.difference(&old).copied().collect())
}
