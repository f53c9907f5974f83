//! The database behind one door: connections, migrations, the one write path,
//! and a file for each family of tables. Nothing above knows diesel.

pub mod advisories;
pub mod alerts;
pub mod audit;
pub mod components;
pub mod counts;
pub mod covered;
pub mod db;
pub mod deliveries;
pub mod documents;
pub mod export;
pub mod feeds;
#[cfg(test)]
pub(crate) mod fresh;
pub mod inventory;
pub mod leases;
pub mod matching;
pub mod migrations;
pub mod people;
pub mod pool;
pub mod projects;
pub mod rechecks;
pub mod registries;
pub mod remarks;
pub mod rematches;
pub mod schedules;
pub mod schema;
pub mod sessions;
mod sets;
pub mod statements;
pub mod stored;
pub mod teams;
pub mod timeline;
pub mod tokens;
pub mod triage;
pub mod uploads;
pub mod viewer;
pub mod views;
pub mod watched;

pub use db::{Address, Db};
pub use pool::{Store, private_folder};

/// Why the store could not answer. "Not found" is an `Option`, never an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database could not be reached.
    #[error("the database cannot be reached: {0}")]
    Connect(String),
    /// The database refused a statement.
    #[error("the database refused: {0}")]
    Query(#[from] diesel::result::Error),
    /// The schema could not be brought up to date.
    #[error("the schema could not be brought up to date: {0}")]
    Migrate(String),
    /// A stored value is not what the code wrote.
    #[error("a stored value is damaged: {0}")]
    Damaged(String),
    /// Somebody else did the same work first.
    #[error("somebody else did the same work first")]
    Overtaken,
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
}

/// A new public id: UUIDv7, so that newer rows sort behind older ones.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A text from outside as both databases can keep it, at most `longest` bytes of it.
fn clipped(text: &str, longest: usize) -> String {
    let text: String = text.chars().map(|c| if c == '\0' { '\u{fffd}' } else { c }).collect();
    let end = (0..=longest.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default().to_owned()
}

impl From<StoreError> for crate::error::AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Connect(_) | StoreError::Stopping => Self::Unavailable(format!("{error}; try again in a moment")),
            other => Self::internal(other),
        }
    }
}
