//! Direct access to a server's database, past the server: for benchmarks that fill
//! one, and for the bare work that they compare with. SQLite as the server sets it up.

use anyhow::{Context as _, Result};
use diesel::connection::SimpleConnection as _;
use diesel::sql_types::BigInt;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _, SqliteConnection};

/// A connection.
pub enum Sql {
    /// To a SQLite file.
    Sqlite(SqliteConnection),
    /// To PostgreSQL.
    Postgres(PgConnection),
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl Sql {
    /// Opens a database by its address.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn open(address: &str) -> Result<Self> {
        let Some(path) = address.strip_prefix("sqlite:") else {
            return Ok(Self::Postgres(PgConnection::establish(address).context("PostgreSQL")?));
        };
        let mut file = SqliteConnection::establish(path).with_context(|| format!("`{path}`"))?;
        file.batch_execute(
            "PRAGMA busy_timeout = 60000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY;",
        )?;
        Ok(Self::Sqlite(file))
    }

    /// Runs statements.
    ///
    /// # Errors
    /// With the database's words.
    pub fn run(&mut self, statements: &str) -> Result<()> {
        let ran = match self {
            Self::Sqlite(file) => file.batch_execute(statements),
            Self::Postgres(server) => server.batch_execute(statements),
        };
        ran.with_context(|| statements.chars().take(300).collect::<String>())
    }

    /// The number that a query gives in its column `n`.
    ///
    /// # Errors
    /// With the database's words.
    pub fn number(&mut self, query: &str) -> Result<i64> {
        let query_of = diesel::sql_query(query);
        let row: Result<Number, _> = match self {
            Self::Sqlite(file) => query_of.get_result(file),
            Self::Postgres(server) => query_of.get_result(server),
        };
        Ok(row.with_context(|| query.to_owned())?.n)
    }
}
