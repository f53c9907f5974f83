//! Alerts as people and programs meet them: from a feed to the page, and to whom it is shown.

mod hostile;

use anyhow::{Context as _, Result};
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::neighbour::Neighbour;
use bomwarden_tests::people::Town;
use bomwarden_tests::server::Server;
use bomwarden_tests::wait::until;
use serde_json::{Value, json};
use std::io::{Cursor, Write as _};
use std::time::Duration;

/// A feed whose records call these packages of npm malicious.
fn feed(names: &[&str]) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (i, name) in names.iter().enumerate() {
        let record = json!({
            "schema_version": "1.6.0", "id": format!("MAL-2026-{i}"), "modified": "2026-03-01T00:00:00Z", "summary": hostile::MARKUP,
            "affected": [{"package": {"ecosystem": "npm", "name": name}, "versions": ["1.0.0"]}],
        });
        zip.start_file(format!("MAL-2026-{i}.json"), zip::write::SimpleFileOptions::default())?;
        zip.write_all(record.to_string().as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// A town whose harbour holds these packages, all of which are called malicious.
fn town(names: &[&str]) -> Result<(Town, Neighbour)> {
    let neighbour = Neighbour::start(200, feed(names)?)?;
    let town = Town::around(Server::with_config(&format!(
        "[outbound]\nallow = [\"{0}\"]\n[[feed]]\nname = \"test\"\nfrom = \"http://{0}/all.zip\"\nevery = \"1s\"",
        neighbour.host()
    ))?)?;
    let purls: Vec<String> = names.iter().map(|name| format!("pkg:npm/{}@1.0.0", encoded(name))).collect();
    let purls: Vec<&str> = purls.iter().map(String::as_str).collect();
    town.uploader.upload(&run("1", 0), &[("package-lock.json", sbom(1, &purls))])?.must(201)?;
    Ok((town, neighbour))
}

fn encoded(name: &str) -> String {
    name.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Waits until a caller sees this many alerts.
fn alerts(town: &Town, count: usize) -> Result<Vec<Value>> {
    let mut items = Vec::new();
    until(Duration::from_secs(60), "too few alerts", || {
        items = town.alice.get("/v1/alerts")?.must(200)?["items"].as_array().cloned().context("alerts are a list")?;
        Ok(items.len() >= count)
    })?;
    Ok(items)
}

#[test]
fn malice_is_an_alert_of_the_team_that_holds_it_and_ends_when_it_is_gone() -> Result<()> {
    let (town, _feed) = town(&["left"])?;
    let item = alerts(&town, 1)?.remove(0);
    assert_eq!((&item["kind"], &item["urgency"], &item["state"]), (&json!("malicious"), &json!("urgent"), &json!("open")));
    assert_eq!((&item["package"]["name"], &item["versions"]), (&json!("left"), &json!(["1.0.0"])));
    assert_eq!((&item["projects"][0]["name"], &item["projects"][0]["runs"]), (&json!("shop"), &json!(1)));
    for (caller, count) in [(&town.bob, 1), (&town.charlie, 0)] {
        let items = caller.get("/v1/alerts")?.must(200)?["items"].as_array().context("a list")?.len();
        assert_eq!(items, count);
    }
    let path = format!("/v1/alerts/{}", item["id"].as_str().context("an id")?);
    town.charlie.get(&path)?.must(404)?;
    town.stranger.get(&path)?.must(401)?;
    town.uploader.upload(&run("2", 60), &[("package-lock.json", sbom(2, &["pkg:npm/right@1.0.0"]))])?.must(201)?;
    let gone = town.bob.get(&path)?.must(200)?;
    assert_eq!((&gone["state"], &gone["projects"][0]["runs"]), (&json!("resolved"), &json!(1)));
    assert!(gone["projects"][0]["to"].is_string(), "{gone}");
    town.uploader.upload(&run("3", 120), &[("package-lock.json", sbom(3, &["pkg:npm/left@1.0.0"]))])?.must(201)?;
    assert_eq!(town.bob.get(&path)?.must(200)?["state"], "open", "it is back");
    Ok(())
}
