//! The real command line against a real server, as a build uses them.

use crate::uploads::{inventory, word};
use anyhow::{Context as _, Result};
use bomwarden_tests::cli::{Account, run};
use bomwarden_tests::people::Town;
use std::path::Path;
use tempfile::TempDir;

const CARGO_LOCK: &str = r#"# made by hand for a test
version = 4

[[package]]
name = "shop"
version = "0.1.0"
dependencies = ["left"]

[[package]]
name = "left"
version = "1.2.3"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
"#;

const REQUIREMENTS: &str = "right==2.0.0\nup==3.1.4\n";

#[test]
fn a_broken_lockfile_keeps_back_neither_the_others_nor_itself() -> Result<()> {
    let town = Town::new()?;
    let build = folder(&[("Cargo.lock", CARGO_LOCK), ("tools/requirements.txt", REQUIREMENTS)])?;
    run(build.path(), Some(&town.account()), UPLOAD)?.with_code(0)?;
    std::fs::write(build.path().join("Cargo.lock"), "version = 4\n[[package]")?;
    std::fs::write(build.path().join("tools/requirements.txt"), "right==2.0.0\n")?;
    let again = run(build.path(), Some(&town.account()), &[UPLOAD, &["--complete"]].concat())?.with_code(2)?;
    assert!(again.err.contains("Cargo.lock`: "), "{}", again.err);
    assert!(again.err.contains("1 lockfile could not be read, as told above; the others were sent"), "{}", again.err);
    assert_eq!(inventory(&town, "shop")?, ["left@1.2.3", "right@2.0.0"], "the broken one's slot is not closed");
    Ok(())
}

const UPLOAD: &[&str] = &["upload", "--project", "shop", "--release", "main", "--retry-for", "0"];

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> Result<TempDir> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
        std::fs::write(path, text)?;
    }
    Ok(folder)
}

#[test]
fn the_lockfiles_of_a_folder_become_its_inventory() -> Result<()> {
    let town = Town::new()?;
    let build = folder(&[("Cargo.lock", CARGO_LOCK), ("tools/requirements.txt", REQUIREMENTS)])?;
    run(build.path(), Some(&town.account()), UPLOAD)?.with_code(0)?;
    assert_eq!(inventory(&town, "shop")?, ["left@1.2.3", "right@2.0.0", "up@3.1.4"]);

    std::fs::write(build.path().join("tools/requirements.txt"), "right==2.0.0\nup==3.1.5\n")?;
    let again = run(build.path(), Some(&town.account()), &[UPLOAD, &["--json"]].concat())?.with_code(0)?.json()?;
    let mut states: Vec<(String, String)> = Vec::new();
    for slot in again["slots"].as_array().context("the answer names slots")? {
        states.push((word(&slot["slot"]).to_owned(), word(&slot["state"]).to_owned()));
    }
    states.sort();
    let expect = [("Cargo.lock", "unchanged"), ("tools/requirements.txt", "changed")];
    assert_eq!(states, expect.map(|(slot, state)| (slot.to_owned(), state.to_owned())));
    assert_eq!(inventory(&town, "shop")?, ["left@1.2.3", "right@2.0.0", "up@3.1.5"]);
    Ok(())
}

#[test]
fn a_document_that_was_generated_before_goes_to_the_same_slot() -> Result<()> {
    let town = Town::new()?;
    let build = folder(&[("api/Cargo.lock", CARGO_LOCK)])?;
    run(build.path(), Some(&town.account()), UPLOAD)?.with_code(0)?;
    run(build.path(), None, &["generate", "--output", "sboms"])?.with_code(0)?;
    let sent = run(build.path(), Some(&town.account()), &[UPLOAD, &["--json", "sboms"]].concat())?.with_code(0)?.json()?;
    assert_eq!((word(&sent["slots"][0]["slot"]), word(&sent["slots"][0]["state"])), ("api/Cargo.lock", "unchanged"));
    Ok(())
}

#[test]
fn the_same_input_gives_the_same_bytes() -> Result<()> {
    let build = folder(&[("Cargo.lock", CARGO_LOCK)])?;
    let generate = || run(build.path(), None, &["generate", "--reproducible"])?.with_code(0);
    let first = generate()?;
    assert_eq!(first.out, generate()?.out);
    assert_eq!(first.json()?["bomFormat"], "CycloneDX");
    Ok(())
}

#[test]
fn what_cannot_be_sent_is_told_in_one_line_with_what_to_do() -> Result<()> {
    let town = Town::new()?;
    let build = folder(&[("Cargo.lock", CARGO_LOCK)])?;
    let account = town.account();
    let elsewhere = Account { server: "http://127.0.0.1:9".to_owned(), ..account.clone() };
    let wrong = Account { token: "bwt_0000_0000000000000000000000".to_owned(), ..account.clone() };
    for (what, folder, account, words) in [
        ("a wrong token", build.path(), Some(&wrong), "BOMWARDEN_TOKEN"),
        ("no server", build.path(), Some(&elsewhere), "BOMWARDEN_SERVER_URL"),
        ("nothing told", build.path(), None, "BOMWARDEN_SERVER_URL"),
        ("no lockfile", Path::new("/proc/self/fdinfo"), Some(&account), "lockfile"),
    ] {
        let ran = run(folder, account, UPLOAD)?.with_code(2)?;
        assert!(ran.err.contains(words), "{what}: {}", ran.err);
        assert!(ran.err.lines().count() <= 3 && !ran.err.contains("panicked"), "{what}: {}", ran.err);
        assert_eq!(ran.out, "", "{what}");
    }
    assert_eq!(town.alice.all("/v1/projects", 50)?.len(), 0, "nothing was made on the way");
    Ok(())
}

#[test]
fn a_broken_lockfile_is_named_and_the_others_are_made() -> Result<()> {
    let build = folder(&[("a/Cargo.lock", CARGO_LOCK), ("b/package-lock.json", "{\"lockfileVersion\": 3, ")])?;
    let ran = run(build.path(), None, &["generate", "--output", "sboms"])?.with_code(2)?;
    assert!(ran.err.contains("b/package-lock.json"), "{}", ran.err);
    assert!(build.path().join("sboms").exists(), "the other one is made");
    Ok(())
}
