//! Tests on small folders, as each package manager leaves them.

use super::*;
use bom::document::HashAlgorithm;
use bom::reading::Limits;
use std::fs;

/// Checks what the files `path=content` add to the component of `purl`, whose lockfile is `sub/x.lock`.
fn check(files: &[(&str, &str)], purl: &str, expected: (Vec<Licence>, Vec<Hash>)) {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = root.path().join("sub").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let folder = Folder::new(root.path(), &Limits::default()).unwrap();
    let purl: bom::purl::Purl = purl.parse().unwrap();
    let component =
        Component { name: purl.name.clone(), version: purl.version.clone(), purl: Some(purl), ..Component::default() };
    let mut document = Document { components: vec![component], ..Document::default() };
    add(&mut document, "sub/x.lock", &folder);
    let found = document.components.remove(0);
    assert_eq!((found.licences.to_vec(), found.hashes.to_vec()), expected, "{files:?}");
}

fn id(name: &str) -> Vec<Licence> {
    vec![Licence::Id(name.into())]
}

#[test]
fn vendored_crates_state_their_licence_and_hash() {
    let value = "0a".repeat(32);
    let manifest = "[package]\nname = \"serde\"\nversion = \"1.0.0\"\nlicense = \"MIT/Apache-2.0\"\n";
    let checksum = format!("{{\"files\":{{}},\"package\":\"{value}\"}}");
    let expected = (
        vec![Licence::Expression("MIT OR Apache-2.0".into())],
        vec![Hash { algorithm: HashAlgorithm::Sha256, value: value.as_str().into() }],
    );
    for place in ["vendor/serde", "vendor/serde-1.0.0"] {
        let files = [(format!("{place}/Cargo.toml"), manifest), (format!("{place}/.cargo-checksum.json"), checksum.as_str())];
        let files: Vec<_> = files.iter().map(|(path, content)| (path.as_str(), *content)).collect();
        check(&files, "pkg:cargo/serde@1.0.0", (expected.0.clone(), expected.1.clone()));
        check(&files, "pkg:cargo/serde@1.0.1", (vec![], vec![]));
    }
    let config = "[source.ours]\ndirectory = \"third\"\n";
    let mit = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\n";
    check(&[(".cargo/config.toml", config), ("third/a/Cargo.toml", mit)], "pkg:cargo/a@1.0.0", (id("MIT"), vec![]));
}

#[test]
fn installed_npm_packages_state_their_licence() {
    for (path, content, purl) in [
        ("node_modules/a/package.json", r#"{"version":"1.0.0","license":"MIT"}"#, "pkg:npm/a@1.0.0"),
        ("node_modules/@s/a/package.json", r#"{"version":"1.0.0","license":{"type":"MIT","url":"x"}}"#, "pkg:npm/%40s/a@1.0.0"),
        ("node_modules/a/package.json", r#"{"version":"1.0.0","license":7,"licenses":[{"type":"MIT"}]}"#, "pkg:npm/a@1.0.0"),
        (
            "node_modules/.pnpm/@s+a@1.0.0/node_modules/@s/a/package.json",
            r#"{"version":"1.0.0","license":"MIT"}"#,
            "pkg:npm/%40s/a@1.0.0",
        ),
    ] {
        check(&[(path, content)], purl, (id("MIT"), vec![]));
    }
    check(&[("node_modules/a/package.json", r#"{"version":"2.0.0","license":"MIT"}"#)], "pkg:npm/a@1.0.0", (vec![], vec![]));
    let within = [
        ("node_modules/a/package.json", r#"{"version":"2.0.0","license":"ISC"}"#),
        ("node_modules/@s/b/package.json", r#"{"version":"1.0.0","license":"ISC"}"#),
        ("node_modules/@s/b/node_modules/a/package.json", r#"{"version":"1.0.0","license":"MIT"}"#),
    ];
    check(&within, "pkg:npm/a@1.0.0", (id("MIT"), vec![]));
    let noted = r#"{"lockfileVersion":3,"packages":{"node_modules/a":{"version":"1.0.0","integrity":"sha1-pGY7U2hriV/wdOK6UE37dqjit3A="}}}"#;
    let hash = Hash { algorithm: HashAlgorithm::Sha1, value: "a4663b53686b895ff074e2ba504dfb76a8e2b770".into() };
    let files =
        [("node_modules/a/package.json", r#"{"version":"1.0.0","license":"MIT"}"#), ("node_modules/.package-lock.json", noted)];
    check(&files, "pkg:npm/a@1.0.0", (id("MIT"), vec![hash]));
    check(&[("node_modules/a/package.json", "{")], "pkg:npm/a@1.0.0", (vec![], vec![]));
}

#[test]
fn installed_python_packages_state_their_licence() {
    let path = ".venv/lib/python3.12/site-packages/Zope.Interface-5.0.dist-info/METADATA";
    check(&[(path, "Name: zope.interface\nLicense: ZPL-2.1\n\ntext")], "pkg:pypi/zope-interface@5.0", (id("ZPL-2.1"), vec![]));
    for folder in ["old-1.0.egg-info", "old-1.0-py3.12.egg-info"] {
        let path = format!("venv/lib/python3.12/site-packages/{folder}/PKG-INFO");
        check(&[(path.as_str(), "Name: old\nLicense: MIT\n")], "pkg:pypi/old@1.0", (id("MIT"), vec![]));
    }
}
