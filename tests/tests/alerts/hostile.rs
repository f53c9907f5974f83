//! Hostile names of packages and of people, in a real browser: they run nothing, turn no
//! text around, and push nothing out of the page.

use super::{alerts, town};
use anyhow::{Context as _, Result};
use bomwarden_server::simulated::registry::{Protocol, Release, SimulatedRegistry};
use bomwarden_tests::browser::{Browser, Scripts};
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::people::{PASSWORD, Town};
use bomwarden_tests::server::Server;
use bomwarden_tests::wait::until;
use std::time::Duration;

/// The longest name that a record may give a package, in bytes.
const LONGEST: usize = 1024;
/// A text that would do harm where it is not taken for a text.
pub(super) const MARKUP: &str =
    "<img src=x onerror=\"document.title='harmed'\"><script>document.title='harmed'</script>\u{202e}live";
/// How long the watch may take until its next turn.
const TURN: Duration = Duration::from_secs(150);

/// A browser in which Alice is signed in.
fn alice(town: &Town) -> Result<Browser> {
    let browser = Browser::open(town.server.url(), Scripts::On)?;
    browser.go("/sign-in")?;
    browser.fill("input[name=login]", "alice")?;
    browser.fill("input[name=password]", PASSWORD)?;
    browser.click("main button[type=submit]")?;
    browser.text("form.who")?;
    Ok(browser)
}

/// The text of a page, which is harmless and no wider than the window.
fn harmless(browser: &Browser, path: &str) -> Result<String> {
    browser.go(path)?;
    let text = browser.text("main")?;
    assert!(!text.contains('\u{202e}'), "{path}: {text}");
    assert_eq!(browser.overflow()?, 0, "{path} is wider than the window");
    assert_eq!((browser.count("main img")?, browser.count("main script")?), (0, 0), "{path}");
    assert_ne!(browser.title()?, "harmed", "{path} ran something");
    Ok(text)
}

#[test]
fn hostile_names_of_packages_harm_no_page() -> Result<()> {
    // No record names a package of 10 kB; an inventory may hold one.
    let (long, longer) = ("n".repeat(LONGEST), "m".repeat(10_000));
    let (town, _feed) = town(&[&longer, &long, "gnp\u{202e}exe", MARKUP])?;
    let items = alerts(&town, 3)?;
    let browser = alice(&town)?;
    let pages = items.iter().map(|item| format!("/alerts/{}", item["id"].as_str().unwrap_or_default()));
    for path in pages.chain(["/alerts".to_owned(), "/".to_owned()]) {
        let text = harmless(&browser, &path)?;
        assert!(text.contains("is malicious"), "{path}: {text}");
    }
    let project = town.alice.get("/v1/projects")?.must(200)?["items"][0]["id"].as_str().context("a project")?.to_owned();
    for (page, name) in [("inventory", "mmm"), ("inventory", "gnp"), ("uploads", "package-lock.json")] {
        assert!(harmless(&browser, &format!("/projects/{project}/{page}"))?.contains(name), "{page} lacks {name}");
    }
    for name in [longer.as_str(), long.as_str(), "gnp%E2%80%AEexe", "%3Cimg%20src%3Dx"] {
        harmless(&browser, &format!("/packages?ecosystem=npm&name={name}"))?;
    }
    for path in ["/projects", "/packages", "/feeds", "/tokens", "/settings"] {
        harmless(&browser, path)?;
    }
    browser.go(&format!("/a/{}", items[0]["code"].as_str().context("a code")?))?;
    browser.click("form[action$=acknowledge] button")?;
    let acknowledged = || Ok(browser.text("dl.facts")?.contains("acknowledged by person:alice"));
    until(Duration::from_secs(20), "the button acknowledges nothing", acknowledged)
}

#[test]
fn hostile_names_of_maintainers_harm_no_page() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let registry = runtime.block_on(SimulatedRegistry::start(Protocol::Npm))?;
    registry.account(1, "alice");
    registry.owners("wheel", &[1]);
    registry.publish("wheel", Release::new("1.0.0", "2026-01-01T00:00:00Z".parse()?, 1, &[]));
    let settings = format!("[outbound]\nallow = [\"{}\"]\n[watch]\nevery = \"1s\"\nowners_every = \"1s\"", registry.address());
    let town = Town::around(Server::with_config(&settings)?)?;
    town.uploader.upload(&run("1", 0), &[("package-lock.json", sbom(1, &["pkg:npm/wheel@1.0.0"]))])?.must(201)?;
    town.server.approve_npm(&registry.url(), 0)?;
    // The watch has its turn each minute.
    until(TURN, "no owner is known", || {
        let package = town.alice.get("/v1/packages?ecosystem=npm&name=wheel")?.must(200)?;
        Ok(package.to_string().contains("\"alice\""))
    })?;
    registry.account(9, MARKUP);
    registry.account(10, &"o".repeat(10_000));
    registry.owners("wheel", &[9, 10]);
    until(TURN, "the owners are not asked again", || Ok(registry.asked().len() > 1))?;
    let item = alerts(&town, 1)?.remove(0);
    assert_eq!(item["package"]["name"], "wheel", "{item}");
    let browser = alice(&town)?;
    let told = harmless(&browser, &format!("/alerts/{}", item["id"].as_str().context("an id")?))?;
    assert!(told.contains("<script>"), "the name is shown as what it is: {told}");
    let owners = harmless(&browser, "/packages?ecosystem=npm&name=wheel")?;
    assert!(owners.contains("<script>") && owners.contains("alice"), "{owners}");
    harmless(&browser, "/alerts")?;
    harmless(&browser, "/").map(drop)
}
