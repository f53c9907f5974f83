//! Components without a purl: compared by their CPE with NVD's records, and said to be weak.

use super::{database, record};
use anyhow::{Result, ensure};
use bomwarden_tests::cli::run;
use serde_json::{Value, json};

fn cve(n: usize, criterion: &Value) -> Value {
    json!({"cve": {"id": format!("CVE-2026-{n:04}"), "vulnStatus": "Analyzed", "lastModified": "2026-01-01T00:00:00.000",
        "descriptions": [{"lang": "en", "value": "left reads past the end"}],
        "configurations": [{"nodes": [{"operator": "OR", "cpeMatch": [criterion]}]}]}})
}

fn document(cpe: &str) -> String {
    json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "components": [{"type": "firmware", "bom-ref": "f", "name": "left", "version": "1.0", "cpe": cpe}]})
    .to_string()
}

#[test]
fn a_component_without_a_purl_is_compared_by_its_cpe() -> Result<()> {
    let below = json!({"vulnerable": true, "criteria": "cpe:2.3:a:left:left:*:*:*:*:*:*:*:*", "versionEndExcluding": "1.1"});
    let every = json!({"vulnerable": true, "criteria": "cpe:2.3:a:left:left:*:*:*:*:*:*:*:*"});
    let npm = record("X-1", "npm", "left", &[("introduced", "0")]);
    let folder = database(&[cve(1, &below), cve(2, &every), npm.clone()])?;
    let folder = folder.path();
    let scan = |cpe: &str, format: &str| {
        std::fs::write(folder.join("left.json"), document(cpe))?;
        run(folder, None, &["scan", "left.json", "--db", "all.db", "--format", format])?.with_code(0)
    };
    for (cpe, found, doubted) in [
        ("cpe:2.3:a:left:left:1.0:*:*:*:*:*:*:*", vec!["NVD-CVE-2026-0001"], vec!["NVD-CVE-2026-0002"]),
        ("cpe:/a:left:left:1.1", vec![], vec!["NVD-CVE-2026-0002"]),
        ("cpe:/a:right:left:1.0", vec![], vec![]),
    ] {
        let report = scan(cpe, "json")?.json()?;
        let ids = |list: &str, id: &str| -> Vec<String> {
            let items = report["documents"][0][list].as_array().cloned().unwrap_or_default();
            items.iter().filter_map(|item| item.pointer(id).and_then(Value::as_str).map(str::to_owned)).collect()
        };
        ensure!(ids("findings", "/finding/id") == found && ids("cannot_tell", "/id") == doubted, "{cpe}: {report}");
        for finding in report["documents"][0]["findings"].as_array().into_iter().flatten() {
            ensure!(finding["finding"]["weak"] == true && finding["purl"] == cpe, "{finding}");
        }
    }
    for (format, words) in
        [("table", "weak: it has no purl"), ("sarif", "(weak: found by a CPE)"), ("vex", r#""cpe":"cpe:2.3:a:left"#)]
    {
        let told = scan("cpe:2.3:a:left:left:1.0:*:*:*:*:*:*:*", format)?.out.replace(": ", ":");
        ensure!(told.contains(&words.replace(": ", ":")), "{format}: {told}");
    }
    // A database without such records says so.
    let other = database(&[npm])?;
    std::fs::write(other.path().join("left.json"), document("cpe:/a:left:left:1.0"))?;
    let told = run(other.path(), None, &["scan", "left.json", "--db", "all.db"])?.with_code(0)?;
    ensure!(told.out.contains("the database holds no advisories of CPE"), "{}", told.out);
    Ok(())
}
