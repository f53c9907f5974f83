//! Projects that people make.

use super::{name, one_team, transact};
use crate::auth::sessions::Visit;
use crate::error::AppError;
use crate::services::Services;
use crate::store::audit::{self, action};
use crate::store::projects::{self, Project};
use crate::store::teams::Team;
use serde::Deserialize;

/// A project that somebody adds.
#[derive(Clone, Debug, Deserialize)]
pub struct ProjectWish {
    /// What it is called.
    pub name: String,
    /// The team, by id or name; may be left out by who has one only.
    #[serde(default)]
    pub team: String,
    /// A sentence about it.
    #[serde(default)]
    pub description: String,
}

/// Makes a project of one of the person's teams.
///
/// # Errors
/// [`AppError`] for a foreign team and for a name that is taken.
pub async fn make(services: &Services, visit: &Visit, wish: ProjectWish) -> Result<(Project, Team), AppError> {
    let name = name("the project's name", &wish.name)?;
    if wish.description.chars().count() > 2000 {
        return Err(AppError::Invalid("the description is longer than 2000 characters".to_owned()));
    }
    let (viewer, now) = (visit.viewer.clone(), services.clock.millis());
    transact(services, move |db| {
        let team = one_team(db, &viewer, &wish.team)?;
        let taken = || AppError::Conflict(format!("team `{}` has a project `{name}` already", team.name));
        let project = projects::insert(db, team.id, &name, wish.description.trim(), now)?.ok_or_else(taken)?;
        audit::insert(db, now, &viewer.who, action::PROJECT_ADDED, &format!("project:{name}"), &format!("team `{}`", team.name))?;
        Ok((project, team))
    })
    .await
}
