//! Real input, end to end: an empty server takes in every record of a folder of OSV
//! archives; the real command line uploads the lockfiles of real builds and SBOMs that
//! other tools made. `make real DATA=that folder` starts it. Ends with 1 where
//! something valid was refused.

use anyhow::{Context as _, Result, ensure};
use bomwarden_tests::cli::{self, Ran};
use bomwarden_tests::people::Town;
use bomwarden_tests::server::Server;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The lockfile on whose findings tools were compared, and what `cargo audit` 0.22 finds
/// in it: 35 vulnerabilities and 19 notices, all in packages from the registry.
const COMPARED: (&str, usize) = ("rust-old-regression", 54);

fn main() -> Result<ExitCode> {
    let data = PathBuf::from(std::env::args_os().nth(1).context("name the folder of the data")?);
    let records = data.join("advisories/osv");
    let feed = format!("[[feed]]\nname = \"osv\"\nfrom = {:?}\nevery = \"24h\"", records.display().to_string());
    let start = Instant::now();
    let town = Town::around(Server::with_config(&feed)?)?;
    loaded(&town)?;
    println!("records of {} loaded and stored in {:.1} s\n", records.display(), start.elapsed().as_secs_f64());
    println!("{:<64} {:>10} {:>9} {:>9} {:>9} {:>8}", "document", "components", "findings", "malicious", "warnings", "seconds");
    let mut refused = 0;
    for (folder, name) in listed(&data.join("bench"))? {
        if ["rust-", "npm-", "py-"].iter().any(|kind| name.starts_with(kind)) {
            refused += upload(&town, &name, &folder, None)?;
        }
    }
    for (file, name) in listed(&data.join("sboms/real"))? {
        let bytes = std::fs::read(&file)?;
        let read = bom::format::read(&bytes, &bom::reading::Limits::default());
        if name.contains(".json") && read.is_ok_and(|reading| reading.value.format.starts_with("CycloneDX")) {
            refused += upload(&town, &name, file.parent().unwrap_or(&data), Some(&name))?;
        }
    }
    compared(&town)?;
    println!("\n{refused} refused");
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What lies in a folder, by name.
fn listed(folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("`{}`", folder.display()))?;
    let mut all: Vec<(PathBuf, String)> =
        entries.flatten().map(|entry| (entry.path(), entry.file_name().to_string_lossy().into_owned())).collect();
    all.sort();
    Ok(all)
}

/// Waits until the feed is taken in.
fn loaded(town: &Town) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(1800);
    loop {
        let text = town.stranger.get("/metrics")?.text();
        let counted =
            |outcome: &str| text.contains(&format!("bomwarden_feed_fetches_total{{feed=\"osv\",outcome=\"{outcome}\"}}"));
        ensure!(!counted("failed"), "the records cannot be loaded:\n{}", town.server.printed());
        if counted("fetched") {
            return Ok(());
        }
        ensure!(Instant::now() < end, "the records are not loaded after half an hour");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Uploads a folder's lockfiles, or one file of it, as a project. Answers how many
/// documents were refused.
fn upload(town: &Town, project: &str, folder: &Path, file: Option<&str>) -> Result<usize> {
    let start = Instant::now();
    let words = ["upload", "--json", "--project", project, "--release", "main", "--retry-for", "0"];
    let words: Vec<&str> = words.into_iter().chain(file).collect();
    let ran: Ran = cli::run(folder, Some(&town.account()), &words)?;
    let seconds = start.elapsed().as_secs_f64();
    let Ok(answer) = ran.json() else {
        println!("{project:<64} refused: {}", ran.err.trim());
        return Ok(1);
    };
    let slots = answer["slots"].as_array().cloned().unwrap_or_default();
    for slot in &slots {
        let name = format!("{project} {}", if file.is_some() { "" } else { text(&slot["slot"]) });
        let findings = slot["findings"].as_object().map_or(0, |counts| counts.values().filter_map(Value::as_u64).sum());
        println!(
            "{:<64} {:>10} {:>9} {:>9} {:>9} {seconds:>8.2}  {}",
            name.chars().take(64).collect::<String>(),
            slot["components"],
            findings,
            slot["findings"]["malicious"],
            slot["warnings"].as_array().map_or(0, Vec::len),
            text(&slot["error"]),
        );
    }
    Ok(slots.iter().filter(|slot| slot["state"] == "refused").count())
}

/// Shows the findings of the compared lockfile beside what `cargo audit` finds.
fn compared(town: &Town) -> Result<()> {
    let (name, theirs) = COMPARED;
    let projects = town.alice.all("/v1/projects", 100)?;
    let Some(project) = projects.iter().find(|project| project["name"] == name) else { return Ok(()) };
    let answer = town.alice.get(&format!("/v1/projects/{}/findings", text(&project["id"])))?.must(200)?;
    let findings = answer["items"].as_array().context("findings are a list")?;
    let (mut pairs, mut others) = (0, Vec::new());
    println!("\n{name}: findings that a RUSTSEC record names, and others");
    for finding in findings {
        let ids: Vec<&str> = finding["ids"].as_array().into_iter().flatten().map(text).collect();
        let package = format!("{}@{}", text(&finding["package"]["name"]), text(&finding["version"]));
        let named: Vec<&&str> = ids.iter().filter(|id| id.starts_with("RUSTSEC-")).collect();
        match named.is_empty() {
            true => others.push(format!("{package} {}", ids.join(" "))),
            false => named.iter().for_each(|id| println!("  {package} {id}")),
        }
        pairs += named.len();
    }
    println!("{pairs} pairs of a component and a RUSTSEC record; `cargo audit` reports {theirs}");
    others.iter().for_each(|other| println!("  without a RUSTSEC record: {other}"));
    Ok(())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
