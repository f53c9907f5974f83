//! What `inspect` says of input that goes beyond a limit, and of a folder in which
//! something is broken.

use anyhow::{Context as _, Result};
use bomwarden_tests::cli::{Ran, clear, ran, run};
use bomwarden_tests::programs;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// `inspect --json FILE` with a limit from the environment.
fn inspect(folder: &Path, file: &str, limit: &str, most: usize) -> Result<Ran> {
    let mut command = Command::new(programs::cli()?);
    clear(&mut command);
    command.current_dir(folder).args(["inspect", "--json", file]).env(format!("BOMWARDEN_LIMITS__{limit}"), most.to_string());
    Ok(ran(&command.output().context("`bomwarden` does not start")?))
}

/// Reads a file with the limit at `fits`, and one below that: then it is refused by name.
fn check(file: &str, text: &str, limit: &str, fits: usize, setting: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join(file), text)?;
    let read = inspect(folder.path(), file, limit, fits)?.with_code(0)?.json()?;
    assert_eq!(read["error"], Value::Null, "{limit} {read}");
    let refused = inspect(folder.path(), file, limit, fits - 1)?.with_code(2)?;
    let error = refused.json()?["error"].to_string();
    assert!(error.contains(&(fits - 1).to_string()) && error.contains(setting), "{limit}: {error}");
    assert!(refused.err.contains(setting), "{}", refused.err);
    Ok(())
}

const SBOM: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
    {"type": "library", "name": "a", "bom-ref": "a"}, {"type": "library", "name": "bb", "bom-ref": "c"}],
    "dependencies": [{"ref": "a", "dependsOn": ["c"]}, {"ref": "c", "dependsOn": ["a"]}]}"#;

const LOCKFILE: &str = r#"{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1", "b": "1"}},
    "node_modules/a": {"version": "1.0.0"}, "node_modules/b": {"version": "1.0.0"}}}"#;

#[test]
fn a_document_one_beyond_a_limit_is_refused_by_name() -> Result<()> {
    check("a.json", SBOM, "DOCUMENT_BYTES", SBOM.len(), "limits.document_bytes")?;
    check("a.json", SBOM, "COMPONENTS", 2, "limits.components")?;
    check("a.json", SBOM, "EDGES", 2, "limits.edges")?;
    let named = SBOM.replace("\"bb\"", &format!("\"{}\"", "b".repeat(30)));
    check("a.json", &named, "TEXT_BYTES", 30, "limits.text_bytes")?;
    let deep = SBOM.replace("\"name\": \"a\"", "\"name\": \"a\", \"licenses\": [{\"license\": {\"id\": \"MIT\"}}]");
    let levels = (1..20).find(|most| inspect_says(&deep, *most).is_ok_and(|code| code == 0));
    check("a.json", &deep, "DEPTH", levels.context("a depth that is enough")?, "limits.depth")
}

fn inspect_says(text: &str, depth: usize) -> Result<i32> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("a.json"), text)?;
    Ok(inspect(folder.path(), "a.json", "DEPTH", depth)?.code)
}

#[test]
fn a_lockfile_one_beyond_a_limit_is_refused_by_name() -> Result<()> {
    let file = "package-lock.json";
    check(file, LOCKFILE, "DOCUMENT_BYTES", LOCKFILE.len(), "limits.document_bytes")?;
    check(file, LOCKFILE, "COMPONENTS", 2, "limits.components")?;
    check(file, LOCKFILE, "EDGES", 2, "limits.edges")?;
    check(file, LOCKFILE, "RECORDS", 6, "limits.records")?;
    check(file, LOCKFILE, "TEXT_BYTES", "pkg:npm/a@1.0.0".len(), "limits.text_bytes")
}

#[test]
fn one_broken_lockfile_spoils_no_folder() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (name, text) in [("good/package-lock.json", LOCKFILE), ("bad/package-lock.json", "{"), ("worse/Cargo.lock", "[[")] {
        let path = folder.path().join("build").join(name);
        std::fs::create_dir_all(path.parent().context("its folder")?)?;
        std::fs::write(path, text)?;
    }
    let told = run(folder.path(), None, &["inspect", "--json", "build"])?.with_code(2)?;
    let lines: Vec<Value> = told.out.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let [whole, bad, worse] = lines.as_slice() else { panic!("{}", told.out) };
    assert_eq!((&whole["kind"], &whole["components"], &whole["error"]), (&"directory".into(), &2.into(), &Value::Null));
    assert_eq!((&bad["file"], &worse["file"]), (&"build/bad/package-lock.json".into(), &"build/worse/Cargo.lock".into()));
    assert!([bad, worse].iter().all(|line| line["error"].is_string()), "{}", told.out);
    assert!(told.err.contains("bad/package-lock.json") && told.err.contains("worse/Cargo.lock"), "{}", told.err);
    let people = run(folder.path(), None, &["inspect", "build"])?.with_code(2)?;
    assert!(people.out.contains("2 components"), "{}", people.out);
    Ok(())
}
