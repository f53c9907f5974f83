//! Where a package is and was used: which project, slot and version, from when to when.

use crate::store::schema::{component, held, held_before, held_once, package, project, release, run, slot, upload};
use crate::store::viewer::Viewer;
use crate::store::{Db, StoreError};
use diesel::prelude::*;

/// One use of a package at a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The project.
    pub project: String,
    /// The project's id outside.
    pub project_id: String,
    /// The release.
    pub release: String,
    /// The slot.
    pub slot: String,
    /// The version.
    pub version: String,
    /// When it was first uploaded, in milliseconds.
    pub from_at: i64,
    /// When an upload came without it; `None` while it is held.
    pub until_at: Option<i64>,
    /// Whether it is held now.
    pub now: bool,
    /// The page of the CI run that brought it.
    pub run: Option<String>,
    /// The run that brought it: provider and id.
    pub run_name: String,
}

/// A use of which the end is not read yet: project, place, version, start, run, end.
type Row = ((String, String, String, String), String, i64, (String, String, Option<String>));

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        (
            (project::name, project::public_id, release::name, slot::name),
            component::version,
            upload::received_at,
            (run::provider, run::external_id, run::url),
        )
    };
}

/// The uses of a table of presences, joined over its `since` or `upload_id`.
macro_rules! uses {
    ($table:ident, $by:ident, $viewer:expr, $package:expr, $limit:expr) => {
        $table::table
            .inner_join(component::table.on(component::id.eq($table::component_id)))
            .inner_join(slot::table.on(slot::id.eq($table::slot_id)))
            .inner_join(release::table.on(release::id.eq(slot::release_id)))
            .inner_join(project::table.on(project::id.eq(release::project_id)))
            .inner_join(upload::table.on(upload::id.eq($table::$by)))
            .inner_join(run::table.on(run::id.eq(upload::run_id)))
            .filter(component::package_id.eq($package))
            .filter($viewer.sees())
            .limit($limit)
    };
}

/// The uses of a package that the viewer may see, held ones first; at most `limit` of each sort.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn uses(db: &mut Db, viewer: &Viewer, ecosystem: i16, name: &str, limit: i64) -> Result<Vec<Use>, StoreError> {
    let found: Option<i64> = package::table
        .filter(package::ecosystem.eq(ecosystem))
        .filter(package::name.eq(name))
        .select(package::id)
        .first(db)
        .optional()?;
    let Some(id) = found else { return Ok(Vec::new()) };
    let now: Vec<Row> = uses!(held, since, viewer, id, limit).select(columns!()).load(db)?;
    let before: Vec<(Row, i64)> =
        uses!(held_before, since, viewer, id, limit).select((columns!(), held_before::until)).load(db)?;
    let once: Vec<Row> = uses!(held_once, upload_id, viewer, id, limit).select(columns!()).load(db)?;
    let ends: Vec<i64> = before.iter().map(|(_, until)| *until).collect();
    let ends: std::collections::HashMap<i64, i64> = upload::table
        .filter(upload::id.eq_any(&ends))
        .select((upload::id, upload::received_at))
        .load::<(i64, i64)>(db)?
        .into_iter()
        .collect();
    let mut uses: Vec<Use> = now.into_iter().map(|row| one(row, None, true)).collect();
    uses.extend(before.into_iter().map(|(row, until)| one(row, ends.get(&until).copied(), false)));
    uses.extend(once.into_iter().map(|row| one(row, None, false)));
    uses.sort_by(|a, b| b.now.cmp(&a.now).then_with(|| a.cmp(b)));
    Ok(uses)
}

fn one(
    ((project, project_id, release, slot), version, from_at, (provider, id, run)): Row,
    until_at: Option<i64>,
    now: bool,
) -> Use {
    Use {
        project,
        project_id,
        release,
        slot,
        version,
        from_at,
        until_at,
        now,
        run: super::link(run),
        run_name: format!("{provider} {id}"),
    }
}

/// Packages that the viewer's teams hold or held and whose name begins with `start`: (ecosystem, name).
///
/// # Errors
/// [`StoreError`] from the database.
pub fn search(db: &mut Db, viewer: &Viewer, start: &str, limit: i64) -> Result<Vec<(i16, String)>, StoreError> {
    use crate::store::schema::team_package;
    let mine = team_package::table
        .inner_join(project::table.on(project::team_id.eq(team_package::team_id)))
        .filter(team_package::package_id.eq(package::id))
        .filter(viewer.sees());
    // The range from the text to the text with the greatest character behind it: an index serves it.
    let end = format!("{start}\u{10ffff}");
    Ok(package::table
        .filter(package::name.ge(start))
        .filter(package::name.lt(end))
        .filter(diesel::dsl::exists(mine))
        .order((package::name, package::ecosystem))
        .limit(limit)
        .select((package::ecosystem, package::name))
        .load(db)?)
}
