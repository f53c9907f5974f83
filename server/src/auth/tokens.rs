//! Tokens that programs carry: `bwt_<id>_<secret>`, shown once, kept as the
//! SHA-256 of the secret.

use super::secret;
use crate::services::Services;
use crate::store::audit::{self, action};
use crate::store::tokens::{self, NewToken, Scope, Token};
use crate::store::viewer::{Sight, Viewer};
use crate::store::{Db, StoreError};

/// What every token begins with.
pub const PREFIX: &str = "bwt_";
/// How stale, in milliseconds, the note of the last use may be.
const USED_STEP: i64 = 10 * 60 * 1000;

/// What a token is to be for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// The team whose projects it works on.
    pub team_id: i64,
    /// The one project it works on.
    pub project_id: Option<i64>,
    /// Who asked for it.
    pub person_id: Option<i64>,
    /// When it ends, in milliseconds.
    pub expires_at: Option<i64>,
}

/// A token that was just made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its id.
    pub id: String,
    /// The whole token, shown this once.
    pub token: String,
}

/// Somebody who came with a token.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// The token.
    pub token: Token,
    /// What it may do.
    pub scope: Scope,
    /// What it may see.
    pub viewer: Viewer,
}

/// Makes a token: first the secret, then one write inside the caller's transaction.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn issue(db: &mut Db, wish: &Wish, fresh: &Fresh, who: &str, now: i64) -> Result<Made, StoreError> {
    let new = NewToken {
        public_id: fresh.id.clone(),
        hash: secret::hash(&fresh.secret),
        name: wish.name.clone(),
        scope: wish.scope.word().to_owned(),
        team_id: wish.team_id,
        project_id: wish.project_id,
        created_by: wish.person_id,
        created_at: now,
        expires_at: wish.expires_at,
    };
    tokens::insert(db, &new)?;
    let detail = format!("`{}`, scope {}", wish.name, wish.scope.word());
    audit::insert(db, now, who, action::TOKEN_MADE, &format!("token:{}", fresh.id), &detail)?;
    Ok(Made { id: fresh.id.clone(), token: fresh.text() })
}

/// The random parts of a token to be, drawn outside of the transaction.
#[derive(Clone)]
pub struct Fresh {
    id: String,
    secret: String,
}

impl Fresh {
    /// Draws them.
    ///
    /// # Errors
    /// [`secret::NoRandomness`] from the operating system.
    pub fn draw() -> Result<Self, secret::NoRandomness> {
        Ok(Self { id: crate::store::new_id(), secret: secret::fresh()? })
    }

    fn text(&self) -> String {
        format!("{PREFIX}{}_{}", self.id.replace('-', ""), self.secret)
    }
}

/// Revokes a token; false where it was revoked before.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn revoke(db: &mut Db, token: &Token, who: &str, now: i64) -> Result<bool, StoreError> {
    let revoked = tokens::revoke(db, token.id, now)?;
    if revoked {
        audit::insert(db, now, who, action::TOKEN_REVOKED, &format!("token:{}", token.public_id), &token.name)?;
    }
    Ok(revoked)
}

/// Who comes with this token; `None` for one that is unknown, expired, revoked or no token.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn bearer(services: &Services, text: &str) -> Result<Option<Bearer>, StoreError> {
    let Some((id, secret)) = parts(text) else { return Ok(None) };
    let hash = secret::hash(secret);
    let Some(token) = services.store.read(move |db| tokens::by_public_id(db, &id)).await? else { return Ok(None) };
    let now = services.clock.millis();
    let ended = token.revoked_at.is_some() || token.expires_at.is_some_and(|at| at <= now);
    let (true, false, Some(scope)) = (secret::same(&token.hash, &hash), ended, Scope::of(&token.scope)) else { return Ok(None) };
    if token.used_at.is_none_or(|at| now - at > USED_STEP) {
        let id = token.id;
        services.store.write(move |db| tokens::touch(db, id, now)).await?;
    }
    let sight = token.project_id.map_or_else(|| Sight::Teams(vec![token.team_id]), Sight::Project);
    let viewer = Viewer { who: format!("token:{}", token.public_id), sight };
    Ok(Some(Bearer { token, scope, viewer }))
}

/// The public id and the secret of a token's text.
fn parts(text: &str) -> Option<(String, &str)> {
    let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let id = uuid::Uuid::try_parse(id).ok()?;
    (!secret.is_empty() && secret.len() <= 128).then(|| (id.to_string(), secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_which_it_is() {
        let fresh = Fresh::draw().unwrap();
        let text = fresh.text();
        assert_eq!(parts(&text), Some((fresh.id.clone(), fresh.secret.as_str())));
        for wrong in [
            "",
            "bwt_",
            "bwt__",
            "bwt_x_y",
            "bwt_018f7a0e8f2a7c3b9d1e2f3a4b5c6d7e",
            "bwt_018f7a0e8f2a7c3b9d1e2f3a4b5c6d7e_",
            &text[4..],
        ] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }
}
