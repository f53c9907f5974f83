//! What was sent to a project, the newest first.

use crate::store::schema::{document, project, release, run, slot, upload};
use crate::store::uploads::State;
use crate::store::viewer::Viewer;
use crate::store::{Db, StoreError};
use diesel::prelude::*;

/// A line of the uploads.
#[derive(Clone, Debug)]
pub struct UploadLine {
    /// Its key, for paging.
    pub key: i64,
    /// The id outside.
    pub id: String,
    /// The project.
    pub project: String,
    /// The project's id outside.
    pub project_id: String,
    /// The release.
    pub release: String,
    /// The slot.
    pub slot: String,
    /// What it did, in a word.
    pub state: &'static str,
    /// The document's id outside, where there is one.
    pub document: Option<String>,
    /// SHA-256 of the document, hexadecimal.
    pub sha256: Option<String>,
    /// Components in it.
    pub components: i64,
    /// Components it brought.
    pub added: i64,
    /// Components it ended.
    pub removed: i64,
    /// Who ran it.
    pub provider: String,
    /// The run's page.
    pub url: Option<String>,
    /// The commit.
    pub commit: Option<String>,
    /// When it came, in milliseconds.
    pub received_at: i64,
}

type Sent = (String, String, String, String);
type Ran = (String, Option<String>, Option<String>);
type Row = (i64, String, Sent, i16, Option<String>, Option<Vec<u8>>, (i64, i64, i64), Ran, i64);

/// Uploads with keys below `before`, of one project or of all that the viewer may see.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn list(
    db: &mut Db,
    viewer: &Viewer,
    of: Option<&str>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<UploadLine>, StoreError> {
    // The empty id stands for every project.
    let id = of.unwrap_or_default();
    let rows: Vec<Row> = upload::table
        .inner_join(slot::table.on(slot::id.eq(upload::slot_id)))
        .inner_join(release::table.on(release::id.eq(slot::release_id)))
        .inner_join(project::table.on(project::id.eq(release::project_id)))
        .inner_join(run::table.on(run::id.eq(upload::run_id)))
        .left_join(document::table.on(document::id.nullable().eq(upload::document_id)))
        .filter(viewer.sees())
        .filter(project::public_id.eq(id).or(diesel::dsl::sql::<diesel::sql_types::Bool>(if of.is_none() {
            "1 = 1"
        } else {
            "1 = 0"
        })))
        .filter(upload::id.lt(before.unwrap_or(i64::MAX)))
        .order(upload::id.desc())
        .limit(limit)
        .select((
            upload::id,
            upload::public_id,
            (project::name, project::public_id, release::name, slot::name),
            upload::state,
            document::public_id.nullable(),
            document::sha256.nullable(),
            (upload::components, upload::added, upload::removed),
            (run::provider, run::url, run::commit_id),
            upload::received_at,
        ))
        .load(db)?;
    rows.into_iter().map(line).collect()
}

fn line((key, id, sent, state, document, sha256, counts, ran, received_at): Row) -> Result<UploadLine, StoreError> {
    let (project, project_id, release, slot) = sent;
    let (components, added, removed) = counts;
    let (provider, url, commit) = ran;
    let url = super::link(url);
    let (state, sha256) = (State::of_code(state)?.word(), sha256.map(hex::encode));
    Ok(UploadLine {
        key,
        id,
        project,
        project_id,
        release,
        slot,
        state,
        document,
        sha256,
        components,
        added,
        removed,
        provider,
        url,
        commit,
        received_at,
    })
}

/// The key of a document that the viewer may see.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn document(db: &mut Db, viewer: &Viewer, id: &str) -> Result<Option<i64>, StoreError> {
    Ok(document::table
        .inner_join(slot::table.on(slot::id.eq(document::slot_id)))
        .inner_join(release::table.on(release::id.eq(slot::release_id)))
        .inner_join(project::table.on(project::id.eq(release::project_id)))
        .filter(document::public_id.eq(id))
        .filter(viewer.sees())
        .select(document::id)
        .first(db)
        .optional()?)
}
