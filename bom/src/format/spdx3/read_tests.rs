//! Reading SPDX 3.

use crate::document::{Licence, Node, Scope, Status};
use crate::format;
use crate::reading::Limits;

const TEXT: &str = r#"{"@context":"https://spdx.example/context","@graph":[
 {"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2024-02-29T12:00:00Z","createdBy":["urn:alice"],"createdUsing":["urn:tool"]},
 {"type":"Person","spdxId":"urn:alice","name":"Alice"}, {"type":"Tool","spdxId":"urn:tool","name":"maker"},
 {"type":"SpdxDocument","spdxId":"urn:doc","name":"doc","creationInfo":"_:c","rootElement":["urn:sbom"]},
 {"type":"software_Sbom","spdxId":"urn:sbom","creationInfo":"_:c","rootElement":["urn:shop"]},
 {"type":"software_Package","spdxId":"urn:shop","name":"shop","software_primaryPurpose":"application"},
 {"type":"software_Package","spdxId":"urn:left","name":"left","software_packageVersion":"1","suppliedBy":"urn:ltd","software_packageUrl":"pkg:npm/left@1",
  "externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"cpe23","identifier":"cpe:2.3:a:s:left:1:*:*:*:*:*:*:*"}],
  "verifiedUsing":[{"type":"Hash","algorithm":"sha256","hashValue":"AB"}]},
 {"type":"software_Package","spdxId":"urn:tool2","name":"test-tool"},
 {"type":"software_File","spdxId":"urn:file","name":"a"},
 {"type":"Organization","spdxId":"urn:ltd","name":"Left Ltd"},
 {"type":"simplelicensing_LicenseExpression","spdxId":"urn:mit","simplelicensing_licenseExpression":"MIT"},
 {"type":"Relationship","spdxId":"urn:r1","from":"urn:shop","relationshipType":"dependsOn","to":["urn:left","urn:gone"]},
 {"type":"LifecycleScopedRelationship","spdxId":"urn:r2","from":"urn:left","relationshipType":"dependsOn","scope":"test","to":["urn:tool2"]},
 {"type":"Relationship","spdxId":"urn:r3","from":"urn:left","relationshipType":"hasDeclaredLicense","to":["urn:mit"]},
 {"type":"Relationship","spdxId":"urn:r4","from":"urn:left","relationshipType":"contains","to":["urn:file"]},
 {"type":"security_Vulnerability","spdxId":"urn:v","externalIdentifier":[{"externalIdentifierType":"cve","identifier":"CVE-1"}]},
 {"type":"security_VexNotAffectedVulnAssessmentRelationship","spdxId":"urn:r5","from":"urn:v","relationshipType":"doesNotAffect","to":["urn:left"],
  "security_justificationType":"vulnerableCodeNotInExecutePath","security_impactStatement":"never called"},
 {"name":"typeless"}]}"#;

#[test]
fn the_graph_is_followed() {
    let reading = format::read(TEXT.as_bytes(), &Limits::default()).expect("read");
    let document = reading.value;
    assert_eq!((document.format.as_str(), document.identity.as_deref()), ("SPDX 3.0.1", Some("urn:doc")));
    assert_eq!((document.authors.as_slice(), document.tools.as_slice()), (&["Alice".to_owned()][..], &["maker".to_owned()][..]));
    assert_eq!(document.subject.as_ref().map(|subject| subject.name.as_str()), Some("shop"));
    let [left, tool] = document.components.as_slice() else { panic!("{document:?}") };
    assert_eq!((left.supplier.as_deref(), left.cpes.len(), left.hashes.len()), (Some("Left Ltd"), 1, 1));
    assert_eq!((left.licences.as_slice(), tool.scope), (&[Licence::Id("MIT".into())][..], Scope::Development));
    let edges: Vec<_> = document.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    assert_eq!(edges, [(Node::Subject, Node::Component(0)), (Node::Component(0), Node::Component(1))]);
    assert_eq!(document.relations.iter().map(|r| r.kind.as_str()).collect::<Vec<_>>(), ["CONTAINS"]);
    let said = document.statements.first().expect("one");
    assert_eq!(
        (said.vulnerability.as_str(), said.status, said.about.as_slice()),
        ("CVE-1", Some(Status::NotAffected), &["urn:left".to_owned().into()][..])
    );
    assert_eq!((said.justification.as_deref(), said.detail.as_deref()), (Some("code_not_reachable"), Some("never called")));
    let places: Vec<_> = reading.warnings.iter().map(|w| (w.path.as_str(), w.line)).collect();
    assert_eq!(places, [("$.@graph[17]", Some(21)), ("$.@graph[11].to[1]", Some(14))]);
}
