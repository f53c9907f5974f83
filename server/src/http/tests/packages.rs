//! A package's page and `/v1/packages`: what registries say of it, however hostile.

use super::{Place, place};
use crate::store::registries::{Belief, Decision, decide};
use crate::store::schema::watched::dsl as kept;
use crate::store::watched::{self, Looked};
use crate::store::{Db, StoreError, components, inventory, registries, teams, uploads, viewer::Viewer};
use bom::ask::Fact;
use bom::ecosystem::Ecosystem;
use bom::inventory::{Flags, Identity};
use bom::origin::Origin;
use bom::plain::plain;
use bom::snapshot::{Owner, Release, Snapshot};
use bom::watched::Watched;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const HOSTILE: &str = "<script>alert(1)</script>\u{202e}<img src=x onerror=alert(2)>";

/// A project of everyone that holds `wheel`, of which a registry says what is hostile.
async fn watched_wheel(place: &Place) {
    let owner = Owner { id: "user:1".into(), login: plain(HOSTILE), ..Owner::default() };
    let release = Release { version: "1.0.0".into(), publisher_login: Some(plain(HOSTILE)), ..Release::default() };
    let (owners, versions) = (Fact::Known(vec![owner]), Fact::Known(vec![release]));
    let repository = Fact::Known("javascript:alert(3)".to_owned());
    let snapshot = Snapshot { owners, versions, repository, ..Snapshot::default() };
    let first = Watched::first(&snapshot, "2026-11-23T11:00:00Z".parse().unwrap());
    place.services.store.write(move |db| keep(db, &first)).await.unwrap();
}

fn keep(db: &mut Db, first: &Watched) -> Result<(), StoreError> {
    let (ecosystem, _) = Ecosystem::of_osv("crates.io").unwrap();
    let team = teams::find(db, &Viewer::server(), "everyone")?.unwrap();
    uploads::project(db, team.id, "web", 0)?;
    let identity = Identity {
        ecosystem: ecosystem.code,
        name: "wheel".into(),
        version: "1.0.0".into(),
        qualifiers: String::new(),
        origin: Origin::Authority,
    };
    let resolved = components::resolve(db, &[&identity], 0)?;
    inventory::hold(db, 1, 1, &resolved.ids.values().map(|id| (*id, Flags(0))).collect::<BTreeMap<_, _>>())?;
    let packages: BTreeSet<i64> = resolved.packages.values().copied().collect();
    inventory::remember_team(db, team.id, &packages)?;
    let address = "https://packages.example".to_owned();
    let decision = Decision {
        ecosystem,
        address,
        protocol: "crates",
        resolve: true,
        contact: true,
        believe: Some(Belief::Authority),
        endpoints: Vec::new(),
    };
    decide(db, &decision, "person:alice", 0)?;
    let registry = registries::asked(db)?.remove(0);
    assert_eq!(watched::enrol(db, &registry)?, 1);
    let doubtful = Some(HOSTILE);
    let looked = Looked { watched: Some(first), owners: true, doubtful, next_at: 1 };
    watched::keep(db, *packages.first().unwrap(), &looked, 1_700_000_000_000)
}

#[actix_web::test]
async fn what_a_registry_says_is_text_and_nothing_else() {
    let place = place().await;
    watched_wheel(&place).await;
    let cookie = place.sign_in("admin", &place.password).await.cookie();
    let page = place.get("/packages?ecosystem=crates.io&name=wheel", &cookie).await;
    assert_eq!(page.status, 200);
    for harm in ["<script>alert", "<img src=x", "\u{202e}", "javascript:"] {
        assert!(!page.text.contains(harm), "{harm}: {}", page.text);
    }
    assert!(page.text.contains("alert(1)") && page.text.contains("Owners last confirmed"), "{}", page.text);
    for name in ["x".repeat(10_000), "gnp%E2%80%AE.exe".to_owned()] {
        let page = place.get(&format!("/packages?ecosystem=crates.io&name={name}"), &cookie).await;
        assert!(page.status == 200 && page.text.contains("not watched"));
    }
}

#[actix_web::test]
async fn owners_are_shown_with_source_and_age_to_who_holds_the_package() {
    let place = place().await;
    watched_wheel(&place).await;
    let admin = place.session("admin", &place.password).await;
    let person = json!({"login": "charlie", "name": "Charlie", "password": "charlie knows this"});
    place.api("POST", "/v1/people", &admin, person).await.good();
    let path = "/v1/packages?ecosystem=crates.io&name=wheel";
    let known = place.api("GET", path, &admin, json!({})).await.good();
    assert_eq!(known["watch"]["registry"], "https://packages.example");
    assert_eq!(known["watch"]["owners_at"], "2023-11-14T22:13:20Z");
    let owner = &known["watch"]["owners"][0];
    assert_eq!((&owner["id"], &owner["from"]["source"], &owner["to"]), (&json!("user:1"), &json!("first-sight"), &json!(null)));
    let charlie = place.session("charlie", "charlie knows this").await;
    assert_eq!(place.api("GET", path, &charlie, json!({})).await.good()["watch"], json!(null));
}

/// What makes `what_a_registry_says_is_text_and_nothing_else` meet the error, too.
#[actix_web::test]
async fn an_error_is_kept_as_plain_text() {
    use diesel::prelude::*;
    let place = place().await;
    watched_wheel(&place).await;
    let read = place.services.store.read(|db| Ok(kept::watched.select(kept::last_error).first::<Option<String>>(db)?));
    assert!(read.await.unwrap().is_some_and(|kept| kept.contains("alert(1)") && !kept.contains('\u{202e}')));
}
