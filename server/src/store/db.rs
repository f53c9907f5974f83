//! A connection to either database, and the two ways of using one: `read`, and
//! `write`, which is the only transaction that changes anything.

use super::StoreError;
pub use crate::config::Address;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{Connection, PgConnection, SqliteConnection};

/// A connection. PostgreSQL first: SQLite takes any text for a path, so the
/// variant is chosen by the address's scheme, never by trying.
#[derive(diesel::MultiConnection)]
pub enum Db {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Runs the same typed source on the connection inside. What needs it: upserts,
/// inserts of many rows, and `RETURNING` of whole rows.
macro_rules! each_backend {
    ($db:expr, $connection:ident => $body:expr) => {
        match $db {
            $crate::store::db::Db::Postgres($connection) => $body,
            $crate::store::db::Db::Sqlite($connection) => $body,
        }
    };
}
pub(crate) use each_backend;

impl Db {
    /// Opens a connection and sets it up.
    ///
    /// # Errors
    /// [`StoreError::Connect`] when the database cannot be reached.
    pub fn open(address: &Address) -> Result<Self, StoreError> {
        match address {
            Address::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path).map_err(|error| StoreError::Connect(error.to_string()))?;
                // busy_timeout first: changing the journal mode itself may have to wait.
                connection.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY;",
                )?;
                Ok(Self::Sqlite(connection))
            }
            Address::Postgres(url) => {
                let mut connection = PgConnection::establish(url).map_err(|error| StoreError::Connect(error.to_string()))?;
                connection.batch_execute("SET TIME ZONE 'UTC'; SET lock_timeout = '30s'; SET client_min_messages = warning;")?;
                Ok(Self::Postgres(connection))
            }
        }
    }

    /// Runs `work` in the one kind of transaction that writes: immediate on
    /// SQLite, re-run on a serialisation failure or a deadlock on PostgreSQL.
    /// `work` must have no effect outside the database.
    ///
    /// # Errors
    /// Whatever `work` answers, after a rollback.
    pub fn write<T>(&mut self, work: &dyn Fn(&mut Db) -> Result<T, StoreError>) -> Result<T, StoreError> {
        const TRIES: u32 = 5;
        let mut tried = 0;
        loop {
            tried += 1;
            match self.write_once(work) {
                Err(error) if tried < TRIES && error.is_worth_another_try() => {
                    tracing::debug!(tried, %error, "the transaction is run again");
                }
                answer => return answer,
            }
        }
    }

    fn write_once<T>(&mut self, work: &dyn Fn(&mut Db) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match self {
            Self::Postgres(connection) => AnsiTransactionManager::begin_transaction(connection)?,
            Self::Sqlite(connection) => AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")?,
        }
        match work(self) {
            Ok(answer) => {
                <Db as Connection>::TransactionManager::commit_transaction(self)?;
                Ok(answer)
            }
            Err(error) => {
                if let Err(rollback) = <Db as Connection>::TransactionManager::rollback_transaction(self) {
                    tracing::error!(%rollback, %error, "a rollback failed");
                }
                Err(error)
            }
        }
    }

    /// Runs `work` on one consistent snapshot. It must not write.
    ///
    /// # Errors
    /// Whatever `work` answers.
    pub fn read<T>(&mut self, work: impl FnOnce(&mut Db) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match self {
            Self::Postgres(connection) => {
                AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?
            }
            Self::Sqlite(connection) => AnsiTransactionManager::begin_transaction(connection)?,
        }
        let answer = work(self);
        // Nothing was written; ending the snapshot either way is the same.
        if let Err(rollback) = <Db as Connection>::TransactionManager::rollback_transaction(self) {
            tracing::warn!(%rollback, "a snapshot could not be ended");
        }
        answer
    }

    /// Whether the connection can be used again.
    pub fn is_sound(&mut self) -> bool {
        !<Db as Connection>::TransactionManager::is_broken_transaction_manager(self)
    }
}

impl StoreError {
    fn is_worth_another_try(&self) -> bool {
        match self {
            Self::Query(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            Self::Query(Error::DatabaseError(_, information)) => information.message().contains("deadlock detected"),
            _ => false,
        }
    }
}
