//! Every readable document through every writer and back: the same, or what
//! differs is a loss that the writer told; and what is written is valid by the
//! official schemas.

use super::{CORPORA, Limits, data, documents, read};
use crate::document::{Document, Licence, Node};
use crate::format::{self, FORMATS, Written, schemas};
use std::collections::BTreeMap;

/// Parts of a document that must survive, and the words of the losses that excuse them.
const PARTS: &[(&str, &[&str])] = &[
    ("components", &["characters that XML", "line breaks in names"]),
    ("purls", &[]),
    ("edges", &[]),
    ("hashes", &["hashes whose function"]),
    ("licences", &["licence", "characters that XML", "line breaks in names"]),
    ("scopes", &["scopes of components"]),
    ("suppliers", &["characters that XML", "line breaks in names"]),
    ("vex", &["statements about vulnerabilities", "responses that", "justifications that"]),
];

/// The parts of a document, as sorted lines.
fn parts(document: &Document) -> BTreeMap<&'static str, Vec<String>> {
    let everything: Vec<_> = document.subject.iter().chain(&document.components).collect();
    let name = |node: Node| {
        let component = match node {
            Node::Subject => document.subject.as_ref(),
            Node::Component(at) => document.components.get(at as usize),
        };
        component.map(|component| format!("{} {:?}", component.name.trim(), component.version)).unwrap_or_default()
    };
    let each =
        |line: &dyn Fn(&crate::document::Component) -> String| everything.iter().map(|component| line(component)).collect();
    let mut parts: BTreeMap<&'static str, Vec<String>> = BTreeMap::from([
        ("components", each(&|c| format!("{} {:?}", squeezed(&c.name), c.version.as_deref().map(squeezed)))),
        ("purls", each(&|c| format!("{:?}", c.purl))),
        ("hashes", each(&|c| format!("{:?}", c.hashes))),
        ("licences", each(&|c| format!("{:?}", c.licences.iter().map(as_stated).collect::<Vec<_>>()))),
        ("scopes", each(&|c| format!("{} {:?}", c.name.trim(), c.scope))),
        ("suppliers", each(&|c| format!("{:?}", c.supplier.as_deref().map(squeezed)))),
        ("edges", document.edges.iter().map(|edge| format!("{} > {}", name(edge.from), name(edge.to))).collect()),
        (
            "vex",
            document
                .statements
                .iter()
                .map(|s| format!("{} {:?} {:?} {:?}", s.vulnerability, s.status, s.justification, s.responses))
                .collect(),
        ),
    ]);
    parts.values_mut().for_each(|lines| lines.sort());
    parts
}

/// SPDX has one field for an identifier and for an expression of nothing but one.
fn as_stated(licence: &Licence) -> Licence {
    match licence {
        Licence::Expression(text) if crate::format::licence::is_known(text) => Licence::Id(text.clone()),
        other => other.clone(),
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What differs without having been told.
fn untold(before: &Document, written: &Written) -> Result<Vec<String>, String> {
    let after = format::read(&written.bytes, &Limits::default()).map_err(|error| format!("does not read back: {error}"))?;
    let (before, after) = (parts(before), parts(&after.value));
    let mut untold = Vec::new();
    for (part, excuses) in PARTS {
        let (Some(old), Some(new)) = (before.get(part), after.get(part)) else { continue };
        let excused = written.lost.iter().any(|line| excuses.iter().any(|excuse| line.contains(excuse)));
        if old != new && !excused {
            let gone = old.iter().find(|line| !new.contains(line));
            let come = new.iter().find(|line| !old.contains(line));
            untold.push(format!("{part}: {gone:?} became {come:?}, and only this was told: {:?}", written.lost));
        }
    }
    Ok(untold)
}

#[test]
fn conformance_of_writers_every_document_survives_or_its_loss_is_told() {
    let Some(data) = data() else { return };
    let folders: Vec<&str> = CORPORA.iter().flat_map(|(_, folders)| folders.iter().copied()).collect();
    let mut tally: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let (mut unreadable, mut wrong) = (0, Vec::new());
    for path in documents(&data, &folders) {
        let Ok(reading) = read(&path) else {
            unreadable += 1;
            continue;
        };
        for (format, version) in FORMATS.iter().flat_map(|format| format.writes().iter().map(move |version| (format, version))) {
            let target = format!("{}@{version}", format.name());
            let counts = tally.entry(target.clone()).or_default();
            let found = match format.write(&reading.value, version) {
                Ok(written) => {
                    *counts.get_mut(usize::from(!written.lost.is_empty())).expect("two") += 1;
                    untold(&reading.value, &written).map(|untold| untold.join("; "))
                }
                Err(error) => Err(format!("is not written: {error}")),
            };
            if let Ok(text) | Err(text) = found
                && !text.is_empty()
            {
                counts[2] += 1;
                wrong.push(format!("{target} {}: {text}", path.display()));
            }
        }
    }
    println!("conformance: round trip, {unreadable} documents unreadable");
    for (target, [whole, lossy, wrong]) in tally {
        println!("conformance: {target:20} {whole:4} whole {lossy:4} with losses told {wrong:4} wrong");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn conformance_of_writers_what_is_written_is_valid() {
    let Some(data) = data() else { return };
    let mut schemas = schemas::Schemas::new(&data.join("schemas"));
    let folders: Vec<&str> = CORPORA.iter().flat_map(|(_, folders)| folders.iter().copied()).collect();
    let (mut tally, mut wrong) = (BTreeMap::<String, [usize; 2]>::new(), Vec::new());
    // One document in seven: what is written depends on little.
    for path in documents(&data, &folders).iter().step_by(7) {
        let Ok(reading) = read(path) else { continue };
        for (format, version) in FORMATS.iter().flat_map(|format| format.writes().iter().map(move |version| (format, version))) {
            let target = format!("{}@{version}", format.name());
            let Ok(written) = format.write(&reading.value, version) else { continue };
            let Some(verdict) = schemas.check(format.name(), version, &written.bytes) else { continue };
            let counts = tally.entry(target.clone()).or_default();
            counts[usize::from(verdict.is_err())] += 1;
            if let Err(text) = verdict {
                wrong.push(format!("{target} {}: {text}", path.display()));
            }
        }
    }
    for (target, [valid, invalid]) in tally {
        println!("conformance: {target:20} {valid:4} valid {invalid:4} invalid");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
