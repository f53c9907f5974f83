//! Feeds are for everybody who is signed in to see; a full re-check is an
//! administrator's to ask for.

use super::{csrf, place};
use serde_json::{Value, json};

#[actix_web::test]
async fn feeds_are_seen_by_all_and_rechecks_asked_for_by_administrators() {
    let place = place().await;
    let begin = |db: &mut crate::store::Db| {
        let feed = crate::store::feeds::at(db, "kev", "osv", "/srv/kev")?;
        crate::store::feeds::failed(db, feed.id, "`all.zip`: it is empty", 1)
    };
    place.services.store.write(begin).await.unwrap();
    let admin = place.session("admin", &place.password).await;
    let charlie = json!({"login": "charlie", "name": "Charlie", "password": "charlie knows this"});
    place.api("POST", "/v1/people", &admin, charlie).await.good();
    let charlie = place.session("charlie", "charlie knows this").await;
    let feeds = place.api("GET", "/v1/feeds", &charlie, Value::Null).await.good();
    let feed = &feeds["items"][0];
    assert_eq!(
        (&feed["name"], &feed["failures"], &feed["last_error"]),
        (&json!("kev"), &json!(1), &json!("`all.zip`: it is empty"))
    );
    let cookie = place.sign_in("charlie", "charlie knows this").await.cookie();
    let page = place.get("/feeds", &cookie).await;
    assert!(page.text.contains("failed 1 time") && !page.text.contains("Check everything now"), "{}", page.text);
    assert_eq!(place.api("POST", "/v1/rechecks", &charlie, Value::Null).await.status, 403);
    let wrong = place.form("/feeds/recheck", &cookie, &format!("csrf={}", csrf(&page))).await;
    assert_eq!(wrong.status, 403);
    assert_eq!(place.api("POST", "/v1/rechecks", &admin, Value::Null).await.status, 202);
    let cookie = place.sign_in("admin", &place.password).await.cookie();
    let page = place.get("/feeds", &cookie).await;
    assert_eq!(place.form("/feeds/recheck", &cookie, "csrf=wrong").await.status, 403);
    assert_eq!(place.form("/feeds/recheck", &cookie, &format!("csrf={}", csrf(&page))).await.status, 303);
    assert_eq!(place.services.wake.asked().await.into_iter().collect::<Vec<_>>(), ["recheck"]);
    assert_eq!(place.send("GET", "/v1/feeds", &[], "").await.status, 401);
}
