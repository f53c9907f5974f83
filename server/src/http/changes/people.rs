//! People that administrators add, and the password that each changes for themselves.

use super::{name, one_team, transact};
use crate::auth::password::Passwords;
use crate::auth::sessions::Visit;
use crate::error::AppError;
use crate::services::Services;
use crate::store::audit::{self, action};
use crate::store::people::{self, NewPerson, Person};
use crate::store::{sessions, teams};
use serde::Deserialize;

/// A person that somebody adds.
#[derive(Clone, Debug, Deserialize)]
pub struct PersonWish {
    /// What they sign in with.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// Where mail goes.
    #[serde(default)]
    pub email: Option<String>,
    /// Their first password.
    pub password: String,
    /// May do and see everything.
    #[serde(default)]
    pub admin: bool,
    /// Their teams, by id or name.
    #[serde(default)]
    pub teams: Vec<String>,
}

/// Adds a person.
///
/// # Errors
/// [`AppError`] for everybody but administrators, a login that is taken or wrong, a weak password.
pub async fn make(services: &Services, passwords: &Passwords, visit: &Visit, wish: PersonWish) -> Result<Person, AppError> {
    visit.must_be_admin()?;
    let login = name("the login", &people::canonical_login(&wish.login))?;
    if login.chars().any(|c| c.is_whitespace() || c == ':') {
        return Err(AppError::Invalid(format!("the login `{login}` has a space or a colon; leave it out")));
    }
    let new = NewPerson {
        login,
        name: name("the name", &wish.name)?,
        email: wish.email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty()),
        password_hash: Some(passwords.hash(&wish.password).await?),
        admin: wish.admin,
    };
    let (viewer, now) = (visit.viewer.clone(), services.clock.millis());
    transact(services, move |db| {
        let taken = || AppError::Conflict(format!("there is a person `{}` already", new.login));
        let mut joined = Vec::with_capacity(wish.teams.len());
        for team in &wish.teams {
            joined.push(one_team(db, &viewer, team)?);
        }
        let person = people::insert(db, &new, now)?.ok_or_else(taken)?;
        let detail = if new.admin { "administrator" } else { "" };
        audit::insert(db, now, &viewer.who, action::PERSON_ADDED, &format!("person:{}", person.login), detail)?;
        for team in &joined {
            teams::join(db, team.id, person.id)?;
        }
        Ok(person)
    })
    .await
}

/// Gives a person another password and ends their other sessions.
///
/// # Errors
/// [`AppError`] where the old one is wrong or the new one weak.
pub async fn change_password(
    services: &Services,
    passwords: &Passwords,
    visit: &Visit,
    old: &str,
    new: &str,
) -> Result<(), AppError> {
    if !passwords.check(old, visit.person.password_hash.as_deref()).await? {
        return Err(AppError::Forbidden("the present password is another one".to_owned()));
    }
    let hash = passwords.hash(new).await?;
    let (visit, now) = (visit.clone(), services.clock.millis());
    transact(services, move |db| {
        people::set_password(db, visit.person.id, &hash)?;
        let ended = sessions::delete_others(db, visit.person.id, visit.session_id)?;
        let detail = format!("{ended} other sessions ended");
        audit::insert(db, now, &visit.viewer.who, action::PASSWORD_CHANGED, &visit.viewer.who, &detail)?;
        Ok(())
    })
    .await
}
