//! `bomwarden generate` as a process: what it writes, where, and what never gets out.

use crate::tool::{Done, folder, run, run_with};
use serde_json::Value;
use std::path::Path;

const PACKAGE_LOCK: &str = r#"{"name": "web", "version": "1.0.0", "lockfileVersion": 3, "packages": {
    "": {"name": "web", "version": "1.0.0", "dependencies": {"left": "^1.0.0"}},
    "node_modules/left": {"version": "1.0.0", "resolved": "https://u:s3cret@npm.example/left/-/left-1.0.0.tgz?token=s3cret#s3cret",
        "integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="}
}}"#;

const CARGO_LOCK: &str = r#"version = 4

[[package]]
name = "itoa"
version = "1.0.0"
source = "registry+https://u:s3cret@crates.example/index?token=s3cret"

[[package]]
name = "shop"
version = "0.1.0"
dependencies = ["itoa"]
"#;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn read(path: &Path) -> Value {
    json(&std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn done_well(done: Done) -> Done {
    assert_eq!(done.code, 0, "{}", done.err);
    done
}

fn property<'a>(document: &'a Value, name: &str) -> Option<&'a str> {
    let properties = document["metadata"]["properties"].as_array()?;
    properties.iter().find(|property| property["name"] == name)?["value"].as_str()
}

#[test]
fn one_lockfile_goes_to_standard_output() {
    let folder = folder(&[("package-lock.json", PACKAGE_LOCK)]);
    let done = done_well(run(folder.path(), &["generate"]));
    let document = json(&done.out);
    assert_eq!((&document["bomFormat"], &document["specVersion"]), (&"CycloneDX".into(), &"1.6".into()));
    assert_eq!(document["components"][0]["purl"], "pkg:npm/left@1.0.0");
    assert_eq!(property(&document, "bomwarden:slot"), Some("package-lock.json"));
    assert!(document["serialNumber"].is_string() && document["metadata"]["timestamp"].is_string());
}

#[test]
fn a_monorepo_makes_one_document_for_each_lockfile() {
    let files =
        [("web/package-lock.json", PACKAGE_LOCK), ("core/Cargo.lock", CARGO_LOCK), ("web/node_modules/x/Cargo.lock", CARGO_LOCK)];
    let folder = folder(&files);
    let refused = run(folder.path(), &["generate"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("2 lockfiles make 2 documents; name a folder with `-o FOLDER/`, or"), "{}", refused.err);
    done_well(run(folder.path(), &["generate", "-o", "out"]));
    for (file, slot) in
        [("web/package-lock.json.cdx.json", "web/package-lock.json"), ("core/Cargo.lock.cdx.json", "core/Cargo.lock")]
    {
        assert_eq!(property(&read(&folder.path().join("out").join(file)), "bomwarden:slot"), Some(slot));
    }
    done_well(run(folder.path(), &["generate", "--merge", "-o", "one.json"]));
    let purls = read(&folder.path().join("one.json"))["components"].to_string();
    assert!(purls.contains("pkg:npm/left@1.0.0") && purls.contains("pkg:cargo/itoa@1.0.0"), "{purls}");
    let rows = done_well(run(folder.path(), &["generate", "--json", "--kind", "cargo-lock", "-o", "out/"]));
    assert_eq!(json(&rows.out)["slot"], "core/Cargo.lock");
}

#[test]
fn a_lockfile_that_cannot_be_read_does_not_spoil_the_others() {
    let folder = folder(&[("a/Cargo.lock", "not a lockfile ["), ("b/Cargo.lock", CARGO_LOCK)]);
    let done = run(folder.path(), &["generate", "-o", "out/"]);
    assert_eq!(done.code, 2);
    assert!(done.err.lines().last().is_some_and(|line| line.starts_with("error: `./a/Cargo.lock`")), "{}", done.err);
    assert!(folder.path().join("out/b/Cargo.lock.cdx.json").exists());
    assert_eq!(run(folder.path(), &["generate", "--merge", "-o", "one.json"]).code, 2);
    assert!(!folder.path().join("one.json").exists());
}

#[test]
fn reproducible_documents_have_the_same_bytes_wherever_they_are_made() {
    let (one, other) = (folder(&[("Cargo.lock", CARGO_LOCK)]), folder(&[("Cargo.lock", CARGO_LOCK)]));
    let ci = [("GITHUB_ACTIONS", "true"), ("GITHUB_RUN_ID", "7"), ("npm_config_registry", "https://npm.example")];
    let first = done_well(run(one.path(), &["generate", "--reproducible"])).out;
    let second = done_well(run_with(other.path(), &["generate", "--reproducible"], &ci)).out;
    assert_eq!(first, second);
    assert!(json(&first)["serialNumber"].is_null() && json(&first)["metadata"]["timestamp"].is_null());
    let dated = run_with(one.path(), &["generate", "--reproducible"], &[("SOURCE_DATE_EPOCH", "1714979289")]);
    assert_eq!(json(&dated.out)["metadata"]["timestamp"], "2024-05-06T07:08:09Z");
    assert_ne!(run(one.path(), &["generate"]).out, run(one.path(), &["generate"]).out);
}

#[test]
fn the_run_and_the_registries_are_in_the_document() {
    let folder = folder(&[("package-lock.json", PACKAGE_LOCK), (".npmrc", "registry=https://npm.example/\n")]);
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_RUN_ID", "77"),
        ("GITHUB_RUN_ATTEMPT", "2"),
        ("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567"),
        ("GITHUB_REF", "refs/pull/5/merge"),
    ];
    let document = json(&done_well(run_with(folder.path(), &["generate"], &variables)).out);
    for (name, value) in [
        ("bomwarden:run:provider", "github"),
        ("bomwarden:run:id", "77"),
        ("bomwarden:run:attempt", "2"),
        ("bomwarden:run:commit", "0123456789abcdef0123456789abcdef01234567"),
        ("bomwarden:run:pull_request", "5"),
        ("bomwarden:registry:npm", "https://npm.example"),
    ] {
        assert_eq!(property(&document, name), Some(value), "{name}");
    }
}

#[test]
fn planted_secrets_never_get_out() {
    let npmrc = "registry=https://u:s3cret@npm.example/?token=s3cret\n//npm.example/:_authToken=s3cret\n_password=s3cret\n";
    let cargo = "[registries.ours]\nindex = \"sparse+https://u:s3cret@crates.example/?s3cret\"\ntoken = \"s3cret\"\n";
    let files =
        [("package-lock.json", PACKAGE_LOCK), ("core/Cargo.lock", CARGO_LOCK), (".npmrc", npmrc), (".cargo/config.toml", cargo)];
    let folder = folder(&files);
    let variables = [
        ("BOMWARDEN_TOKEN", "bwt_1_s3cret"),
        ("NPM_CONFIG_REGISTRY", "https://s3cret:s3cret@npm.example/#s3cret"),
        ("JENKINS_URL", "https://u:s3cret@jenkins.example/"),
        ("BUILD_NUMBER", "1"),
        ("BUILD_URL", "https://u:s3cret@jenkins.example/job/1/?token=s3cret"),
        ("CARGO_REGISTRIES_OURS_INDEX", "https://u:s3cret@crates.example/index"),
    ];
    for arguments in [vec!["generate", "-o", "out/"], vec!["generate", "--merge"], vec!["registries", "show", "--no-run"]] {
        let done = done_well(run_with(folder.path(), &arguments, &variables));
        assert!(!done.out.contains("s3cret") && !done.err.contains("s3cret"), "{arguments:?}: {} {}", done.out, done.err);
    }
    for file in ["out/package-lock.json.cdx.json", "out/core/Cargo.lock.cdx.json"] {
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        assert!(!text.contains("s3cret"), "{text}");
        assert!(text.contains("npm.example") || text.contains("crates.example"), "{text}");
    }
}

#[test]
fn licences_come_from_what_is_installed() {
    let installed = r#"{"name": "left", "version": "1.0.0", "license": "WTFPL"}"#;
    let folder = folder(&[("package-lock.json", PACKAGE_LOCK), ("node_modules/left/package.json", installed)]);
    let document = json(&done_well(run(folder.path(), &["generate"])).out);
    assert_eq!(document["components"][0]["licenses"][0]["license"]["id"], "WTFPL");
}
