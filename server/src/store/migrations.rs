//! The schema's history, one folder for each backend with the same names.

use super::{Db, StoreError};
use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Applies what is missing. Several servers may start at once on one PostgreSQL:
/// an advisory lock lets them through one by one.
///
/// # Errors
/// [`StoreError::Migrate`] with the migration's own words.
pub fn run(db: &mut Db) -> Result<(), StoreError> {
    const LOCK: i64 = 0x626f_6d77;
    match db {
        Db::Sqlite(connection) => apply(connection, SQLITE),
        Db::Postgres(connection) => {
            connection.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let answer = apply(connection, POSTGRES);
            connection.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            answer
        }
    }
}

fn apply<B: diesel::backend::Backend>(
    connection: &mut impl MigrationHarness<B>,
    all: EmbeddedMigrations,
) -> Result<(), StoreError> {
    let applied = connection.run_pending_migrations(all).map_err(|error| StoreError::Migrate(error.to_string()))?;
    if let Some(newest) = applied.last() {
        tracing::info!(steps = applied.len(), %newest, "the schema was brought up to date");
    }
    Ok(())
}
