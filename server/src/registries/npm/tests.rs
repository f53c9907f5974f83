//! Documents of packages, read.

use super::packument::read;
use super::*;
use bom::snapshot::Trust;

const DOCUMENT: &str = r#"{
  "name": "@wheels/hub", "_rev": "3-1", "dist-tags": {"latest": "1.2.0"},
  "maintainers": [{"name": "alice", "email": "alice@wheels.example"}, {"name": "bob", "email": "b@wheels.example"}],
  "repository": {"type": "git", "url": "git+https://x:y@code.example/wheels/hub.git"},
  "time": {"created": "2024-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "1.0.0": "2024-01-01T00:00:00.000Z",
    "1.1.0": "2025-01-01T00:00:00.000Z", "1.2.0": "2026-01-01T00:00:00.000Z"},
  "versions": {
    "1.0.0": {"_npmUser": {"name": "alice"}, "maintainers": [{"name": "alice"}], "dist": {"shasum": "aa"}, "scripts": {"test": "x"},
      "dependencies": {"ms": "^2.0.0"}},
    "1.2.0": {"_npmUser": {"name": "GitHub Actions", "trustedPublisher": {"id": "github"}}, "maintainers": [{"name": "alice"}, {"name": "bob"}],
      "dist": {"integrity": "sha512-x", "unpackedSize": 12, "attestations": {"url": "u", "provenance": {"predicateType": "p"}}},
      "scripts": {"postinstall": "node x"}, "dependencies": {"ms": "^2.0.0", "cp": "npm:@other/copy@^1.0.0", "fork": "github:a/b#c"},
      "optionalDependencies": {"fsevents": "~2.3"}, "license": "MIT"}
  }}"#;

#[test]
fn a_document_tells_versions_people_and_what_is_gone() {
    let snapshot = read("@wheels/hub", DOCUMENT.as_bytes()).expect("a document");
    let logins: Vec<_> = snapshot.owners.known().expect("owners").iter().map(|owner| owner.login.as_str()).collect();
    assert_eq!(logins, ["alice", "bob"]);
    assert_eq!(snapshot.owners_before.iter().map(|sample| sample.owners.len()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(snapshot.repository, Fact::Known("https://code.example/wheels/hub.git".to_owned()));
    let versions = snapshot.versions.known().expect("versions");
    let short: Vec<_> = versions.iter().map(|r| (r.version.as_str(), r.removed, r.install_hook, r.trust)).collect();
    let trusted = Some(Trust::TrustedPublisher);
    assert_eq!(
        short,
        [("1.0.0", false, Some(false), Some(Trust::None)), ("1.2.0", false, Some(true), trusted), ("1.1.0", true, None, None)]
    );
    let needs: Vec<_> = versions[1].dependencies.iter().flatten().map(|n| (n.name.as_str(), n.from_registry)).collect();
    assert_eq!(needs, [("@other/copy", true), ("fork", false), ("fsevents", true), ("ms", true)]);
}

#[test]
fn what_a_mirror_leaves_out_is_unknown_and_never_no_owner() {
    let bare = DOCUMENT.replace("_npmUser", "_user");
    let unknown = |text: &str| matches!(read("@wheels/hub", text.as_bytes()).expect("a document").owners, Fact::Unknown(_));
    assert!(unknown(&bare));
    let declared = DOCUMENT.replace(r#"{"name": "bob", "email": "b@wheels.example"}"#, r#""Bob <b@wheels.example>""#);
    assert!(unknown(&declared));
    let nobody = DOCUMENT.replacen(
        r#""maintainers": [{"name": "alice", "email": "alice@wheels.example"}, {"name": "bob", "email": "b@wheels.example"}]"#,
        r#""maintainers": []"#,
        1,
    );
    assert!(unknown(&nobody));
}

#[test]
fn a_document_of_another_package_or_cut_off_is_refused() {
    assert!(read("hub", DOCUMENT.as_bytes()).is_err());
    assert!(read("@wheels/hub", &DOCUMENT.as_bytes()[..DOCUMENT.len() - 3]).is_err());
    assert!(read("@wheels/hub", DOCUMENT.replace("\"time\": {", "\"time\": [{").as_bytes()).is_err());
}

#[test]
fn a_name_becomes_one_segment() {
    for (name, expect) in
        [("hub", Some("hub")), ("@wheels/hub", Some("@wheels%2Fhub")), ("a/b", None), ("@a/b/c", None), (".x", None)]
    {
        assert_eq!(path(name).as_deref(), expect, "{name}");
    }
}
