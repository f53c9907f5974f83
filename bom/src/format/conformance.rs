//! Readers against documents of others: the specifications' own examples, real
//! SBOMs and odd ones. Runs where `BOMWARDEN_DATA` names the folder that holds
//! them, and prints for each corpus what was read, refused as it should be, and wrong.

mod counted;
mod places;
mod round_trip;

use crate::document::Document;
use crate::reading::{Limits, ReadError, Reading};
use std::path::{Path, PathBuf};

/// What is expected of documents that need not be read, decided before they are:
/// `pattern | read or refused | why`. The first pattern that fits counts.
const EXPECTED: &str = include_str!("conformance/expected.txt");

/// The corpora: how their name is printed, and the folders, where `*` is any one.
const CORPORA: &[(&str, &[&str])] = &[
    ("cyclonedx valid", &["sboms/cyclonedx/*/valid"]),
    (
        "cyclonedx invalid",
        &["sboms/cyclonedx/*/invalid", "sboms/cyclonedx/*/invalid-informal", "sboms/cyclonedx/*/skipped-upstream"],
    ),
    ("cyclonedx odd", &["sboms/cyclonedx/syft-identify"]),
    ("spdx valid", &["sboms/spdx/*/valid"]),
    ("spdx invalid", &["sboms/spdx/*/invalid"]),
    ("spdx odd", &["sboms/spdx/encodings-and-edge", "sboms/spdx/syft-identify"]),
    ("edge", &["sboms/edge"]),
    ("real", &["sboms/real"]),
    ("vex", &["vex/cyclonedx"]),
];

/// The folder of the test data, if there is any.
pub(super) fn data() -> Option<PathBuf> {
    let data = std::env::var_os("BOMWARDEN_DATA").map(PathBuf::from);
    if data.is_none() {
        println!("skipped: BOMWARDEN_DATA does not name the test data");
    }
    data
}

/// The documents of a corpus, sorted, by their paths below the data.
pub(super) fn documents(data: &Path, folders: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        let mut places = vec![data.to_owned()];
        for part in folder.split('/') {
            places = match part {
                "*" => places.iter().flat_map(|place| entries(place)).collect(),
                part => places.iter().map(|place| place.join(part)).collect(),
            };
        }
        found.extend(places.iter().filter(|place| place.is_dir()).flat_map(|place| entries(place)));
    }
    found.retain(|path| path.is_file() && !matches!(path.extension().and_then(|e| e.to_str()), Some("tsv" | "md")));
    found.sort();
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn read(path: &Path) -> Result<Reading<Document>, ReadError> {
    super::read(&std::fs::read(path).expect("readable"), &Limits::default())
}

/// Whether a document is to be refused, and what its error must say.
fn expected(name: &str) -> Option<&'static str> {
    let rows = EXPECTED.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    for row in rows {
        let mut fields = row.split('|').map(str::trim);
        let (Some(pattern), Some(verdict)) = (fields.next(), fields.next()) else { panic!("{row}") };
        if fits(name, pattern) {
            return match verdict.split_once(':') {
                Some(("refused", says)) => Some(says.trim()),
                None if verdict == "read" => None,
                _ => panic!("{row}"),
            };
        }
    }
    None
}

/// Whether `name` fits a pattern in which `*` stands for anything.
fn fits(name: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return name == pattern };
    let Some(name) = name.strip_prefix(start) else { return false };
    (0..=name.len()).filter(|at| name.is_char_boundary(*at)).any(|at| fits(name.get(at..).unwrap_or_default(), rest))
}

/// The verdict on one document: read or refused as expected, else what is wrong.
fn judge(data: &Path, path: &Path) -> Result<bool, String> {
    let name = path.strip_prefix(data).unwrap_or(path).to_string_lossy();
    match (read(path), expected(&name)) {
        (Ok(reading), None) => places::check(path, &reading.warnings).map(|()| true).map_err(|wrong| format!("{name}: {wrong}")),
        (Err(error), Some(says)) if error.text.contains(says) => {
            places::check_error(path, &error).map(|()| false).map_err(|wrong| format!("{name}: {wrong}"))
        }
        (Ok(_), Some(says)) => Err(format!("{name}: read, and should be refused: {says}")),
        (Err(error), None) => Err(format!("{name}: {error}")),
        (Err(error), Some(says)) => Err(format!("{name}: {error}, which does not say `{says}`")),
    }
}

#[test]
fn every_document_is_read_or_refused_as_expected() {
    let Some(data) = data() else { return };
    let mut wrong = Vec::new();
    for (corpus, folders) in CORPORA {
        let (mut read, mut refused, before) = (0, 0, wrong.len());
        for path in documents(&data, folders) {
            match judge(&data, &path) {
                Ok(true) => read += 1,
                Ok(false) => refused += 1,
                Err(text) => wrong.push(text),
            }
        }
        println!("conformance: {corpus:20} {read:4} read {refused:4} refused as they should be {:4} wrong", wrong.len() - before);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn patterns_fit_names() {
    assert!(fits("a/b/c.json", "a/*/c.json") && fits("a/b", "*") && !fits("a/b", "b*"));
    assert_eq!(expected("sboms/spdx/2.2/valid/x.rdf"), Some("RDF/XML"));
    assert_eq!(expected("no such file"), None);
}
