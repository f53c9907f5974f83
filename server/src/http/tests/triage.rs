//! Decisions over HTTP: who may make and see which, the pages with their form, and what
//! makes no decision.

use super::alerts::alerted;
use super::{Answer, Place, csrf};
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery";
const HOSTILE: &str = "<script>alert(1)</script>\u{202e}";

/// Alice's and Bob's `web` holds `wheel`, Charlie's `hut` holds `other`; both have a problem.
async fn place() -> Place {
    let place = alerted().await;
    let record = |id: &str, name: &str| {
        let said = json!({"id": id, "modified": "2026-01-01T00:00:00Z", "aliases": [format!("GHSA-{name}")],
            "summary": HOSTILE, "database_specific": {"severity": "HIGH"},
            "affected": [{"package": {"ecosystem": "crates.io", "name": name},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]}]});
        crate::advisories::read(said.to_string().as_bytes()).unwrap()
    };
    let records = vec![record("CVE-2026-1", "wheel"), record("CVE-2026-2", "other")];
    crate::advisories::store(&place.services, "f", records).await.unwrap();
    crate::rematch::drain(&place.services).await.unwrap();
    crate::counts::drain(&place.services).await.unwrap();
    place
}

fn wish(more: Value) -> Value {
    let mut wish = json!({"project": "web", "problem": "GHSA-wheel", "package": {"ecosystem": "crates.io", "name": "wheel"},
        "status": "not_affected", "justification": "code_not_reachable", "detail": "we never turn it"});
    for (key, value) in more.as_object().into_iter().flatten() {
        wish[key] = value.clone();
    }
    wish
}

impl Place {
    async fn decide(&self, bearer: &str, more: Value) -> Answer {
        self.api("POST", "/v1/triage", bearer, wish(more)).await
    }

    /// The id of the project of this name.
    async fn project(&self, bearer: &str) -> Value {
        self.api("GET", "/v1/projects", bearer, json!({})).await.good()["items"][0].clone()
    }

    async fn triage(&self, bearer: &str, query: &str) -> Vec<Value> {
        self.api("GET", &format!("/v1/triage{query}"), bearer, json!({})).await.good()["items"].as_array().unwrap().clone()
    }
}

#[actix_web::test]
async fn a_team_decides_for_its_projects_and_an_administrator_for_all() {
    let place = place().await;
    let [alice, bob, charlie] =
        [place.session("alice", PASSWORD).await, place.session("bob", PASSWORD).await, place.session("charlie", PASSWORD).await];
    let admin = place.session("admin", &place.password).await;
    let made = place.decide(&alice, json!({})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        (&made.json()["by"], &made.json()["settles"], &made.json()["problem"]),
        (&json!("person:alice"), &json!(true), &json!("CVE-2026-1"))
    );
    assert_eq!(place.decide(&alice, json!({})).await.status, 200, "word for word the same");
    assert_eq!(place.project(&bob).await["findings"]["high"], 0);
    let project = place.project(&bob).await["id"].as_str().unwrap().to_owned();
    for (query, count) in [("", 1), ("?triage=open", 0), ("?triage=settled", 1), ("?triage=all", 1)] {
        let path = format!("/v1/projects/{project}/findings{query}");
        let found = place.api("GET", &path, &bob, json!({})).await.good()["items"].clone();
        assert_eq!(found.as_array().unwrap().len(), count, "{query}");
        if count == 1 {
            assert_eq!((&found[0]["settled"], &found[0]["triage"]["status"]), (&json!(true), &json!("not_affected")));
        }
    }

    // Charlie neither sees it nor touches it, nor decides for others or everywhere.
    assert!(place.triage(&charlie, "").await.is_empty());
    for (method, path) in [("GET", format!("/v1/triage/{id}")), ("DELETE", format!("/v1/triage/{id}"))] {
        assert_eq!(place.api(method, &path, &charlie, json!({})).await.status, 404, "{method}");
    }
    assert_eq!(place.decide(&charlie, json!({})).await.status, 404);
    assert_eq!(place.decide(&charlie, json!({"project": project})).await.status, 404);
    for someone in [&charlie, &bob] {
        assert_eq!(place.decide(someone, json!({"project": "", "everywhere": true})).await.status, 403);
    }
    let reader = place.api("POST", "/v1/tokens", &bob, json!({"name": "ci", "scope": "read"})).await.good();
    let reader = reader["token"].as_str().unwrap();
    assert_eq!(place.decide(reader, json!({})).await.status, 403, "a program decides nothing");
    assert_eq!(place.triage(reader, "").await.len(), 1, "and reads");
    assert_eq!(place.api("POST", "/v1/triage", "", wish(json!({}))).await.status, 401);

    // What holds everywhere is for everybody to see, and an administrator's to end.
    let everywhere = json!({"project": "", "everywhere": true, "status": "false_positive", "justification": ""});
    let all = place.decide(&admin, everywhere).await.good();
    assert_eq!((&all["everywhere"], &all["project"]), (&json!(true), &Value::Null));
    assert_eq!(place.triage(&charlie, "").await.len(), 1);
    let path = format!("/v1/triage/{}", all["id"].as_str().unwrap());
    assert_eq!(place.api("DELETE", &path, &bob, json!({})).await.status, 403);
    for _ in 0..2 {
        assert_eq!(place.api("DELETE", &path, &admin, json!({})).await.status, 204);
        assert_eq!(place.api("DELETE", &format!("/v1/triage/{id}"), &bob, json!({})).await.status, 204, "again is no error");
    }
    assert_eq!(place.project(&bob).await["findings"]["high"], 1);
    let ended = place.triage(&alice, "?which=ended").await;
    assert_eq!(ended.len(), 2);
    assert_eq!((&ended[1]["ending"], &ended[1]["ended_by"]), (&json!("taken_back"), &json!("person:bob")));
}

#[actix_web::test]
async fn what_makes_no_decision_is_told_and_decides_nothing() {
    let place = place().await;
    let alice = place.session("alice", PASSWORD).await;
    for (more, told) in [
        (json!({"status": "ignored"}), "use one of in_triage"),
        (json!({"justification": "because"}), "code_not_present"),
        (json!({"status": "fixed"}), "takes no justification"),
        (json!({"justification": "", "detail": " "}), "says why"),
        (json!({"status": "accepted", "justification": ""}), "not accepted for ever"),
        (json!({"status": "accepted", "justification": "", "until": "soon"}), "`2027-01-31`"),
        (json!({"status": "accepted", "justification": "", "until": "2026-11-23"}), "has come already"),
        (json!({"until": "2027-01-31"}), "takes no `until`"),
        (json!({"project": ""}), "say where it holds"),
        (json!({"problem": "CVE-2026-2"}), "names the package `wheel`"),
        (json!({"problem": "nothing"}), "no record of `nothing`"),
        (json!({"package": {"ecosystem": "crates.io", "name": "never"}}), "names the package `never`"),
        (json!({"package": {"ecosystem": "odd", "name": "wheel"}}), "no known ecosystem"),
        (json!({"detail": "x".repeat(4001)}), "at most 4000"),
    ] {
        let refused = place.decide(&alice, more.clone()).await;
        assert!(refused.status == 400 && refused.text.contains(told), "{more}: {} {}", refused.status, refused.text);
    }
    assert!(place.triage(&alice, "").await.is_empty());
    let good = json!({"purl": "pkg:cargo/wheel@9", "status": "accepted", "justification": "", "until": "2026-11-24"});
    assert_eq!(place.decide(&alice, good).await.good()["until"], "2026-11-24T00:00:00Z");
    for (which, count) in [("standing", 1), ("ending", 1), ("idle", 0), ("ended", 0)] {
        assert_eq!(place.triage(&alice, &format!("?which={which}")).await.len(), count, "{which}");
    }
    assert_eq!(place.api("GET", "/v1/triage?which=odd", &alice, json!({})).await.status, 400);
}

#[actix_web::test]
async fn a_form_decides_and_the_pages_follow() {
    let place = place().await;
    let bob = place.enter("bob").await;
    let session = place.session("bob", PASSWORD).await;
    let project = place.project(&session).await["id"].as_str().unwrap().to_owned();
    let finding = format!("/projects/{project}/finding?problem=CVE-2026-1&ecosystem=crates.io&name=wheel");
    assert!(
        place
            .get(&format!("/projects/{project}"), &bob)
            .await
            .text
            .contains("finding?problem=CVE-2026-1&amp;ecosystem=crates.io")
    );
    let page = place.get(&finding, &bob).await;
    assert_eq!(page.status, 200, "{}", page.text);
    for shown in ["via axle 1.0.0", "GHSA-wheel", "the finding is open", "2.0.0"] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    assert!(!page.text.contains("everywhere</option>"), "that is an administrator's");
    let fields = format!(
        "project={project}&problem=CVE-2026-1&ecosystem=crates.io&name=wheel&status=not_affected&justification=code_not_present&until=&detail=%3Cscript%3Ealert(1)"
    );
    assert_eq!(place.form("/triage", &bob, &format!("csrf=wrong&{fields}")).await.status, 403);
    let done = place.form("/triage", &bob, &format!("csrf={}&{fields}", csrf(&page))).await;
    assert_eq!((done.status, done.header("location")), (303, Some(finding.as_str())), "{}", done.text);
    let page = place.get(&finding, &bob).await;
    assert!(
        page.text.contains("does not affect us: the vulnerable code is not in what we ship")
            && page.text.contains("says <bdi>bob</bdi>")
    );
    for path in [finding.clone(), "/triage".to_owned(), format!("/projects/{project}?triage=settled")] {
        let page = place.get(&path, &bob).await;
        assert!(
            page.text.contains("CVE-2026-1") && !page.text.contains("<script>") && !page.text.contains('\u{202e}'),
            "{path}: {}",
            page.text
        );
    }
    let open = place.get(&format!("/projects/{project}"), &bob).await;
    assert!(open.text.contains("No findings that are open"), "{}", open.text);

    let charlie = place.enter("charlie").await;
    assert_eq!(place.get(&finding, &charlie).await.status, 404);
    let triage = place.get("/triage", &charlie).await;
    assert!(triage.text.contains("No decisions here") && !triage.text.contains("CVE-2026-1"));
    let id = place.triage(&session, "").await[0]["id"].as_str().unwrap().to_owned();
    let end = format!("/triage/{id}/take-back");
    assert_eq!(place.form(&end, &charlie, &format!("csrf={}", csrf(&triage))).await.status, 404);
    let done = place.form(&end, &bob, &format!("csrf={}&project={project}", csrf(&page))).await;
    assert_eq!((done.status, done.header("location")), (303, Some(finding.as_str())));
    assert!(place.get(&finding, &bob).await.text.contains("it was taken back"));
}

#[actix_web::test]
async fn a_decision_that_matches_nothing_any_more_is_reported() {
    let place = place().await;
    let alice = place.session("alice", PASSWORD).await;
    place.decide(&alice, json!({})).await.good();
    let token = place.api("POST", "/v1/tokens", &alice, json!({"name": "up", "scope": "upload"})).await.good();
    let meta = json!({"project": "web", "release": "main", "run": {"provider": "github", "id": "9", "attempt": 1}});
    let moved = super::uploads::document(&[("axle", "1.0.0"), ("wheel", "2.0.0")]);
    place.upload(token["token"].as_str().unwrap(), meta, &[("Cargo.lock", &moved)]).await.good();
    let idle = place.triage(&alice, "?which=idle").await;
    assert_eq!((idle.len(), &idle[0]["idle"], &idle[0]["project"]["name"]), (1, &json!(true), &json!("web")));
    let cookie = place.enter("alice").await;
    assert!(place.get("/triage?which=idle", &cookie).await.text.contains("matches nothing any more"));
}
