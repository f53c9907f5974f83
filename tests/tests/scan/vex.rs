//! What suppliers and teams state about findings: it leaves the verdict, and is told.

use super::{database, record};
use anyhow::{Context as _, Result, ensure};
use bomwarden_tests::cli::{Ran, run};
use serde_json::{Value, json};
use std::path::Path;

const SBOM: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "version": 1,
 "metadata": {"component": {"type": "application", "bom-ref": "shop", "name": "shop", "version": "2.0", "purl": "pkg:npm/shop@2.0"}},
 "components": [{"type": "library", "bom-ref": "l", "name": "left", "version": "1.0.0", "purl": "pkg:npm/left@1.0.0"},
                {"type": "library", "bom-ref": "r", "name": "right", "version": "1.0.0", "purl": "pkg:npm/right@1.0.0"}]}"#;

fn openvex(product: &Value, status: &str) -> Value {
    json!({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "urn:vex", "author": "Alice", "timestamp": "2026-01-01T00:00:00Z", "version": 1,
        "statements": [{"vulnerability": {"name": "CVE-2026-1"}, "products": [product], "status": status, "justification": "component_not_present"}]})
}

fn scan(folder: &Path, more: &[&str]) -> Result<Ran> {
    run(folder, None, &[&["scan", "shop.json", "--db", "all.db", "--fail-on", "unknown"], more].concat())
}

#[test]
fn a_statement_settles_what_it_is_about_in_every_report() -> Result<()> {
    let mut left = record("X-1", "npm", "left", &[("introduced", "0")]);
    left["aliases"] = json!(["CVE-2026-1"]);
    let folder = database(&[left])?;
    let folder = folder.path();
    std::fs::write(folder.join("shop.json"), SBOM)?;
    scan(folder, &[])?.with_code(1)?;
    let whole = json!({"@id": "pkg:npm/shop@2.0", "subcomponents": [{"@id": "pkg:npm/left"}]});
    let other = json!({"@id": "pkg:npm/stall@2.0", "subcomponents": [{"@id": "pkg:npm/left"}]});
    for (product, status, code) in
        [(&whole, "not_affected", 0), (&whole, "fixed", 0), (&other, "not_affected", 1), (&whole, "affected", 1)]
    {
        std::fs::write(folder.join("vex.json"), openvex(product, status).to_string())?;
        scan(folder, &["--vex", "vex.json"])?.with_code(code).with_context(|| format!("{product} {status}"))?;
    }
    std::fs::write(folder.join("vex.json"), openvex(&whole, "not_affected").to_string())?;
    for (format, words) in [
        ("table", "not affected (component_not_present), says Alice"),
        ("json", r#""justification":"component_not_present""#),
        ("sarif", r#""suppressions":"#),
        ("vex", r#""state":"not_affected""#),
        ("openvex", r#""status": "not_affected""#),
        ("junit", "<skipped message=\"not affected"),
    ] {
        let told = scan(folder, &["--vex", "vex.json", "--format", format])?.with_code(0)?;
        let squeezed = |text: &str| text.replace(": ", ":");
        ensure!(squeezed(&told.out).contains(&squeezed(words)), "{format}: {}", told.out);
        ensure!(told.out.contains("X-1"), "{format}: {}", told.out);
    }
    Ok(())
}

#[test]
fn what_scan_tells_as_vex_is_taken_back_in() -> Result<()> {
    let folder = database(&[record("X-1", "npm", "left", &[("introduced", "0")])])?;
    let folder = folder.path();
    std::fs::write(folder.join("shop.json"), SBOM)?;
    for (format, open, settled) in [("openvex", "under_investigation", "fixed"), ("vex", "in_triage", "resolved")] {
        let told = scan(folder, &["--format", format])?.with_code(1)?;
        std::fs::write(folder.join("vex.json"), &told.out)?;
        scan(folder, &["--vex", "vex.json"])?.with_code(1)?;
        std::fs::write(folder.join("vex.json"), told.out.replace(open, settled))?;
        scan(folder, &["--vex", "vex.json"])?.with_code(0).context(format)?;
    }
    std::fs::write(folder.join("vex.json"), "{}")?;
    let refused = scan(folder, &["--vex", "vex.json"])?.with_code(2)?;
    ensure!(refused.err.contains("no VEX document"), "{}", refused.err);
    Ok(())
}

#[test]
fn a_line_of_purls_says_what_is_settled() -> Result<()> {
    let folder = database(&[record("X-1", "npm", "left", &[("introduced", "0")])])?;
    let folder = folder.path();
    let mut vex = openvex(&json!({"@id": "pkg:npm/left@1.0.0"}), "not_affected");
    vex["statements"][0]["vulnerability"]["name"] = json!("X-1");
    std::fs::write(folder.join("vex.json"), vex.to_string())?;
    std::fs::write(folder.join("purls.txt"), "pkg:npm/left@1.0.0\npkg:npm/left@1.1.0\n")?;
    let ran =
        run(folder, None, &["scan", "--purls", "purls.txt", "--json", "--db", "all.db", "--vex", "vex.json"])?.with_code(0)?;
    let lines: Vec<Value> = ran.out.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    assert_eq!((&lines[0]["matches"], &lines[0]["settled"][0]["id"]), (&json!([]), &json!("X-1")));
    assert_eq!((&lines[1]["matches"][0]["id"], &lines[1]["settled"]), (&json!("X-1"), &Value::Null));
    Ok(())
}
