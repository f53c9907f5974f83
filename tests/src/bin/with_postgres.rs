//! Runs a command beside a PostgreSQL of its own, whose address the command
//! finds in `TEST_DATABASE_URL`: `with_postgres COMMAND ARGUMENT…`. The
//! database is gone when the command has ended.

use anyhow::{Context as _, Result};
use bomwarden_tests::database;
use bomwarden_tests::postgres::{Cluster, Durability, new_database};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("with_postgres: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<u8> {
    let mut words = std::env::args_os().skip(1);
    let program = words.next().context("name the command to run")?;
    let cluster = Cluster::start(Durability::Durable)?;
    let url = new_database(&cluster.url("postgres"))?;
    let status = Command::new(&program).args(words).env(database::URL, url).status();
    let status = status.with_context(|| format!("{} does not start", program.display()))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}
