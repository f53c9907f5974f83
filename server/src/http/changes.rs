//! What people change, through the API and the pages alike: the rights, the
//! checks and the audit rows are here, once.

pub mod alerts;
pub mod feeds;
pub mod people;
pub mod projects;
pub mod teams;
pub mod tokens;
pub mod triage;
pub mod vex;

use crate::auth::password::PasswordError;
use crate::auth::secret::NoRandomness;
use crate::error::AppError;
use crate::services::Services;
use crate::store::projects::{self as stored_projects, Project};
use crate::store::teams::{self as stored_teams, Team};
use crate::store::viewer::{Sight, Viewer};
use crate::store::{Db, StoreError};

/// Why nothing was changed.
enum Refusal {
    Told(AppError),
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self::Told(error)
    }
}

/// One transaction. `work` refuses before its first change, so that a refusal,
/// which commits, leaves nothing behind.
async fn transact<T: Send + 'static>(
    services: &Services,
    work: impl Fn(&mut Db) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, AppError> {
    let answer = services.store.write(move |db| match work(db) {
        Ok(answer) => Ok(Ok(answer)),
        Err(Refusal::Told(error)) => Ok(Err(error)),
        Err(Refusal::Store(error)) => Err(error),
    });
    answer.await?
}

fn one_team(db: &mut Db, viewer: &Viewer, text: &str) -> Result<Team, Refusal> {
    let text = text.trim();
    if !text.is_empty() {
        return Ok(stored_teams::find(db, viewer, text)?.ok_or_else(|| AppError::missing("team", text))?);
    }
    let mut all = stored_teams::list(db, viewer, "", 2)?;
    match (all.pop(), all.pop()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(AppError::Forbidden("you belong to no team; an administrator can add you to one".to_owned()).into()),
        _ => Err(AppError::Invalid("say which team: there are several".to_owned()).into()),
    }
}

fn team_of(db: &mut Db, viewer: &Viewer, id: i64) -> Result<Team, Refusal> {
    let only = Viewer { who: viewer.who.clone(), sight: Sight::Teams(vec![id]) };
    Ok(stored_teams::list(db, &only, "", 1)?.pop().ok_or_else(|| AppError::missing("team", ""))?)
}

fn one_project(db: &mut Db, viewer: &Viewer, text: &str) -> Result<Project, Refusal> {
    if let Some(project) = stored_projects::find(db, viewer, text)? {
        return Ok(project);
    }
    let mut named = stored_projects::named(db, viewer, text)?;
    match (named.pop(), named.pop()) {
        (Some(project), None) => Ok(project),
        (None, _) => Err(AppError::missing("project", text).into()),
        _ => Err(AppError::Invalid(format!("several teams have a project `{text}`; give its id")).into()),
    }
}

/// A name as people give it: not empty, no control characters, at most 200 characters.
fn name(what: &str, text: &str) -> Result<String, AppError> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(AppError::Invalid(format!("{what} is empty")));
    }
    if length > 200 {
        return Err(AppError::Invalid(format!("{what} has {length} characters; use at most 200")));
    }
    if text.chars().any(char::is_control) {
        return Err(AppError::Invalid(format!("{what} has a control character")));
    }
    Ok(text.to_owned())
}

impl From<PasswordError> for AppError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Weak(sentence) => Self::Invalid(sentence),
            PasswordError::Broken(_) => Self::internal(error),
        }
    }
}

impl From<NoRandomness> for AppError {
    fn from(error: NoRandomness) -> Self {
        Self::internal(error)
    }
}
