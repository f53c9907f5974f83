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

/// What a transaction is begun for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One consistent snapshot.
    Read,
    /// To change something: immediate on SQLite.
    Write,
}

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
                // libpq itself waits for ever for a machine that is gone.
                let patience = if url.contains('?') { "&connect_timeout=10" } else { "?connect_timeout=10" };
                let patience = if url.contains("connect_timeout=") { "" } else { patience };
                let mut connection = PgConnection::establish(&format!("{url}{patience}"))
                    .map_err(|error| StoreError::Connect(error.to_string()))?;
                // What is asked for here is in memory or on a solid disk; the planner's usual
                // price of a look-up makes it read all components for one slot's.
                connection.batch_execute(
                    "SET TIME ZONE 'UTC'; SET lock_timeout = '30s'; SET client_min_messages = warning; \
                     SET random_page_cost = 1.1; SET jit = off;",
                )?;
                Ok(Self::Postgres(connection))
            }
        }
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub(super) fn begin(&mut self, kind: Kind) -> Result<(), StoreError> {
        let begun = match (self, kind) {
            (Self::Postgres(connection), Kind::Write) => AnsiTransactionManager::begin_transaction(connection),
            (Self::Postgres(connection), Kind::Read) => {
                AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            }
            (Self::Sqlite(connection), Kind::Write) => {
                AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
            }
            (Self::Sqlite(connection), Kind::Read) => AnsiTransactionManager::begin_transaction(connection),
        };
        begun.map_err(|error| StoreError::from(error).told_apart())
    }

    /// Runs `work` in the transaction that was begun to write, and again in a new one
    /// after a serialisation failure or a deadlock. `work` must have no effect outside
    /// the database.
    ///
    /// # Errors
    /// Whatever `work` answers, after a rollback.
    pub(super) fn write<T>(&mut self, work: &dyn Fn(&mut Db) -> Result<T, StoreError>) -> Result<T, StoreError> {
        const TRIES: u32 = 5;
        let mut tried = 1;
        loop {
            match self.write_once(work) {
                Err(error) if tried < TRIES && error.is_worth_another_try() => {
                    tracing::debug!(tried, %error, "the transaction is run again");
                    tried += 1;
                    self.begin(Kind::Write)?;
                }
                answer => return answer,
            }
        }
    }

    fn write_once<T>(&mut self, work: &dyn Fn(&mut Db) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match work(self) {
            Ok(answer) => {
                let committed = <Db as Connection>::TransactionManager::commit_transaction(self);
                committed.map_err(|error| StoreError::from(error).told_apart())?;
                Ok(answer)
            }
            Err(error) => match <Db as Connection>::TransactionManager::rollback_transaction(self) {
                Ok(()) => Err(error),
                // A connection on which nothing can be taken back is gone.
                Err(rollback) => Err(StoreError::Connect(format!("{error} ({rollback})"))),
            },
        }
    }

    /// Runs `work` on the snapshot that was begun. It must not write.
    ///
    /// # Errors
    /// Whatever `work` answers.
    pub(super) fn read<T>(&mut self, work: impl FnOnce(&mut Db) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let answer = work(self);
        // Nothing was written; ending the snapshot either way is the same.
        match (<Db as Connection>::TransactionManager::rollback_transaction(self), answer) {
            (Ok(()), answer) => answer,
            (Err(_), Ok(answer)) => Ok(answer),
            (Err(rollback), Err(error)) => Err(StoreError::Connect(format!("{error} ({rollback})"))),
        }
    }

    /// Whether the connection can be used again.
    pub fn is_sound(&mut self) -> bool {
        !<Db as Connection>::TransactionManager::is_broken_transaction_manager(self)
    }
}

impl StoreError {
    /// The loss of a connection told apart from what a database says about a statement.
    fn told_apart(self) -> Self {
        use DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
        match self {
            Self::Query(
                error @ (Error::DatabaseError(ClosedConnection | UnableToSendCommand, _)
                | Error::RollbackErrorOnCommit { .. }
                | Error::BrokenTransactionManager),
            ) => Self::Connect(error.to_string()),
            other => other,
        }
    }

    fn is_worth_another_try(&self) -> bool {
        match self {
            Self::Query(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            Self::Query(Error::DatabaseError(_, information)) => information.message().contains("deadlock detected"),
            _ => false,
        }
    }
}
