//! Small documents for tests: CycloneDX SBOMs of given packages, and the runs
//! that send them.

use serde_json::{Value, json};

/// A CycloneDX 1.6 document that lists these purls. `serial` makes two documents
/// with the same contents differ in their bytes, as nightly builds do.
pub fn sbom(serial: u32, purls: &[&str]) -> Vec<u8> {
    let components: Vec<Value> = purls.iter().map(|purl| component(purl)).collect();
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": format!("urn:uuid:00000000-0000-4000-8000-{serial:012x}"),
        "version": 1,
        "components": components,
    });
    document.to_string().into_bytes()
}

fn component(purl: &str) -> Value {
    let bare = purl.split(['?', '#']).next().unwrap_or(purl).trim_start_matches("pkg:");
    let (path, version) = bare.rsplit_once('@').unwrap_or((bare, ""));
    let name = path.split_once('/').map_or(path, |(_, name)| name);
    json!({ "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl })
}

/// A CI run of project `shop`, release `main`: its id, and the minute of a fixed
/// day at which its commit was made (it started five minutes later).
pub fn run(id: &str, minute: u32) -> Value {
    json!({
        "project": "shop",
        "release": "main",
        "complete": false,
        "run": {
            "provider": "test",
            "id": id,
            "attempt": 1,
            "url": format!("https://ci.example/runs/{id}"),
            "commit": format!("{minute:040x}"),
            "branch": "main",
            "committed_at": at(minute),
            "started_at": at(minute + 5),
        },
    })
}

/// A moment of the day on which all runs of the tests happen.
pub fn at(minute: u32) -> String {
    format!("2026-03-02T{:02}:{:02}:00Z", minute / 60, minute % 60)
}
