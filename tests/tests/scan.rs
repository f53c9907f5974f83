//! `bomwarden scan` and `db` as a build uses them, offline.

mod cpe;
mod hostile;
mod purls;
mod vex;

use anyhow::{Context as _, Result};
use bomwarden_tests::cli::{Ran, run};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

/// A folder with a database `all.db` of these records.
pub fn database(records: &[Value]) -> Result<TempDir> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    std::fs::write(folder.path().join("records.ndjson"), lines.join("\n"))?;
    update(folder.path(), "records.ndjson")?.with_code(0)?;
    Ok(folder)
}

pub fn update(folder: &Path, from: &str) -> Result<Ran> {
    run(folder, None, &["db", "update", "--from", from, "--db", "all.db"])
}

/// A record of one package: ecosystem, name, and the events of one range.
pub fn record(id: &str, ecosystem: &str, name: &str, events: &[(&str, &str)]) -> Value {
    let events: Vec<Value> = events.iter().map(|(kind, at)| json!({ *kind: at })).collect();
    json!({"id": id, "modified": "2026-01-01T00:00:00Z",
        "affected": [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}]})
}

/// The answers to lines of purls, one for each line.
pub fn answers(folder: &Path, lines: &[u8]) -> Result<Vec<Value>> {
    std::fs::write(folder.join("purls.txt"), lines)?;
    let ran = run(folder, None, &["scan", "--purls", "purls.txt", "--json", "--db", "all.db"])?.with_code(0)?;
    ran.out.lines().map(|line| serde_json::from_str(line).with_context(|| line.to_owned())).collect()
}

/// The ids of an answer, or the word or error in their place.
pub fn told(answer: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match (&answer["error"], &answer["matches"]) {
        (Value::String(error), _) => format!("error: {error}"),
        (_, Value::Array(matches)) => matches.iter().map(|one| text(&one["id"])).collect::<Vec<_>>().join(" "),
        (_, word) => text(word),
    }
}
