//! Who may enter, and what errors look like.

use super::{csrf, place};
use serde_json::json;

#[actix_web::test]
async fn a_stranger_is_sent_to_sign_in() {
    let place = place().await;
    let page = place.get("/tokens?project=x", "").await;
    assert_eq!((page.status, page.header("location")), (303, Some("/sign-in?next=%2Ftokens%3Fproject%3Dx")));
    let answer = place.get("/v1/tokens", "").await;
    assert_eq!((answer.status, answer.header("content-type")), (401, Some("application/problem+json")));
    assert_eq!((answer.json()["title"].as_str(), answer.json()["status"].as_u64()), (Some("sign in first"), Some(401)));
    assert!(answer.header("www-authenticate").is_some());
}

#[actix_web::test]
async fn a_session_lets_in_until_it_is_ended() {
    let place = place().await;
    let entered = place.sign_in("Admin", &place.password).await;
    let cookie = entered.cookie();
    let whole = entered.header("set-cookie").unwrap();
    assert!(
        entered.status == 303 && whole.contains("HttpOnly") && whole.contains("SameSite=Lax") && whole.contains("Path=/"),
        "{whole}"
    );
    let page = place.get("/settings", &cookie).await;
    assert!(page.status == 200 && page.text.contains("Administrator"), "{}", page.text);
    assert_eq!(place.form("/sign-out", &cookie, "csrf=wrong").await.status, 403);
    assert_eq!(place.form("/sign-out", &cookie, &format!("csrf={}", csrf(&page))).await.status, 303);
    assert_eq!(place.get("/settings", &cookie).await.status, 303);
}

#[actix_web::test]
async fn a_session_ends_by_itself() {
    let place = place().await;
    let cookie = place.sign_in("admin", &place.password).await.cookie();
    place.clock.set("2026-11-24T11:00:00Z".parse().unwrap());
    assert_eq!(place.get("/settings", &cookie).await.status, 200);
    place.clock.set("2026-11-25T12:00:00Z".parse().unwrap());
    assert_eq!(place.get("/settings", &cookie).await.status, 303);
}

#[actix_web::test]
async fn guessing_is_stopped() {
    let place = place().await;
    for _ in 0..10 {
        assert_eq!(place.sign_in("admin", "wrong").await.status, 401);
    }
    let closed = place.sign_in("admin", &place.password).await;
    assert!(closed.status == 429 && closed.header("retry-after") == Some("900"), "{}", closed.text);
    place.clock.set("2026-11-23T12:15:01Z".parse().unwrap());
    assert_eq!(place.sign_in("admin", &place.password).await.status, 303);
}

#[actix_web::test]
async fn a_token_is_shown_once_and_can_be_revoked() {
    let place = place().await;
    let admin = place.session("admin", &place.password).await;
    let made = place.api("POST", "/v1/tokens", &admin, json!({"name": "ci", "scope": "read"})).await.good();
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    assert!(token.starts_with("bwt_") && made["team"] == "everyone", "{made}");
    let listed = place.api("GET", "/v1/tokens", &admin, json!({})).await;
    let secret = token.rsplit('_').next().unwrap();
    assert!(listed.text.contains(id) && !listed.text.contains(secret), "{}", listed.text);
    // A token is no person.
    assert_eq!(place.api("GET", "/v1/tokens", token, json!({})).await.status, 403);
    assert_eq!(place.api("DELETE", &format!("/v1/tokens/{id}"), &admin, json!({})).await.status, 204);
    assert_eq!(place.api("GET", "/v1/tokens", token, json!({})).await.status, 401);
}

#[actix_web::test]
async fn what_is_not_yours_does_not_exist() {
    let place = place().await;
    let admin = place.session("admin", &place.password).await;
    for (path, body) in [
        ("/v1/teams", json!({"name": "shop"})),
        ("/v1/people", json!({"login": "bob", "name": "Bob", "password": "bob knows this one", "teams": ["shop"]})),
        ("/v1/people", json!({"login": "charlie", "name": "Charlie", "password": "charlie knows this"})),
    ] {
        assert_eq!(place.api("POST", path, &admin, body).await.status, 201, "{path}");
    }
    let (bob, charlie) = (place.session("bob", "bob knows this one").await, place.session("charlie", "charlie knows this").await);
    let wish = json!({"name": "ci", "scope": "upload"});
    let made = place.api("POST", "/v1/tokens", &bob, wish.clone()).await.good();
    let path = format!("/v1/tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(place.api("DELETE", &path, &charlie, json!({})).await.status, 404);
    assert_eq!(place.api("POST", "/v1/tokens", &charlie, wish).await.status, 403);
    assert_eq!(place.api("POST", "/v1/projects", &bob, json!({"name": "web", "team": "everyone"})).await.status, 404);
    assert_eq!(place.api("POST", "/v1/projects", &bob, json!({"name": "web"})).await.status, 201);
    assert_eq!(place.api("POST", "/v1/projects", &bob, json!({"name": "web"})).await.status, 409);
    for (path, body) in [
        ("/v1/teams", json!({"name": "x"})),
        ("/v1/people", json!({"login": "x", "name": "x", "password": "some long password"})),
    ] {
        assert_eq!(place.api("POST", path, &bob, body).await.status, 403, "{path}");
    }
}

#[actix_web::test]
async fn a_cookie_alone_changes_nothing() {
    let place = place().await;
    let cookie = place.sign_in("admin", &place.password).await.cookie();
    let json_body = [("cookie", cookie.as_str()), ("content-type", "application/json")];
    assert_eq!(place.send("POST", "/v1/teams", &json_body, r#"{"name":"x"}"#).await.status, 403);
    let secret = csrf(&place.get("/settings", &cookie).await);
    let with_header = [json_body[0], json_body[1], ("x-csrf-token", secret.as_str())];
    assert_eq!(place.send("POST", "/v1/teams", &with_header, r#"{"name":"x"}"#).await.status, 201);
    let foreign = [json_body[0], ("sec-fetch-site", "cross-site")];
    assert_eq!(place.send("POST", "/settings/teams", &foreign, &format!("name=y&csrf={secret}")).await.status, 403);
}

#[actix_web::test]
async fn errors_have_their_shape() {
    let place = place().await;
    for (method, path, status) in [("GET", "/v1/nothing", 404), ("PATCH", "/v1/tokens", 405), ("POST", "/v1/sessions", 400)] {
        let answer = place.send(method, path, &[("content-type", "application/json")], "{").await;
        assert_eq!((answer.status, answer.header("content-type")), (status, Some("application/problem+json")), "{path}");
        assert_eq!(answer.json()["status"], status, "{path}");
    }
    let page = place.get("/nothing", "").await;
    assert!(page.status == 404 && page.text.contains("<h1>Not found</h1>"), "{}", page.text);
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'")));
}

#[actix_web::test]
async fn assets_are_asked_for_once() {
    let place = place().await;
    let first = place.get("/assets/icon.svg", "").await;
    let tag = first.header("etag").unwrap();
    let again = place.send("GET", "/assets/icon.svg", &[("if-none-match", tag)], "").await;
    assert_eq!((first.status, again.status, again.text.as_str()), (200, 304, ""));
    assert_eq!(place.get("/assets/../base.html", "").await.status, 404);
}

#[actix_web::test]
async fn machines_are_answered() {
    let place = place().await;
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(place.get(path, "").await.status, 200, "{path}");
    }
}
