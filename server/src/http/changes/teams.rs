//! Teams that administrators make and fill.

use super::{name, one_team, transact};
use crate::auth::sessions::Visit;
use crate::error::AppError;
use crate::services::Services;
use crate::store::audit::{self, action};
use crate::store::people;
use crate::store::teams::{self, Team};

/// Makes a team.
///
/// # Errors
/// [`AppError`] for everybody but administrators, and for a name that is taken.
pub async fn make(services: &Services, visit: &Visit, wished: &str) -> Result<Team, AppError> {
    visit.must_be_admin()?;
    let (name, who, now) = (name("the team's name", wished)?, visit.viewer.who.clone(), services.clock.millis());
    transact(services, move |db| {
        let taken = || AppError::Conflict(format!("there is a team `{name}` already"));
        let team = teams::insert(db, &name, now)?.ok_or_else(taken)?;
        audit::insert(db, now, &who, action::TEAM_ADDED, &format!("team:{name}"), "")?;
        Ok(team)
    })
    .await
}

/// Adds a person to a team.
///
/// # Errors
/// [`AppError`] for everybody but administrators, and where either does not exist.
pub async fn join(services: &Services, visit: &Visit, team: &str, login: &str) -> Result<(), AppError> {
    visit.must_be_admin()?;
    let (viewer, now) = (visit.viewer.clone(), services.clock.millis());
    let (team, login) = (team.to_owned(), login.to_owned());
    transact(services, move |db| {
        let team = one_team(db, &viewer, &team)?;
        let person = people::by_login(db, &login)?.ok_or_else(|| AppError::missing("person", &login))?;
        teams::join(db, team.id, person.id)?;
        audit::insert(
            db,
            now,
            &viewer.who,
            action::TEAM_JOINED,
            &format!("person:{}", person.login),
            &format!("team `{}`", team.name),
        )?;
        Ok(())
    })
    .await
}
