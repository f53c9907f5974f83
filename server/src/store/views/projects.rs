//! The list of projects, each with what its default release counts.

use crate::store::counts::Counts;
use crate::store::schema::{project, release, slot, team};
use crate::store::viewer::Viewer;
use crate::store::{Db, StoreError};
use diesel::prelude::*;

/// A line of the list.
#[derive(Clone, Debug)]
pub struct ProjectLine {
    /// The id outside.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whose it is.
    pub team: String,
    /// The default release, where something was uploaded.
    pub release: Option<String>,
    /// Components in it.
    pub components: i64,
    /// Findings in it.
    pub findings: Counts,
    /// When something was last uploaded, in milliseconds.
    pub uploaded_at: Option<i64>,
}

type Counted = (String, i64, (i64, i64, i64, i64, i64, i64), Option<i64>);
type Row = (String, String, String, Option<Counted>);

/// The projects a viewer may see, with their default releases, as [`Row`]s.
macro_rules! lines {
    ($viewer:expr) => {
        project::table
            .inner_join(team::table.on(team::id.eq(project::team_id)))
            .left_join(release::table.on(release::id.nullable().eq(project::default_release_id)))
            .filter($viewer.sees())
            .select((
                project::public_id,
                project::name,
                team::name,
                (
                    release::name,
                    release::components,
                    (release::malicious, release::critical, release::high, release::medium, release::low, release::unknown),
                    release::uploaded_at,
                )
                    .nullable(),
            ))
    };
}

/// Projects behind `after` (name, id), by name.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn list(db: &mut Db, viewer: &Viewer, after: Option<(String, String)>, limit: i64) -> Result<Vec<ProjectLine>, StoreError> {
    // No name is empty: the empty key is before all.
    let (name, id) = after.unwrap_or_default();
    let rows: Vec<Row> = lines!(viewer)
        .filter(project::name.gt(&name).or(project::name.eq(&name).and(project::public_id.gt(&id))))
        .order((project::name, project::public_id))
        .limit(limit)
        .load(db)?;
    Ok(rows.into_iter().map(line).collect())
}

/// One project.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn one(db: &mut Db, viewer: &Viewer, id: &str) -> Result<Option<ProjectLine>, StoreError> {
    Ok(lines!(viewer).filter(project::public_id.eq(id)).first::<Row>(db).optional()?.map(line))
}

fn line((id, name, team, counted): Row) -> ProjectLine {
    let (release, components, findings, uploaded_at) = match counted {
        Some((release, components, (malicious, critical, high, medium, low, unknown), uploaded_at)) => {
            (Some(release), components, Counts { malicious, critical, high, medium, low, unknown }, uploaded_at)
        }
        None => (None, 0, Counts::default(), None),
    };
    ProjectLine { id, name, team, release, components, findings, uploaded_at }
}

/// A slot of a project's releases.
#[derive(Clone, Debug)]
pub struct SlotLine {
    /// The release.
    pub release: String,
    /// The slot.
    pub name: String,
    /// Components in it.
    pub components: i64,
    /// When a run last named it, in milliseconds.
    pub named_at: i64,
    /// Whether a complete run closed it.
    pub closed: bool,
}

/// The slots of a project, at most 500.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn slots(db: &mut Db, viewer: &Viewer, id: &str) -> Result<Vec<SlotLine>, StoreError> {
    let rows: Vec<(String, String, i64, i64, Option<i64>)> = slot::table
        .inner_join(release::table.on(release::id.eq(slot::release_id)))
        .inner_join(project::table.on(project::id.eq(release::project_id)))
        .filter(project::public_id.eq(id))
        .filter(viewer.sees())
        .order((release::name, slot::name))
        .limit(500)
        .select((release::name, slot::name, slot::components, slot::named_at, slot::closed_at))
        .load(db)?;
    let line = |(release, name, components, named_at, closed_at): (_, _, _, _, Option<i64>)| SlotLine {
        release,
        name,
        components,
        named_at,
        closed: closed_at.is_some(),
    };
    Ok(rows.into_iter().map(line).collect())
}

/// What all visible default releases count together, and how many projects there are.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn totals(db: &mut Db, viewer: &Viewer) -> Result<(i64, Counts), StoreError> {
    let rows: Vec<Row> = lines!(viewer).load(db)?;
    let projects = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let counts = rows.into_iter().map(|row| line(row).findings);
    Ok((projects, counts.fold(Counts::default(), Counts::plus)))
}
