//! Real documents have the components, purls and edges that others counted.

use super::{Limits, data, read};
use crate::document::{Document, Node};
use crate::format::decode;
use quick_xml::events::Event;
use std::path::Path;

/// Documents that we count in another way than the index: our counts, why.
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
    ("bomshelter-lab__atlassian_pipelines-dvcstools.spdx.json.gz", [33, 31, 5073], "3 dependencies are stated twice"),
    ("bomshelter-lab__balenalib_bananapi-m1-plus-alpine-node.spdx.json.gz", [296, 295, 688], "3 dependencies are stated twice"),
    ("bomshelter-lab__newrelic_nri-kube-events.spdx.json", [67, 66, 247], "a dependency is stated twice"),
    ("bomshelter-wild__spdx__missionlz.spdx.json", [2, 0, 2], "what it calls a purl is the address of a repository"),
    (
        "bomshelter-wild__spdx__win-x64-manifest.spdx.json",
        [88, 86, 88],
        "what one package calls a purl is the address of a repository",
    ),
    ("bomshelter-wild__spdx__fatbom-sbom.spdx", [460, 458, 46], "packages with several purls are counted once"),
];

#[test]
fn real_documents_have_the_counts_that_were_taken_by_others() {
    let Some(data) = data() else { return };
    let folder = data.join("sboms/real");
    let index = std::fs::read_to_string(folder.join("index.tsv")).expect("the index");
    let (mut equal, mut otherwise, mut wrong) = (0, 0, Vec::new());
    for row in index.lines().skip(1) {
        let fields: Vec<_> = row.split('\t').collect();
        let [file, spec, syntax, components, purls, edges, _] = fields.as_slice() else { panic!("{row}") };
        if *spec == "?" {
            // No SBOM; `expected.txt` says so.
            continue;
        }
        let expected = [components, purls, edges].map(|text| text.parse::<usize>().expect(row));
        let path = folder.join(file);
        let found = match read(&path) {
            Ok(reading) if *syntax == "XML" => as_elements(&path, &reading.value),
            Ok(reading) => counts(&reading.value),
            Err(error) => {
                wrong.push(format!("{file}: {error}"));
                continue;
            }
        };
        if found == expected {
            equal += 1;
        } else if COUNTED_OTHERWISE.iter().any(|(name, ours, _)| name == file && *ours == found) {
            otherwise += 1;
        } else {
            wrong.push(format!("{file}: {found:?} instead of {expected:?}"));
        }
    }
    println!(
        "conformance: real, counts        {equal:4} equal {otherwise:3} counted otherwise for a reason {:4} wrong",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Components, those with a purl, and edges.
fn counts(document: &Document) -> [usize; 3] {
    let within = |node: Node| {
        matches!(node, Node::Subject) || matches!(node, Node::Component(i) if (i as usize) < document.components.len())
    };
    assert!(document.edges.iter().all(|edge| within(edge.from) && within(edge.to)));
    let counts = document.counts();
    [counts.components, counts.with_purl, counts.edges]
}

/// The index counts the elements of XML: the subject is one, and each `dependency`, at the top
/// level (where it names no edge) and below.
fn as_elements(path: &Path, document: &Document) -> [usize; 3] {
    let bytes = std::fs::read(path).expect("readable");
    let text = decode::text(&bytes, &Limits::default()).expect("text");
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut open, mut top) = (0, 0);
    loop {
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
    [components + usize::from(subject.is_some()), purls + usize::from(purl), edges + top]
}
