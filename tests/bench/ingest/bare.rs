//! The bare work of an upload: the rows that it added, inserted into tables with the
//! same rows and indexes by one statement for each table in one transaction, with
//! nothing parsed, looked up or sent.

use anyhow::{Context as _, Result};
use bomwarden_tests::sql::Sql;
use std::path::Path;
use std::time::{Duration, Instant};

/// The tables that uploads write, and which of their rows are new.
const TABLES: &[(&str, &str)] = &[
    ("project", "id > (SELECT coalesce(max(id), 0) FROM {bare}.project)"),
    ("release", "id > (SELECT coalesce(max(id), 0) FROM {bare}.release)"),
    ("slot", "id > (SELECT coalesce(max(id), 0) FROM {bare}.slot)"),
    ("run", "id > (SELECT coalesce(max(id), 0) FROM {bare}.run)"),
    ("document", "id > (SELECT coalesce(max(id), 0) FROM {bare}.document)"),
    ("upload", "id > (SELECT coalesce(max(id), 0) FROM {bare}.upload)"),
    ("package", "id > (SELECT coalesce(max(id), 0) FROM {bare}.package)"),
    ("component", "id > (SELECT coalesce(max(id), 0) FROM {bare}.component)"),
    ("held", "slot_id > (SELECT coalesce(max(id), 0) FROM {bare}.slot)"),
    ("team_package", "package_id > (SELECT coalesce(max(id), 0) FROM {bare}.package)"),
];

/// Tables that lag behind the server's by what was not yet repeated.
pub struct Bare {
    sql: Sql,
    /// The schema of the server's tables, and of the bare ones.
    schemas: (&'static str, &'static str),
}

impl Bare {
    /// Copies the tables of the database at `address`, with their indexes.
    pub fn like(address: &str, folder: &Path) -> Result<Self> {
        match address.strip_prefix("sqlite:") {
            Some(path) => Self::file(path, &folder.join("bare.db")),
            None => Self::schema(address),
        }
    }

    fn file(path: &str, copy: &Path) -> Result<Self> {
        Sql::open(&format!("sqlite:{path}"))?.run("PRAGMA wal_checkpoint(TRUNCATE)")?;
        for end in ["-wal", "-shm"] {
            let _none = std::fs::remove_file(format!("{}{end}", copy.display()));
        }
        std::fs::copy(path, copy).with_context(|| format!("`{}`", copy.display()))?;
        let mut sql = Sql::open(&format!("sqlite:{}", copy.display()))?;
        sql.run(&format!("ATTACH '{path}' AS live"))?;
        Ok(Self { sql, schemas: ("live", "main") })
    }

    fn schema(address: &str) -> Result<Self> {
        let mut sql = Sql::open(address)?;
        sql.run("DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare; SET client_min_messages = error")?;
        for (table, _) in TABLES {
            sql.run(&format!(
                "CREATE TABLE bare.{table} (LIKE public.{table} INCLUDING ALL);
                 INSERT INTO bare.{table} SELECT * FROM public.{table}; ANALYZE bare.{table};"
            ))?;
        }
        Ok(Self { sql, schemas: ("public", "bare") })
    }

    /// Inserts what the server's tables have since the last call; how long that took.
    pub fn repeat(&mut self) -> Result<Duration> {
        let (live, bare) = self.schemas;
        for (table, new) in TABLES {
            let new = new.replace("{bare}", bare);
            self.sql.run(&format!("CREATE TEMP TABLE new_{table} AS SELECT * FROM {live}.{table} WHERE {new}"))?;
        }
        let inserts: String =
            TABLES.iter().map(|(table, _)| format!("INSERT INTO {bare}.{table} SELECT * FROM new_{table};")).collect();
        let begin = if bare == "main" { "BEGIN IMMEDIATE" } else { "BEGIN" };
        let start = Instant::now();
        self.sql.run(&format!("{begin}; {inserts} COMMIT"))?;
        let took = start.elapsed();
        for (table, _) in TABLES {
            self.sql.run(&format!("DROP TABLE new_{table}"))?;
        }
        Ok(took)
    }
}
