//! Every kind against the lists of real and foreign lockfiles that lie outside
//! the project (`BOMWARDEN_DATA`); without them the tests say `skipped`. What
//! differs on purpose stands in `ground_truth.txt`, each line with its rule.

use super::fixtures::Folder;
use super::{Lockfile, of_kind, of_name};
use crate::document::{Component, Document, Node};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Folders of the data and the kinds their files are of.
const FOLDERS: &[(&str, &str)] = &[
    ("dotnet-nuget-packages.lock", "nuget-packages-lock"),
    ("golang-gomod", "go-mod"),
    ("java-gradlelockfile", "gradle-lockfile"),
    ("java-pomxml", "maven-pom"),
    ("javascript-bunlock", "bun-lock"),
    ("javascript-packagelockjson", "npm-package-lock"),
    ("javascript-pnpmlock", "pnpm-lock"),
    ("javascript-yarnlock", "yarn-lock"),
    ("php-composerlock", "composer-lock"),
    ("python-pdmlock", "pdm-lock"),
    ("python-pipfilelock", "pipfile-lock"),
    ("python-poetrylock", "poetry-lock"),
    ("python-pylock", "pylock"),
    ("python-requirements-txt", "pip-requirements"),
    ("python-uvlock", "uv-lock"),
    ("ruby-gemfilelock", "gemfile-lock"),
    ("rust-cargolock", "cargo-lock"),
];

fn data() -> Option<PathBuf> {
    let data = std::env::var_os("BOMWARDEN_DATA").map(PathBuf::from);
    if data.is_none() {
        println!("skipped: BOMWARDEN_DATA names no folder");
    }
    data
}

/// The name and version by which lists may know a component.
fn ids(component: &Component) -> Vec<(String, String)> {
    let purl = component.purl.as_ref();
    let kind = purl.map_or("", |purl| purl.kind.as_str());
    let between = if kind == "maven" { ":" } else { "/" };
    let name = component.group.as_ref().map_or(String::new(), |group| format!("{group}{between}")) + &component.name;
    let version = component.version.clone().unwrap_or_default();
    match (kind, purl.and_then(|purl| purl.qualifiers.get("platform"))) {
        // Some lists write a gem's platform behind its version, others leave it out.
        ("gem", Some(platform)) => vec![(name.clone(), format!("{version}-{platform}")), (name, version)],
        // Some lists write Go's versions without their `v`.
        ("golang", _) => vec![(name.clone(), version.trim_start_matches('v').to_owned()), (name, version)],
        _ => vec![(name, version)],
    }
}

fn packages(document: &Document) -> BTreeSet<(String, String)> {
    document.components.iter().chain(&document.subject).flat_map(ids).collect()
}

/// What differs on purpose: (file, package, version as listed).
fn differences() -> BTreeSet<(String, String, String)> {
    let lines = include_str!("ground_truth.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            let mut next = || words.next().unwrap();
            (next(), next(), next().trim_matches('-').to_owned())
        })
        .collect()
}

#[derive(serde::Deserialize)]
struct Expected {
    #[serde(default)]
    error: bool,
    #[serde(default)]
    packages: Vec<Listed>,
}

#[derive(serde::Deserialize)]
struct Listed {
    name: String,
    version: String,
}

#[derive(Default)]
struct Tally {
    files: usize,
    listed: usize,
    more: usize,
    warnings: usize,
}

#[test]
fn every_listed_package_is_found() {
    let Some(data) = data() else { return };
    let root = data.join("lockfiles");
    let mut different = differences();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut wrong = Vec::new();
    let folders = FOLDERS.iter().map(|(folder, kind)| (*folder, Some(of_kind(kind).unwrap())));
    for (folder, kind) in folders.chain([("real", None)]) {
        let mut files = list(&root, folder);
        files.sort();
        for path in files {
            // `crates.io.pnpm-lock.yaml` is a `pnpm-lock.yaml`.
            let name = path.rsplit('/').next().unwrap();
            let by_name = || name.match_indices('.').find_map(|(at, _)| of_name(&name[at + 1..]));
            let Some(kind) = kind.or_else(by_name) else { panic!("{path} is of no kind") };
            compare(kind, &root, &path, tallies.entry(kind.kind()).or_default(), &mut different, &mut wrong);
        }
    }
    for (kind, tally) in &tallies {
        println!(
            "{kind}: {} files, {} listed packages, {} more, {} warnings",
            tally.files, tally.listed, tally.more, tally.warnings
        );
    }
    for line in &different {
        wrong.push(format!("ground_truth.txt: {line:?} no longer differs"));
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

fn list(root: &std::path::Path, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root.join(folder)).unwrap().map(Result::unwrap) {
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            found.extend(list(root, &path));
        } else if root.join(format!("{path}.expected.json")).exists() {
            found.push(path);
        }
    }
    found
}

fn compare(
    kind: &dyn Lockfile,
    root: &std::path::Path,
    path: &str,
    tally: &mut Tally,
    different: &mut BTreeSet<(String, String, String)>,
    wrong: &mut Vec<String>,
) {
    let text = std::fs::read_to_string(root.join(format!("{path}.expected.json"))).unwrap();
    let expected: Expected = serde_json::from_str(&text).unwrap();
    tally.files += 1;
    let reading = match kind.read(path, &Folder(root.to_owned())) {
        Ok(reading) => reading,
        Err(error) => {
            if !expected.error && !different.remove(&(path.to_owned(), "-".into(), String::new())) {
                wrong.push(format!("{path}: {error}"));
            }
            return;
        }
    };
    if expected.error && !different.remove(&(path.to_owned(), "-".into(), String::new())) {
        wrong.push(format!("{path}: no error"));
    }
    tally.warnings += reading.warnings.len();
    let mut found = packages(&reading.value);
    let listed: BTreeSet<(String, String)> = expected.packages.into_iter().map(|p| (p.name, p.version)).collect();
    tally.listed += listed.len();
    let named: BTreeSet<String> = listed.iter().map(|(name, _)| name.clone()).collect();
    for (name, version) in listed {
        // The list writes 0.0.0 where a requirement names no version.
        let unknown = version == "0.0.0" && kind.kind() == "pip-requirements";
        let wanted = (name.clone(), if unknown { String::new() } else { version.clone() });
        if !found.remove(&wanted) && !different.remove(&(path.to_owned(), name.clone(), version.clone())) {
            wrong.push(format!("{path} {name} {version}"));
        }
    }
    found.retain(|(name, _)| !named.contains(name));
    tally.more += found.len();
    if std::env::var_os("SHOW_MORE").is_some() {
        found.iter().for_each(|(name, version)| println!("more in {path}: {name} {version}"));
    }
}

/// Packages, edges between them, and hashes of the benchmark files; `0` where nothing was counted.
#[test]
fn benchmark_files_have_their_true_counts() {
    let Some(data) = data() else { return };
    for (path, packages, edges, hashes) in [
        ("rust-crates.io/Cargo.lock", 880, 3036, 850),
        ("rust-vaultwarden/Cargo.lock", 623, 1998, 621),
        ("rust-kanidm/Cargo.lock", 774, 2661, 741),
        ("rust-old-regression/Cargo.lock", 851, 4020, 781),
        ("rust-tiny/Cargo.lock", 1, 0, 0),
        ("npm-npmdocs/package-lock.json", 2342, 6014, 0),
        ("npm-realapp/package-lock.json", 1602, 3773, 0),
        ("py-sbomify-uv/uv.lock", 220, 368, 0),
        ("py-guarddog-poetry/poetry.lock", 67, 72, 0),
        ("py-warehouse-req/requirements.txt", 184, 0, 2089),
    ] {
        let kind = of_name(path.rsplit('/').next().unwrap()).unwrap();
        let started = std::time::Instant::now();
        let reading = kind.read(path, &Folder(data.join("bench"))).unwrap();
        let took = started.elapsed();
        let document = &reading.value;
        let own = document.subject.as_ref().is_some_and(|s| s.purl.is_some() && kind.kind() != "npm-package-lock");
        let own = own && !matches!(kind.kind(), "poetry-lock" | "pip-requirements");
        let npm = kind.kind() == "npm-package-lock";
        let counted = document.components.len() + usize::from(own);
        let between = document.edges.iter().filter(|e| own || npm || e.from != Node::Subject).count();
        let hashed = document.components.iter().filter(|c| !c.hashes.is_empty()).count();
        let all: usize = document.components.iter().map(|c| c.hashes.len()).sum();
        let licensed = document.components.iter().filter(|c| !c.licences.is_empty()).count();
        let direct = document.direct().iter().filter(|d| **d == Some(true)).count();
        println!(
            "{path}: {counted} packages, {between} edges, {hashed} with hashes, {all} hashes, {licensed} with licences, \
             {direct} direct, {} warnings, {took:?}",
            reading.warnings.len()
        );
        assert!(counted == packages, "{path}: {counted} packages, not {packages}");
        let tolerance = if path.starts_with("npm") { edges / 100 } else { 0 };
        assert!(edges == 0 || between.abs_diff(edges) <= tolerance, "{path}: {between} edges, not {edges}");
        assert!(hashes == 0 || all == hashes, "{path}: {all} hashes, not {hashes}");
    }
}
