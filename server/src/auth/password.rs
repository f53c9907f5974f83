//! Passwords: argon2id with the crate's defaults (19 MiB, two passes), which
//! follow OWASP's first recommendation. At most two are computed at a time, so
//! that many attempts cost neither the memory nor the cores of the server.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

/// The shortest password that may be chosen.
pub const SHORTEST: usize = 12;
/// The longest password that is read.
pub const LONGEST: usize = 1024;

/// Why a password could not be worked with.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// It may not be chosen.
    #[error("{0}")]
    Weak(String),
    /// The computation failed.
    #[error("a password could not be hashed: {0}")]
    Broken(String),
}

/// Stands in where there is no such person, so that the answer takes as long. It
/// is well-formed and nobody's: the hash was written, not computed.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Where passwords are computed: one for the process.
pub struct Passwords {
    permits: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { permits: Semaphore::new(2) }
    }
}

impl Passwords {
    /// The hash to keep of a password that somebody chose.
    ///
    /// # Errors
    /// [`PasswordError::Weak`] for one that is too short, too long or has no variety.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        check_strength(password)?;
        let password = password.to_owned();
        self.compute(move || hash_now(&password)).await?
    }

    /// Whether `password` belongs to `hash`. Takes as long without a hash.
    ///
    /// # Errors
    /// [`PasswordError::Broken`] when it could not be computed.
    pub async fn check(&self, password: &str, hash: Option<&str>) -> Result<bool, PasswordError> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        let real = hash.is_some();
        let (password, hash) = (password.to_owned(), hash.unwrap_or(DECOY).to_owned());
        let fits = self.compute(move || fits(&password, &hash)).await??;
        Ok(fits && real)
    }

    async fn compute<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let broken = |error: &dyn std::fmt::Display| PasswordError::Broken(error.to_string());
        let _permit = self.permits.acquire().await.map_err(|error| broken(&error))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| broken(&error))
    }
}

fn check_strength(password: &str) -> Result<(), PasswordError> {
    let length = password.chars().count();
    let mut signs: Vec<_> = password.chars().collect();
    signs.sort_unstable();
    signs.dedup();
    if length < SHORTEST {
        return Err(PasswordError::Weak(format!("the password has {length} characters; use at least {SHORTEST}")));
    }
    if password.len() > LONGEST {
        return Err(PasswordError::Weak(format!("the password is too long; use at most {LONGEST} bytes")));
    }
    if signs.len() < 5 {
        return Err(PasswordError::Weak("the password repeats the same few characters; use more different ones".to_owned()));
    }
    Ok(())
}

fn hash_now(password: &str) -> Result<String, PasswordError> {
    match Argon2::default().hash_password(password.as_bytes()) {
        Ok(hash) => Ok(hash.to_string()),
        Err(error) => Err(PasswordError::Broken(error.to_string())),
    }
}

fn fits(password: &str, hash: &str) -> Result<bool, PasswordError> {
    let hash = PasswordHash::new(hash).map_err(|error| PasswordError::Broken(format!("a stored hash is damaged: {error}")))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_fits_its_hash() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.check("correct horse battery", Some(&hash)).await.unwrap());
        assert!(!passwords.check("correct horse batterY", Some(&hash)).await.unwrap());
        assert!(!passwords.check("a password that nobody has", None).await.unwrap(), "and the decoy is well-formed");
        assert!(!passwords.check(&"x".repeat(LONGEST + 1), Some(&hash)).await.unwrap());
    }

    #[test]
    fn weak_passwords_are_refused() {
        for weak in ["", "short", "aaaaaaaaaaaaaaaa", &"abcdef".repeat(200)] {
            assert!(check_strength(weak).is_err(), "{weak}");
        }
        assert!(check_strength("correct horse battery").is_ok());
    }
}
