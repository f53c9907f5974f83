//! Signing in and being signed in. A session is a random secret in a cookie (or
//! as `bws_…` behind `Bearer`); it can be ended from the server at any time.
//! Failed attempts are audit rows, and these are also what the limit counts: it
//! holds for all servers on one database and survives a restart.

use super::password::{PasswordError, Passwords};
use super::secret;
use crate::services::Services;
use crate::store::audit::{self, action};
use crate::store::people::{self, Person};
use crate::store::sessions::{self, NewSession};
use crate::store::viewer::{Sight, Viewer};
use crate::store::{Db, StoreError};

/// What a session's secret begins with outside of cookies.
pub const PREFIX: &str = "bws_";
/// A session ends after this many milliseconds, whatever happens.
pub const LONGEST: i64 = 7 * 24 * 60 * 60 * 1000;
/// A session ends when it was not used for this many milliseconds.
pub const IDLE: i64 = 24 * 60 * 60 * 1000;
/// How many attempts may fail with one login within [`WINDOW`] before it is closed.
pub const FAILURES_OF_LOGIN: i64 = 10;
/// How many attempts may fail from one address within [`WINDOW`] before it is closed.
pub const FAILURES_FROM_ADDRESS: i64 = 60;
/// For how many milliseconds failed attempts count.
pub const WINDOW: i64 = 15 * 60 * 1000;
/// How stale, in milliseconds, the note of the last use may be.
const SEEN_STEP: i64 = 5 * 60 * 1000;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The session's key.
    pub session_id: i64,
    /// What each form of this session must carry.
    pub csrf: String,
    /// When it ends, in milliseconds.
    pub expires_at: i64,
    /// Who it is.
    pub person: Person,
    /// What they may see.
    pub viewer: Viewer,
}

/// A session that has just begun.
pub struct Begun {
    /// The secret, shown this once.
    pub secret: String,
    /// What each form of this session must carry.
    pub csrf: String,
    /// When it ends, in milliseconds.
    pub expires_at: i64,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No such login, or another password: the answer does not tell which.
    #[error("that login and password do not belong together")]
    Wrong,
    /// Too many attempts; how many seconds to wait.
    #[error("too many attempts to sign in failed; wait {0} seconds")]
    Closed(u32),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password could not be computed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// No random numbers.
    #[error(transparent)]
    Secret(#[from] secret::NoRandomness),
}

/// Who tries to sign in, from where, with what.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The login as typed.
    pub login: String,
    /// The password as typed.
    pub password: String,
    /// The peer's address.
    pub address: String,
    /// The browser's own words.
    pub agent: String,
}

/// Signs somebody in.
///
/// # Errors
/// [`SignInError`]; a failed attempt is recorded.
pub async fn sign_in(services: &Services, passwords: &Passwords, attempt: Attempt) -> Result<Begun, SignInError> {
    let login: String = people::canonical_login(&attempt.login).chars().take(100).collect();
    let (subject, actor) = (format!("person:{login}"), format!("address:{}", attempt.address));
    let now = services.clock.millis();
    let asked = (subject.clone(), actor.clone(), login.clone());
    let (failures, person) = services
        .store
        .read(move |db| {
            let failures = audit::failures(db, now - WINDOW, &asked.0, &asked.1)?;
            Ok((failures, people::by_login(db, &asked.2)?))
        })
        .await?;
    if failures.of_login >= FAILURES_OF_LOGIN || failures.from_address >= FAILURES_FROM_ADDRESS {
        return Err(SignInError::Closed(u32::try_from(WINDOW / 1000).unwrap_or(u32::MAX)));
    }
    let person = person.filter(|person| person.disabled_at.is_none());
    let hash = person.as_ref().and_then(|person| person.password_hash.as_deref());
    if !passwords.check(&attempt.password, hash).await? {
        services.store.write(move |db| audit::insert(db, now, &actor, action::SIGN_IN_FAILED, &subject, "")).await?;
        return Err(SignInError::Wrong);
    }
    let person = person.ok_or(SignInError::Wrong)?;
    begin(services, &person, &attempt).await
}

async fn begin(services: &Services, person: &Person, attempt: &Attempt) -> Result<Begun, SignInError> {
    let now = services.clock.millis();
    let begun = Begun { secret: secret::fresh()?, csrf: secret::fresh()?, expires_at: now + LONGEST };
    let new = NewSession {
        hash: secret::hash(&begun.secret),
        person_id: person.id,
        csrf: begun.csrf.clone(),
        agent: attempt.agent.chars().take(200).collect(),
        created_at: now,
        seen_at: now,
        expires_at: begun.expires_at,
    };
    let (subject, detail) = (format!("person:{}", person.login), format!("from {}", attempt.address));
    services
        .store
        .write(move |db| {
            sessions::insert(db, &new)?;
            audit::insert(db, now, &subject, action::SIGNED_IN, &subject, &detail)
        })
        .await?;
    Ok(begun)
}

/// Who the secret of a session belongs to, while it lasts.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn visit(services: &Services, secret: &str) -> Result<Option<Visit>, StoreError> {
    let (hash, now) = (secret::hash(secret.strip_prefix(PREFIX).unwrap_or(secret)), services.clock.millis());
    let Some((visit, seen_at)) = services.store.read(move |db| find(db, &hash, now)).await? else { return Ok(None) };
    if now - seen_at > IDLE {
        return Ok(None);
    }
    if now - seen_at > SEEN_STEP {
        let id = visit.session_id;
        services.store.write(move |db| sessions::touch(db, id, now)).await?;
    }
    Ok(Some(visit))
}

fn find(db: &mut Db, hash: &str, now: i64) -> Result<Option<(Visit, i64)>, StoreError> {
    let Some((session, person)) = sessions::find(db, hash, now)? else { return Ok(None) };
    let sight = if person.admin { Sight::All } else { Sight::Teams(people::teams(db, person.id)?) };
    let viewer = Viewer { who: format!("person:{}", person.login), sight };
    let visit = Visit { session_id: session.id, csrf: session.csrf, expires_at: session.expires_at, person, viewer };
    Ok(Some((visit, session.seen_at)))
}

/// Ends a session.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn sign_out(services: &Services, visit: &Visit) -> Result<(), StoreError> {
    let (id, who, now) = (visit.session_id, visit.viewer.who.clone(), services.clock.millis());
    services
        .store
        .write(move |db| {
            sessions::delete(db, id)?;
            audit::insert(db, now, &who, action::SIGNED_OUT, &who, "")
        })
        .await
}
