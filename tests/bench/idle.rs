//! What a server costs that does nothing: how soon it is ready after its start, and
//! how much memory it holds after a minute, with an inventory and advisories in its
//! database. `make bench-idle` starts it.

use anyhow::{Context as _, Result, ensure};
use bomwarden_tests::api::Api;
use bomwarden_tests::database;
use bomwarden_tests::organisation::{self, PACKAGES};
use bomwarden_tests::people::Town;
use bomwarden_tests::postgres::{Cluster, Durability, new_database};
use bomwarden_tests::process::resident;
use bomwarden_tests::server::Server;
use bomwarden_tests::sql::Sql;
use serde_json::json;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Projects, components of each, and advisories.
const PROJECTS: u32 = 1_000;
const COMPONENTS: u32 = 500;
const ADVISORIES: u32 = 50_000;

fn main() -> Result<()> {
    let figure = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (runs, seconds) = (figure("RUNS", 5), figure("SECONDS", 60));
    let only = std::env::var("DB").unwrap_or_default();
    println!("{PROJECTS} projects of {COMPONENTS} components, {ADVISORIES} advisories; medians of {runs} starts");
    println!("{:>12} {:>16} {:>28}", "database", "ready after ms", format!("RSS kB after {seconds} s idle"));
    if only != "postgres" {
        let folder = tempfile::tempdir()?;
        measure("SQLite", &database::sqlite(folder.path()), runs, seconds)?;
    }
    if only != "sqlite" {
        let cluster = Cluster::start(Durability::Durable)?;
        measure("PostgreSQL", &new_database(&cluster.url("postgres"))?, runs, seconds)?;
    }
    Ok(())
}

fn measure(name: &str, address: &str, runs: u64, seconds: u64) -> Result<()> {
    let records = tempfile::tempdir()?;
    let file = records.path().join("all.zip");
    advisories(&file)?;
    let feed = format!("[[feed]]\nname = \"bench\"\nfrom = {:?}\nevery = \"24h\"", file.display().to_string());
    let mut town = Town::around(Server::on_database_with(address, &feed)?)?;
    let mut sql = Sql::open(address)?;
    fetched(&mut sql)?;
    organisation::grow(&mut sql, "harbour", PROJECTS, COMPONENTS)?;
    drop(sql);
    town.server.stop()?;
    let (mut ready, mut held) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let start = Instant::now();
        town.server.start_again()?;
        town.stranger = Api::nobody(town.server.url())?;
        while town.stranger.get("/readyz")?.status != 200 {
            ensure!(start.elapsed() < Duration::from_secs(60), "the server does not become ready");
        }
        ready.push(start.elapsed().as_millis());
        std::thread::sleep(Duration::from_secs(seconds));
        held.push(u128::from(resident(town.server.id())?));
        town.server.stop()?;
    }
    println!("{name:>12} {:>16} {:>28}   {ready:?} {held:?}", median(&ready), median(&held));
    Ok(())
}

fn median(figures: &[u128]) -> u128 {
    let mut sorted = figures.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Waits until the feed's records are in the database.
fn fetched(sql: &mut Sql) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(600);
    while sql.number("SELECT count(*) AS n FROM feed WHERE fetched_at IS NOT NULL")? == 0 {
        ensure!(Instant::now() < end, "the feed is not fetched");
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

/// Records that name packages of the organisation's universe, as a zip.
fn advisories(file: &Path) -> Result<()> {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(file).context("the records")?);
    for n in 0..ADVISORIES {
        let id = format!("BENCH-{n:06}");
        zip.start_file(format!("{id}.json"), zip::write::SimpleFileOptions::default())?;
        let events = json!([{ "introduced": "0" }, { "fixed": "1.0.1" }]);
        let record = json!({
            "schema_version": "1.6.0",
            "id": id,
            "modified": "2026-03-01T00:00:00Z",
            "published": "2026-03-01T00:00:00Z",
            "summary": format!("record {n} of the benchmark"),
            "affected": [{
                "package": { "ecosystem": "npm", "name": organisation::package(n * 2 % PACKAGES) },
                "ranges": [{ "type": "SEMVER", "events": events }],
            }],
        });
        zip.write_all(record.to_string().as_bytes())?;
    }
    zip.finish()?;
    Ok(())
}
