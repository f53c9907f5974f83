//! Documents with an element and without it, and the page of weights.

use super::{ELEMENTS, Quality, Source, Verdict, quality};
use crate::document::{Component, Document, Edge, Hash, HashAlgorithm, Licence, Node, Statement};
use crate::purl::Purl;

fn component(name: &str) -> Component {
    Component {
        name: name.into(),
        version: Some("1".into()),
        purl: Some(Purl::new("npm", None, name, Some("1"))),
        supplier: Some("Left Ltd".into()),
        licences: [Licence::Id("MIT".into())].into(),
        hashes: [Hash { algorithm: HashAlgorithm::Sha512, value: "00".into() }].into(),
        properties: super::elements::OF_FILES.iter().map(|name| ((*name).to_owned(), "x".to_owned())).collect(),
        ..Component::default()
    }
}

fn whole() -> Document {
    Document {
        format: "CycloneDX 1.6".into(),
        created: "2024-02-29T12:00:00Z".parse().ok(),
        authors: vec!["Alice Adams".into()],
        subject: Some(component("shop")),
        components: vec![component("left"), component("right")],
        edges: [0, 1].map(|at| Edge { from: Node::Subject, to: Node::Component(at) }).into(),
        ..Document::default()
    }
}

fn verdict(quality: &Quality, element: &str) -> Verdict {
    quality.elements.iter().find(|answer| answer.element == element).unwrap().verdict
}

#[test]
fn a_document_with_everything_has_the_whole_score() {
    let judged = quality(&whole());
    assert_eq!((judged.score, judged.ntia, judged.bsi), (Some(100), Some(100), Some(100)), "{judged:#?}");
}

#[test]
fn an_empty_document_is_not_judged_by_what_it_cannot_tell() {
    let judged = quality(&Document::default());
    assert_eq!(verdict(&judged, "dependencies"), Verdict::CannotTell);
    assert_eq!(verdict(&judged, "component-version"), Verdict::CannotTell);
    assert_eq!(verdict(&judged, "timestamp"), Verdict::Missing);
    assert_eq!(judged.ntia, Some(0));
}

#[test]
fn each_element_is_missed() {
    type Damage = fn(&mut Document);
    let partly = Verdict::Partly { met: 2, of: 3 };
    let cases: &[(&str, Damage, Verdict)] = &[
        ("author", |d| d.authors.clear(), Verdict::Missing),
        ("timestamp", |d| d.created = None, Verdict::Missing),
        ("subject", |d| d.subject = None, Verdict::Missing),
        ("supplier", |d| d.components[0].supplier = None, partly),
        ("component-name", |d| d.components[0].name = Default::default(), partly),
        ("component-version", |d| d.components[0].version = Some(" ".into()), partly),
        ("identifier", |d| d.components[0].purl = None, partly),
        ("dependencies", |d| d.edges.truncate(1), Verdict::Partly { met: 1, of: 2 }),
        ("dependencies", |d| d.edges.clear(), Verdict::CannotTell),
        ("licence", |d| d.components[0].licences.clear(), partly),
        ("hash", |d| d.components[0].hashes[0].algorithm = HashAlgorithm::Sha1, Verdict::Partly { met: 1, of: 2 }),
        ("format", |d| d.format = "CycloneDX 1.5".into(), Verdict::Missing),
        ("format", |d| d.format = "SPDX 2.3".into(), Verdict::Missing),
        ("format", |d| d.format = "CycloneDX 1.10".into(), Verdict::Met),
        ("format", |d| d.format = "Cargo.lock 4".into(), Verdict::CannotTell),
        ("no-vulnerabilities", |d| d.statements.push(Statement::default()), Verdict::Missing),
        ("file", |d| d.components.iter_mut().for_each(|c| c.properties.clear()), Verdict::CannotTell),
        ("file", |d| d.components[0].properties.clear(), Verdict::Partly { met: 1, of: 2 }),
    ];
    for (element, damage, expected) in cases {
        let mut document = whole();
        damage(&mut document);
        let judged = quality(&document);
        assert_eq!(verdict(&judged, element), *expected, "{element}");
        let lost = *expected != Verdict::CannotTell && *expected != Verdict::Met;
        assert_eq!(judged.score < Some(100), lost, "{element}: {:?}", judged.score);
    }
    assert!(ELEMENTS.iter().all(|element| cases.iter().any(|(name, ..)| *name == element.name)), "an element has no case");
}

#[test]
fn the_page_of_weights_is_up_to_date() {
    let page = include_str!("../../../docs/quality.md");
    for element in ELEMENTS {
        let ntia = if element.sources.contains(&Source::Ntia) { "NTIA, BSI" } else { "BSI" };
        let row = format!("| `{}` | {} | {} | {ntia} |", element.name, element.asks, element.weight);
        assert!(page.contains(&row), "docs/quality.md has no row\n{row}");
    }
    assert_eq!(page.matches("| `").count(), ELEMENTS.len(), "docs/quality.md has rows of elements that are gone");
    assert_eq!(ELEMENTS.iter().map(|element| u32::from(element.weight)).sum::<u32>(), 100);
}
