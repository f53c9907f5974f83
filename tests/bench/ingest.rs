//! How long uploads take: the first of a large SBOM beside the bare inserts of the
//! same rows and indexes in the same run (by a program, and inside the database), the same again, and eight clients at once,
//! on top of organisations of growing size. `make bench-ingest` starts it.

#[path = "ingest/bare.rs"]
mod bare;
#[path = "ingest/clients.rs"]
mod clients;
#[path = "ingest/sbom.rs"]
mod sbom;

use anyhow::{Context as _, Result, ensure};
use bare::{Bare, Took};
use bomwarden_tests::api::Api;
use bomwarden_tests::database;
use bomwarden_tests::people::Town;
use bomwarden_tests::postgres::{Cluster, Durability, new_database};
use bomwarden_tests::process::resident;
use bomwarden_tests::server::Server;
use bomwarden_tests::sql::Sql;
use bomwarden_tests::{documents, organisation};
use sbom::Sbom;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Components of the large SBOM.
const LARGE: u32 = 5_000;
/// Components of a release of the organisation, and of a client's SBOM.
const USUAL: u32 = 1_000;
/// First uploads of a row of the table; the median counts.
const ROUNDS: u32 = 5;

fn main() -> Result<()> {
    let sizes = std::env::var("RELEASES").unwrap_or_else(|_| "10,100,1000,10000".to_owned());
    let sizes: Vec<u32> = sizes.split(',').map(|size| size.trim().parse()).collect::<Result<_, _>>().context("RELEASES")?;
    let only = std::env::var("DB").unwrap_or_default();
    println!("{LARGE} components at first, {USUAL} of each client's; times are medians in milliseconds, rates per second");
    if only != "postgres" {
        let folder = tempfile::tempdir()?;
        table("SQLite", &database::sqlite(folder.path()), &sizes)?;
    }
    if only != "sqlite" {
        let cluster = Cluster::start(Durability::Durable)?;
        table("PostgreSQL", &new_database(&cluster.url("postgres"))?, &sizes)?;
    }
    Ok(())
}

fn table(name: &str, address: &str, sizes: &[u32]) -> Result<()> {
    let town = Town::around(Server::on_database(address)?)?;
    println!("\n{name}");
    println!(
        "{:>9} {:>8} {:>7} {:>6} {:>7} {:>6} {:>8} {:>7} {:>6} {:>7} {:>6} {:>10} {:>12} {:>12} {:>8}",
        "releases",
        "10% new",
        "bare",
        "ratio",
        "inside",
        "ratio",
        "all new",
        "bare",
        "ratio",
        "inside",
        "ratio",
        "unchanged",
        "8 unchanged",
        "8 1%-changed",
        "RSS MB"
    );
    for size in sizes {
        let mut sql = Sql::open(address)?;
        organisation::grow(&mut sql, "harbour", *size, USUAL)?;
        let row = Row::measured(&town, address, *size)?;
        println!("{row}");
    }
    Ok(())
}

/// First uploads, and the bare inserts of what they wrote.
struct First {
    ours: Duration,
    bare: Took,
}

impl std::fmt::Display for First {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ratio = |bare: Duration| self.ours.as_secs_f64() / bare.as_secs_f64();
        let Took { by_program, inside } = self.bare;
        write!(
            out,
            "{:>8.1} {:>7.1} {:>6.2} {:>7.1} {:>6.2}",
            ms(self.ours),
            ms(by_program),
            ratio(by_program),
            ms(inside),
            ratio(inside)
        )
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// What was measured on one size.
struct Row {
    size: u32,
    part: First,
    whole: First,
    unchanged: Duration,
    rates: (f64, f64),
    resident: u64,
}

impl Row {
    fn measured(town: &Town, address: &str, size: u32) -> Result<Self> {
        let mut bare = Bare::like(address, town.server.folder())?;
        let part = first(town, &mut bare, size, LARGE / 10)?;
        let whole = first(town, &mut bare, size, LARGE)?;
        drop(bare);
        let unchanged = again(&town.uploader, size)?;
        let rates = (clients::rate(town, size, 0)?, clients::rate(town, size, USUAL / 100)?);
        Ok(Self { size, part, whole, unchanged, rates, resident: resident(town.server.id())? / 1024 })
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "{:>9} {} {} {:>10.1} {:>12.0} {:>12.0} {:>8}",
            self.size,
            self.part,
            self.whole,
            ms(self.unchanged),
            self.rates.0,
            self.rates.1,
            self.resident,
        )
    }
}

/// First uploads of new projects, `new` of whose components nobody has; and the bare
/// inserts of what each wrote.
fn first(town: &Town, bare: &mut Bare, size: u32, new: u32) -> Result<First> {
    let (mut ours, mut by_program, mut inside) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let project = format!("first-{size}-{new}-{round}");
        let document = Sbom::drawn(&project, LARGE, new).bytes(round);
        ours.push(upload(&town.uploader, &meta(&project, round), document, 201)?);
        let took = bare.repeat()?;
        by_program.push(took.by_program);
        inside.push(took.inside);
    }
    let bare = Took { by_program: median(&mut by_program), inside: median(&mut inside) };
    Ok(First { ours: median(&mut ours), bare })
}

/// Twins of an upload that change nothing.
fn again(uploader: &Api, size: u32) -> Result<Duration> {
    let project = format!("first-{size}-{}-0", LARGE / 10);
    let sbom = Sbom::drawn(&project, LARGE, LARGE / 10);
    let mut times = Vec::new();
    for round in 1..=ROUNDS {
        times.push(upload(uploader, &meta(&project, round), sbom.bytes(round), 201)?);
    }
    Ok(median(&mut times))
}

fn upload(uploader: &Api, meta: &Value, document: Vec<u8>, status: u16) -> Result<Duration> {
    let documents = [("package-lock.json", document)];
    let start = Instant::now();
    let answer = uploader.upload(meta, &documents)?;
    let took = start.elapsed();
    ensure!(answer.status == status, "{} {}", answer.status, answer.text());
    Ok(took)
}

/// A run of a project, later with each `round`.
fn meta(project: &str, round: u32) -> Value {
    let mut meta = documents::run(&format!("{project}-{round}"), round);
    meta["project"] = project.into();
    meta
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
