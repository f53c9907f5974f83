//! The same again, later, earlier, twice: which upload counts.

use super::{inventory, told};
use anyhow::Result;
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::people::Town;
use serde_json::json;

#[test]
fn a_nightly_twin_changes_nothing_and_a_change_writes_its_difference() -> Result<()> {
    let town = Town::new()?;
    let before = ["pkg:npm/a@1.0.0", "pkg:npm/b@1.0.0", "pkg:npm/c@1.0.0"];
    let after = ["pkg:npm/a@1.0.0", "pkg:npm/b@1.1.0", "pkg:npm/c@1.0.0"];
    for (id, minute, serial, purls, expect) in [
        ("1", 10, 1, before, ("new", 3, 3, 0)),
        ("2", 20, 2, before, ("unchanged", 3, 0, 0)),
        ("3", 30, 3, after, ("changed", 3, 1, 1)),
        ("4", 40, 1, before, ("changed", 3, 1, 1)),
    ] {
        let answer = town.uploader.upload(&run(id, minute), &[("package-lock.json", sbom(serial, &purls))])?.must(201)?;
        assert_eq!(told(&answer), (expect.0.to_owned(), expect.1, expect.2, expect.3), "run {id}");
    }
    assert_eq!(inventory(&town, "shop")?, ["a@1.0.0", "b@1.0.0", "c@1.0.0"]);
    Ok(())
}

#[test]
fn a_retried_upload_gets_its_first_answer_and_adds_nothing() -> Result<()> {
    let town = Town::new()?;
    let document = || vec![("Cargo.lock", sbom(1, &["pkg:cargo/serde@1.0.0"]))];
    let first = town.uploader.upload(&run("1", 10), &document())?.must(201)?;
    let again = town.uploader.upload(&run("1", 10), &document())?.must(200)?;
    assert_eq!(again["upload"], first["upload"]);
    assert_eq!(again["slots"][0]["document"], first["slots"][0]["document"]);
    // Another attempt of the run is another upload of the same document.
    let mut attempt = run("1", 10);
    attempt["run"]["attempt"] = json!(2);
    let second = town.uploader.upload(&attempt, &document())?.must(201)?;
    assert_eq!(told(&second).0, "unchanged");
    Ok(())
}

#[test]
fn a_late_run_is_kept_and_changes_no_open_presence() -> Result<()> {
    let town = Town::new()?;
    let slot = "Cargo.lock";
    town.uploader.upload(&run("2", 20), &[(slot, sbom(1, &["pkg:cargo/a@2.0.0"]))])?.must(201)?;
    let late = town.uploader.upload(&run("1", 10), &[(slot, sbom(2, &["pkg:cargo/a@1.0.0"]))])?.must(201)?;
    assert_eq!(told(&late).0, "late");
    // An old commit that is built again today is as old as its commit.
    let mut rebuilt = run("3", 10);
    rebuilt["run"]["started_at"] = json!("2026-03-02T09:00:00Z");
    let rebuilt = town.uploader.upload(&rebuilt, &[(slot, sbom(3, &["pkg:cargo/a@1.0.0"]))])?.must(201)?;
    assert_eq!(told(&rebuilt).0, "late");
    assert_eq!(inventory(&town, "shop")?, ["a@2.0.0"]);
    Ok(())
}

#[test]
fn a_pull_request_is_no_inventory() -> Result<()> {
    let town = Town::new()?;
    let slot = "Cargo.lock";
    town.uploader.upload(&run("1", 10), &[(slot, sbom(1, &["pkg:cargo/a@1.0.0"]))])?.must(201)?;
    let mut pull = run("2", 20);
    pull["run"]["pull_request"] = json!("17");
    let answer = town.uploader.upload(&pull, &[(slot, sbom(2, &["pkg:cargo/a@1.0.0", "pkg:cargo/evil@6.6.6"]))])?.must(201)?;
    assert_eq!(told(&answer).0, "pull_request");
    assert_eq!(inventory(&town, "shop")?, ["a@1.0.0"]);
    Ok(())
}

#[test]
fn a_clock_in_the_future_does_not_hold_a_slot_for_ever() -> Result<()> {
    let town = Town::new()?;
    let slot = "Cargo.lock";
    let mut wrong = run("1", 10);
    wrong["run"]["committed_at"] = json!("2199-01-01T00:00:00Z");
    wrong["run"]["started_at"] = json!("2199-01-01T00:00:00Z");
    town.uploader.upload(&wrong, &[(slot, sbom(1, &["pkg:cargo/a@1.0.0"]))])?.must(201)?;
    let mut right = run("2", 20);
    right["run"]["committed_at"] = json!("2198-01-01T00:00:00Z");
    right["run"]["started_at"] = json!("2198-01-01T00:00:00Z");
    let answer = town.uploader.upload(&right, &[(slot, sbom(2, &["pkg:cargo/a@2.0.0"]))])?.must(201)?;
    assert_eq!(told(&answer).0, "changed", "both are capped at the server's clock, and this one came later");
    Ok(())
}
