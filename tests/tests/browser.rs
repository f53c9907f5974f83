//! What a person sees: the pages in a real browser, with and without scripts.

use anyhow::{Context as _, Result};
use bomwarden_tests::browser::{Browser, Scripts};
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::people::{PASSWORD, Town};
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

/// Answers every request with one page, until the test ends.
fn one_page(html: &'static str) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no port")?;
    let address = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let _asked = socket.read(&mut request);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close";
            let _answered = write!(socket, "{head}\r\nContent-Length: {}\r\n\r\n{html}", html.len());
        }
    });
    Ok(address)
}

#[test]
fn the_browser_of_the_tests_runs_scripts_only_when_told() -> Result<()> {
    let page = "<title>t</title><p id=said>plain</p><script>document.getElementById('said').textContent = 'scripted'</script>";
    let address = one_page(page)?;
    for (scripts, said) in [(Scripts::On, "scripted"), (Scripts::Off, "plain")] {
        let browser = Browser::open(&address, scripts)?;
        browser.go("/x")?;
        assert_eq!((browser.text("#said")?.as_str(), browser.path()?.as_str()), (said, "/x"));
        assert!(browser.picture()?.starts_with(b"\x89PNG"));
    }
    Ok(())
}

#[test]
fn a_finding_is_settled_and_opened_again_without_scripts() -> Result<()> {
    let town = Town::new()?;
    let records = tempfile::tempdir()?;
    let record = json!({"id": "CVE-2026-7", "modified": "2026-01-01T00:00:00Z", "summary": "left reads past the end",
        "database_specific": {"severity": "HIGH"},
        "affected": [{"package": {"ecosystem": "crates.io", "name": "left"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.0"}]}]}]});
    std::fs::write(records.path().join("CVE-2026-7.json"), record.to_string())?;
    town.server.command(&["import", &records.path().display().to_string()])?.with_code(0)?;
    town.uploader.upload(&run("1", 10), &[("Cargo.lock", sbom(1, &["pkg:cargo/left@1.0.0"]))])?.must(201)?;

    let browser = Browser::open(town.server.url(), Scripts::Off)?;
    browser.go("/projects")?;
    browser.fill("#login", "alice")?;
    browser.fill("#password", PASSWORD)?;
    browser.click("main button")?;
    browser.follow("shop")?;
    browser.follow("CVE-2026-7")?;
    assert!(browser.text("#main")?.contains("the finding is open"));
    browser.click("#status option[value=not_affected]")?;
    browser.click("#justification option[value=code_not_reachable]")?;
    browser.fill("#detail", "we never turn left")?;
    browser.click("form.fields button")?;
    assert!(browser.text("[role=status]")?.starts_with("does not affect us: the vulnerable code is never run"));
    browser.follow("shop")?;
    assert!(browser.text("#main")?.contains("No findings that are open"));
    browser.follow("Triage")?;
    assert!(browser.text("#main")?.contains("we never turn left"));
    browser.click("td form button")?;
    assert!(browser.text("#main")?.contains("No decisions here"));
    Ok(())
}
