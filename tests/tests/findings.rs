//! From a feed to a finding, on a server that fetches its feeds by itself: who is
//! affected, who is not, and that a feed that fails takes nothing away.

use crate::uploads::{inventory, project_id, word};
use anyhow::{Context as _, Result};
use bomwarden_tests::cli;
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::neighbour::Neighbour;
use bomwarden_tests::people::Town;
use bomwarden_tests::server::Server;
use bomwarden_tests::wait::until;
use serde_json::{Value, json};
use std::io::{Cursor, Write as _};
use std::time::Duration;

/// A record that says: `name` of crates.io is bad below 1.2.
fn record(id: &str, name: &str) -> Value {
    json!({
        "schema_version": "1.6.0",
        "id": id,
        "modified": "2026-03-01T00:00:00Z",
        "summary": format!("{name} reads past the end"),
        "affected": [{
            "package": { "ecosystem": "crates.io", "name": name },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "1.2.0" }] }],
        }],
    })
}

fn archive(records: &[Value]) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for record in records {
        zip.start_file(format!("{}.json", word(&record["id"])), zip::write::SimpleFileOptions::default())?;
        zip.write_all(record.to_string().as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// A town whose server fetches a feed from the neighbour every second.
fn town(feed: &Neighbour) -> Result<Town> {
    Town::around(Server::with_config(&format!(
        "[outbound]\nallow = [\"{0}\"]\n[[feed]]\nname = \"test\"\nfrom = \"http://{0}/all.zip\"\nevery = \"1s\"",
        feed.host()
    ))?)
}

/// Waits until `metrics` have this many fetches of the outcome.
fn fetched(town: &Town, outcome: &str, times: u64) -> Result<()> {
    let line = format!("bomwarden_feed_fetches_total{{feed=\"test\",outcome=\"{outcome}\"}} ");
    until(Duration::from_secs(60), &format!("no {times} fetches that are `{outcome}`"), || {
        let text = town.stranger.get("/metrics")?.text();
        let counted = text.lines().find_map(|l| l.strip_prefix(&line)).and_then(|count| count.trim().parse::<u64>().ok());
        Ok(counted.unwrap_or(0) >= times)
    })
}

/// The findings of a project as Alice sees them: `package version problem slots`, sorted.
fn findings(town: &Town, project: &str) -> Result<Vec<String>> {
    let id = project_id(town, project)?;
    let answer = town.alice.get(&format!("/v1/projects/{id}/findings"))?.must(200)?;
    let items = answer["items"].as_array().context("findings are a list")?;
    let mut lines: Vec<String> = items
        .iter()
        .map(|f| format!("{}@{} {} {}", word(&f["package"]["name"]), word(&f["version"]), word(&f["problem"]), f["slots"]))
        .collect();
    lines.sort();
    Ok(lines)
}

/// Where a crate is and was: `version slot now?`.
fn uses(town: &Town, name: &str) -> Result<Vec<String>> {
    let answer = town.alice.get(&format!("/v1/packages?ecosystem=crates.io&name={name}"))?.must(200)?;
    let items = answer["items"].as_array().context("uses are a list")?;
    let mut lines: Vec<String> =
        items.iter().map(|u| format!("{} {} {}", word(&u["version"]), word(&u["slot"]), u["now"])).collect();
    lines.sort();
    Ok(lines)
}

#[test]
fn a_feed_that_fails_takes_nothing_away_and_is_told() -> Result<()> {
    let whole = archive(&[record("TEST-1", "left"), record("TEST-2", "right")])?;
    let feed = Neighbour::start(200, whole.clone())?;
    let town = town(&feed)?;
    fetched(&town, "fetched", 1)?;
    town.uploader.upload(&run("1", 10), &[("Cargo.lock", sbom(1, &["pkg:cargo/left@1.0.0"]))])?.must(201)?;
    let expect = ["left@1.0.0 TEST-1 [\"Cargo.lock\"]"];
    assert_eq!(findings(&town, "shop")?, expect);

    feed.say(503, b"later".to_vec());
    fetched(&town, "failed", 1)?;
    feed.say(200, whole.get(..whole.len() / 2).unwrap_or_default().to_vec());
    fetched(&town, "failed", 3)?;
    assert_eq!(findings(&town, "shop")?, expect);
    assert!(town.server.printed().contains("feed:test"), "the log names the feed that failed");

    // It recovers by itself, and what it brings then is matched.
    let more = archive(&[record("TEST-1", "left"), record("TEST-2", "right"), record("TEST-3", "left")])?;
    feed.say(200, more);
    fetched(&town, "fetched", 2)?;
    assert_eq!(findings(&town, "shop")?.len(), 2);
    Ok(())
}

#[test]
fn what_was_compared_with_nothing_is_told_so() -> Result<()> {
    let feed = Neighbour::start(200, archive(&[record("TEST-1", "left")])?)?;
    let town = town(&feed)?;
    fetched(&town, "fetched", 1)?;
    let documents =
        [("app", sbom(1, &["pkg:cargo/right@1.0.0", "pkg:npm/up@1.0.0"])), ("tool", sbom(2, &["pkg:cargo/right@1.0.0"]))];
    let answer = town.uploader.upload(&run("1", 10), &documents)?.must(201)?;
    assert_eq!(answer["made_for"], "harbour", "the project is new");
    let missing: Vec<&Value> = answer["slots"].as_array().context("slots")?.iter().map(|slot| &slot["not_compared"]).collect();
    assert_eq!(missing, [&json!(["npm"]), &Value::Null]);
    let again = town.uploader.upload(&run("2", 11), &documents)?.must(201)?;
    assert_eq!(again["made_for"], Value::Null);
    Ok(())
}

#[test]
fn a_fork_from_git_is_another_component_than_the_vulnerable_crate() -> Result<()> {
    let feed = Neighbour::start(200, archive(&[record("TEST-1", "left")])?)?;
    let town = town(&feed)?;
    fetched(&town, "fetched", 1)?;
    let lock = |source: &str| {
        format!(
            "version = 4\n\n[[package]]\nname = \"shop\"\nversion = \"0.1.0\"\ndependencies = [\"left\"]\n\n\
             [[package]]\nname = \"left\"\nversion = \"1.0.0\"\nsource = \"{source}\"\n"
        )
    };
    let build = tempfile::tempdir()?;
    for (folder, source) in [
        ("plain", "registry+https://github.com/rust-lang/crates.io-index"),
        ("forked", "git+https://git.example/own/left?rev=0a1b2c3#0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"),
    ] {
        std::fs::create_dir(build.path().join(folder))?;
        std::fs::write(build.path().join(folder).join("Cargo.lock"), lock(source))?;
    }
    let upload = ["upload", "--project", "shop", "--release", "main", "--retry-for", "0"];
    cli::run(build.path(), Some(&town.account()), &upload)?.with_code(0)?;
    assert_eq!(inventory(&town, "shop")?, ["left@1.0.0", "left@1.0.0"], "two components of one name and version");
    assert_eq!(findings(&town, "shop")?, ["left@1.0.0 TEST-1 [\"plain/Cargo.lock\"]"]);
    Ok(())
}

#[test]
fn exposure_knows_late_runs_pull_requests_and_closed_slots() -> Result<()> {
    let feed = Neighbour::start(200, archive(&[record("TEST-1", "left")])?)?;
    let town = town(&feed)?;
    fetched(&town, "fetched", 1)?;
    let upload = |id: &str, minute, slot: &str, purl: &str, change: &dyn Fn(&mut Value)| {
        let mut meta = run(id, minute);
        change(&mut meta);
        town.uploader.upload(&meta, &[(slot, sbom(minute, &[purl]))])?.must(201)
    };
    upload("3", 30, "Cargo.lock", "pkg:cargo/left@1.3.0", &|_| {})?;
    upload("2", 20, "Cargo.lock", "pkg:cargo/left@1.1.0", &|_| {})?;
    upload("4", 40, "Cargo.lock", "pkg:cargo/left@1.0.0", &|meta| meta["run"]["pull_request"] = json!("7"))?;
    upload("5", 50, "image:shop", "pkg:cargo/left@1.0.5", &|_| {})?;
    assert_eq!(findings(&town, "shop")?, ["left@1.0.5 TEST-1 [\"image:shop\"]"]);
    let ever = ["1.0.0 Cargo.lock false", "1.0.5 image:shop true", "1.1.0 Cargo.lock false", "1.3.0 Cargo.lock true"];
    assert_eq!(uses(&town, "left")?, ever);

    upload("6", 55, "Cargo.lock", "pkg:cargo/left@1.3.0", &|meta| meta["complete"] = json!(true))?;
    assert_eq!(findings(&town, "shop")?, [""; 0], "the image's slot was not named and is closed");
    let ever = ever.map(|line| line.replace("image:shop true", "image:shop false"));
    assert_eq!(uses(&town, "left")?, ever);
    Ok(())
}
