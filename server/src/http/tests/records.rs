//! The records that are handed out to whoever keeps a copy.

use super::{Place, place};
use serde_json::{Value, json};

fn record(id: &str, year: u16) -> Value {
    json!({"id": id, "modified": format!("{year}-01-01T00:00:00Z"), "details": "two\nlines", "affected": [
        {"package": {"ecosystem": "npm", "name": "left"}, "versions": ["1.0.0"]}]})
}

impl Place {
    async fn publish(&self, records: &[Value]) {
        // As published: over several lines.
        let read = |said: &Value| crate::advisories::read(&serde_json::to_vec_pretty(said).unwrap()).unwrap();
        crate::advisories::store(&self.services, "osv", records.iter().map(read).collect()).await.unwrap();
    }

    /// The records' ids, and what to ask for next.
    async fn records(&self, bearer: &str, since: &str) -> (Vec<Value>, String) {
        let answer = self.api("GET", &format!("/v1/advisory-records?since={since}"), bearer, Value::Null).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/x-ndjson")), "{}", answer.text);
        let lines = answer.text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        (lines.collect(), answer.header("bomwarden-next").unwrap().to_owned())
    }
}

#[actix_web::test]
async fn records_come_as_published_and_then_what_changed() {
    let place = place().await;
    let token = place.token("read").await;
    assert_eq!(place.records(&token, "").await, (vec![], "0".to_owned()));
    let many: Vec<Value> = (0..1201).map(|n| record(&format!("X-{n:04}"), 2024)).collect();
    place.publish(&many).await;
    let (all, next) = place.records(&token, "").await;
    assert!(all == many, "{} over several pages, each once, as published", all.len());
    place.clock.set("2026-11-23T13:00:00Z".parse().unwrap());
    place.publish(&[record("X-0007", 2025), record("Y-1", 2024), record("X-0008", 2024)]).await;
    let (_, next) = place.records(&token, &next).await;
    let (changed, _) = place.records(&token, &next).await;
    assert_eq!(changed, [record("X-0007", 2025), record("Y-1", 2024)]);
}

#[actix_web::test]
async fn records_are_for_readers() {
    let place = place().await;
    place.publish(&[record("X-1", 2024)]).await;
    let uploader = place.token("upload").await;
    let admin = place.session("admin", &place.password).await;
    for (bearer, path, status) in [
        (admin.as_str(), "/v1/advisory-records", 200),
        (&uploader, "/v1/advisory-records", 403),
        ("bwt_0000_0000", "/v1/advisory-records", 401),
        (&admin, "/v1/advisory-records?since=yesterday", 400),
    ] {
        assert_eq!(place.api("GET", path, bearer, Value::Null).await.status, status, "{path}");
    }
    assert_eq!(place.send("GET", "/v1/advisory-records", &[], "").await.status, 401);
}
