//! A line of the table. The full re-check runs in a process of its own, whose memory
//! is then its own too.

use super::inventory::Made;
use super::reference;
use anyhow::{Context as _, Result, ensure};
use bomwarden_server::clock::SystemClock;
use bomwarden_server::config::{Address, Config};
use bomwarden_server::services::Services;
use bomwarden_server::store::schema::{component, event, held, package};
use bomwarden_server::{advisories, counts, recheck, rematch, stop};
use diesel::prelude::*;
use std::sync::Arc;
use std::time::Instant;

/// The first argument of the process that only re-checks.
pub const CHILD: &str = "child";

/// Services over the database.
pub fn services(address: &str) -> Result<Services> {
    let database = Address::parse(address).map_err(anyhow::Error::msg)?;
    let data = tempfile::tempdir()?.keep();
    Services::open(Config { database, data, ..Config::default() }, Arc::new(SystemClock))
}

/// Re-checks once and prints what it took.
pub fn child(address: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let services = services(address)?;
        let (_stopper, stop) = stop::stop();
        let began = Instant::now();
        let seen = recheck::alone(&services, &stop, &|_| ()).await?.context("somebody else is at it")?;
        let seconds = began.elapsed().as_secs_f64();
        println!("{} {} {} {} {seconds} {}", seen.components, seen.pairs, seen.matches, seen.differing, peak()?);
        Ok(())
    })
}

/// The numbers of a re-check in a process of its own.
fn apart(address: &str) -> Result<Vec<f64>> {
    let out = std::process::Command::new(std::env::current_exe()?).args([CHILD, address]).output()?;
    ensure!(out.status.success(), "the re-check failed: {}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout)?;
    let numbers: Vec<f64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    ensure!(numbers.len() == 6, "the re-check said `{text}`");
    Ok(numbers)
}

/// The most memory this process has had, in megabytes.
fn peak() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}

/// Measures; the columns behind the held rows.
pub async fn line(services: &Services, address: &str, made: &Made) -> Result<String> {
    let first = apart(address)?;
    let again = apart(address)?;
    let reference = reference::run(services).await?;
    ensure!(again[3] == 0.0, "a re-check right after another found {} packages to put right", again[3]);
    ensure!(again[1] as i64 == reference.pairs, "{} pairs, the reference has {}", again[1], reference.pairs);
    ensure!(again[2] as usize == reference.matches, "{} matches, the reference has {}", again[2], reference.matches);
    let (events_after, events, counts_after) = one_record(services, &format!("LATE-{}", made.projects)).await?;
    // The same of a malicious one: with it comes an alert, and a share of it for the outbox.
    let (told_after, ..) = one_record(services, &format!("MAL-{}", made.projects)).await?;
    let ratio = again[4] / (reference.load + reference.join);
    Ok(format!(
        "{} | {} | {} | {:.2} | {:.2} | {:.0} | {:.2} ({:.2}) | {ratio:.2} | {events_after:.3} | {events} | {counts_after:.2} | {told_after:.3}",
        again[0], again[1], again[2], first[4], again[4], again[5], reference.join, reference.load,
    ))
}

/// One new record about every version of the most-held package: seconds to its events,
/// how many they are, and seconds until every release is counted.
async fn one_record(services: &Services, id: &str) -> Result<(f64, i64, f64)> {
    let popular = |db: &mut bomwarden_server::store::Db| {
        let first: i64 = held::table.select(held::component_id).order(held::component_id).first(db)?;
        let named = component::table.inner_join(package::table.on(package::id.eq(component::package_id)));
        Ok(named.filter(component::id.eq(first)).select((package::ecosystem, package::name)).first::<(i16, String)>(db)?)
    };
    let (ecosystem, name) = services.store.read(popular).await?;
    let ecosystem = bom::ecosystem::Ecosystem::of_code(ecosystem).context("no ecosystem")?.name;
    let record = serde_json::json!({"id": id, "modified": "2026-01-02T00:00:00Z", "affected": [
        {"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]});
    let count = |db: &mut bomwarden_server::store::Db| Ok(event::table.count().get_result::<i64>(db)?);
    let before = services.store.read(count).await?;
    let began = Instant::now();
    advisories::store(services, "late", vec![advisories::read(record.to_string().as_bytes())?]).await?;
    rematch::drain(services).await?;
    let events_after = began.elapsed().as_secs_f64();
    let events = services.store.read(count).await? - before;
    ensure!(events > 0, "the record made no event");
    counts::drain(services).await?;
    Ok((events_after, events, began.elapsed().as_secs_f64()))
}
