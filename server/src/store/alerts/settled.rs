//! What decisions do to alerts. A project for which a decision settles the finding is not
//! asked any more; a team is left alone when each of its projects is settled; an alert that
//! every holder has settled resolves. When a decision ends, all of it comes back.

use super::holders::{alone, meant, stands, words};
use super::{Alert, OPEN, get, reopen, resolve, row, shares};
use crate::store::schema::{alert_project, project};
use crate::store::triage::standing::{self, Words};
use crate::store::{Db, StoreError};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Follows decisions about a problem in a package that began or ended.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn decided(db: &mut Db, problem_id: i64, package_id: i64, now: i64) -> Result<(), StoreError> {
    let about = row::table.filter(row::problem_id.eq(problem_id)).filter(row::package_id.eq(package_id));
    let ids: Vec<i64> =
        about.filter(row::state.eq_any(["open", "acknowledged", "resolved"])).order(row::id).select(row::id).load(db)?;
    ids.into_iter().try_for_each(|id| follow(db, id, now))
}

/// Brings one alert in line with what holds for its projects.
pub(super) fn follow(db: &mut Db, id: i64, now: i64) -> Result<(), StoreError> {
    alone(db)?;
    let found = get(db, id)?;
    let words = words(db, &found, now)?;
    let projects = marked(db, &found, &words)?;
    let teams = Teams::of(&projects, &words);
    let named = meant(db, &found)?.named;
    if stands(db, &named, &words)? {
        if !found.is_open() {
            // Everybody who is asked has a share before all of them are told.
            teams.asked.iter().try_for_each(|team| shares::add(db, &found, *team, None, now))?;
            return reopen(db, &found, now);
        }
        teams.returned.iter().try_for_each(|team| shares::again(db, &found, *team, now))?;
        return teams.quiet.iter().try_for_each(|team| shares::quiet(db, found.id, *team));
    }
    teams.quiet.iter().try_for_each(|team| shares::quiet(db, found.id, *team))?;
    if found.is_open() && !teams.quiet.is_empty() {
        resolve(db, &found, "every project that holds it has settled it", now)?;
    }
    Ok(())
}

/// A project of an alert: its key, its team, whether it was settled before.
type Marked = (i64, i64, bool);

/// Writes down which projects are settled now; answers which were before.
fn marked(db: &mut Db, of: &Alert, words: &Words) -> Result<Vec<Marked>, StoreError> {
    let rows: Vec<Marked> = alert_project::table
        .inner_join(project::table.on(project::id.eq(alert_project::project_id)))
        .filter(alert_project::alert_id.eq(of.id))
        .select((project::id, project::team_id, alert_project::settled))
        .load(db)?;
    for settled in [true, false] {
        let other: Vec<i64> =
            rows.iter().filter(|(id, _, was)| *was != settled && words.settle(*id) == settled).map(|row| row.0).collect();
        for chunk in other.chunks(crate::store::components::CHUNK) {
            let mine = alert_project::table.filter(alert_project::alert_id.eq(of.id));
            let some = mine.filter(alert_project::project_id.eq_any(chunk));
            diesel::update(some).set(alert_project::settled.eq(settled)).execute(db)?;
        }
    }
    Ok(rows)
}

/// The teams of an alert.
#[derive(Default)]
struct Teams {
    /// Those of which each project is settled.
    quiet: BTreeSet<i64>,
    /// The others.
    asked: BTreeSet<i64>,
    /// Of these, those of which a project is not settled any more.
    returned: BTreeSet<i64>,
}

impl Teams {
    fn of(projects: &[Marked], words: &Words) -> Self {
        let mut teams = Self::default();
        let mut by_team: BTreeMap<i64, Vec<(bool, bool)>> = BTreeMap::new();
        for (project, team, was) in projects {
            by_team.entry(*team).or_default().push((*was, words.settle(*project)));
        }
        for (team, projects) in by_team {
            if projects.iter().all(|(_, is)| *is) {
                teams.quiet.insert(team);
                continue;
            }
            teams.asked.insert(team);
            if projects.iter().any(|(was, is)| *was && !is) {
                teams.returned.insert(team);
            }
        }
        teams
    }
}

/// Follows an alert that was raised or changed, where something was decided about it.
pub(super) fn raised(db: &mut Db, problem_id: i64, package_id: i64, now: i64) -> Result<(), StoreError> {
    if standing::on(db, problem_id, package_id, now)?.is_empty() {
        return Ok(());
    }
    let about = row::table.filter(row::problem_id.eq(problem_id)).filter(row::package_id.eq(package_id));
    let open: Vec<i64> = about.filter(row::state.eq_any(OPEN)).select(row::id).load(db)?;
    open.into_iter().try_for_each(|id| follow(db, id, now))
}
