//! Readers against documents of others: the specifications' own examples, real
//! SBOMs and odd ones. Runs where `BOMWARDEN_DATA` names the folder that holds them.

use crate::document::{Document, Node};
use crate::reading::{Limits, ReadError, Reading};
use std::path::{Path, PathBuf};

/// The folder below the test data, if there is any test data.
fn folder(below: &str) -> Option<PathBuf> {
    let data = std::env::var_os("BOMWARDEN_DATA");
    if data.is_none() {
        println!("skipped: BOMWARDEN_DATA does not name the test data");
    }
    Some(Path::new(&data?).join(below))
}

/// The files of a folder that satisfy `wanted`, sorted.
fn files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| wanted(&name(path))).collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read(path: &Path) -> Result<Reading<Document>, ReadError> {
    super::read(&std::fs::read(path).expect("readable"), &Limits::default())
}

/// Every warning names a line that is in the document.
fn check_places(path: &Path, reading: &Reading<Document>) {
    let bytes = std::fs::read(path).expect("readable");
    let text = super::decode::text(&bytes, &Limits::default()).expect("text");
    let lines = text.lines().count();
    for warning in &reading.warnings {
        let line = warning.line.unwrap_or_else(|| panic!("{}: {warning:?} has no line", path.display()));
        assert!(line >= 1 && line as usize <= lines, "{}: {warning:?} of {lines} lines", path.display());
    }
}

/// All of the files are read; answers how many.
fn check_all(folder: &Path, wanted: impl Fn(&str) -> bool) -> usize {
    let files = files(folder, wanted);
    for path in &files {
        match read(path) {
            Ok(reading) => check_places(path, &reading),
            Err(error) => panic!("{}: {error}", path.display()),
        }
    }
    files.len()
}

#[test]
fn the_examples_of_cyclonedx_are_read() {
    let Some(folder) = folder("sboms/cyclonedx") else { return };
    let mut count = 0;
    for version in ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"] {
        count += check_all(&folder.join(version).join("valid"), |name| name.ends_with(".json") || name.ends_with(".xml"));
    }
    assert!(count > 100, "{count}");
}

/// Documents that we count in another way than the index: its name, our counts, why.
const COUNTED_OTHERWISE: &[(&str, [usize; 3], &str)] = &[
    (
        "bomshelter-wild__cyclonedx__harp-darwin-amd64.sbom.json",
        [814, 814, 443],
        "109 components are nested in the subject; they are in the product as well",
    ),
    (
        "cdx-bom-examples__SaaSBOM__apigateway-microservices-datastores__bom.json",
        [0, 0, 0],
        "its 6 edges lead to services, which are no components",
    ),
];

#[test]
fn real_documents_have_the_counts_that_were_taken_by_others() {
    let Some(folder) = folder("sboms/real") else { return };
    let index = std::fs::read_to_string(folder.join("index.tsv")).expect("the index");
    let mut wrong = Vec::new();
    for row in index.lines().skip(1) {
        let fields: Vec<_> = row.split('\t').collect();
        let [file, spec, syntax, components, purls, edges, _] = fields.as_slice() else { panic!("{row}") };
        if !spec.starts_with("CycloneDX") {
            continue;
        }
        let expected = [components, purls, edges].map(|text| text.parse::<usize>().expect(row));
        match read(&folder.join(file)) {
            Ok(reading) => {
                check_places(&folder.join(file), &reading);
                let mut found = counts(&reading.value);
                if *syntax == "XML" {
                    found = as_elements(&folder.join(file), &reading.value);
                }
                if found != expected && !COUNTED_OTHERWISE.iter().any(|(name, ours, _)| name == file && *ours == found) {
                    wrong.push(format!("{file}: {found:?} instead of {expected:?}, {:?}", reading.warnings.first()));
                }
            }
            Err(error) => wrong.push(format!("{file}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The index counts the elements of XML: the subject is one, and each `dependency`, at the top
/// level (where it names no edge) and below.
fn as_elements(path: &Path, document: &Document) -> [usize; 3] {
    let bytes = std::fs::read(path).expect("readable");
    let text = super::decode::text(&bytes, &Limits::default()).expect("text");
    let all = text.matches("<dependency ").count();
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut open, mut top) = (0, 0);
    loop {
        use quick_xml::events::Event;
        match reader.read_event().expect("XML") {
            Event::Start(tag) if tag.name().as_ref() == "dependency" => {
                top += usize::from(open == 0);
                open += 1;
            }
            Event::Empty(tag) if tag.name().as_ref() == "dependency" => top += usize::from(open == 0),
            Event::End(tag) if tag.name().as_ref() == "dependency" => open -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    let [components, purls, edges] = counts(document);
    let subject = document.subject.as_ref();
    let purl = subject.is_some_and(|subject| subject.purl.is_some());
    assert!(edges <= all - top, "{}", path.display());
    [components + usize::from(subject.is_some()), purls + usize::from(purl), edges + top]
}

/// Components, those with a purl, and edges.
fn counts(document: &Document) -> [usize; 3] {
    let purls = document.components.iter().filter(|component| component.purl.is_some()).count();
    let within = |node: Node| {
        matches!(node, Node::Subject) || matches!(node, Node::Component(i) if (i as usize) < document.components.len())
    };
    assert!(document.edges.iter().all(|edge| within(edge.from) && within(edge.to)));
    [document.components.len(), purls, document.edges.len()]
}
