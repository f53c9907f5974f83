//! Decisions out as VEX and in from it: who may, what is left and why, and that a
//! person's own word stays.

use super::alerts::alerted;
use super::{Answer, Place};
use crate::store::schema::{audit, triage};
use diesel::prelude::*;
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery";

/// Alice's and Bob's `web` holds `wheel` 1.0.2, which has two problems; Charlie has `hut`.
async fn place() -> Place {
    let place = alerted().await;
    let record = |id: &str, alias: &str| {
        let said = json!({"id": id, "modified": "2026-01-01T00:00:00Z", "aliases": [alias], "database_specific": {"severity": "HIGH"},
            "affected": [{"package": {"ecosystem": "crates.io", "name": "wheel"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]});
        crate::advisories::read(said.to_string().as_bytes()).unwrap()
    };
    let records = vec![record("CVE-2026-1", "GHSA-one"), record("CVE-2026-2", "GHSA-two")];
    crate::advisories::store(&place.services, "f", records).await.unwrap();
    crate::rematch::drain(&place.services).await.unwrap();
    crate::counts::drain(&place.services).await.unwrap();
    place
}

fn statement(id: &str, product: Value, status: &str) -> Value {
    json!({"vulnerability": {"name": id}, "products": [product], "status": status, "justification": "component_not_present"})
}

fn openvex(statements: &[Value]) -> String {
    json!({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "urn:supplier", "author": "Wheel Ltd", "timestamp": "2026-02-01T00:00:00Z",
        "version": 1, "statements": statements})
    .to_string()
}

impl Place {
    async fn id_of(&self, bearer: &str) -> String {
        self.api("GET", "/v1/projects", bearer, json!({})).await.good()["items"][0]["id"].as_str().unwrap().to_owned()
    }

    async fn take(&self, bearer: &str, project: &str, document: &str) -> Answer {
        let authorization = format!("Bearer {bearer}");
        let path = format!("/v1/projects/{project}/vex");
        self.send("POST", &path, &[("authorization", authorization.as_str()), ("content-type", "application/json")], document)
            .await
    }

    async fn give(&self, bearer: &str, project: &str, query: &str) -> Answer {
        self.api("GET", &format!("/v1/projects/{project}/vex{query}"), bearer, json!({})).await
    }

    /// Makes each decision that stands a person's own.
    async fn by_hand(&self) {
        let work =
            |db: &mut crate::store::Db| Ok(diesel::update(triage::table).set(triage::source.eq(None::<String>)).execute(db)?);
        self.services.store.write(work).await.unwrap();
    }
}

#[actix_web::test]
async fn a_document_becomes_decisions_and_comes_out_again() {
    let place = place().await;
    let (alice, bob) = (place.session("alice", PASSWORD).await, place.session("bob", PASSWORD).await);
    let project = place.id_of(&alice).await;
    assert_eq!(place.give(&alice, &project, "").await.status, 404, "nothing is decided");
    let wheel = json!({"@id": "pkg:cargo/wheel@1.0.2"});
    // By another name of the problem.
    let document = openvex(&[statement("GHSA-one", wheel.clone(), "not_affected")]);
    let taken = place.take(&alice, &project, &document).await.good();
    assert_eq!((&taken["decided"][0]["problem"], &taken["decided"][0]["status"]), (&json!("CVE-2026-1"), &json!("not_affected")));
    assert_eq!(taken["left"], json!([]));
    let again = place.take(&bob, &project, &document).await.good();
    assert_eq!((again["decided"].as_array().map(Vec::len), again["unchanged"].as_array().map(Vec::len)), (Some(0), Some(1)));
    for format in ["openvex", "cyclonedx", "csaf"] {
        let given = place.give(&bob, &project, &format!("?format={format}")).await.good();
        let read = bom::vex::read(given.to_string().as_bytes(), &bom::reading::Limits::default()).unwrap().value;
        let statement = &read.statements[0];
        assert_eq!(
            (statement.status, statement.products[0].whole.shown().as_str()),
            (bom::vex::Status::NotAffected, "pkg:cargo/wheel@1.0.2")
        );
        // CycloneDX has only a near word.
        let near = format == "cyclonedx";
        let word = if near { "code_not_present" } else { "component_not_present" };
        assert_eq!(statement.justification.map(bom::vex::Justification::word), Some(word), "{format}");
        assert!(
            statement.names.contains(&"CVE-2026-1".to_owned()) && statement.names.contains(&"GHSA-one".to_owned()),
            "{format}"
        );
    }
    let inside = place.give(&alice, &project, "?product=pkg:cargo/web@2").await.good();
    assert_eq!(inside["statements"][0]["products"][0]["@id"], "pkg:cargo/web@2");
    assert_eq!(place.give(&alice, &project, "?format=pdf").await.status, 400);
    let audited = |db: &mut crate::store::Db| {
        Ok(audit::table.filter(audit::action.eq(crate::store::audit::action::TRIAGE_DECIDED)).count().get_result::<i64>(db)?)
    };
    assert_eq!(place.services.store.read(audited).await.unwrap(), 1);
}

#[actix_web::test]
async fn what_is_left_is_told_and_a_persons_word_stays() {
    let place = place().await;
    let alice = place.session("alice", PASSWORD).await;
    let project = place.id_of(&alice).await;
    let wheel = |version: &str| json!({"@id": format!("pkg:cargo/wheel@{version}")});
    let other = json!({"@id": "pkg:cargo/boat@1", "subcomponents": [{"@id": "pkg:cargo/wheel@1.0.2"}]});
    for (statement, reason) in [
        (statement("CVE-2026-1", wheel("9.9.9"), "fixed"), "has no such finding"),
        (statement("CVE-1999-1", wheel("1.0.2"), "fixed"), "has no such finding"),
        (statement("CVE-2026-1", other.clone(), "fixed"), "about the product `pkg:cargo/boat@1`"),
    ] {
        let left = place.take(&alice, &project, &openvex(&[statement])).await.good();
        assert_eq!(left["decided"], json!([]), "{reason}");
        assert!(left["left"][0]["reason"].as_str().unwrap().contains(reason), "{left}");
    }
    let called = format!("{project}/vex?product=pkg:cargo/boat@1");
    let authorization = format!("Bearer {alice}");
    let document = openvex(&[statement("CVE-2026-1", other, "fixed")]);
    let taken = place
        .send("POST", &format!("/v1/projects/{called}"), &[("authorization", authorization.as_str())], &document)
        .await
        .good();
    assert_eq!(taken["decided"][0]["status"], "fixed");
    // What a document decided another one may change, a person's word it may not.
    let affected = openvex(&[statement("CVE-2026-1", wheel("1.0.2"), "affected")]);
    assert_eq!(place.take(&alice, &project, &affected).await.good()["decided"][0]["status"], "affected");
    place.by_hand().await;
    let fixed = openvex(&[statement("CVE-2026-1", wheel("1.0.2"), "fixed")]);
    let left = place.take(&alice, &project, &fixed).await.good();
    assert_eq!(left["decided"], json!([]));
    assert!(left["left"][0]["reason"].as_str().unwrap().contains("a person's word stands"), "{left}");
}

#[actix_web::test]
async fn who_may_not_see_a_project_gives_and_takes_nothing() {
    let place = place().await;
    let (alice, charlie) = (place.session("alice", PASSWORD).await, place.session("charlie", PASSWORD).await);
    let project = place.id_of(&alice).await;
    let document = openvex(&[statement("CVE-2026-1", json!({"@id": "pkg:cargo/wheel@1.0.2"}), "fixed")]);
    for bearer in [charlie.as_str(), "bwt_0000_0000"] {
        let status = if bearer == charlie { 404 } else { 401 };
        assert_eq!(place.take(bearer, &project, &document).await.status, status);
        assert_eq!(place.give(bearer, &project, "").await.status, status);
    }
    let token = place.api("POST", "/v1/tokens", &alice, json!({"name": "ci", "scope": "read"})).await.good();
    let token = token["token"].as_str().unwrap();
    assert_eq!(place.take(token, &project, &document).await.status, 403, "decisions are for people");
    for (text, status) in [("{}", 422), ("", 422), ("{\"@context\": \"openvex\", \"statements\": [", 422)] {
        assert_eq!(place.take(&alice, &project, text).await.status, status, "{text}");
    }
    let decided = |db: &mut crate::store::Db| Ok(triage::table.count().get_result::<i64>(db)?);
    assert_eq!(place.services.store.read(decided).await.unwrap(), 0);
}

#[actix_web::test]
async fn a_finding_shows_what_suppliers_state_of_it_and_nothing_else() {
    let place = place().await;
    let alice = place.session("alice", PASSWORD).await;
    let project = place.id_of(&alice).await;
    let statements = ["CVE-2026-1", "GHSA-two", "CVE-2026-3"].map(|id| {
        let mut said = statement(id, json!("pkg:cargo/wheel@1.0.2"), "not_affected");
        said["impact_statement"] = json!(format!("<b>of {id}</b>"));
        said
    });
    let vex = bom::vex::read(openvex(&statements).as_bytes(), &bom::reading::Limits::default()).unwrap().value;
    let document = crate::store::statements::Document::of(&vex, "wheel.json", [7; 32]).unwrap();
    let stored = place.services.store.write(move |db| crate::store::statements::store(db, "suppliers", &document)).await;
    assert_eq!(stored.unwrap().new, 1);
    let cookie = place.sign_in("alice", PASSWORD).await.cookie();
    for (problem, shown) in [("CVE-2026-1", "of CVE-2026-1"), ("CVE-2026-2", "of GHSA-two")] {
        let path = format!("/projects/{project}/finding?problem={problem}&ecosystem=crates.io&name=wheel");
        let page = place.get(&path, &cookie).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let said: Vec<&str> =
            ["of CVE-2026-1", "of GHSA-two", "of CVE-2026-3"].into_iter().filter(|text| page.text.contains(*text)).collect();
        assert_eq!(said, [shown], "{problem}");
        assert!(page.text.contains("What suppliers state") && !page.text.contains("<b>of"), "{problem}");
    }
    let charlie = place.sign_in("charlie", PASSWORD).await.cookie();
    let path = format!("/projects/{project}/finding?problem=CVE-2026-1&ecosystem=crates.io&name=wheel");
    assert_eq!(place.get(&path, &charlie).await.status, 404);
}
