//! Every kind against the lists of real and foreign lockfiles that lie outside
//! the project (`make conformance`); without them the test says `skipped`. What
//! differs on purpose stands in `conformance.txt`, each line with its rule.

use super::fixtures::Folder;
use super::{Lockfile, of_kind, of_name};
use crate::document::{Component, Document};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
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

pub(super) fn data() -> Option<PathBuf> {
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
    let version = component.version.as_deref().unwrap_or_default().to_owned();
    match (kind, purl.and_then(|purl| purl.qualifier("platform"))) {
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
    let lines = include_str!("conformance.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            let mut next = || words.next().unwrap();
            (next(), next(), next().trim_matches('-').to_owned())
        })
        .collect()
}

#[derive(Default, serde::Deserialize)]
struct Expected {
    #[serde(default)]
    error: bool,
    #[serde(default)]
    packages: BTreeSet<Listed>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
struct Listed {
    name: String,
    version: String,
}

/// Differences that are allowed at most, and their share of all listed packages.
const MOST: usize = 20;
const SHARE: usize = 100;

/// What became of the files of one kind.
#[derive(Default)]
struct Tally {
    read: usize,
    refused: usize,
    wrong: usize,
    listed: usize,
    /// Packages that no list knows: the projects themselves, and what lists leave out.
    more: usize,
    warnings: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, refused, wrong, listed, more, warnings } = self;
        write!(
            out,
            "{read} read, {refused} refused as they should be, {wrong} wrong ({listed} packages listed, {more} more found, \
             {warnings} warnings)"
        )
    }
}

#[test]
fn every_listed_package_is_found() {
    let Some(data) = data() else { return };
    let root = data.join("lockfiles");
    let differences = differences();
    let mut run = Run { root: &root, left: differences.clone(), tallies: BTreeMap::new(), wrong: Vec::new() };
    let folders = FOLDERS.iter().map(|(folder, kind)| (*folder, Some(of_kind(kind).unwrap())));
    for (folder, kind) in folders.chain([("real", None), ("other", None)]) {
        let mut files = list(&root, folder);
        files.sort();
        for path in files {
            // `crates.io.pnpm-lock.yaml` is a `pnpm-lock.yaml`; other projects' lockfiles of kinds that are not read lie there too.
            let name = path.rsplit('/').next().unwrap();
            let by_name = || name.match_indices(['.', '-']).find_map(|(at, _)| of_name(&name[at + 1..]));
            if let Some(kind) = kind.or_else(by_name) {
                run.take(kind, &path);
            }
        }
    }
    for (kind, tally) in &run.tallies {
        println!("lockfiles {kind}: {tally}");
    }
    let listed: usize = run.tallies.values().map(|tally| tally.listed).sum();
    println!("lockfiles: {listed} packages listed, {} deliberate differences in conformance.txt", differences.len());
    assert!(differences.len() <= MOST && differences.len() * SHARE <= listed, "too many deliberate differences");
    for line in &run.left {
        run.wrong.push(format!("conformance.txt: {line:?} no longer differs"));
    }
    assert!(run.wrong.is_empty(), "{} differences\n{}", run.wrong.len(), run.wrong.join("\n"));
}

/// The files below a folder, without their lists.
fn list(root: &std::path::Path, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root.join(folder)).unwrap().map(Result::unwrap) {
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            found.extend(list(root, &path));
        } else if !path.ends_with(".expected.json") {
            found.push(path);
        }
    }
    found
}

/// One run over all files.
struct Run<'a> {
    root: &'a std::path::Path,
    /// Deliberate differences that were not met yet.
    left: BTreeSet<(String, String, String)>,
    tallies: BTreeMap<&'static str, Tally>,
    wrong: Vec<String>,
}

impl Run<'_> {
    fn take(&mut self, kind: &'static dyn Lockfile, path: &str) {
        let expected = std::fs::read_to_string(self.root.join(format!("{path}.expected.json"))).ok();
        let expected: Expected = expected.map(|text| serde_json::from_str(&text).unwrap()).unwrap_or_default();
        let reading = kind.read(path, &Folder(self.root.to_owned()));
        let before = self.wrong.len();
        let verdict = |run: &mut Self, text: String| {
            if !run.left.remove(&(path.to_owned(), "-".into(), String::new())) {
                run.wrong.push(format!("{path}: {text}"));
            }
        };
        let tally = match reading {
            Err(error) => {
                if !expected.error {
                    verdict(self, error.to_string());
                }
                Tally { refused: 1, ..Tally::default() }
            }
            Ok(reading) => {
                if expected.error {
                    verdict(self, "no error".to_owned());
                }
                let more = self.compare(kind, path, &expected.packages, &reading.value);
                Tally { read: 1, listed: expected.packages.len(), more, warnings: reading.warnings.len(), ..Tally::default() }
            }
        };
        let sum = self.tallies.entry(kind.kind()).or_default();
        match self.wrong.len() > before {
            true => sum.wrong += 1,
            false => (sum.read, sum.refused) = (sum.read + tally.read, sum.refused + tally.refused),
        }
        (sum.listed, sum.more, sum.warnings) = (sum.listed + tally.listed, sum.more + tally.more, sum.warnings + tally.warnings);
    }

    /// Looks for each listed package; answers how many more there are.
    fn compare(&mut self, kind: &dyn Lockfile, path: &str, listed: &BTreeSet<Listed>, document: &Document) -> usize {
        let mut found = packages(document);
        for Listed { name, version } in listed {
            // The list writes 0.0.0 where a requirement names no version.
            let unknown = version == "0.0.0" && kind.kind() == "pip-requirements";
            let wanted = (name.clone(), if unknown { String::new() } else { version.clone() });
            if !found.remove(&wanted) && !self.left.remove(&(path.to_owned(), name.clone(), version.clone())) {
                self.wrong.push(format!("{path}: {name} {version}"));
            }
        }
        found.retain(|(name, _)| !listed.iter().any(|known| known.name == *name));
        found.len()
    }
}
