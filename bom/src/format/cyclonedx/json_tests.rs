//! Reading and writing CycloneDX in JSON.

use super::{Json, json, json_write};
use crate::document::{Component, Document, Licence, Node, Scope, Status};
use crate::format::{Format as _, sample};
use crate::reading::{Limits, Reading};

fn read(text: &str) -> Reading<Document> {
    json::read(text, &Limits::default()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn read_components(components: &str) -> Reading<Document> {
    read(&format!("{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\n\"components\":{components}}}"))
}

/// The warnings of a document with these components, as `path line`.
fn check_warnings(components: &str, expect: &[&str]) {
    let found: Vec<_> =
        read_components(components).warnings.iter().map(|w| format!("{} {}", w.path, w.line.unwrap_or_default())).collect();
    assert_eq!(found, expect, "{components}");
}

#[test]
fn what_is_written_reads_back_the_same() {
    for minor in [6, 7] {
        let written = json_write::write(&sample::document(), minor).expect("written");
        let reading = read(std::str::from_utf8(&written.bytes).expect("UTF-8"));
        assert_eq!(reading.warnings, []);
        assert_eq!(written.lost, [""; 0]);
        let expected = Document { format: format!("CycloneDX 1.{minor}"), ..sample::document() };
        assert_eq!(reading.value, expected);
        assert_eq!(json_write::write(&reading.value, minor).expect("written"), written, "the bytes are the same again");
    }
}

#[test]
fn an_unknown_version_is_not_written() {
    let error = Json.write(&sample::document(), "1.9").expect_err("there is no 1.9");
    assert!(error.0.contains("`1.9`") && error.0.contains("1.6"), "{error}");
}

#[test]
fn odd_values_are_passed_over_with_their_places() {
    check_warnings("[{\"name\":\"a\",\"version\":3}, null]", &[]);
    check_warnings("{\"name\":\"a\"}", &[]);
    check_warnings("[\n{\"name\":[1]}]", &["$.components[0].name 3", "$.components[0] 3"]);
    check_warnings("[{\"name\":\"a\",\n\"purl\":\"nonsense\"}]", &["$.components[0].purl 3"]);
    check_warnings("[{\"name\":\"a\",\"hashes\":[{\"alg\":\"MD5\",\"content\":\"zz\"}]}]", &["$.components[0].hashes[0] 2"]);
    check_warnings("[{\"name\":\"a\",\"components\":[\n\n7]}]", &["$.components[0].components[0] 4"]);
    check_warnings("[{\"name\":\"a\",\"bom-ref\":\"x\"},\n{\"name\":\"b\",\"bom-ref\":\"x\"}]", &["$.components[1].bom-ref 3"]);
    check_warnings("[{\"name\":\"a\",\"name\":\"b\"}]", &["$.components[0].name 2"]);
}

#[test]
fn licences_are_told_apart() {
    let licences = "[{\"license\":{\"id\":\"MIT\"}},{\"license\":{\"name\":\"Own\"}},{\"expression\":\"MIT OR Zlib\"},\"Zlib\",{\"license\":\"X Y\"}]";
    let reading = read_components(&format!("[{{\"name\":\"a\",\"licenses\":{licences}}}]"));
    let expected = [
        Licence::Id("MIT".into()),
        Licence::Name("Own".into()),
        Licence::Expression("MIT OR Zlib".into()),
        Licence::Id("Zlib".into()),
        Licence::Name("X Y".into()),
    ];
    assert_eq!(reading.value.components.first().map(|c| c.licences.as_slice()), Some(&expected[..]));
}

#[test]
fn nested_components_come_after_their_parents() {
    let text = "[{\"components\":[{\"name\":\"b\",\"components\":[{\"name\":\"c\"}]}],\"name\":\"a\"},{\"name\":\"d\",\"scope\":\"excluded\"}]";
    let components = read_components(text).value.components;
    let found: Vec<_> = components.iter().map(|c| (c.name.as_str(), c.parent)).collect();
    assert_eq!(found, [("a", None), ("b", Some(0)), ("c", Some(1)), ("d", None)]);
    assert_eq!(components.last().map(|c| c.scope), Some(Scope::Development));
}

#[test]
fn dangling_references_are_told_and_services_are_not() {
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.4","dependencies":[
      {"ref":"a","dependsOn":["b","gone",
        "api"]}, {"ref":"nobody"}],
      "components":[{"bom-ref":"a","name":"a"},{"bom-ref":"b","name":"b"}],"services":[{"bom-ref":"api"}]}"#;
    let reading = read(text);
    let places: Vec<_> = reading.warnings.iter().map(|w| (w.path.as_str(), w.line)).collect();
    assert_eq!(places, [("$.dependencies[0].dependsOn[1]", Some(2)), ("$.dependencies[1].ref", Some(3))]);
    assert_eq!(reading.value.edges.len(), 1);
}

#[test]
fn tools_are_a_list_or_an_object() {
    for tools in [
        r#"[{"name":"t","version":"1"},{"name":"s"}]"#,
        r#"{"components":[{"name":"t","version":"1"}],"services":[{"name":"s"}]}"#,
    ] {
        let reading = read(&format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{{"tools":{tools}}}}}"#));
        assert_eq!(reading.value.tools, ["t 1", "s"]);
    }
}

#[test]
fn statements_are_read() {
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.4","vulnerabilities":[{"id":"CVE-1","affects":[{"ref":"a"},{"ref":"b"}],
      "analysis":{"state":"resolved_with_pedigree","response":"update","firstIssued":"2024-01-01T00:00:00Z"}}, {"ratings":[]}]}"#;
    let reading = read(text);
    let statement = reading.value.statements.first().expect("one");
    assert_eq!((statement.about.len(), statement.status, statement.responses.len()), (2, Some(Status::Fixed), 1));
    assert!(statement.at.is_some());
    assert_eq!(reading.warnings.iter().map(|w| w.path.as_str()).collect::<Vec<_>>(), ["$.vulnerabilities[1]"]);
}

#[test]
fn bounds_are_kept() {
    let refused = |text: &str, limits: Limits, says: &str| {
        let error = json::read(text, &limits).expect_err(text);
        assert!(error.text.contains(says), "{error}");
    };
    let nested =
        format!("{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":{}", "[{\"components\":".repeat(100));
    refused(&nested, Limits::default(), "nested more than");
    let two = "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"name\":\"abc\"},\n{\"name\":\"b\"}],\"dependencies\":[{\"ref\":\"a\",\"dependsOn\":[\"b\",\"c\"]}]}";
    refused(two, Limits { components: 1, ..Limits::default() }, "more than 1 components");
    refused(two, Limits { edges: 1, ..Limits::default() }, "more than 1 dependencies");
    refused(two, Limits { text: 2, ..Limits::default() }, "has 3 bytes; the limit is 2");
    refused("{\"bomFormat\":\"CycloneDX\"", Limits::default(), "truncated JSON");
}

#[test]
fn very_many_empty_components_are_read() {
    let text = format!("{{\"bomFormat\":\"CycloneDX\",\"components\":[{}{{}}]}}", "{},".repeat(99_999));
    let reading = read(&text);
    assert_eq!(reading.value.components.len(), 100_000);
    assert_eq!(reading.value.components.first(), Some(&Component::default()));
    assert!(reading.warnings.len() < 1000);
}

#[test]
fn edges_keep_their_order_whenever_their_ends_are_known() {
    let components = "\"components\":[{\"bom-ref\":\"a\",\"name\":\"a\"},{\"bom-ref\":\"b\",\"name\":\"b\"},{\"bom-ref\":\"c\",\"name\":\"c\"}]";
    let dependencies = "\"dependencies\":[{\"ref\":\"a\",\"dependsOn\":[\"c\"]},{\"ref\":\"b\",\"dependsOn\":[\"c\",\"gone\",\"a\"]},{\"ref\":\"a\",\"dependsOn\":[\"b\"]}]";
    // The subject comes last and takes the name of a component.
    let metadata = "\"metadata\":{\"component\":{\"bom-ref\":\"a\",\"name\":\"shop\"}}";
    let edge = |from, to| (from, Node::Component(to));
    for order in
        [[components, dependencies, metadata], [dependencies, components, metadata], [metadata, components, dependencies]]
    {
        let reading = read(&format!("{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",{}}}", order.join(",")));
        let edges: Vec<_> = reading.value.edges.iter().map(|edge| (edge.from, edge.to)).collect();
        let b = Node::Component(1);
        assert_eq!(edges, [edge(Node::Subject, 2), edge(Node::Subject, 1), edge(b, 2), (b, Node::Subject)], "{order:?}");
        assert!(
            reading.warnings.iter().any(|warning| warning.path == "$.dependencies[1].dependsOn[1]"),
            "{:?}",
            reading.warnings
        );
    }
}
