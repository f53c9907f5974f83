//! A database of a test's own: a SQLite file, or, when `TEST_DATABASE_URL`
//! names a PostgreSQL database, a fresh one beside it.

use crate::postgres;
use anyhow::{Context as _, Result};
use std::path::Path;

/// Names a database on the PostgreSQL server on which tests may make their own.
pub const URL: &str = "TEST_DATABASE_URL";

/// An empty database for one test, whose other files go to `folder`; its address
/// as `bomwarden-server` takes it.
///
/// # Errors
/// When PostgreSQL refuses to make one.
pub fn fresh(folder: &Path) -> Result<String> {
    match std::env::var(URL) {
        Ok(url) if !url.is_empty() => postgres::new_database(&url).with_context(|| format!("`{URL}` is set to {url}")),
        _ => Ok(sqlite(folder)),
    }
}

/// The address of a SQLite file in `folder`.
pub fn sqlite(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("bomwarden.db").display())
}
