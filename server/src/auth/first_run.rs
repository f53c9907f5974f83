//! The first start on an empty database makes an administrator `admin`, a team
//! `everyone` and a random password. The password is written, for its owner
//! alone, to `first-admin.txt` in the data folder and is never logged.

use super::password::{PasswordError, Passwords};
use super::secret;
use crate::services::Services;
use crate::store::audit::{self, action};
use crate::store::people::{self, NewPerson};
use crate::store::{StoreError, teams};
use std::io::Write as _;
use std::path::PathBuf;

/// The first administrator, just made.
#[derive(Clone, Debug)]
pub struct FirstAdministrator {
    /// What to sign in with.
    pub login: String,
    /// The password: to be shown once on the console.
    pub password: String,
    /// The file that has both.
    pub file: PathBuf,
}

/// Why there is no first administrator.
#[derive(Debug, thiserror::Error)]
pub enum FirstRunError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password could not be computed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// No random numbers.
    #[error(transparent)]
    Secret(#[from] secret::NoRandomness),
    /// The file could not be written.
    #[error("the first administrator's password cannot be written to `{file}`: {error}; make the data folder writable")]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
}

/// Makes the first administrator where there is nobody yet. Of several servers that
/// start at once, one does.
///
/// # Errors
/// [`FirstRunError`]; then nobody was made.
pub async fn ensure_administrator(
    services: &Services,
    passwords: &Passwords,
) -> Result<Option<FirstAdministrator>, FirstRunError> {
    if !services.store.read(people::nobody).await? {
        return Ok(None);
    }
    let password = secret::password()?;
    let hash = passwords.hash(&password).await?;
    let now = services.clock.millis();
    // The file first: a password that nobody was told would lock everybody out.
    let file = services.config.data.join("first-admin.txt");
    let text = format!("login: admin\npassword: {password}\n\nChange the password after signing in, then delete this file.\n");
    write_private(&file, &text).map_err(|error| FirstRunError::File { file: file.clone(), error })?;
    let made = services
        .store
        .write(move |db| {
            if !people::nobody(db)? {
                return Ok(false);
            }
            let new = NewPerson {
                login: "admin".to_owned(),
                name: "Administrator".to_owned(),
                email: None,
                password_hash: Some(hash.clone()),
                admin: true,
            };
            let Some(person) = people::insert(db, &new, now)? else { return Ok(false) };
            audit::insert(db, now, "server", action::PERSON_ADDED, "person:admin", "first start")?;
            if let Some(team) = teams::insert(db, "everyone", now)? {
                teams::join(db, team.id, person.id)?;
                audit::insert(db, now, "server", action::TEAM_ADDED, "team:everyone", "first start")?;
            }
            Ok(true)
        })
        .await?;
    if !made && std::fs::read_to_string(&file).is_ok_and(|found| found == text) {
        // Another server was first; this password is nobody's.
        std::fs::remove_file(&file).map_err(|error| FirstRunError::File { file: file.clone(), error })?;
    }
    Ok(made.then(|| FirstAdministrator { login: "admin".to_owned(), password, file }))
}

/// Writes the file so that only its owner can read it.
fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
