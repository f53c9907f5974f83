//! Tokens that people make and revoke.

use super::{name, one_project, one_team, team_of, transact};
use crate::auth::sessions::Visit;
use crate::auth::tokens::{self as issuing, Fresh, Made, Wish};
use crate::error::AppError;
use crate::services::Services;
use crate::store::tokens::{self, Scope};
use serde::Deserialize;

/// A token that somebody asks for.
#[derive(Clone, Debug, Deserialize)]
pub struct TokenWish {
    /// What people call it.
    pub name: String,
    /// `upload` or `read`.
    pub scope: String,
    /// The team, by id or name; may be left out by who has one only.
    #[serde(default)]
    pub team: String,
    /// The project of that team, by id or name; empty for all of them.
    #[serde(default)]
    pub project: String,
    /// After how many days it ends; never where left out.
    #[serde(default)]
    pub days: Option<u16>,
}

/// A token that was just made, with what it is for.
pub struct Issued {
    /// Its id and its text, shown this once.
    pub made: Made,
    /// The team's name.
    pub team: String,
    /// The project's name.
    pub project: Option<String>,
    /// When it ends, in milliseconds.
    pub expires_at: Option<i64>,
}

/// Makes a token for a team of the person, or a project of it.
///
/// # Errors
/// [`AppError`] for a wrong name or scope, a foreign team or project.
pub async fn make(services: &Services, visit: &Visit, wish: TokenWish) -> Result<Issued, AppError> {
    let name = name("the token's name", &wish.name)?;
    let scope = Scope::of(&wish.scope)
        .ok_or_else(|| AppError::Invalid(format!("`{}` is no scope; use `upload` or `read`", wish.scope)))?;
    let (fresh, now) = (Fresh::draw()?, services.clock.millis());
    let expires_at = wish.days.map(|days| now + i64::from(days) * 24 * 60 * 60 * 1000);
    let (visit, days) = (visit.clone(), wish.days);
    if days == Some(0) {
        return Err(AppError::Invalid("a token of 0 days ends at once; use 1 or more".to_owned()));
    }
    transact(services, move |db| {
        let project = match wish.project.trim() {
            "" => None,
            text => Some(one_project(db, &visit.viewer, text)?),
        };
        let team = match (&project, wish.team.trim()) {
            (Some(project), "") => team_of(db, &visit.viewer, project.team_id)?,
            (_, text) => one_team(db, &visit.viewer, text)?,
        };
        if let Some(project) = project.as_ref().filter(|project| project.team_id != team.id) {
            return Err(AppError::Invalid(format!("project `{}` is not of team `{}`", project.name, team.name)).into());
        }
        let project_id = project.as_ref().map(|project| project.id);
        let wish = Wish { name: name.clone(), scope, team_id: team.id, project_id, person_id: Some(visit.person.id), expires_at };
        let made = issuing::issue(db, &wish, &fresh, &visit.viewer.who, now)?;
        Ok(Issued { made, team: team.name, project: project.map(|project| project.name), expires_at })
    })
    .await
}

/// Revokes a token of one of the person's teams; again is no error.
///
/// # Errors
/// [`AppError::Missing`] for any other.
pub async fn revoke(services: &Services, visit: &Visit, id: &str) -> Result<(), AppError> {
    let (viewer, id, now) = (visit.viewer.clone(), id.to_owned(), services.clock.millis());
    transact(services, move |db| {
        let token = tokens::by_public_id(db, &id)?.filter(|token| viewer.sees_team(token.team_id));
        let token = token.ok_or_else(|| AppError::missing("token", &id))?;
        issuing::revoke(db, &token, &viewer.who, now)?;
        Ok(())
    })
    .await
}
