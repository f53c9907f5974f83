//! What other generators were seen to get wrong, each on a lockfile made for it: a
//! relative path that is taken for something else, one purl from two origins, `+` in a version, an empty document that looks like success,
//! development dependencies that are left out in silence.

use crate::tool::{folder, run};
use serde_json::Value;

fn generated(file: &str, text: &str) -> Value {
    let folder = folder(&[(file, text)]);
    let done = run(folder.path(), &["generate"]);
    assert_eq!(done.code, 0, "{}", done.err);
    serde_json::from_str(&done.out).unwrap()
}

fn components(document: &Value) -> &[Value] {
    document["components"].as_array().unwrap()
}

#[test]
fn one_purl_from_two_origins_is_two_components() {
    let lock = r#"version = 4
[[package]]
name = "platform"
version = "0.3.3"

[[package]]
name = "platform"
version = "0.3.3"
source = "registry+https://crates.example/index"

[[package]]
name = "shop"
version = "0.1.0"
dependencies = ["platform 0.3.3", "platform 0.3.3 (registry+https://crates.example/index)"]
"#;
    let document = generated("Cargo.lock", lock);
    let (ours, theirs): (Vec<_>, Vec<_>) = components(&document)
        .iter()
        .filter(|component| component["purl"].as_str().unwrap().starts_with("pkg:cargo/platform@0.3.3"))
        .partition(|component| component.to_string().contains("path:"));
    assert_eq!((ours.len(), theirs.len()), (1, 1), "{document}");
    assert_ne!(ours[0]["bom-ref"], theirs[0]["bom-ref"]);
}

#[test]
fn a_plus_in_a_version_is_encoded_in_the_purl_alone() {
    let lock = "version = 4\n[[package]]\nname = \"git2-sys\"\nversion = \"0.18.7+1.9.6\"\nsource = \"registry+https://crates.example/index\"\n";
    let document = generated("Cargo.lock", lock);
    let component = &components(&document)[0];
    assert_eq!(
        (&component["version"], &component["purl"]),
        (&"0.18.7+1.9.6".into(), &"pkg:cargo/git2-sys@0.18.7%2B1.9.6".into())
    );
}

#[test]
fn a_relative_path_is_a_folder_and_nothing_in_it_an_error() {
    let lock = "version = 4\n[[package]]\nname = \"shop\"\nversion = \"0.1.0\"\n";
    let folder = folder(&[("inputs/shop/Cargo.lock", lock), ("inputs/none/readme.txt", "")]);
    let done = run(folder.path(), &["generate", "inputs/shop"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.contains("pkg:cargo/shop@0.1.0"), "{}", done.out);
    let done = run(folder.path(), &["generate", "inputs/none"]);
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    assert!(done.err.contains("there is no lockfile below `inputs/none`"), "{}", done.err);
}

#[test]
fn what_cannot_be_read_is_never_an_empty_document() {
    for (file, text) in [("uv.lock", "version = ["), ("package-lock.json", "{}"), ("yarn.lock", "\u{1}")] {
        let folder = folder(&[(file, text)]);
        let done = run(folder.path(), &["generate"]);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{file}: {}", done.err);
        assert!(done.err.contains(file), "{}", done.err);
    }
}

#[test]
fn development_dependencies_are_there_and_marked() {
    let lock = r#"{"name": "web", "lockfileVersion": 3, "packages": {"": {"devDependencies": {"tests": "1", "left": "1"}},
        "node_modules/left": {"version": "1.0.0"}, "node_modules/tests": {"version": "1.0.0", "dev": true}}}"#;
    let document = generated("package-lock.json", lock);
    let scopes: Vec<_> = components(&document).iter().map(|one| (one["name"].as_str().unwrap(), one["scope"].as_str())).collect();
    assert!(scopes.contains(&("tests", Some("excluded"))) && scopes.iter().any(|(name, _)| *name == "left"), "{scopes:?}");
}
