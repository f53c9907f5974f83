//! Several documents of one release: each slot for itself, the inventory of all.

use super::{inventory, told};
use anyhow::Result;
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::people::Town;
use serde_json::json;

#[test]
fn two_slots_of_a_release_never_close_each_other() -> Result<()> {
    let town = Town::new()?;
    let shared = "pkg:npm/left@1.0.0";
    let upload = |id: &str, minute, slot: &str, serial, purls: &[&str]| {
        town.uploader.upload(&run(id, minute), &[(slot, sbom(serial, purls))])?.must(201)
    };
    upload("1", 10, "package-lock.json", 1, &[shared, "pkg:npm/a@1.0.0"])?;
    upload("2", 11, "image:shop", 2, &[shared, "pkg:deb/debian/zlib1g@1.3"])?;
    assert_eq!(inventory(&town, "shop")?.len(), 3);
    let gone = upload("3", 12, "image:shop", 3, &["pkg:deb/debian/zlib1g@1.3"])?;
    assert_eq!(told(&gone), ("changed".to_owned(), 1, 0, 1));
    assert!(inventory(&town, "shop")?.contains(&"left@1.0.0".to_owned()), "the lockfile still holds it");
    Ok(())
}

#[test]
fn a_monorepo_of_forty_lockfiles_is_one_run() -> Result<()> {
    let town = Town::new()?;
    let slots: Vec<String> = (0..40).map(|n| format!("services/s{n}/Cargo.lock")).collect();
    let purls: Vec<String> = (0..40).map(|n| format!("pkg:cargo/own{n}@1.0.0")).collect();
    let documents: Vec<(&str, Vec<u8>)> = slots
        .iter()
        .zip(&purls)
        .zip(1u32..)
        .map(|((slot, own), n)| (slot.as_str(), sbom(n, &[own, "pkg:cargo/serde@1.0.200"])))
        .collect();
    let answer = town.uploader.upload(&run("1", 10), &documents)?.must(201)?;
    let states = answer["slots"].as_array().map(|slots| slots.iter().filter(|slot| slot["state"] == "new").count());
    assert_eq!(states, Some(40));
    assert_eq!(inventory(&town, "shop")?.len(), 41);
    Ok(())
}

#[test]
fn a_renamed_lockfile_closes_with_a_complete_run_only() -> Result<()> {
    let town = Town::new()?;
    let old = ["pkg:cargo/a@1.0.0", "pkg:cargo/b@1.0.0"];
    let new = ["pkg:cargo/a@1.0.0"];
    town.uploader.upload(&run("1", 10), &[("Cargo.lock", sbom(1, &old))])?.must(201)?;
    town.uploader.upload(&run("2", 20), &[("rust/Cargo.lock", sbom(2, &new))])?.must(201)?;
    assert_eq!(inventory(&town, "shop")?, ["a@1.0.0", "b@1.0.0"], "nobody said that the old slot is gone");
    let mut complete = run("3", 30);
    complete["complete"] = json!(true);
    town.uploader.upload(&complete, &[("rust/Cargo.lock", sbom(3, &new))])?.must(201)?;
    assert_eq!(inventory(&town, "shop")?, ["a@1.0.0"]);
    Ok(())
}

#[test]
fn what_others_may_not_see_is_not_there() -> Result<()> {
    let town = Town::new()?;
    let answer = town.uploader.upload(&run("1", 10), &[("Cargo.lock", sbom(1, &["pkg:cargo/a@1.0.0"]))])?.must(201)?;
    let path = format!("/v1/projects/{}/components", answer["project"].as_str().unwrap_or_default());
    for (who, caller, status) in [
        ("Alice", &town.alice, 200),
        ("Bob", &town.bob, 200),
        ("Charlie", &town.charlie, 404),
        ("a stranger", &town.stranger, 401),
        ("an upload token", &town.uploader, 403),
    ] {
        assert_eq!(caller.get(&path)?.status, status, "{who}");
    }
    assert_eq!(town.charlie.all("/v1/projects", 50)?.len(), 0);
    Ok(())
}
