//! How long it takes to check everything again, and how long one new record takes to
//! its events, beside an in-memory hash join of the same rows in the same run.
//!
//! `DATA` is a folder of public data (`advisories/osv/*.zip`, `popular/*.txt`); without
//! it names and records are made up from a fixed seed. `PROJECTS` is a list (default
//! `10,100,1000,10000`), `COMPONENTS` the components of a project (1000), `RECORDS` the
//! records there are at least (300000), `DB=postgres` takes a PostgreSQL of its own.
//! A project adds a hundred unique components, so 10,000 projects hold 1,000,000.

mod inventory;
mod measure;
mod records;
mod reference;

use anyhow::{Context as _, Result};
use bomwarden_server::config::Address;
use bomwarden_server::store::Db;
use bomwarden_tests::postgres::{Cluster, Durability};
use diesel::connection::SimpleConnection as _;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, address, ..] = arguments.as_slice()
        && word == measure::CHILD
    {
        return measure::child(address);
    }
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let cluster = match std::env::var("DB").as_deref() {
        Ok("postgres") => Some(Cluster::start(Durability::Durable)?),
        _ => None,
    };
    let address = match &cluster {
        Some(cluster) => cluster.url("postgres"),
        None => format!("sqlite:{}", folder.path().join("bench.db").display()),
    };
    let sizes = std::env::var("PROJECTS").ok().filter(|sizes| !sizes.is_empty());
    let sizes = sizes.unwrap_or_else(|| "10,100,1000,10000".to_owned());
    let sizes: Vec<i64> = sizes.split(',').map(|size| size.trim().parse()).collect::<Result<_, _>>().context("PROJECTS")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(&address, &sizes))
}

async fn run(address: &str, sizes: &[i64]) -> Result<()> {
    let services = measure::services(address)?;
    let data = std::env::var_os("DATA").filter(|data| !data.is_empty()).map(std::path::PathBuf::from);
    let names = inventory::names(data.as_deref())?;
    let loaded = records::load(&services, data.as_deref(), &names, number("RECORDS", 300_000)?).await?;
    println!("records: {} ({} from DATA, the rest made up) in {:.1} s", loaded.all, loaded.real, loaded.seconds);
    let database = Address::parse(address).map_err(anyhow::Error::msg)?;
    println!("database: {database}");
    println!(
        "projects | held rows | components | pairs | matches | first, s | again, s | again, MB | hash join, s (its load, s) | ratio | record to events, s | events | to counts, s | malicious record to outbox, s"
    );
    let mut made = inventory::Made::default();
    for size in sizes {
        made.grow(&services, &names, *size, number("COMPONENTS", 1000)?).await?;
        settle(&database)?;
        let line = measure::line(&services, address, &made).await?;
        println!("{size} | {} | {line}", made.held);
    }
    Ok(())
}

/// Does what PostgreSQL does by itself within a minute after so many rows came.
fn settle(database: &Address) -> Result<()> {
    if let Db::Postgres(connection) = &mut Db::open(database)? {
        connection.batch_execute("VACUUM ANALYZE")?;
    }
    Ok(())
}

fn number(name: &str, otherwise: i64) -> Result<i64> {
    match std::env::var(name) {
        Ok(text) if !text.is_empty() => text.parse().with_context(|| format!("`{name}` is no number")),
        _ => Ok(otherwise),
    }
}
