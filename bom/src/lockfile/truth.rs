//! The benchmark lockfiles against a truth that is counted here, with none of
//! the readers' code: sets of purls, and sets of edges between purls. Skipped
//! where the files are not there (`make conformance`).

use super::conformance::data;
use super::fixtures::Folder;
use super::of_name;
use crate::document::{Document, Node};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a lockfile holds; edges of the project itself start at `.`.
#[derive(Debug, Default, PartialEq)]
struct Truth {
    purls: BTreeSet<String>,
    edges: BTreeSet<(String, String)>,
    /// Hashes that are written in the file; the same one twice on one package is one.
    hashes: usize,
}

/// Counts what a lockfile's text holds.
type Count = fn(&str) -> Truth;

/// The counting of each file, and what is known of it from elsewhere: packages, hashes.
const FILES: &[(&str, Count, usize, usize)] = &[
    ("rust-crates.io/Cargo.lock", cargo, 880, 850),
    ("rust-vaultwarden/Cargo.lock", cargo, 623, 621),
    ("rust-kanidm/Cargo.lock", cargo, 774, 741),
    ("rust-old-regression/Cargo.lock", cargo, 848, 781),
    ("rust-tiny/Cargo.lock", cargo, 1, 0),
    ("npm-npmdocs/package-lock.json", npm, 2342, 0),
    ("npm-realapp/package-lock.json", npm, 1602, 0),
    ("py-sbomify-uv/uv.lock", uv, 220, 0),
    ("py-guarddog-poetry/poetry.lock", poetry, 67, 0),
    // Requirements state no edges; who asked for what is only in comments.
    ("py-warehouse-req/requirements.txt", requirements, 184, 2089),
];

#[test]
fn conformance_of_the_benchmark_files_with_their_own_truth() {
    let Some(data) = data() else { return };
    for (path, count, packages, hashes) in FILES {
        let bench = data.join("bench");
        let truth = count(&std::fs::read_to_string(bench.join(path)).unwrap());
        let kind = of_name(path.rsplit('/').next().unwrap()).unwrap();
        let document = kind.read(path, &Folder(bench.clone())).unwrap().value;
        // What only the manifest beside a file tells is not in the file's own truth.
        let roots = kind.kind() != "poetry-lock" && kind.kind() != "pip-requirements";
        let ours = of_document(&document, roots);
        println!("bench {path}: {} purls, {} edges, {} hashes", ours.purls.len(), ours.edges.len(), ours.hashes);
        assert_eq!(truth.purls.len(), *packages, "{path}: the counting of packages is wrong");
        assert!(*hashes == 0 || truth.hashes == *hashes, "{path}: {} hashes were counted, not {hashes}", truth.hashes);
        same(path, "purls", &truth.purls, &ours.purls);
        // Which of several versions a need means depends on markers, which are not counted here: names must agree.
        let names = kind.kind() == "poetry-lock";
        let edges = |truth: &Truth| {
            truth.edges.iter().map(|(a, b)| if names { (bare(a), bare(b)) } else { (a.clone(), b.clone()) }).collect()
        };
        same(path, "edges", &edges(&truth), &edges(&ours));
        assert_eq!(truth.hashes, ours.hashes, "{path}: hashes");
    }
}

/// A purl without its version.
fn bare(purl: &str) -> String {
    purl.split('@').next().unwrap_or(purl).to_owned()
}

fn same<T: Ord + std::fmt::Debug>(path: &str, what: &str, truth: &BTreeSet<T>, ours: &BTreeSet<T>) {
    let missing: Vec<_> = truth.difference(ours).take(10).collect();
    let more: Vec<_> = ours.difference(truth).take(10).collect();
    assert!(missing.is_empty() && more.is_empty(), "{path}: {what}: missing {missing:#?}, more {more:#?}");
}

/// What a document holds, the subject too where the lockfile lists it.
fn of_document(document: &Document, roots: bool) -> Truth {
    let subject = document.subject.as_ref().and_then(|subject| subject.purl.as_ref()).map(ToString::to_string);
    let listed = subject.filter(|purl| roots && !purl.starts_with("pkg:npm/"));
    let purl = |node: Node| match node {
        Node::Subject => listed.clone().unwrap_or_else(|| ".".to_owned()),
        Node::Component(at) => document.components[at as usize].purl.as_ref().unwrap().to_string(),
    };
    // A workspace is no package: that it needs its members stands in no file.
    let members = listed.is_none() && document.format.starts_with("Cargo.lock");
    let commented = document.format == "requirements.txt";
    let edges = document.edges.iter().filter(|edge| !commented && ((roots && !members) || edge.from != Node::Subject));
    Truth {
        purls: document.components.iter().map(|c| c.purl.as_ref().unwrap().to_string()).chain(listed.clone()).collect(),
        edges: edges.map(|edge| (purl(edge.from), purl(edge.to))).filter(|(from, to)| from != to).collect(),
        hashes: document.components.iter().map(|component| component.hashes.len()).sum(),
    }
}

fn toml(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn keys<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    value[key].as_object().into_iter().flatten().map(|(key, _)| key.as_str())
}

fn cargo(lock: &str) -> Truth {
    let lock = toml(lock);
    let packages: Vec<&Value> = list(&lock, "package").collect();
    let purl = |p: &Value| format!("pkg:cargo/{}@{}", text(p, "name"), text(p, "version").replace('+', "%2B"));
    let mut truth = Truth { purls: packages.iter().map(|p| purl(p)).collect(), ..Truth::default() };
    for package in &packages {
        for need in list(package, "dependencies").filter_map(Value::as_str) {
            let mut words = need.split(' ');
            let (name, version) = (words.next().unwrap(), words.next());
            let to = packages.iter().find(|p| text(p, "name") == name && version.is_none_or(|v| text(p, "version") == v));
            truth.edges.insert((purl(package), purl(to.unwrap())));
        }
    }
    truth.edges.retain(|(from, to)| from != to);
    let old = lock["metadata"].as_object().into_iter().flatten();
    truth.hashes = packages.iter().filter(|p| p["checksum"].is_string()).count() + old.filter(|(_, v)| *v != "<none>").count();
    truth
}

fn npm(lock: &str) -> Truth {
    let lock: Value = serde_json::from_str(lock).unwrap();
    let entries = lock["packages"].as_object().unwrap();
    // A folder bears the name of the link that leads to it.
    let links = entries.iter().filter(|(_, entry)| entry["link"] == true);
    let links: BTreeMap<&str, &str> = links.map(|(at, entry)| (text(entry, "resolved"), at.as_str())).collect();
    let purl = |at: &str| -> String {
        let at = if entries[at]["link"] == true { text(&entries[at], "resolved") } else { at };
        if at.is_empty() {
            return ".".to_owned();
        }
        let named = links.get(at).copied().unwrap_or(at);
        let name = entries[at]["name"].as_str().unwrap_or_else(|| named.rsplit("node_modules/").next().unwrap());
        let purl = format!("pkg:npm/{}@{}", name.replace('@', "%40"), text(&entries[at], "version").replace('+', "%2B"));
        purl.trim_end_matches('@').to_owned()
    };
    let mut truth = Truth::default();
    let mut hashed = BTreeSet::new();
    for (at, entry) in entries {
        if !at.is_empty() {
            truth.purls.insert(purl(at));
        }
        for hash in text(entry, "integrity").split(' ').filter(|hash| !hash.is_empty()) {
            hashed.insert((purl(at), hash.to_owned()));
        }
        let optional_peer = |name: &str| entry["peerDependenciesMeta"][name]["optional"] == true;
        if !at.contains("node_modules") && !at.is_empty() {
            truth.edges.insert((".".to_owned(), purl(at)));
        }
        let mut needs: BTreeSet<&str> = keys(entry, "dependencies").chain(keys(entry, "optionalDependencies")).collect();
        needs.extend(keys(entry, "peerDependencies").filter(|name| !optional_peer(name)));
        if !at.contains("node_modules") {
            needs.extend(keys(entry, "devDependencies"));
        }
        for need in needs {
            // Node.js looks in the package's own folder, then in each above.
            let mut folder = at.as_str();
            let found = loop {
                let here =
                    if folder.is_empty() { format!("node_modules/{need}") } else { format!("{folder}/node_modules/{need}") };
                if entries.contains_key(&here) {
                    break Some(here);
                }
                match folder.rfind("node_modules/") {
                    Some(cut) => folder = folder[..cut].trim_end_matches('/'),
                    None if folder.is_empty() => break None,
                    None => folder = "",
                }
            };
            truth.edges.extend(found.map(|to| (purl(at), purl(&to))));
        }
    }
    truth.edges.retain(|(from, to)| from != to);
    truth.hashes = hashed.len();
    truth
}

fn pypi(name: &str, version: &str) -> String {
    format!("pkg:pypi/{}@{}", name.to_lowercase().replace(['_', '.'], "-"), version.replace('+', "%2B"))
}

fn uv(lock: &str) -> Truth {
    let lock = toml(lock);
    let packages: Vec<&Value> = list(&lock, "package").collect();
    let purl = |p: &Value| pypi(text(p, "name"), text(p, "version")).trim_end_matches('@').to_owned();
    let mut truth = Truth::default();
    for package in &packages {
        truth.purls.insert(purl(package));
        let groups = ["optional-dependencies", "dev-dependencies"].map(|key| package[key].as_object().into_iter().flatten());
        let grouped = groups.into_iter().flatten().flat_map(|(_, needs)| needs.as_array().unwrap());
        for need in list(package, "dependencies").chain(grouped) {
            let fits = |p: &&&Value| p["name"] == need["name"] && (need["version"].is_null() || p["version"] == need["version"]);
            truth.edges.extend(packages.iter().filter(fits).map(|to| (purl(package), purl(to))));
        }
        let files = list(package, "wheels").chain([&package["sdist"]]);
        truth.hashes += files.filter_map(|file| file["hash"].as_str()).collect::<BTreeSet<_>>().len();
    }
    truth.edges.retain(|(from, to)| from != to);
    truth
}

fn poetry(lock: &str) -> Truth {
    let lock = toml(lock);
    let mut truth = Truth::default();
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in list(&lock, "package") {
        let purl = pypi(text(package, "name"), text(package, "version"));
        by_name.entry(pypi(text(package, "name"), "")).or_default().push(purl.clone());
        truth.purls.insert(purl);
        let hashes: BTreeSet<&str> = list(package, "files").filter_map(|file| file["hash"].as_str()).collect();
        truth.hashes += hashes.len();
    }
    for package in list(&lock, "package") {
        for need in keys(package, "dependencies") {
            let to = by_name.get(&pypi(need, "")).into_iter().flatten();
            let from = pypi(text(package, "name"), text(package, "version"));
            truth.edges.extend(to.map(|to| (from.clone(), to.clone())));
        }
    }
    truth
}

/// Packages and hashes; who asked for them stands in comments, which count for nothing here.
fn requirements(lock: &str) -> Truth {
    let mut truth = Truth::default();
    for line in lock.lines().map(str::trim) {
        truth.hashes += usize::from(line.starts_with("--hash="));
        if let Some((name, version)) = line.split_once("==").filter(|(name, _)| !name.starts_with(['#', '-'])) {
            let name = name.split('[').next().unwrap();
            truth.purls.insert(pypi(name.trim(), version.split([' ', ';', '\\']).next().unwrap()));
        }
    }
    truth
}

/// The countings find what stands in a text, so that an empty set is no agreement.
#[test]
fn the_countings_count() {
    let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0+b\"\ndependencies = [\"c\"]\n[[package]]\nname = \"c\"\nversion = \"2.0.0\"\nchecksum = \"00\"\n";
    let truth = cargo(lock);
    assert_eq!((truth.purls.len(), truth.edges.len(), truth.hashes), (2, 1, 1));
    assert!(truth.purls.contains("pkg:cargo/a@1.0.0%2Bb"));
}
