//! From NVD to a finding of a component without a purl, on a server that asks a simulated
//! NVD by itself: found, said to be weak wherever it is shown, and taken back.

use crate::uploads::{project_id, word};
use anyhow::{Context as _, Result};
use bomwarden_server::simulated::nvd::NvdFeed;
use bomwarden_tests::documents::run;
use bomwarden_tests::people::Town;
use bomwarden_tests::server::Server;
use bomwarden_tests::wait::until;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::runtime::Runtime;

const PATIENCE: Duration = Duration::from_secs(60);

/// A record about `a:left:PRODUCT` below a version.
fn cve(n: usize, product: &str, day: usize, fixed: &str) -> Value {
    json!({"id": format!("CVE-2026-{n:04}"), "vulnStatus": "Analyzed", "published": "2026-01-01T00:00:00.000",
        "lastModified": format!("2026-01-{day:02}T00:00:00.000"), "descriptions": [{"lang": "en", "value": "left reads past the end"}],
        "metrics": {"cvssMetricV31": [{"type": "Primary", "cvssData": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}]},
        "configurations": [{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true,
            "criteria": format!("cpe:2.3:a:left:{product}:*:*:*:*:*:*:*:*"), "versionEndExcluding": fixed}]}]}]})
}

/// A document of a component that has only a CPE, and one that has a purl, too.
fn document(serial: u32) -> Vec<u8> {
    let cpe = "cpe:2.3:a:left:left:1.0:*:*:*:*:*:*:*";
    json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": format!("urn:uuid:00000000-0000-4000-8000-{serial:012x}"), "components": [
            {"type": "firmware", "bom-ref": "f", "name": "left firmware", "version": "1.0", "cpe": cpe},
            {"type": "library", "bom-ref": "l", "name": "left", "version": "1.0.0", "purl": "pkg:npm/left@1.0.0", "cpe": cpe}]})
    .to_string()
    .into_bytes()
}

/// The findings of the shop, as Alice sees them.
fn findings(town: &Town) -> Result<Vec<Value>> {
    let id = project_id(town, "shop")?;
    let answer = town.alice.get(&format!("/v1/projects/{id}/findings"))?.must(200)?;
    answer["items"].as_array().cloned().context("findings are a list")
}

fn alerts(town: &Town) -> Result<Vec<Value>> {
    town.alice.get("/v1/alerts")?.must(200)?["items"].as_array().cloned().context("alerts are a list")
}

/// A page as Alice sees it.
fn page(town: &Town, path: &str) -> Result<String> {
    let cookie = format!("bomwarden_session={}", town.alice.bearer());
    Ok(town.stranger.send(town.stranger.request(Method::GET, path).header("cookie", cookie))?.text())
}

#[test]
fn what_has_no_purl_is_found_by_its_cpe_and_called_weak() -> Result<()> {
    let runtime = Runtime::new()?;
    let nvd = runtime.block_on(NvdFeed::start())?;
    nvd.publish(vec![cve(1, "other", 1, "2.0")]);
    let town = Town::around(Server::with_config(&format!(
        "[outbound]\nallow = [\"{}\"]\n[[feed]]\nname = \"nvd\"\nkind = \"nvd\"\nfrom = \"{}\"\nevery = \"1s\"\npause = \"1s\"",
        nvd.address(),
        nvd.url()
    ))?)?;
    let fetched = "bomwarden_feed_fetches_total{feed=\"nvd\",outcome=\"fetched\"} 1";
    until(PATIENCE, "the feed was never fetched", || Ok(town.stranger.get("/metrics")?.text().contains(fetched)))?;
    let answer = town.uploader.upload(&run("1", 10), &[("image", document(1))])?.must(201)?;
    assert_eq!(answer["slots"][0]["not_compared"], json!(["npm"]));
    assert_eq!(findings(&town)?, [] as [Value; 0]);

    // News: a finding, and an alert, both weak.
    nvd.publish(vec![cve(1, "other", 1, "2.0"), cve(2, "left", 2, "1.1")]);
    until(PATIENCE, "no finding came", || Ok(!findings(&town)?.is_empty()))?;
    let found = findings(&town)?;
    let [finding] = found.as_slice() else { anyhow::bail!("the purl's component is not compared by CPE: {found:?}") };
    assert_eq!((word(&finding["problem"]), &finding["ids"]), ("CVE-2026-0002", &json!(["CVE-2026-0002", "NVD-CVE-2026-0002"])));
    assert_eq!((&finding["package"], &finding["version"]), (&json!({"ecosystem": "CPE", "name": "a:left:left"}), &json!("1.0")));
    assert_eq!((&finding["weak"], &finding["answer"], &finding["fixed"]), (&json!(true), &json!("affected"), &json!(["1.1"])));
    assert_eq!(finding["severity"], "critical");
    let project = project_id(&town, "shop")?;
    let list = page(&town, &format!("/projects/{project}"))?;
    let query = "problem=CVE-2026-0002&ecosystem=CPE&name=a%3Aleft%3Aleft";
    let whole = page(&town, &format!("/projects/{project}/finding?{query}"))?;
    let package = page(&town, "/packages?ecosystem=CPE&name=a%3Aleft%3Aleft")?;
    for (shown, words) in [(&list, ">weak<"), (&whole, "<strong>Weak:</strong>"), (&package, "weak: a guessed name")] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    until(PATIENCE, "no alert came", || Ok(!alerts(&town)?.is_empty()))?;
    let alert = alerts(&town)?.remove(0);
    assert!(alert.to_string().contains("weak: found by a CPE"), "{alert}");

    // It was another version: both are taken back, once.
    nvd.publish(vec![cve(1, "other", 1, "2.0"), cve(2, "left", 3, "1.0")]);
    until(PATIENCE, "the finding stays", || Ok(findings(&town)?.is_empty()))?;
    until(PATIENCE, "the alert stays", || Ok(alerts(&town)?.iter().all(|alert| alert["state"] == "retracted")))?;
    Ok(())
}
