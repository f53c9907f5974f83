//! The elements that are asked for. A new one is a row here and, by the test that
//! compares them, a row of `docs/quality.md`.

use super::element::{Element, Source, Verdict, asked, each, whether};
use crate::document::{Document, HashAlgorithm, Kind};

const BOTH: &[Source] = &[Source::Ntia, Source::Bsi];
const BSI: &[Source] = &[Source::Bsi];

/// Every element, those of the NTIA first.
pub const ELEMENTS: &[Element] = &[
    Element {
        name: "author",
        sources: BOTH,
        weight: 5,
        asks: "who made the document: a person, an organisation or a tool",
        judge: author,
    },
    Element {
        name: "timestamp",
        sources: BOTH,
        weight: 5,
        asks: "when it was made",
        judge: |document| whether(document.created.is_some(), "it says when it was made", "it does not say when it was made"),
    },
    Element {
        name: "subject",
        sources: BOTH,
        weight: 5,
        asks: "what it describes, the primary component",
        judge: |document| whether(document.subject.is_some(), "it says what it describes", "it does not say what it describes"),
    },
    Element {
        name: "supplier",
        sources: BOTH,
        weight: 10,
        asks: "each component's supplier, creator or author by name (that the BSI's e-mail or web address is there is not checked)",
        judge: |document| {
            each(asked(document, false), "a supplier or an author", |component| {
                component.supplier.is_some() || component.author.is_some()
            })
        },
    },
    Element {
        name: "component-name",
        sources: BOTH,
        weight: 10,
        asks: "each component's name",
        judge: |document| each(asked(document, true), "a name", |component| !component.name.is_empty()),
    },
    Element {
        name: "component-version",
        sources: BOTH,
        weight: 15,
        asks: "each component's version",
        judge: |document| {
            each(asked(document, false), "a version", |component| {
                component.version.as_deref().is_some_and(|version| !version.trim().is_empty())
            })
        },
    },
    Element {
        name: "identifier",
        sources: BOTH,
        weight: 15,
        asks: "each component's purl or CPE",
        judge: |document| {
            each(asked(document, false), "a purl or a CPE", |component| component.purl.is_some() || !component.cpes.is_empty())
        },
    },
    Element {
        name: "dependencies",
        sources: BOTH,
        weight: 15,
        asks: "what needs what; a document without any says nothing",
        judge: dependencies,
    },
    Element {
        name: "licence",
        sources: BSI,
        weight: 5,
        asks: "each component's licence",
        judge: |document| each(asked(document, false), "a licence", |component| !component.licences.is_empty()),
    },
    Element {
        name: "hash",
        sources: BSI,
        weight: 5,
        asks: "SHA-512 of each component's deployable form",
        judge: |document| {
            each(document.components.iter(), "a SHA-512 hash", |component| {
                component.hashes.iter().any(|hash| hash.algorithm == HashAlgorithm::Sha512)
            })
        },
    },
    Element { name: "format", sources: BSI, weight: 5, asks: "CycloneDX 1.6 or later, SPDX 3.0.1 or later", judge: format },
    Element {
        name: "no-vulnerabilities",
        sources: BSI,
        weight: 2,
        asks: "no statements about vulnerabilities in it; they belong into a document of their own",
        judge: |document| {
            let count = document.statements.len();
            let missing = format!("it holds {count} statements about vulnerabilities; send them as VEX of their own");
            whether(count == 0, "it holds no statement about vulnerabilities", &missing)
        },
    },
    Element {
        name: "file",
        sources: BSI,
        weight: 3,
        asks: "each component's file name, and whether it is executable, an archive, structured (`bsi:component:*`, CycloneDX only)",
        judge: file,
    },
];

fn author(document: &Document) -> (Verdict, String) {
    match (document.authors.first(), document.tools.first()) {
        (Some(author), _) => (Verdict::Met, format!("`{author}` made it")),
        (None, Some(tool)) => (Verdict::Met, format!("the tool `{tool}` made it")),
        (None, None) => (Verdict::Missing, "it does not say who made it".to_owned()),
    }
}

fn dependencies(document: &Document) -> (Verdict, String) {
    let all = document.components.len();
    if document.edges.is_empty() {
        return match all {
            0 => (Verdict::CannotTell, "there is no component that could be needed".to_owned()),
            _ => (Verdict::CannotTell, format!("{all} components and no dependency: none may be known, or none may be there")),
        };
    }
    let mut linked = vec![false; all];
    for node in document.edges.iter().flat_map(|edge| [edge.from, edge.to]) {
        if let crate::document::Node::Component(at) = node
            && let Some(slot) = linked.get_mut(at as usize)
        {
            *slot = true;
        }
    }
    let packages = document.components.iter().zip(linked).filter(|(component, _)| component.kind != Kind::File);
    let (linked, alone): (Vec<_>, Vec<_>) = packages.partition(|(_, linked)| *linked);
    match (linked.len(), alone.first()) {
        (met, None) => (Verdict::Met, format!("each of {met} needs something or is needed")),
        (met, Some((first, _))) => (
            Verdict::Partly { met, of: met + alone.len() },
            format!("{} of {} need nothing and are not needed: `{}`", alone.len(), met + alone.len(), first.name),
        ),
    }
}

fn format(document: &Document) -> (Verdict, String) {
    let found = document.format.as_str();
    let (name, version) = found.rsplit_once(' ').unwrap_or((found, ""));
    let numbers = || version.split('.').map_while(|number| number.parse::<u32>().ok()).collect::<Vec<_>>();
    let least: &[u32] = match name {
        "CycloneDX" => &[1, 6],
        "SPDX" => &[3, 0, 1],
        _ => return (Verdict::CannotTell, "this is no SBOM yet".to_owned()),
    };
    let least_text = least.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
    match numbers() {
        numbers if numbers.is_empty() => (Verdict::CannotTell, format!("{name} without a version")),
        numbers => whether(
            numbers.as_slice() >= least,
            &format!("{found} is recent enough"),
            &format!("{found} is older than {name} {least_text}"),
        ),
    }
}

/// What BSI's taxonomy of CycloneDX properties says of a component.
pub(super) const OF_FILES: &[&str] =
    &["bsi:component:filename", "bsi:component:executable", "bsi:component:archive", "bsi:component:structured"];

fn file(document: &Document) -> (Verdict, String) {
    if document.format.starts_with("SPDX") {
        return (Verdict::CannotTell, "SPDX has no place for this that is read".to_owned());
    }
    let (verdict, reason) = each(document.components.iter(), "all of BSI's properties", |component| {
        OF_FILES.iter().all(|name| component.properties.iter().any(|(given, _)| given == name))
    });
    match verdict {
        Verdict::Missing => (Verdict::CannotTell, format!("{reason}; they may be packages that are no file")),
        told => (told, reason),
    }
}
