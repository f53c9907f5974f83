//! What a scan of a Cargo.lock costs, beside `cargo audit --no-fetch` on the same file
//! in the same run, and whether both find the same; and what starting costs with 50,000
//! and with 300,000 advisories. `make bench-scan` starts it.
//!
//! `DATA` names a folder with `bench/rust-*/Cargo.lock`, `advisories/osv` and
//! `advisories/rustsec-advisory-db.tar.gz`; without it, starting alone is measured.
//! `AUDIT` names cargo-audit, when it is not on the `PATH`.

#[path = "scan/audit.rs"]
mod audit;
#[path = "scan/cost.rs"]
mod cost;
#[path = "scan/made_up.rs"]
mod made_up;

use anyhow::{Context as _, Result, ensure};
use audit::Audit;
use bomwarden_tests::programs;
use cost::Cost;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What was found: (advisory's ids, package, version).
type Found = BTreeSet<(Vec<String>, String, String)>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some((_, [word, runs, command @ ..])) = arguments.split_first()
        && word == cost::WORD
    {
        return cost::measure_here(runs.parse()?, command);
    }
    let runs = std::env::var("RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(30);
    let bomwarden = programs::folder()?.join("bomwarden");
    ensure!(bomwarden.is_file(), "`{}` is not built", bomwarden.display());
    let folder = tempfile::tempdir()?;
    println!("cpu = user + system, the mean of {runs} runs of the whole process; peak = largest resident set");
    match std::env::var_os("DATA").filter(|data| !data.is_empty()).map(PathBuf::from) {
        Some(data) => beside_audit(&bomwarden, &data, folder.path(), runs)?,
        None => println!("DATA names no folder: nothing to scan beside cargo-audit"),
    }
    starts(&bomwarden, folder.path(), runs)
}

fn beside_audit(bomwarden: &Path, data: &Path, folder: &Path, runs: u32) -> Result<()> {
    let database = folder.join("all.db");
    update(bomwarden, &database, &data.join("advisories/osv"))?;
    let audit = Audit::prepare(&data.join("advisories/rustsec-advisory-db.tar.gz"), folder)?;
    println!("\nscan of a Cargo.lock, every ecosystem in the database");
    println!("{:<22} {:>9} {:>9} {:>12} {:>12} {:>7}  findings", "", "cpu ms", "peak MiB", "audit cpu", "audit peak", "ratio");
    for lock in locks(&data.join("bench"))? {
        let name = lock.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        let path = lock.display().to_string();
        let scan = ["scan", &path, "--json", "--db", &database.display().to_string()].map(str::to_owned);
        let ours = found(bomwarden, &scan)?;
        let cost = Cost::of(bomwarden, &scan, &[], runs)?;
        let Some(audit) = &audit else {
            println!("{name:<22} {:>9.2} {:>9.1}  {} findings", cost.cpu_ms, cost.peak_mib, ours.len());
            continue;
        };
        let (theirs, reference) = (audit.found(&lock)?, audit.cost(&lock, runs)?);
        let ratio = reference.cpu_ms / cost.cpu_ms;
        println!(
            "{name:<22} {:>9.2} {:>9.1} {:>12.2} {:>12.1} {ratio:>6.1}x  {} and {}: {}",
            cost.cpu_ms,
            cost.peak_mib,
            reference.cpu_ms,
            reference.peak_mib,
            ours.len(),
            theirs.len(),
            difference(&ours, &theirs)
        );
    }
    Ok(())
}

fn update(bomwarden: &Path, database: &Path, from: &Path) -> Result<()> {
    let database = database.as_os_str();
    let made = Command::new(bomwarden).args(["db", "update", "--quiet", "--from"]).arg(from).arg("--db").arg(database).output();
    let made = made.context("bomwarden does not start")?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Ok(())
}

fn locks(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("`{}`", folder.display()))?;
    let mut locks: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path().join("Cargo.lock")).filter(|path| path.is_file()).collect();
    locks.sort();
    Ok(locks)
}

/// What the product finds: each problem with all its names.
fn found(bomwarden: &Path, arguments: &[String]) -> Result<Found> {
    let told: Value = serde_json::from_slice(&Command::new(bomwarden).args(arguments).output()?.stdout)?;
    let documents = told["documents"].as_array().context("no documents")?;
    let findings = documents.iter().flat_map(|document| document["findings"].as_array().into_iter().flatten());
    Ok(findings
        .map(|hit| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let mut ids = vec![text(&hit["finding"]["id"])];
            ids.extend(hit["finding"]["aliases"].as_array().into_iter().flatten().map(text));
            let component = text(&hit["component"]);
            let (name, version) = component.split_once(' ').unwrap_or((&component, ""));
            (ids, name.to_owned(), version.to_owned())
        })
        .collect())
}

/// What one side finds and the other does not.
fn difference(ours: &Found, theirs: &Found) -> String {
    let same = |(ids, name, version): &(Vec<String>, String, String), other: &Found| {
        other.iter().any(|(known, n, v)| n == name && v == version && known.iter().any(|id| ids.contains(id)))
    };
    let tell = |one: &(Vec<String>, String, String)| format!("{} {} {}", one.0.join("/"), one.1, one.2);
    let extra: Vec<String> = ours.iter().filter(|one| !same(one, theirs)).map(|one| format!("+ {}", tell(one))).collect();
    let missed: Vec<String> = theirs.iter().filter(|one| !same(one, ours)).map(|one| format!("- {}", tell(one))).collect();
    let all = [extra, missed].concat();
    if all.is_empty() { "the same".to_owned() } else { all.join(", ") }
}

/// Starting, and one purl, with databases of two sizes.
fn starts(bomwarden: &Path, folder: &Path, runs: u32) -> Result<()> {
    println!("\nstart and one purl");
    println!("{:<22} {:>9} {:>9} {:>14}", "advisories", "cpu ms", "peak MiB", "database MiB");
    for advisories in [50_000, 300_000] {
        let (records, database) = (folder.join("records.ndjson"), folder.join(format!("{advisories}.db")));
        made_up::write(&records, advisories)?;
        update(bomwarden, &database, &records)?;
        let scan = ["scan", "--purls", "-", "--json", "--db", &database.display().to_string()].map(str::to_owned);
        let cost = Cost::of(bomwarden, &scan, made_up::PURL.as_bytes(), runs)?;
        let size = std::fs::metadata(&database)?.len() as f64 / f64::from(1 << 20);
        println!("{advisories:<22} {:>9.2} {:>9.1} {size:>14.1}", cost.cpu_ms, cost.peak_mib);
    }
    Ok(())
}
