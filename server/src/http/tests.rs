//! The routes in process, on an SQLite file.

mod alerts;
mod entering;
mod feeds;
mod links;
mod packages;
mod records;
mod triage;
mod uploads;
mod vex;

use super::Site;
use crate::auth::first_run;
use crate::auth::password::Passwords;
use crate::clock::SteppedClock;
use crate::config::{Config, UploadLimits};
use crate::services::Services;
use crate::store::Address;
use actix_web::App;
use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service};
use bom::reading::Limits;
use serde_json::{Value, json};
use std::sync::Arc;

/// Small, so that a test can pass them.
const LIMITS: UploadLimits = UploadLimits { bytes: 64 << 10, documents: 3, reading: Limits::DEFAULT };

/// A server without a socket, with its administrator.
struct Place {
    services: Services,
    clock: SteppedClock,
    password: String,
    _folder: tempfile::TempDir,
}

/// What came back.
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The body of an answer that is no error.
    fn good(&self) -> Value {
        assert!(self.status < 300, "{} {}", self.status, self.text);
        self.json()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    fn cookie(&self) -> String {
        self.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap_or("").to_owned()
    }
}

async fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let clock = SteppedClock::new("2026-11-23T12:00:00Z".parse().unwrap());
    let address = Address::Sqlite(folder.path().join("b.db").display().to_string());
    let config = Config { data: folder.path().to_owned(), database: address, limits: LIMITS, ..Config::default() };
    let services = Services::open(config, Arc::new(clock.clone())).unwrap();
    let first = first_run::ensure_administrator(&services, &Passwords::default()).await.unwrap().unwrap();
    Place { services, clock, password: first.password, _folder: folder }
}

impl Place {
    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let site = Site::new(self.services.clone());
        let app = init_service(App::new().configure(|config| site.configure(config))).await;
        let mut request = TestRequest::with_uri(path).method(Method::from_bytes(method.as_bytes()).unwrap());
        for header in headers {
            request = request.insert_header(*header);
        }
        let response = call_service(&app, request.set_payload(body.to_owned()).to_request()).await;
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body()).await.unwrap_or_default();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send("GET", path, &[("cookie", cookie)], "").await
    }

    async fn form(&self, path: &str, cookie: &str, body: &str) -> Answer {
        self.send("POST", path, &[("cookie", cookie), ("content-type", "application/x-www-form-urlencoded")], body).await
    }

    async fn api(&self, method: &str, path: &str, bearer: &str, body: Value) -> Answer {
        let authorization = format!("Bearer {bearer}");
        self.send(method, path, &[("authorization", &authorization), ("content-type", "application/json")], &body.to_string())
            .await
    }

    async fn sign_in(&self, login: &str, password: &str) -> Answer {
        self.form("/sign-in", "", &format!("login={login}&password={password}")).await
    }

    async fn session(&self, login: &str, password: &str) -> String {
        let answer = self.api("POST", "/v1/sessions", "", json!({"login": login, "password": password}));
        answer.await.good()["session"].as_str().unwrap().to_owned()
    }
}

fn csrf(page: &Answer) -> String {
    let after = page.text.split("name=\"csrf\" value=\"").nth(1).expect("a form");
    after.split('"').next().unwrap().to_owned()
}
