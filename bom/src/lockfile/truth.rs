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
        same(path, "edges", &truth.edges, &ours.edges);
        assert_eq!(truth.hashes, ours.hashes, "{path}: hashes");
    }
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
    let edges = document.edges.iter().filter(|edge| (roots && !members) || edge.from != Node::Subject);
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
    let purl = |at: &str| -> String {
        if at.is_empty() {
            return ".".to_owned();
        }
        // A link is the folder that it leads to, which bears the link's name.
        let (at, entry) = match entries[at]["resolved"].as_str().filter(|_| entries[at]["link"] == true) {
            Some(to) => (at, &entries[to]),
            None => {
                (entries.iter().find(|(_, e)| e["link"] == true && e["resolved"] == at).map_or(at, |(at, _)| at), &entries[at])
            }
        };
        let name = entry["name"].as_str().unwrap_or_else(|| at.rsplit("node_modules/").next().unwrap());
        let version = text(entry, "version").replace('+', "%2B");
        format!("pkg:npm/{}@{version}", name.replace('@', "%40")).trim_end_matches('@').to_owned()
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
    let mut by_name: BTreeMap<String, Vec<(String, &Value)>> = BTreeMap::new();
    for package in list(&lock, "package") {
        let purl = pypi(text(package, "name"), text(package, "version"));
        by_name.entry(pypi(text(package, "name"), "")).or_default().push((purl.clone(), package));
        truth.purls.insert(purl);
        let hashes: BTreeSet<&str> = list(package, "files").filter_map(|file| file["hash"].as_str()).collect();
        truth.hashes += hashes.len();
    }
    for package in list(&lock, "package") {
        for need in keys(package, "dependencies") {
            let to = by_name.get(&pypi(need, "")).into_iter().flatten();
            let from = pypi(text(package, "name"), text(package, "version"));
            let together = to.filter(|(_, to)| pythons(package).intersection(&pythons(to)).next().is_some());
            truth.edges.extend(together.map(|(to, _)| (from.clone(), to.clone())));
        }
    }
    truth
}

/// The minor versions of Python 3 for which a package of Poetry's is there, by its simple markers.
fn pythons(package: &Value) -> BTreeSet<u32> {
    let words: Vec<&str> = text(package, "markers").split(' ').collect();
    let [name, operator, version] = words[..] else { return (0..40).collect() };
    let minor = version.trim_matches('"').strip_prefix("3.").and_then(|minor| minor.parse::<u32>().ok());
    (0..40)
        .filter(|n| match (name, operator, minor) {
            ("python_version", "<", Some(minor)) => *n < minor,
            ("python_version", ">=", Some(minor)) => *n >= minor,
            ("python_version", "==", Some(minor)) => *n == minor,
            _ => true,
        })
        .collect()
}

/// Packages, hashes, and from the comments below a package who asked for it.
fn requirements(lock: &str) -> Truth {
    let mut truth = Truth::default();
    let (mut here, mut asked) = (String::new(), Vec::new());
    for line in lock.lines().map(str::trim) {
        truth.hashes += usize::from(line.starts_with("--hash="));
        if let Some((name, version)) = line.split_once("==").filter(|(name, _)| !name.starts_with(['#', '-'])) {
            let name = name.split('[').next().unwrap();
            here = pypi(name.trim(), version.split([' ', ';', '\\']).next().unwrap());
            truth.purls.insert(here.clone());
        } else if let Some(note) = line.strip_prefix('#').filter(|_| !here.is_empty()) {
            asked.push((note.trim().trim_start_matches("via").trim().to_owned(), here.clone()));
        }
    }
    for (who, to) in asked {
        let from = truth.purls.iter().find(|purl| purl.starts_with(&pypi(&who, "")));
        truth.edges.extend(from.filter(|from| **from != to).map(|from| (from.clone(), to.clone())));
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
