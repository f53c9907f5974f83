//! Projects, releases, slots, runs and uploads, as an upload finds and makes them.

use super::db::each_backend;
use super::schema::{project, release, run, slot, team, upload};
use super::{Db, StoreError, new_id};
use diesel::prelude::*;

/// What an upload did to its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The slot's first.
    New,
    /// The inventory changed.
    Changed,
    /// The inventory is the same.
    Unchanged,
    /// An older run: it counts for "ever held" and changes nothing that is open.
    Late,
    /// A pull request's: it counts for exposure, never as inventory.
    PullRequest,
    /// A complete run did not name the slot, which closed it.
    Closed,
}

impl State {
    const ALL: [(Self, i16, &'static str); 6] = [
        (Self::New, 1, "new"),
        (Self::Changed, 2, "changed"),
        (Self::Unchanged, 3, "unchanged"),
        (Self::Late, 4, "late"),
        (Self::PullRequest, 5, "pull_request"),
        (Self::Closed, 6, "closed"),
    ];

    /// The number in the database.
    pub fn code(self) -> i16 {
        Self::ALL.iter().find(|(state, ..)| *state == self).map_or(0, |(_, code, _)| *code)
    }

    /// The word in answers and on pages.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(state, ..)| *state == self).map_or("", |(.., word)| word)
    }

    /// The state with this number.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] for a number that was never written.
    pub fn of_code(code: i16) -> Result<Self, StoreError> {
        let found = Self::ALL.iter().find(|(_, c, _)| *c == code);
        found.map(|(state, ..)| *state).ok_or_else(|| StoreError::Damaged(format!("upload state {code}")))
    }
}

/// The CI run that sent something.
#[derive(Clone, Debug, Default)]
pub struct NewRun {
    /// Who ran it: `github`, `gitlab`, …, `local`.
    pub provider: String,
    /// The provider's id of the run; empty where there is none.
    pub external_id: String,
    /// Which attempt of it.
    pub attempt: i64,
    /// Its page.
    pub url: Option<String>,
    /// The commit.
    pub commit_id: Option<String>,
    /// The branch or tag.
    pub branch: Option<String>,
    /// When the commit was made, in milliseconds.
    pub committed_at: Option<i64>,
    /// When the run started, in milliseconds.
    pub started_at: Option<i64>,
    /// The pull request it was for.
    pub pull_request: Option<String>,
    /// `hosted` or `self-hosted`, where known.
    pub runner: Option<String>,
    /// Who started it.
    pub actor: Option<String>,
}

/// A slot as an upload needs it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = slot)]
pub struct Slot {
    /// Key.
    pub id: i64,
    /// Public id.
    pub public_id: String,
    /// Name inside the release.
    pub name: String,
    /// Fingerprint of what is held.
    pub fingerprint: Option<Vec<u8>>,
    /// The document that opened what is held.
    pub document_id: Option<i64>,
    /// The newest upload.
    pub upload_id: Option<i64>,
    /// Its commit time.
    pub committed_at: i64,
    /// Its run start.
    pub started_at: i64,
    /// When a complete run closed it.
    pub closed_at: Option<i64>,
}

/// An upload as it was answered.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = upload)]
pub struct Upload {
    /// Key.
    pub id: i64,
    /// Public id.
    pub public_id: String,
    /// The slot.
    pub slot_id: i64,
    /// The document.
    pub document_id: Option<i64>,
    /// See [`State`].
    pub state: i16,
    /// Components of the document.
    pub components: i64,
    /// Components it brought.
    pub added: i64,
    /// Components it ended.
    pub removed: i64,
}

/// The project of an upload.
#[derive(Clone, Debug)]
pub struct Project {
    /// Key.
    pub id: i64,
    /// Public id.
    pub public_id: String,
    /// The name of the team for which it was made just now, where it was.
    pub made_for: Option<String>,
}

/// The project of this name, made where it is missing.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn project(db: &mut Db, team_id: i64, name: &str, now: i64) -> Result<Project, StoreError> {
    let find = |db: &mut Db| {
        project::table
            .filter(project::team_id.eq(team_id).and(project::name.eq(name)).and(project::deleted_at.is_null()))
            .select((project::id, project::public_id))
            .first::<(i64, String)>(db)
            .optional()
    };
    if let Some((id, public_id)) = find(db)? {
        return Ok(Project { id, public_id, made_for: None });
    }
    let made = each_backend!(db, c => diesel::insert_into(project::table)
        .values((
            project::public_id.eq(new_id()),
            project::team_id.eq(team_id),
            project::name.eq(name),
            project::description.eq(""),
            project::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(c)?);
    let gone = || StoreError::Damaged(format!("project `{name}` was deleted while it was used"));
    let (id, public_id) = find(db)?.ok_or_else(gone)?;
    let made_for = if made == 1 { Some(team::table.find(team_id).select(team::name).first(db)?) } else { None };
    Ok(Project { id, public_id, made_for })
}

/// Whether the project with this key bears this name.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn is_project(db: &mut Db, id: i64, name: &str) -> Result<bool, StoreError> {
    let mine = project::table.filter(project::id.eq(id).and(project::name.eq(name)).and(project::deleted_at.is_null()));
    Ok(diesel::select(diesel::dsl::exists(mine)).get_result(db)?)
}

/// The key of a release, where it exists.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn find_release(db: &mut Db, team_id: i64, project_name: &str, release_name: &str) -> Result<Option<i64>, StoreError> {
    let found = release::table
        .inner_join(project::table.on(project::id.eq(release::project_id)))
        .filter(project::team_id.eq(team_id).and(project::name.eq(project_name)).and(project::deleted_at.is_null()))
        .filter(release::name.eq(release_name))
        .select(release::id);
    Ok(found.first(db).optional()?)
}

/// The release of this name, made where it is missing, locked until the transaction ends. (key, public id)
///
/// # Errors
/// [`StoreError`] from the database.
pub fn release(db: &mut Db, project_id: i64, name: &str, now: i64) -> Result<(i64, String), StoreError> {
    each_backend!(db, c => diesel::insert_into(release::table)
        .values((
            release::public_id.eq(new_id()),
            release::project_id.eq(project_id),
            release::name.eq(name),
            release::active.eq(true),
            release::created_at.eq(now),
            (release::components.eq(0), release::malicious.eq(0), release::critical.eq(0), release::high.eq(0)),
            (release::medium.eq(0), release::low.eq(0), release::unknown.eq(0)),
        ))
        .on_conflict_do_nothing()
        .execute(c)?);
    let mine = release::project_id.eq(project_id).and(release::name.eq(name));
    // An update locks the row: uploads to one release follow each other.
    diesel::update(release::table.filter(mine)).set(release::uploaded_at.eq(now)).execute(db)?;
    let found: (i64, String) = release::table.filter(mine).select((release::id, release::public_id)).first(db)?;
    diesel::update(project::table.filter(project::id.eq(project_id)).filter(project::default_release_id.is_null()))
        .set(project::default_release_id.eq(found.0))
        .execute(db)?;
    Ok(found)
}

/// The run, made where it is missing. (key, public id)
///
/// # Errors
/// [`StoreError`] from the database.
pub fn run(db: &mut Db, release_id: i64, new: &NewRun, now: i64) -> Result<(i64, String), StoreError> {
    // A run without an id of its own is a run of its own.
    let key = match new.external_id.as_str() {
        "" => format!("{}:{}", new.provider, new_id()),
        id => format!("{}:{id}:{}", new.provider, new.attempt),
    };
    each_backend!(db, c => diesel::insert_into(run::table)
        .values((
            (run::public_id.eq(new_id()), run::release_id.eq(release_id), run::key.eq(&key), run::provider.eq(&new.provider)),
            (run::external_id.eq(&new.external_id), run::attempt.eq(new.attempt), run::url.eq(&new.url), run::commit_id.eq(&new.commit_id)),
            (run::branch.eq(&new.branch), run::committed_at.eq(new.committed_at), run::started_at.eq(new.started_at)),
            (run::pull_request.eq(&new.pull_request), run::runner.eq(&new.runner), run::actor.eq(&new.actor), run::created_at.eq(now)),
        ))
        .on_conflict_do_nothing()
        .execute(c)?);
    let mine = run::release_id.eq(release_id).and(run::key.eq(&key));
    Ok(run::table.filter(mine).select((run::id, run::public_id)).first(db)?)
}

/// The slot of this name; `None` where the release has none.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn slot(db: &mut Db, release_id: i64, name: &str) -> Result<Option<Slot>, StoreError> {
    let mine = slot::release_id.eq(release_id).and(slot::name.eq(name));
    Ok(slot::table.filter(mine).select(Slot::as_select()).first(db).optional()?)
}

/// Every slot of a release.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn slots(db: &mut Db, release_id: i64) -> Result<Vec<Slot>, StoreError> {
    Ok(slot::table.filter(slot::release_id.eq(release_id)).order(slot::name).select(Slot::as_select()).load(db)?)
}

/// Makes a slot that holds nothing yet.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn new_slot(db: &mut Db, release_id: i64, name: &str, now: i64) -> Result<Slot, StoreError> {
    each_backend!(db, c => diesel::insert_into(slot::table)
        .values((
            (slot::public_id.eq(new_id()), slot::release_id.eq(release_id), slot::name.eq(name)),
            (slot::committed_at.eq(0), slot::started_at.eq(0), slot::named_at.eq(now), slot::components.eq(0)),
            (slot::malicious.eq(0), slot::critical.eq(0), slot::high.eq(0), slot::medium.eq(0), slot::low.eq(0), slot::unknown.eq(0)),
        ))
        .on_conflict_do_nothing()
        .execute(c)?);
    slot(db, release_id, name)?.ok_or_else(|| StoreError::Damaged(format!("slot `{name}` vanished while it was made")))
}

/// What a slot's newest upload is from now on.
pub struct Newest<'a> {
    /// The upload.
    pub upload_id: i64,
    /// Its commit time.
    pub committed_at: i64,
    /// Its run start.
    pub started_at: i64,
    /// The fingerprint of what is held now.
    pub fingerprint: &'a [u8],
    /// The document, where it opened a new inventory.
    pub opener: Option<i64>,
}

/// Records a slot's newest upload.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn set_newest(db: &mut Db, slot_id: i64, newest: &Newest<'_>, now: i64) -> Result<(), StoreError> {
    let mine = slot::table.filter(slot::id.eq(slot_id));
    diesel::update(mine)
        .set((
            slot::upload_id.eq(newest.upload_id),
            slot::committed_at.eq(newest.committed_at),
            slot::started_at.eq(newest.started_at),
            slot::fingerprint.eq(newest.fingerprint),
            slot::named_at.eq(now),
            slot::closed_at.eq(None::<i64>),
        ))
        .execute(db)?;
    if let Some(document_id) = newest.opener {
        diesel::update(mine).set(slot::document_id.eq(document_id)).execute(db)?;
    }
    Ok(())
}

/// Marks a slot closed by a complete run.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn set_closed(db: &mut Db, slot_id: i64, newest: &Newest<'_>, now: i64) -> Result<(), StoreError> {
    set_newest(db, slot_id, newest, now)?;
    diesel::update(slot::table.filter(slot::id.eq(slot_id))).set(slot::closed_at.eq(now)).execute(db)?;
    Ok(())
}

/// The upload of this document by this run, where it came before.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn repeated(db: &mut Db, run_id: i64, slot_id: i64, document_id: i64) -> Result<Option<Upload>, StoreError> {
    let mine = upload::run_id.eq(run_id).and(upload::slot_id.eq(slot_id)).and(upload::document_id.eq(document_id));
    Ok(upload::table.filter(mine).order(upload::id).select(Upload::as_select()).first(db).optional()?)
}

/// An upload about to be stored.
pub struct NewUpload {
    /// The slot.
    pub slot_id: i64,
    /// The run.
    pub run_id: i64,
    /// The document; `None` where the slot was closed without being named.
    pub document_id: Option<i64>,
    /// What it does.
    pub state: State,
    /// Its commit time.
    pub committed_at: i64,
    /// Its run start.
    pub started_at: i64,
    /// Components of the document.
    pub components: i64,
    /// The token that sent it.
    pub token_id: Option<i64>,
}

/// Stores an upload. (key, public id)
///
/// # Errors
/// [`StoreError`] from the database.
pub fn new_upload(db: &mut Db, new: &NewUpload, now: i64) -> Result<(i64, String), StoreError> {
    let public_id = new_id();
    let id = diesel::insert_into(upload::table)
        .values((
            (upload::public_id.eq(&public_id), upload::slot_id.eq(new.slot_id), upload::run_id.eq(new.run_id)),
            (
                upload::document_id.eq(new.document_id),
                upload::state.eq(new.state.code()),
                upload::committed_at.eq(new.committed_at),
            ),
            (upload::started_at.eq(new.started_at), upload::received_at.eq(now), upload::components.eq(new.components)),
            (upload::added.eq(0), upload::removed.eq(0), upload::token_id.eq(new.token_id)),
        ))
        .returning(upload::id)
        .get_result(db)?;
    Ok((id, public_id))
}

/// Records what an upload changed.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn set_difference(db: &mut Db, upload_id: i64, added: i64, removed: i64) -> Result<(), StoreError> {
    diesel::update(upload::table.filter(upload::id.eq(upload_id)))
        .set((upload::added.eq(added), upload::removed.eq(removed)))
        .execute(db)?;
    Ok(())
}
