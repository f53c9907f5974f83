//! Two traps in records of malicious packages, with what real ones say: ids, packages,
//! versions, ranges and times are those of ossf/malicious-packages (Apache-2.0, as of June
//! 2025); the rest of each record is left out.

use super::{House, house};
use crate::store::schema::event;
use diesel::prelude::*;
use serde_json::{Value, json};

/// A record of one package of npm, of which it lists versions.
fn record(id: &str, published: &str, name: &str, versions: &[&str]) -> Value {
    json!({"schema_version": "1.5.0", "id": id, "modified": published, "published": published,
        "summary": format!("Malicious code in {name} (npm)"),
        "affected": [{"package": {"ecosystem": "npm", "name": name}, "versions": versions}]})
}

/// Holds a package and brings a record about it.
async fn brought(house: &House, name: &str, held: &[&str], record: &Value) -> Vec<String> {
    house.hold_of(name, held).await;
    crate::rematch::drain(&house.fresh.services).await.expect("matched");
    house.brings(&[record.to_string()]).await;
    house.alerts().await
}

#[tokio::test]
async fn a_stolen_release_flags_its_versions_and_no_other() {
    let house = house();
    house.brings(&[]).await;
    let mut maplibre = record("MAL-2024-12000", "2025-02-03T18:38:40Z", "maplibre", &["2.4.0", "2.4.1"]);
    maplibre["aliases"] = json!(["GHSA-8jhv-2jfg-jff6", "SNYK-JS-MAPLIBRE-8536177"]);
    // One of its sources knew the package alone.
    maplibre["affected"][0]["ranges"] = json!([{"type": "SEMVER", "events": [{"introduced": "0"}]}]);
    let told = brought(&house, "maplibre", &["2.3.0", "2.4.0", "2.4.1", "2.4.2"], &maplibre).await;
    assert_eq!(told, [r#"malicious open malicious urgent 1 ["2.4.0","2.4.1"]"#]);
    let (_, open, ..) = house.known().await;
    assert_eq!(open, 2, "two versions and no more");
}

#[tokio::test]
async fn what_is_withdrawn_is_taken_back_and_stays_in_the_history() {
    let house = house();
    house.brings(&[]).await;
    let mut add_two = record("MAL-2024-1731", "2024-06-25T12:22:38Z", "add-two", &["2.0.1"]);
    let told = brought(&house, "add-two", &["2.0.1"], &add_two).await;
    assert_eq!(told, [r#"malicious open malicious urgent 1 ["2.0.1"]"#]);
    add_two["modified"] = json!("2024-07-01T05:16:00Z");
    add_two["withdrawn"] = json!("2024-07-01T05:16:00Z");
    house.brings(&[add_two.to_string()]).await;
    assert!(house.alerts().await[0].starts_with("malicious retracted"), "{:?}", house.alerts().await);
    assert_eq!(house.known().await.1, 0, "no match is left");
    let kinds = |db: &mut crate::store::Db| Ok(event::table.order(event::id).select(event::kind).load::<String>(db)?);
    let kinds = house.fresh.services.store.read(kinds).await.expect("events");
    assert_eq!(kinds, ["finding-new", "alert-opened", "alert-retracted", "finding-gone"]);
}
