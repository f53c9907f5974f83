//! The same demo on both databases: what the server exports afterwards is the
//! same, line by line, but for ids and times.

use anyhow::{Context as _, Result, ensure};
use bomwarden_tests::postgres::{Cluster, Durability, new_database};
use bomwarden_tests::{cli, database, programs};
use std::path::Path;
use std::process::Command;

#[test]
fn the_demo_exports_the_same_from_both_databases() -> Result<()> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let cluster = Cluster::start(Durability::Fast)?;
    let sqlite = demo(&database::sqlite(folder.path()), &folder.path().join("sqlite.jsonl"))?;
    let postgres = demo(&new_database(&cluster.url("postgres"))?, &folder.path().join("postgres.jsonl"))?;
    ensure!(sqlite.len() > 50, "the export has {} lines only", sqlite.len());
    let decisions = sqlite.iter().filter(|line| line.contains("\"kind\":\"triage\"")).count();
    ensure!(decisions >= 2, "the export has {decisions} decisions only");
    let lacks = |one: &[String], other: &[String]| one.iter().find(|line| !other.contains(line)).cloned();
    assert_eq!(lacks(&sqlite, &postgres), None, "only SQLite has this");
    assert_eq!(lacks(&postgres, &sqlite), None, "only PostgreSQL has this");
    assert_eq!(sqlite, postgres);
    Ok(())
}

/// Runs the demo and gives its export, sorted, with ids and times blanked.
fn demo(database: &str, export: &Path) -> Result<Vec<String>> {
    let mut command = Command::new(programs::server()?);
    cli::clear(&mut command);
    command.current_dir(programs::workspace()).args(["demo", "--once", "--quiet", "--seed", "7"]);
    command.arg("--database").arg(database).arg("--export").arg(export);
    let ran = cli::ran(&command.output().context("the demo does not start")?).with_code(0)?;
    let text = std::fs::read_to_string(export).with_context(|| format!("no export was written:\n{}{}", ran.out, ran.err))?;
    let mut lines: Vec<String> = text.lines().map(blanked).collect();
    lines.sort();
    Ok(lines)
}

/// A line with every UUID, every RFC 3339 time and every number of milliseconds of today blanked.
fn blanked(line: &str) -> String {
    line.split_inclusive(['"', ',', ':', '/', '{', '}', '[', ']', ' '])
        .map(|piece| {
            let word = piece.trim_end_matches(['"', ',', ':', '/', '{', '}', '[', ']', ' ']);
            if is_id_or_time(word) { piece.replace(word, "_") } else { piece.to_owned() }
        })
        .collect()
}

fn is_id_or_time(word: &str) -> bool {
    let shape: String = word.chars().map(|c| if c.is_ascii_hexdigit() { 'x' } else { c }).collect();
    let uuid = shape == "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    let date = word.len() == 13 && word.as_bytes()[10] == b'T' && word.starts_with("20");
    let rest = word.len() >= 3 && word.ends_with('Z') && word[..2].chars().all(|c| c.is_ascii_digit());
    let millis = word.len() == 13 && word.starts_with('1') && word.chars().all(|c| c.is_ascii_digit());
    uuid || date || rest || millis
}

#[test]
fn ids_and_times_are_blanked_and_nothing_else() {
    let line = r#"{"id":"0198c0de-aaaa-7bbb-8ccc-0123456789ab","at":"2026-11-23T10:20:30.123Z","name":"a-b","n":1764000000000,"v":"1.2.3"}"#;
    assert_eq!(blanked(line), r#"{"id":"_","at":"_:20:_","name":"a-b","n":_,"v":"1.2.3"}"#);
}
