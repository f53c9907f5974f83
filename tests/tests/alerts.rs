//! Alerts as people and programs meet them: from a feed to the page, to whom it is shown,
//! and that hostile names harm nobody's browser.

use anyhow::{Context as _, Result};
use bomwarden_tests::browser::{Browser, Scripts};
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::neighbour::Neighbour;
use bomwarden_tests::people::{PASSWORD, Town};
use bomwarden_tests::server::Server;
use bomwarden_tests::wait::until;
use serde_json::{Value, json};
use std::io::{Cursor, Write as _};
use std::time::Duration;

/// The longest name that a record may give a package, in bytes.
const LONGEST: usize = 1024;
const HOSTILE: &str = "<img src=x onerror=\"document.title='harmed'\"><script>document.title='harmed'</script>\u{202e}live";

/// A feed whose records call these packages of npm malicious.
fn feed(names: &[&str]) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (i, name) in names.iter().enumerate() {
        let record = json!({
            "schema_version": "1.6.0", "id": format!("MAL-2026-{i}"), "modified": "2026-03-01T00:00:00Z", "summary": HOSTILE,
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

#[test]
fn hostile_names_harm_no_browser_and_push_nothing_out_of_the_page() -> Result<()> {
    // No record names a package of 10 kB; an inventory may hold one.
    let (long, longer) = ("n".repeat(LONGEST), "m".repeat(10_000));
    let (town, _feed) = town(&[&longer, &long, "gnp\u{202e}exe"])?;
    let items = alerts(&town, 2)?;
    let browser = Browser::open(town.server.url(), Scripts::On)?;
    browser.go("/sign-in")?;
    browser.fill("input[name=login]", "alice")?;
    browser.fill("input[name=password]", PASSWORD)?;
    browser.click("main button[type=submit]")?;
    browser.text("form.who")?;
    let pages = items.iter().map(|item| format!("/alerts/{}", item["id"].as_str().unwrap_or_default()));
    for path in pages.chain(["/alerts".to_owned(), "/".to_owned()]) {
        browser.go(&path)?;
        let text = browser.text("main")?;
        assert!(text.contains("is malicious") && !text.contains('\u{202e}'), "{path}: {text}");
        assert_eq!(browser.overflow()?, 0, "{path} is wider than the window");
        assert_eq!((browser.count("main img")?, browser.count("main script")?), (0, 0), "{path}");
    }
    browser.go(&format!("/a/{}", items[0]["code"].as_str().context("a code")?))?;
    browser.click("form[action$=acknowledge] button")?;
    browser.text("dl.facts")?;
    let acknowledged = || Ok(browser.text("dl.facts")?.contains("acknowledged by person:alice"));
    until(Duration::from_secs(20), "the button acknowledges nothing", acknowledged)
}
