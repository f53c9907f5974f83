//! Uploads: what is taken in, and what is refused before it is read.

use super::{Answer, LIMITS, Place, place};
use serde_json::{Value, json};

/// A CycloneDX document of these crates.
pub fn document(components: &[(&str, &str)]) -> String {
    let components: Vec<Value> = components
        .iter()
        .map(|(name, version)| json!({"type": "library", "name": name, "version": version, "purl": format!("pkg:cargo/{name}@{version}")}))
        .collect();
    json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}).to_string()
}

impl Place {
    /// Uploads documents, each to the slot beside it.
    pub async fn upload(&self, token: &str, meta: Value, documents: &[(&str, &str)]) -> Answer {
        let mut meta = meta;
        meta["documents"] =
            documents.iter().enumerate().map(|(i, (slot, _))| json!({"part": format!("d{i}"), "slot": slot})).collect();
        let mut body = part("meta", &meta.to_string());
        for (i, (_, text)) in documents.iter().enumerate() {
            body.push_str(&part(&format!("d{i}"), text));
        }
        body.push_str("--cut--\r\n");
        self.multipart(token, &body).await
    }

    async fn multipart(&self, token: &str, body: &str) -> Answer {
        let authorization = format!("Bearer {token}");
        let headers = [("authorization", authorization.as_str()), ("content-type", "multipart/form-data; boundary=cut")];
        self.send("POST", "/v1/uploads", &headers, body).await
    }

    /// A token of the team `everyone`.
    pub async fn token(&self, scope: &str) -> String {
        let admin = self.session("admin", &self.password).await;
        let made = self.api("POST", "/v1/tokens", &admin, json!({"name": "ci", "scope": scope})).await.good();
        made["token"].as_str().unwrap().to_owned()
    }
}

fn part(name: &str, text: &str) -> String {
    format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
}

#[actix_web::test]
async fn an_upload_is_accepted_once() {
    let place = place().await;
    let token = place.token("upload").await;
    let text = document(&[("serde", "1.0.0"), ("time", "0.1.0")]);
    let meta = json!({"project": "web", "release": "main", "run": {"provider": "github", "id": "7", "attempt": 1}});
    let first = place.upload(&token, meta.clone(), &[("Cargo.lock", &text)]).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let receipt = first.json();
    assert_eq!((&receipt["slots"][0]["state"], &receipt["slots"][0]["components"]), (&json!("new"), &json!(2)));
    let url = receipt["url"].as_str().unwrap();
    assert!(url.starts_with("http://localhost:8080/projects/"), "{url}");
    let again = place.upload(&token, meta, &[("Cargo.lock", &text)]).await;
    assert_eq!((again.status, again.json()["upload"].clone()), (200, receipt["upload"].clone()), "{}", again.text);
}

#[actix_web::test]
async fn a_document_is_judged() {
    let place = place().await;
    let token = place.token("upload").await;
    let text = document(&[("serde", "1.0.0"), ("time", "0.1.0")]);
    let sent = place.upload(&token, json!({"project": "web", "release": "main"}), &[("Cargo.lock", &text)]).await.good();
    let slot = &sent["slots"][0];
    let missing = |quality: &Value| {
        let elements = quality["elements"].as_array().unwrap().iter();
        elements.filter(|one| one["verdict"] == "missing").map(|one| one["element"].clone()).collect::<Vec<_>>()
    };
    let expected = ["author", "timestamp", "subject", "supplier", "licence", "hash"];
    assert_eq!(missing(&slot["quality"]), expected, "{slot}");
    let id = slot["document"].as_str().unwrap();
    let admin = place.session("admin", &place.password).await;
    let report = place.api("GET", &format!("/v1/documents/{id}/report"), &admin, json!({})).await.good();
    assert_eq!((&report["quality"], &report["format"]), (&slot["quality"], &json!("CycloneDX 1.6")));
    assert_eq!(report["offences"], json!(["no strict reader knows CycloneDX 1.6 in this syntax"]));
    assert_eq!(place.api("GET", "/v1/documents/none/report", &admin, json!({})).await.status, 404);
    let cookie = place.sign_in("admin", &place.password).await.cookie();
    let page = place.get(&format!("/documents/{id}"), &cookie).await;
    assert!(page.status == 200 && page.text.contains("none of 2 has a supplier or an author"), "{}", page.text);
    assert_eq!(place.get(&format!("/documents/{id}"), "").await.status, 303, "nobody sees it");
}

#[actix_web::test]
async fn bad_uploads_are_told_what_is_wrong() {
    let place = place().await;
    let token = place.token("upload").await;
    let meta = json!({"project": "web", "release": "main"}).to_string();
    let whole = r#"{"project":"web","release":"main","documents":[{"part":"d0","slot":"a"}]}"#;
    for (body, status, says) in [
        (part("meta", &meta) + "--cut--\r\n", 400, "missing field `documents`"),
        (part("d0", "{}") + "--cut--\r\n", 400, "the part `meta` is missing"),
        (part("meta", whole) + "--cut--\r\n", 400, "names the part `d0`"),
        (part("meta", whole) + &part("d0", "{}") + &part("d1", "{}") + "--cut--\r\n", 400, "says nothing of the part `d1`"),
        (part("meta", whole) + &part("d0", "{}") + &part("d0", "{}") + "--cut--\r\n", 400, "comes twice"),
        (part("meta", whole) + &part("d0", "not an SBOM") + "--cut--\r\n", 422, "`a`"),
        (part("meta", whole) + &part("d0", "{}"), 400, "no whole `multipart/form-data`"),
        ("rubbish".to_owned(), 400, "no whole `multipart/form-data`"),
    ] {
        let answer = place.multipart(&token, &body).await;
        let said = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(answer.status == status && said.contains(says), "{} {said}; wanted {says}", answer.status);
    }
    let reader = place.token("read").await;
    assert_eq!(place.multipart(&reader, "").await.status, 403);
    assert_eq!(place.multipart("bwt_x", "").await.status, 401);
}

#[actix_web::test]
async fn what_is_too_large_is_refused() {
    let place = place().await;
    let token = place.token("upload").await;
    let meta = json!({"project": "web", "release": "main"});
    let (fits, large) = (document(&[("serde", "1.0.0")]), " ".repeat(LIMITS.bytes + 1));
    for (documents, status) in [
        (vec![("a", fits.as_str()), ("b", &fits), ("c", &fits)], 201),
        (vec![("a", fits.as_str()), ("b", &fits), ("c", &fits), ("d", &fits)], 413),
        (vec![("a", fits.as_str()), ("b", &large)], 413),
    ] {
        let answer = place.upload(&token, meta.clone(), &documents).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    let answer = place.multipart(&token, &" ".repeat(6 << 20)).await;
    assert!(answer.status == 413 && answer.text.contains("limits.upload_bytes"), "{}", answer.text);
}
