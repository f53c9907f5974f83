//! The bare work of an upload: the rows that it added, inserted into tables with the
//! same rows and indexes in one transaction, with nothing parsed, looked up or sent.
//! Once as a program would do it that does nothing else: SQLite takes row by row with
//! prepared statements, PostgreSQL a thousand rows in a statement. And once with one
//! `INSERT … SELECT` a table inside the database: the least that is possible at all.

use anyhow::{Context as _, Result};
use bomwarden_tests::sql::Sql;
use diesel::{Insertable, QueryableByName, RunQueryDsl as _};
use std::path::Path;
use std::time::{Duration, Instant};

diesel::table! { package (id) { id -> BigInt, ecosystem -> SmallInt, name -> Text, } }
diesel::table! { component (id) { id -> BigInt, package_id -> BigInt, version -> Text, qualifiers -> Text, origin_id -> BigInt, } }
diesel::table! { held (slot_id, component_id) { slot_id -> BigInt, component_id -> BigInt, since -> BigInt, flags -> SmallInt, } }
diesel::table! { team_package (team_id, package_id) { team_id -> BigInt, package_id -> BigInt, } }

#[derive(QueryableByName, Insertable)]
#[diesel(table_name = package)]
struct Package {
    id: i64,
    ecosystem: i16,
    name: String,
}

#[derive(QueryableByName, Insertable)]
#[diesel(table_name = component)]
struct Component {
    id: i64,
    package_id: i64,
    version: String,
    qualifiers: String,
    origin_id: i64,
}

#[derive(QueryableByName, Insertable)]
#[diesel(table_name = held)]
struct Held {
    slot_id: i64,
    component_id: i64,
    since: i64,
    flags: i16,
}

#[derive(QueryableByName, Insertable)]
#[diesel(table_name = team_package)]
struct TeamPackage {
    team_id: i64,
    package_id: i64,
}

/// The tables with a row for each upload.
const SMALL: &[&str] = &["project", "release", "slot", "run", "document", "upload"];
/// Those with a row for each component.
const LARGE: &[&str] = &["package", "component", "held", "team_package"];

/// Rows of one statement on PostgreSQL.
const BATCH: usize = 1_000;

/// How long the same rows took in each of the two ways.
#[derive(Clone, Copy)]
pub struct Took {
    pub by_program: Duration,
    pub inside: Duration,
}

/// Two copies of the tables, one for each way.
pub struct Bare {
    by_program: Copied,
    inside: Copied,
}

impl Bare {
    /// Copies the tables of the database at `address`, with their indexes.
    pub fn like(address: &str, folder: &Path) -> Result<Self> {
        Ok(Self { by_program: Copied::of(address, folder, "bare")?, inside: Copied::of(address, folder, "least")? })
    }

    /// Inserts what the server's tables have since the last call; how long that took.
    pub fn repeat(&mut self) -> Result<Took> {
        Ok(Took { by_program: self.by_program.by_program()?, inside: self.inside.inside()? })
    }
}

/// Tables that lag behind the server's by what was not yet repeated.
struct Copied {
    sql: Sql,
    /// The schema of the server's tables, and of the copies.
    schemas: (&'static str, &'static str),
}

/// Inserts all rows into the table of the connection's own schema.
macro_rules! insert {
    ($sql:expr, $table:ident, $rows:expr) => {
        match $sql {
            Sql::Sqlite(file) => {
                for row in $rows {
                    diesel::insert_into($table::table).values(row).execute(file)?;
                }
            }
            Sql::Postgres(server) => {
                for rows in $rows.chunks(BATCH) {
                    diesel::insert_into($table::table).values(rows).execute(server)?;
                }
            }
        }
    };
}

impl Copied {
    fn of(address: &str, folder: &Path, name: &'static str) -> Result<Self> {
        match address.strip_prefix("sqlite:") {
            Some(path) => Self::file(path, &folder.join(name).with_extension("db")),
            None => Self::schema(address, name),
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

    fn schema(address: &str, name: &'static str) -> Result<Self> {
        let mut sql = Sql::open(address)?;
        sql.run(&format!("SET client_min_messages = error; DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"))?;
        for table in SMALL.iter().chain(LARGE) {
            sql.run(&format!(
                "CREATE TABLE {name}.{table} (LIKE public.{table} INCLUDING ALL);
                 INSERT INTO {name}.{table} SELECT * FROM public.{table}; ANALYZE {name}.{table};"
            ))?;
        }
        sql.run(&format!("SET search_path = {name}"))?;
        Ok(Self { sql, schemas: ("public", name) })
    }

    fn by_program(&mut self) -> Result<Duration> {
        let packages: Vec<Package> = self.news("package", "id", "package")?;
        let components: Vec<Component> = self.news("component", "id", "component")?;
        let held: Vec<Held> = self.news("held", "slot_id", "slot")?;
        let teams: Vec<TeamPackage> = self.news("team_package", "package_id", "package")?;
        SMALL.iter().try_for_each(|table| self.set_apart(table, "id", table))?;
        let start = Instant::now();
        self.sql.run(&format!("{}; {}", self.begin(), self.inserts(SMALL)))?;
        insert!(&mut self.sql, package, &packages);
        insert!(&mut self.sql, component, &components);
        insert!(&mut self.sql, held, &held);
        insert!(&mut self.sql, team_package, &teams);
        self.sql.run("COMMIT")?;
        let took = start.elapsed();
        self.forget(SMALL)?;
        Ok(took)
    }

    fn inside(&mut self) -> Result<Duration> {
        let keys = [("held", "slot_id", "slot"), ("team_package", "package_id", "package")];
        keys.iter().try_for_each(|(table, key, beyond)| self.set_apart(table, key, beyond))?;
        let by_id: Vec<&str> = SMALL.iter().copied().chain(["package", "component"]).collect();
        by_id.iter().try_for_each(|table| self.set_apart(table, "id", table))?;
        let all: Vec<&str> = SMALL.iter().chain(LARGE).copied().collect();
        let statements = format!("{}; {} COMMIT", self.begin(), self.inserts(&all));
        let start = Instant::now();
        self.sql.run(&statements)?;
        let took = start.elapsed();
        self.forget(&all)?;
        Ok(took)
    }

    fn begin(&self) -> &'static str {
        if self.schemas.1 == "main" { "BEGIN IMMEDIATE" } else { "BEGIN" }
    }

    /// Puts the rows of a table whose key is beyond the greatest id of another aside.
    fn set_apart(&mut self, table: &str, key: &str, beyond: &str) -> Result<()> {
        let (live, copy) = self.schemas;
        let new = format!("{key} > (SELECT coalesce(max(id), 0) FROM {copy}.{beyond})");
        self.sql.run(&format!("CREATE TEMP TABLE new_{table} AS SELECT * FROM {live}.{table} WHERE {new}"))
    }

    fn inserts(&self, tables: &[&str]) -> String {
        let copy = self.schemas.1;
        tables.iter().map(|table| format!("INSERT INTO {copy}.{table} SELECT * FROM new_{table};")).collect()
    }

    fn forget(&mut self, tables: &[&str]) -> Result<()> {
        tables.iter().try_for_each(|table| self.sql.run(&format!("DROP TABLE new_{table}")))
    }

    /// The rows of a table whose key is beyond the greatest id of another.
    fn news<T>(&mut self, table: &str, key: &str, beyond: &str) -> Result<Vec<T>>
    where
        T: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
    {
        let (live, copy) = self.schemas;
        let beyond = format!("{key} > (SELECT coalesce(max(id), 0) FROM {copy}.{beyond})");
        let query = diesel::sql_query(format!("SELECT * FROM {live}.{table} WHERE {beyond}"));
        Ok(match &mut self.sql {
            Sql::Sqlite(file) => query.load(file)?,
            Sql::Postgres(server) => query.load(server)?,
        })
    }
}
