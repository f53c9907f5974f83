//! Who holds what an alert is about: which project, slot and version, from when to when,
//! by how many CI runs.

use crate::store::alerts::Alert;
use crate::store::schema::{alert_project, component, held, held_before, held_once, project, release, run, slot, team, upload};
use crate::store::viewer::Viewer;
use crate::store::{Db, StoreError};
use bom::inventory::Flags;
use diesel::prelude::*;
use std::collections::HashMap;

/// Uploads that said what a slot holds from then on.
const STATES: [i16; 3] = [1, 2, 3];
/// The most presences that are read of one alert, of each sort.
const MOST: i64 = 2000;

/// A presence of what an alert is about.
#[derive(Clone, Debug)]
pub struct Use {
    /// The project: its id outside, its name, its team's name.
    pub project: (String, String, String),
    /// The release.
    pub release: String,
    /// The slot.
    pub slot: String,
    /// The version.
    pub version: String,
    /// Whether the document says that what was built needs it itself.
    pub direct: Option<bool>,
    /// The document that brought it.
    pub document_id: Option<i64>,
    /// When it was first uploaded, in milliseconds.
    pub from_at: i64,
    /// When an upload came without it; `None` while it is held, and for one build only.
    pub until_at: Option<i64>,
    /// Whether it is held now.
    pub now: bool,
    /// Whether the alert is about this version.
    pub named: bool,
    /// How many CI runs had it.
    pub runs: i64,
    /// The run that brought it: provider and id, and its page.
    pub run: (String, Option<String>),
}

/// project, release and slot; version; flags; upload that began it; run.
type Row = (((String, String, String), String, (i64, String)), String, i16, (i64, Option<i64>), (String, String, Option<String>));

macro_rules! presences {
    ($table:ident, $by:ident, $viewer:expr, $alert:expr) => {
        $table::table
            .inner_join(component::table.on(component::id.eq($table::component_id)))
            .inner_join(slot::table.on(slot::id.eq($table::slot_id)))
            .inner_join(release::table.on(release::id.eq(slot::release_id)))
            .inner_join(project::table.on(project::id.eq(release::project_id)))
            .inner_join(team::table.on(team::id.eq(project::team_id)))
            .inner_join(upload::table.on(upload::id.eq($table::$by)))
            .inner_join(run::table.on(run::id.eq(upload::run_id)))
            .filter(component::package_id.eq($alert.package_id.unwrap_or_default()))
            .filter($viewer.sees())
            .filter(
                project::id
                    .eq_any(alert_project::table.filter(alert_project::alert_id.eq($alert.id)).select(alert_project::project_id)),
            )
            .order((project::name, project::id, slot::name, upload::received_at))
            .limit(MOST)
    };
}

macro_rules! columns {
    ($table:ident) => {
        (
            ((project::public_id, project::name, team::name), release::name, (slot::id, slot::name)),
            component::version,
            $table::flags,
            (upload::received_at, upload::document_id),
            (run::provider, run::external_id, run::url),
        )
    };
}

/// The presences of an alert's package in the projects that it concerns and the viewer
/// sees: of its versions where it names some, else of all that are held now.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn of(db: &mut Db, viewer: &Viewer, alert: &Alert) -> Result<Vec<Use>, StoreError> {
    let versions = alert.versions()?;
    let now: Vec<Row> = presences!(held, since, viewer, alert).select(columns!(held)).load(db)?;
    let before: Vec<(Row, i64)> =
        presences!(held_before, since, viewer, alert).select((columns!(held_before), held_before::until)).load(db)?;
    let once: Vec<Row> = presences!(held_once, upload_id, viewer, alert).select(columns!(held_once)).load(db)?;
    let ends: Vec<i64> = before.iter().map(|(_, until)| *until).collect();
    let ends: HashMap<i64, i64> = upload::table
        .filter(upload::id.eq_any(&ends))
        .select((upload::id, upload::received_at))
        .load::<(i64, i64)>(db)?
        .into_iter()
        .collect();
    let named = |row: &Row| versions.is_empty() || versions.contains(&row.1);
    let mut uses = Vec::new();
    for row in now {
        // Who holds another version of a suspicious package is told, too, and shown here.
        let runs = if named(&row) { runs(db, slot_of(&row), row.3.0, None)? } else { 0 };
        let is_named = named(&row);
        uses.push(Use { now: true, named: is_named, ..one(row, None, runs) });
    }
    for (row, until) in before.into_iter().filter(|(row, _)| !versions.is_empty() && named(row)) {
        let until_at = ends.get(&until).copied();
        let runs = runs(db, slot_of(&row), row.3.0, until_at)?;
        uses.push(one(row, until_at, runs));
    }
    uses.extend(once.into_iter().filter(|row| !versions.is_empty() && named(row)).map(|row| one(row, None, 1)));
    Ok(uses)
}

fn slot_of(row: &Row) -> i64 {
    row.0.2.0
}

/// How many runs sent an inventory of a slot while something was in it.
fn runs(db: &mut Db, slot_id: i64, from_at: i64, until_at: Option<i64>) -> Result<i64, StoreError> {
    let sent = upload::table
        .filter(upload::slot_id.eq(slot_id))
        .filter(upload::received_at.ge(from_at))
        .filter(upload::received_at.lt(until_at.unwrap_or(i64::MAX)))
        .filter(upload::state.eq_any(STATES));
    Ok(sent.select(diesel::dsl::count(upload::run_id).aggregate_distinct()).first(db)?)
}

fn one(row: Row, until_at: Option<i64>, runs: i64) -> Use {
    let ((project, release, (_, slot)), version, flags, (from_at, document_id), (provider, id, page)) = row;
    Use {
        project,
        release,
        slot,
        version,
        direct: Flags(flags).direct(),
        document_id,
        from_at,
        until_at,
        now: false,
        named: true,
        runs,
        run: (format!("{provider} {id}"), super::super::link(page)),
    }
}
