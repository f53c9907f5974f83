//! Alerts over HTTP: who sees what of them, who may say that they know, and what hostile
//! names do to the pages.

use super::uploads::document;
use super::{Place, csrf, place};
use crate::fact::Fact;
use crate::store::alerts::{Kind, NewAlert, raise};
use crate::store::schema::package;
use crate::store::{StoreError, alerts};
use bom::advisory::Severity;
use bom::signal::Urgency;
use diesel::prelude::*;
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery";
const HOSTILE: &str = "<script>alert(1)</script>\u{202e}<img src=x onerror=alert(2)>";

/// A place where Alice's and Bob's team holds `wheel`, Charlie's another crate, and an
/// alert about `wheel` is open.
pub(super) async fn alerted() -> Place {
    let place = place().await;
    let admin = place.session("admin", &place.password).await;
    for (team, people) in [("harbour", ["alice", "bob"].as_slice()), ("hill", &["charlie"])] {
        place.api("POST", "/v1/teams", &admin, json!({"name": team})).await.good();
        for login in people {
            let person = json!({"login": login, "name": login, "password": PASSWORD, "teams": [team]});
            place.api("POST", "/v1/people", &admin, person).await.good();
        }
    }
    let chain = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": {"type": "application", "name": "web", "bom-ref": "web"}},
        "components": [
            {"type": "library", "name": "axle", "version": "1.0.0", "purl": "pkg:cargo/axle@1.0.0", "bom-ref": "axle"},
            {"type": "library", "name": "wheel", "version": "1.0.2", "purl": "pkg:cargo/wheel@1.0.2", "bom-ref": "wheel"}],
        "dependencies": [{"ref": "web", "dependsOn": ["axle"]}, {"ref": "axle", "dependsOn": ["wheel"]}]})
    .to_string();
    let other = document(&[("other", "1.0.0")]);
    for (login, project, text) in [("alice", "web", &chain), ("charlie", "hut", &other)] {
        let session = place.session(login, PASSWORD).await;
        let token = place.api("POST", "/v1/tokens", &session, json!({"name": "ci", "scope": "upload"})).await.good();
        for id in ["7", "8"] {
            let meta = json!({"project": project, "release": "main", "run": {"provider": "github", "id": id, "attempt": 1}});
            place.upload(token["token"].as_str().unwrap(), meta, &[("Cargo.lock", text)]).await.good();
        }
    }
    place.raise("wheel", HOSTILE).await;
    place
}

impl Place {
    pub(super) async fn enter(&self, login: &str) -> String {
        self.sign_in(login, &PASSWORD.replace(' ', "+")).await.cookie()
    }

    /// Opens an alert about a package, with a fact by a stranger.
    async fn raise(&self, name: &'static str, stranger: &'static str) {
        let work = move |db: &mut crate::store::Db| -> Result<(), StoreError> {
            let id = package::table.filter(package::name.eq(name)).select(package::id).first(db)?;
            let fact = Fact {
                what: "owners".into(),
                then: "mferro".into(),
                now: stranger.into(),
                source: "https://packages.example".into(),
                at: 1_700_000_000_000,
            };
            let new = NewAlert {
                kind: Kind::Ownership,
                subject: format!("{name} (crates.io)"),
                episode: String::new(),
                package_id: Some(id),
                problem_id: None,
                versions: Vec::new(),
                severity: Severity::High,
                urgency: Urgency::Urgent,
                confirmed: false,
                headline: "its only owner was replaced".into(),
                todo: "Find out whether this is a hand-over.".into(),
                unknown: vec!["who made the change".into()],
                facts: vec![fact],
            };
            raise(db, &new, 1_763_900_000_000).map(drop)
        };
        self.services.store.write(work).await.unwrap();
    }

    /// The code of the first alert.
    pub(super) async fn code(&self) -> String {
        let read = self.services.store.read(|db| Ok(alerts::get(db, 1)?.code));
        read.await.unwrap()
    }

    async fn alerts(&self, login: &str) -> Value {
        let session = self.session(login, PASSWORD).await;
        self.api("GET", "/v1/alerts", &session, json!({})).await.good()
    }
}

#[actix_web::test]
async fn alerts_are_shown_to_those_whose_projects_they_concern() {
    let place = alerted().await;
    for login in ["alice", "bob"] {
        let items = place.alerts(login).await["items"].clone();
        assert_eq!(items.as_array().unwrap().len(), 1, "{items}");
        let item = &items[0];
        assert_eq!(item["package"], json!({"ecosystem": "crates.io", "name": "wheel"}));
        assert_eq!((&item["kind"], &item["severity"], &item["urgency"]), (&json!("ownership"), &json!("high"), &json!("urgent")));
        assert_eq!((&item["state"], &item["revision"], &item["confirmed"]), (&json!("open"), &json!(1), &json!(false)));
        assert_eq!((&item["facts"][0]["then"], &item["facts"][0]["at"]), (&json!("mferro"), &json!("2023-11-14T22:13:20Z")));
        let project = &item["projects"][0];
        assert_eq!(
            (&project["name"], &project["paths"], &project["runs"]),
            (&json!("web"), &json!(["via axle 1.0.0"]), &json!(2))
        );
        assert_eq!((&project["from"], &project["to"]), (&json!("2026-11-23T12:00:00Z"), &json!(null)));
        assert_eq!(item["projects"].as_array().unwrap().len(), 1);
    }
    assert_eq!(place.alerts("charlie").await["items"], json!([]));
    let (code, charlie) = (place.code().await, place.session("charlie", PASSWORD).await);
    for path in [format!("/v1/alerts/{code}"), "/v1/alerts/nothing".to_owned()] {
        assert_eq!(place.api("GET", &path, &charlie, json!({})).await.status, 404, "{path}");
    }
    assert_eq!(place.send("GET", "/v1/alerts", &[], "").await.status, 401);
    let charlies = place.enter("charlie").await;
    for path in [format!("/alerts/{code}"), format!("/a/{code}")] {
        assert_eq!(place.get(&path, &charlies).await.status, 404, "{path}");
    }
    let bob = place.enter("bob").await;
    let short = place.get(&format!("/a/{}", code.to_ascii_lowercase()), &bob).await;
    assert_eq!(short.status, 303);
    assert_eq!(place.get(short.header("location").unwrap(), &bob).await.status, 200);
}

#[actix_web::test]
async fn a_share_is_acknowledged_by_its_team_and_nobody_else() {
    let place = alerted().await;
    let id = place.alerts("bob").await["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/alerts/{id}/acknowledge");
    let charlie = place.session("charlie", PASSWORD).await;
    assert_eq!(place.api("POST", &path, &charlie, json!({})).await.status, 404);
    let bob = place.session("bob", PASSWORD).await;
    let made = place.api("POST", "/v1/tokens", &bob, json!({"name": "ci", "scope": "read"})).await.good();
    let reader = made["token"].as_str().unwrap();
    assert_eq!(place.api("POST", &path, reader, json!({})).await.status, 403, "a program acknowledges nothing");
    assert_eq!(place.api("GET", "/v1/alerts", reader, json!({})).await.good()["items"][0]["state"], "open");
    for _ in 0..2 {
        assert_eq!(place.api("POST", &path, &bob, json!({})).await.status, 204);
    }
    assert_eq!(place.alerts("alice").await["items"][0]["state"], "acknowledged");
    let one = place.api("GET", &format!("/v1/alerts/{id}"), &bob, json!({})).await.good();
    assert_eq!((&one["shares"][0]["team"], &one["shares"][0]["acknowledged_by"]), (&json!("harbour"), &json!("person:bob")));
    assert_eq!(one["revisions"][0]["kind"], "alert-opened");
    let cookie = place.enter("alice").await;
    let refused = place.form(&format!("/alerts/{id}/acknowledge"), &cookie, "csrf=wrong").await;
    assert_eq!(refused.status, 403, "a form of nobody's session");
}

#[actix_web::test]
async fn what_strangers_wrote_is_text_on_every_page() {
    let place = alerted().await;
    let bob = place.enter("bob").await;
    for path in ["/alerts".to_owned(), format!("/alerts/{}", place.code().await)] {
        let page = place.get(&path, &bob).await;
        assert_eq!(page.status, 200);
        for harm in ["<script>alert", "<img src=x", "\u{202e}"] {
            assert!(!page.text.contains(harm), "{path}: {}", page.text);
        }
    }
    let page = place.get(&format!("/alerts/{}", place.code().await), &bob).await;
    assert!(page.text.contains("via axle 1.0.0") && page.text.contains("github 7"), "{}", page.text);
    assert!(!csrf(&page).is_empty());
}

#[actix_web::test]
async fn the_list_is_filtered_and_a_wrong_word_is_told() {
    let place = alerted().await;
    let bob = place.session("bob", PASSWORD).await;
    for (asked, count) in [("state=open", 1), ("state=resolved", 0), ("urgency=urgent", 1), ("state=open&urgency=digest", 0)] {
        let found = place.api("GET", &format!("/v1/alerts?{asked}"), &bob, json!({})).await.good();
        assert_eq!(found["items"].as_array().unwrap().len(), count, "{asked}");
    }
    for wrong in ["state=odd", "urgency=now", "after=x", "limit=0"] {
        assert_eq!(place.api("GET", &format!("/v1/alerts?{wrong}"), &bob, json!({})).await.status, 400, "{wrong}");
    }
}
