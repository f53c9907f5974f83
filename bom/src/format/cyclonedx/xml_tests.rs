//! Reading CycloneDX in XML.

use super::xml;
use crate::document::{Component, Document, HashAlgorithm, Kind, Licence, Node, Scope, Status};
use crate::reading::{Limits, Reading};

fn read(text: &str) -> Reading<Document> {
    xml::read(text, &Limits::default()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn read_components(components: &str) -> Reading<Document> {
    read(&format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">\n<components>{components}</components></bom>"))
}

/// The warnings of a document with these components, as `path line`.
fn check_warnings(components: &str, expect: &[&str]) {
    let found: Vec<_> =
        read_components(components).warnings.iter().map(|w| format!("{} {}", w.path, w.line.unwrap_or_default())).collect();
    assert_eq!(found, expect, "{components}");
}

fn refused(text: &str, limits: Limits, says: &str, line: u32) {
    let error = xml::read(text, &limits).expect_err(text);
    assert!(error.text.contains(says), "{error}");
    assert_eq!(error.line, Some(line), "{error}");
}

#[test]
fn every_field_is_where_xml_has_it() {
    let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<c:bom xmlns:c="http://cyclonedx.org/schema/bom/1.5" serialNumber="urn:uuid:1" version="1" xmlns:x="urn:other">
 <c:metadata><c:timestamp>2024-02-29T12:00:00Z</c:timestamp>
  <c:tools><c:tool><c:vendor>v</c:vendor><c:name>t</c:name><c:version>1</c:version></c:tool></c:tools>
  <c:authors><c:author><c:name>Alice</c:name></c:author></c:authors>
  <c:component type="application" bom-ref="app"><c:name>shop</c:name><c:components><c:component><c:name>part</c:name></c:component></c:components></c:component>
  <c:supplier><c:name>Left Ltd</c:name></c:supplier></c:metadata>
 <c:components>
  <c:component type="framework" bom-ref="a"><c:group>g</c:group><c:name>a &amp; &#x62;<![CDATA[<]]></c:name><c:version>1</c:version>
   <c:scope>optional</c:scope><c:hashes><c:hash alg="SHA-256"> AB01 </c:hash></c:hashes>
   <c:licenses><c:license><c:id>MIT</c:id><c:text content-type="x">long</c:text></c:license><c:license><c:name>Own</c:name></c:license></c:licenses>
   <c:purl>pkg:npm/a@1</c:purl><c:externalReferences><c:reference type="vcs"><c:url>https://git.example/a</c:url></c:reference></c:externalReferences>
   <c:properties><c:property name="p">v</c:property><c:property name="q"/></c:properties><x:name>not ours</x:name>
   <c:components><c:component type="library" bom-ref="b"><c:name>b</c:name><c:licenses><c:expression bom-ref="e">MIT OR Zlib</c:expression></c:licenses></c:component></c:components>
  </c:component><x:thing/>
 </c:components>
 <c:services><c:service bom-ref="s"><c:name>s</c:name></c:service></c:services>
 <c:dependencies><c:dependency ref="app"><c:dependency ref="a"/><c:dependency ref="s"/></c:dependency><c:dependency ref="a"><c:dependency ref="b"/></c:dependency></c:dependencies>
 <c:vulnerabilities><c:vulnerability bom-ref="v"><c:id>CVE-1</c:id><c:analysis><c:state>not_affected</c:state><c:justification>code_not_present</c:justification>
  <c:responses><c:response>update</c:response><c:response>rollback</c:response></c:responses><c:detail>d</c:detail></c:analysis>
  <c:affects><c:target><c:ref>a</c:ref></c:target></c:affects></c:vulnerability></c:vulnerabilities>
</c:bom>
<!-- end -->
"#;
    let Reading { value: document, warnings } = read(text);
    assert_eq!(warnings, []);
    assert_eq!((document.format.as_str(), document.identity.as_deref()), ("CycloneDX 1.5", Some("urn:uuid:1")));
    assert_eq!((document.tools, document.authors), (vec!["t 1".to_owned()], vec!["Alice".to_owned()]));
    let subject = document.subject.expect("a subject");
    assert_eq!((subject.name.as_str(), subject.kind, subject.supplier.as_deref()), ("shop", Kind::Application, Some("Left Ltd")));
    let [part, a, b] = document.components.as_slice() else { panic!("{:?}", document.components) };
    assert_eq!((part.name.as_str(), a.name.as_str(), a.group.as_deref()), ("part", "a & b<", Some("g")));
    assert_eq!((a.kind.clone(), a.scope, b.parent), (Kind::Framework, Scope::Optional, Some(1)));
    assert_eq!(a.hashes.first().map(|h| (h.algorithm.clone(), &*h.value)), Some((HashAlgorithm::Sha256, "ab01")));
    assert_eq!(a.licences.as_slice(), [Licence::Id("MIT".into()), Licence::Name("Own".into())]);
    assert_eq!(b.licences.as_slice(), [Licence::Expression("MIT OR Zlib".into())]);
    assert_eq!(a.links, [("vcs".into(), "https://git.example/a".into())]);
    assert_eq!(a.properties, [("p".to_owned(), "v".to_owned()), ("q".to_owned(), String::new())]);
    let edges: Vec<_> = document.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    assert_eq!(edges, [(Node::Subject, Node::Component(1)), (Node::Component(1), Node::Component(2))]);
    let statement = document.statements.first().expect("one");
    assert_eq!((statement.about.as_slice(), statement.status), (&["a".to_owned().into()][..], Some(Status::NotAffected)));
    assert_eq!(statement.responses, ["update", "rollback"]);
}

#[test]
fn tools_may_be_components_and_services() {
    let tools = "<tools><components><component type=\"application\"><name>t</name><version>1</version></component><component><name>u</name></component></components><services><service><name>s</name></service></services></tools>";
    let text = format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"><metadata>{tools}</metadata></bom>");
    assert_eq!(read(&text).value.tools, ["t 1", "u", "s"]);
}

#[test]
fn odd_values_are_passed_over_with_their_places() {
    check_warnings("<component/>", &["/bom/components/component 2"]);
    check_warnings(
        "<component><name>a</name></component>\n<component><name>b</name>\n<purl>nonsense</purl></component>",
        &["/bom/components/component[2]/purl 4"],
    );
    check_warnings("<component>\n<name><x>1</x></name></component>", &["/bom/components/component 2"]);
    check_warnings(
        "<component><name>a</name><hashes><hash alg=\"MD5\">00</hash>\n<hash alg=\"MD5\">zz</hash></hashes></component>",
        &["/bom/components/component/hashes/hash[2] 3"],
    );
    check_warnings(
        "<component><name>a</name><licenses>\n<license/></licenses></component>",
        &["/bom/components/component/licenses/*[1] 3"],
    );
    check_warnings(
        "<component bom-ref=\"x\"><name>a</name></component>\n<component bom-ref=\"x\"><name>b</name></component>",
        &["/bom/components/component[2]/@bom-ref 3"],
    );
}

#[test]
fn entities_are_never_expanded() {
    let text = "<!DOCTYPE bom [<!ENTITY a \"aaaa\"><!ENTITY b SYSTEM \"file:///etc/hostname\">]>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"><components><component><name>x</name>\n<version>&a;&b;</version></component></components></bom>";
    let reading = read(text);
    assert_eq!(reading.value.components.first().and_then(|c| c.version.as_deref()), Some("&a;&b;"));
    assert_eq!(reading.warnings.iter().map(|w| w.line).collect::<Vec<_>>(), [1, 3, 3].map(Some));
}

#[test]
fn what_is_broken_or_beyond_a_bound_is_refused_with_its_line() {
    let bom = |inner: &str| format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\">\n{inner}");
    refused(&bom("<components>\n"), Limits::default(), "truncated XML", 2);
    refused(&bom("<components></x></bom>"), Limits::default(), "no XML", 2);
    refused(&bom("</bom>\n<bom/>"), Limits::default(), "send one document", 3);
    refused(&bom(&"<a>".repeat(200)), Limits::default(), "nested more than 128 deep", 2);
    let nested = bom(&"<components>\n<component>".repeat(70));
    refused(&nested, Limits::default(), "nested more than", 66);
    let two = bom("<components><component><name>abc</name></component>\n<component/></components></bom>");
    refused(&two, Limits { components: 1, ..Limits::default() }, "more than 1 components", 3);
    refused(&two, Limits { text: 2, ..Limits::default() }, "has 3 bytes; the limit is 2", 2);
}

#[test]
fn very_many_empty_components_are_read() {
    let reading = read_components(&"<component/>".repeat(100_000));
    assert_eq!(reading.value.components.len(), 100_000);
    assert_eq!(reading.value.components.first(), Some(&Component::default()));
    assert!(reading.warnings.len() < 1000);
}
