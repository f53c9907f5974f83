//! Reading SPDX 2: the same document in every syntax, and what is odd in each.

use crate::document::{Component, Document, Edge, Kind, Licence, Node, Scope};
use crate::format;
use crate::origin::Origin;
use crate::reading::{Limits, Reading};

const JSON: &str = r#"{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3","name":"doc","documentNamespace":"https://shop.example/doc",
 "creationInfo":{"created":"2024-02-29T12:00:00Z","creators":["Tool: maker-1.2","Person: Alice Adams (alice@shop.example)"]},
 "packages":[
  {"SPDXID":"SPDXRef-shop","name":"shop","versionInfo":"1.10","primaryPackagePurpose":"APPLICATION"},
  {"SPDXID":"SPDXRef-left","name":"left","versionInfo":"1.0","supplier":"Organization: Left Ltd ()","originator":"Person: Bob",
   "downloadLocation":"git+https://git.example/left","homepage":"https://left.example/","licenseDeclared":"MIT","licenseConcluded":"MIT OR Zlib",
   "checksums":[{"algorithm":"SHA1","checksumValue":"AB01"}],"summary":"pads","copyrightText":"NOASSERTION",
   "externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/%40s/left@1.0"},
    {"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"cpe:2.3:a:s:left:1.0:*:*:*:*:*:*:*"}]},
  {"SPDXID":"SPDXRef-own","name":"own","licenseConcluded":"LicenseRef-1","licenseDeclared":"NOASSERTION"}],
 "files":[{"SPDXID":"SPDXRef-file","fileName":"./a"}],
 "hasExtractedLicensingInfos":[{"licenseId":"LicenseRef-1","name":"House licence","extractedText":"x"}],
 "relationships":[
  {"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-shop"},
  {"spdxElementId":"SPDXRef-shop","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-left"},
  {"spdxElementId":"SPDXRef-own","relationshipType":"DEV_DEPENDENCY_OF","relatedSpdxElement":"SPDXRef-left"},
  {"spdxElementId":"SPDXRef-left","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-file"}]}"#;

const YAML: &str = r#"SPDXID: SPDXRef-DOCUMENT
spdxVersion: "SPDX-2.3"
name: doc
documentNamespace: https://shop.example/doc
creationInfo: {created: 2024-02-29T12:00:00Z, creators: ["Tool: maker-1.2", "Person: Alice Adams (alice@shop.example)"]}
packages:
- {SPDXID: SPDXRef-shop, name: shop, versionInfo: 1.10, primaryPackagePurpose: APPLICATION}
- SPDXID: SPDXRef-left
  name: left
  versionInfo: 1.0
  supplier: "Organization: Left Ltd ()"
  originator: "Person: Bob"
  downloadLocation: git+https://git.example/left
  homepage: https://left.example/
  licenseDeclared: MIT
  licenseConcluded: MIT OR Zlib
  checksums: [{algorithm: SHA1, checksumValue: AB01}]
  summary: |
    pads
  externalRefs:
  - {referenceCategory: PACKAGE-MANAGER, referenceType: purl, referenceLocator: "pkg:npm/%40s/left@1.0"}
  - {referenceCategory: SECURITY, referenceType: cpe23Type, referenceLocator: "cpe:2.3:a:s:left:1.0:*:*:*:*:*:*:*"}
- {SPDXID: SPDXRef-own, name: own, licenseConcluded: LicenseRef-1, licenseDeclared: NOASSERTION}
files: [{SPDXID: SPDXRef-file}]
hasExtractedLicensingInfos: [{licenseId: LicenseRef-1, name: House licence}]
relationships:
- {spdxElementId: SPDXRef-DOCUMENT, relationshipType: DESCRIBES, relatedSpdxElement: SPDXRef-shop}
- {spdxElementId: SPDXRef-shop, relationshipType: DEPENDS_ON, relatedSpdxElement: SPDXRef-left}
- {spdxElementId: SPDXRef-own, relationshipType: DEV_DEPENDENCY_OF, relatedSpdxElement: SPDXRef-left}
- {spdxElementId: SPDXRef-left, relationshipType: CONTAINS, relatedSpdxElement: SPDXRef-file}
"#;

const TAG_VALUE: &str = "SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: doc
DocumentNamespace: https://shop.example/doc
Creator: Tool: maker-1.2
Creator: Person: Alice Adams (alice@shop.example)
Created: 2024-02-29T12:00:00Z
# what was built
PackageName: shop
SPDXID: SPDXRef-shop
PackageVersion: 1.10
PrimaryPackagePurpose: APPLICATION
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-shop
Relationship: SPDXRef-shop DEPENDS_ON SPDXRef-left
PackageName: left
SPDXID: SPDXRef-left
PackageVersion: 1.0
PackageSupplier: Organization: Left Ltd ()
PackageOriginator: Person: Bob
PackageDownloadLocation: git+https://git.example/left
PackageHomePage: https://left.example/
PackageLicenseDeclared: MIT
PackageLicenseConcluded: MIT OR Zlib
PackageChecksum: SHA1: AB01
PackageSummary: <text>pads
</text>
PackageCopyrightText: NOASSERTION
ExternalRef: PACKAGE-MANAGER purl pkg:npm/%40s/left@1.0
ExternalRef: SECURITY cpe23Type cpe:2.3:a:s:left:1.0:*:*:*:*:*:*:*
FileName: ./a
SPDXID: SPDXRef-file
FileChecksum: SHA1: 00
PackageName: own
SPDXID: SPDXRef-own
PackageLicenseConcluded: LicenseRef-1
PackageLicenseDeclared: NOASSERTION
LicenseID: LicenseRef-1
LicenseName: House licence
ExtractedText: <text>x</text>
Relationship: SPDXRef-own DEV_DEPENDENCY_OF SPDXRef-left
Relationship: SPDXRef-left CONTAINS SPDXRef-file
";

fn read(text: &str) -> Reading<Document> {
    format::read(text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The warnings of a document, as `path line`.
fn check_warnings(text: &str, expect: &[&str]) {
    let found: Vec<_> = read(text).warnings.iter().map(|w| format!("{} {}", w.path, w.line.unwrap_or_default())).collect();
    assert_eq!(found, expect, "{text}");
}

fn refused(text: &str, limits: Limits, says: &str, place: (&str, u32)) {
    let error = format::read(text.as_bytes(), &limits).expect_err(text);
    assert!(error.text.contains(says), "{error}");
    assert_eq!((error.path.as_str(), error.line), (place.0, Some(place.1)), "{error}");
}

#[test]
fn every_syntax_gives_the_same_document() {
    let Reading { value: document, warnings } = read(JSON);
    assert_eq!(warnings, []);
    let subject = document.subject.as_ref().expect("described");
    assert_eq!((subject.kind.clone(), subject.version.as_deref()), (Kind::Application, Some("1.10")));
    let [left, own] = document.components.as_slice() else { panic!("{document:?}") };
    assert_eq!(
        (left.group.as_deref(), left.supplier.as_deref(), left.author.as_deref()),
        (Some("@s"), Some("Left Ltd"), Some("Bob"))
    );
    assert_eq!((left.cpes.len(), left.hashes.len(), left.origin.clone()), (1, 1, Origin::Authority));
    assert_eq!((left.licences.as_slice(), left.description.as_deref()), (&[Licence::Id("MIT".into())][..], Some("pads")));
    assert_eq!(left.properties, [("bomwarden:licence-concluded".to_owned(), "MIT OR Zlib".to_owned())]);
    assert_eq!((own.scope, own.licences.as_slice()), (Scope::Development, &[Licence::Name("House licence".into())][..]));
    let edges = [(Node::Subject, 0), (Node::Component(0), 1)].map(|(from, to)| Edge { from, to: Node::Component(to) });
    assert_eq!(document.edges, edges);
    assert_eq!(document.relations.iter().map(|r| r.kind.as_str()).collect::<Vec<_>>(), ["DESCRIBES", "CONTAINS"]);
    assert_eq!(
        (document.tools.as_slice(), document.authors.as_slice()),
        (&["maker 1.2".to_owned()][..], &["Alice Adams".to_owned()][..])
    );
    let counts = document.counts();
    assert_eq!((counts.components, counts.with_purl, counts.edges), (3, 1, 4));
    for text in [YAML, TAG_VALUE] {
        let mut other = read(text);
        assert_eq!(other.warnings, []);
        for component in &mut other.value.components {
            component.description = component.description.take().map(|text| text.trim().into());
        }
        other.value.relations.sort();
        let mut document = document.clone();
        document.relations.sort();
        assert_eq!(other.value, document);
    }
}

#[test]
fn xml_lists_by_repetition() {
    let text = "<Document><SPDXID>SPDXRef-DOCUMENT</SPDXID><spdxVersion>SPDX-2.2</spdxVersion>
 <packages><SPDXID>a</SPDXID><name>a</name></packages>
 <packages><SPDXID>b</SPDXID><name>b</name><externalRefs><referenceType>purl</referenceType>
  <referenceLocator>nonsense</referenceLocator></externalRefs></packages>
 <relationships><spdxElementId>a</spdxElementId><relationshipType>DEPENDS_ON</relationshipType><relatedSpdxElement>b</relatedSpdxElement></relationships>
 <relationships><spdxElementId>a</spdxElementId><relationshipType>DEPENDS_ON</relationshipType>
  <relatedSpdxElement>c</relatedSpdxElement></relationships></Document>";
    let document = read(text).value;
    assert_eq!((document.components.len(), document.edges.len()), (2, 1));
    check_warnings(text, &["/Document/packages[2]/externalRefs[1] 3", "/Document/relationships[2]/relatedSpdxElement 7"]);
}

#[test]
fn rdf_is_named_and_refused() {
    refused(
        "<?xml version=\"1.0\"?>\n<rdf:RDF xmlns:rdf=\"x\"></rdf:RDF>",
        Limits::default(),
        "RDF/XML, which is not read",
        ("/RDF", 2),
    );
}

#[test]
fn odd_values_are_told_with_their_places() {
    let json =
        |inner: &str| format!("{{\"spdxVersion\":\"SPDX-2.3\",\n\"packages\":[{{\"SPDXID\":\"a\",\"name\":\"a\"}}],\n{inner}}}");
    check_warnings(
        &json("\"relationships\":[{\"spdxElementId\":\"a\",\"relationshipType\":\"DESCRIBE\",\"relatedSpdxElement\":\"a\"}]"),
        &["$.relationships[0].relationshipType 3"],
    );
    check_warnings(
        &json(
            "\"relationships\":[{\"spdxElementId\":\"x\",\"relationshipType\":\"DEPENDENCY_OF\",\n\"relatedSpdxElement\":\"y\"}, {}]",
        ),
        &["$.relationships[0].spdxElementId 3", "$.relationships[0].relatedSpdxElement 4", "$.relationships[1] 4"],
    );
    check_warnings("{\"spdxVersion\":\"SPDX-9\",\n\"packages\":null}", &["$.spdxVersion 1"]);
    let tags = "SPDXVersion: SPDX-2.3\nPackageName: a\nno tag\nSPDXID: a\nUnknown: x\nPackageChecksum: SHA1: 00\nPackageChecksum: SHA1: zz\nRelationship: a OTHER gone\nPackageName: b";
    check_warnings(tags, &["no tag 3", "Unknown 5", "PackageChecksum 7", "PackageName 9", "Relationship 8"]);
    let yaml = "spdxVersion: SPDX-2.3\npackages:\n- &p {SPDXID: a, name: a}\n- *p\n- {SPDXID: a,\n   name: [b]}\n";
    check_warnings(yaml, &["$.packages[2].name 6", "$.packages[2].SPDXID 5", "$.packages[2] 5", "$ 4"]);
}

#[test]
fn what_is_broken_or_beyond_a_bound_is_refused_with_its_place() {
    let two = "SPDXVersion: SPDX-2.3\nPackageName: abc\nPackageName: b\nRelationship: a DEPENDS_ON b\n";
    refused(two, Limits { components: 1, ..Limits::default() }, "more than 1 components", ("PackageName", 3));
    refused(two, Limits { text: 7, ..Limits::default() }, "8 bytes; the limit is 7", ("SPDXVersion", 1));
    refused("spdxVersion: SPDX-2.3\na: [b\nc: {", Limits::default(), "no YAML", ("", 3));
    let deep = format!("spdxVersion: SPDX-2.3\nx: {}{}", "[".repeat(200), "]".repeat(200));
    refused(&deep, Limits::default(), "nested more than 128 deep", ("", 2));
    refused("SPDXVersion: SPDX-2.3\nPackageName: <text>a", Limits::default(), "does not end", ("PackageName", 2));
    refused("spdxVersion: SPDX-2.3\n---\na: b\n", Limits::default(), "second document", ("", 3));
}

#[test]
fn one_described_package_is_the_subject_and_several_are_none() {
    let document = |describes: &str| {
        read(&format!("{{\"spdxVersion\":\"SPDX-2.3\",\"documentDescribes\":{describes},\"packages\":[{{\"SPDXID\":\"a\",\"name\":\"a\"}},{{\"SPDXID\":\"b\",\"name\":\"b\"}}]}}")).value
    };
    let names = |list: &[Component]| list.iter().map(|component| component.name.clone()).collect::<Vec<_>>();
    let one = document("[\"b\"]");
    assert_eq!((one.subject.map(|subject| subject.name), names(&one.components)), (Some("b".into()), vec!["a".into()]));
    let both = document("[\"a\",\"b\"]");
    assert_eq!((both.subject, both.components.len()), (None, 2));
}

#[test]
fn a_package_is_known_before_it_ends() {
    let text = "SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: SPDXRef-a\nRelationship: SPDXRef-b DEPENDS_ON SPDXRef-a\nPackageVersion: 1\n\
        PackageName: b\nSPDXID: SPDXRef-x\nRelationship: SPDXRef-b DEPENDS_ON SPDXRef-a\nSPDXID: SPDXRef-b\n";
    let document = read(text).value;
    let said: Vec<_> = document.components.iter().map(|c| (c.reference.as_str(), c.version.as_deref())).collect();
    assert_eq!(said, [("SPDXRef-a", Some("1")), ("SPDXRef-b", None)]);
    let edges: Vec<_> = document.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    assert_eq!(edges, [(Node::Component(1), Node::Component(0))]);
}
