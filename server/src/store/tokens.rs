//! Tokens that programs carry: for a team or one of its projects, with one
//! scope. The secret itself is never here, only its SHA-256.

use super::schema::{project, team, token};
use super::viewer::{Sight, Viewer};
use super::{Db, StoreError};
use diesel::prelude::*;

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Send documents.
    Upload,
    /// Read.
    Read,
}

/// A token.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = token)]
pub struct Token {
    /// The key inside.
    pub id: i64,
    /// The id outside, part of the token.
    pub public_id: String,
    /// SHA-256 of the secret, hex.
    pub hash: String,
    /// What it is for.
    pub name: String,
    /// `upload` or `read`.
    pub scope: String,
    /// Whose projects it works on.
    pub team_id: i64,
    /// The one project it works on.
    pub project_id: Option<i64>,
    /// Who made it.
    pub created_by: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: Option<i64>,
    /// When it was last used, to some minutes.
    pub used_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

/// A token to add.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = token)]
pub struct NewToken {
    /// The id outside, part of the token.
    pub public_id: String,
    /// SHA-256 of the secret, hex.
    pub hash: String,
    /// What it is for.
    pub name: String,
    /// `upload` or `read`.
    pub scope: String,
    /// Whose projects it works on.
    pub team_id: i64,
    /// The one project it works on.
    pub project_id: Option<i64>,
    /// Who made it.
    pub created_by: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: Option<i64>,
}

/// A token with the names of what it works on.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The token.
    pub token: Token,
    /// The team's name.
    pub team: String,
    /// The project's name.
    pub project: Option<String>,
}

impl Scope {
    /// The word in the store and in the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Read => "read",
        }
    }

    /// The scope of a word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Upload, Self::Read].into_iter().find(|scope| scope.word() == word)
    }
}

/// Adds a token.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn insert(db: &mut Db, new: &NewToken) -> Result<(), StoreError> {
    diesel::insert_into(token::table).values(new).execute(db)?;
    Ok(())
}

/// The token with this public id, whatever its state.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn by_public_id(db: &mut Db, public_id: &str) -> Result<Option<Token>, StoreError> {
    Ok(token::table.filter(token::public_id.eq(public_id)).first(db).optional()?)
}

/// The tokens of the viewer's teams that are not revoked, newest first, made before
/// the one with the key `before`.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn list(db: &mut Db, viewer: &Viewer, before: i64, limit: i64) -> Result<Vec<Listed>, StoreError> {
    let page = token::table
        .inner_join(team::table.on(team::id.eq(token::team_id)))
        .left_join(project::table.on(project::id.nullable().eq(token::project_id)))
        .filter(token::revoked_at.is_null())
        .filter(token::id.lt(before))
        .select((token::all_columns, team::name, project::name.nullable()))
        .order(token::id.desc())
        .limit(limit);
    let rows: Vec<(Token, String, Option<String>)> = match &viewer.sight {
        Sight::All => page.load(db)?,
        Sight::Teams(teams) => page.filter(token::team_id.eq_any(teams)).load(db)?,
        Sight::Project(_) => Vec::new(),
    };
    Ok(rows.into_iter().map(|(token, team, project)| Listed { token, team, project }).collect())
}

/// Revokes a token; false where it was revoked before.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn revoke(db: &mut Db, id: i64, now: i64) -> Result<bool, StoreError> {
    let open = token::table.filter(token::id.eq(id)).filter(token::revoked_at.is_null());
    Ok(diesel::update(open).set(token::revoked_at.eq(now)).execute(db)? > 0)
}

/// Notes that a token was used.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn touch(db: &mut Db, id: i64, now: i64) -> Result<(), StoreError> {
    diesel::update(token::table.find(id)).set(token::used_at.eq(now)).execute(db)?;
    Ok(())
}
