//! Somebody who asks the server over HTTP: with a session, with a token, or
//! with nothing.

use crate::web;
use anyhow::{Context as _, Result, ensure};
use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};

/// A caller of the server at one address.
#[derive(Clone)]
pub struct Api {
    client: Client,
    base: String,
    bearer: Option<String>,
}

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The media type, without parameters.
    pub kind: String,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON, after making sure of the status.
    ///
    /// # Errors
    /// With the whole answer, when the status is another.
    pub fn must(&self, status: u16) -> Result<Value> {
        ensure!(self.status == status, "the server answers {} instead of {status}: {}", self.status, self.text());
        Ok(self.json())
    }

    /// Makes sure that this is an error of the promised shape (RFC 9457) that says `words`.
    ///
    /// # Errors
    /// With the whole answer, when it is not.
    pub fn must_be_problem(&self, status: u16, words: &str) -> Result<()> {
        let problem = self.must(status)?;
        ensure!(self.kind == "application/problem+json", "an error comes as `{}`: {}", self.kind, self.text());
        ensure!(problem["status"] == json!(status) && problem["title"].is_string(), "no problem JSON: {problem}");
        let detail = problem["detail"].as_str().unwrap_or_default();
        ensure!(detail.contains(words), "`{words}` is not in `{detail}`");
        Ok(())
    }
}

impl Api {
    /// Somebody without a session or token.
    ///
    /// # Errors
    /// When there can be no HTTP client.
    pub fn nobody(base: &str) -> Result<Self> {
        Ok(Self { client: web::client().build().context("no HTTP client")?, base: base.to_owned(), bearer: None })
    }

    /// The same caller with a session or a token.
    pub fn with(&self, bearer: &str) -> Self {
        Self { bearer: Some(bearer.to_owned()), ..self.clone() }
    }

    /// The session or token.
    pub fn bearer(&self) -> &str {
        self.bearer.as_deref().unwrap_or_default()
    }

    /// Signs in and gives the caller with that session.
    ///
    /// # Errors
    /// When login and password are refused.
    pub fn sign_in(&self, login: &str, password: &str) -> Result<Self> {
        let begun = self.post("/v1/sessions", &json!({ "login": login, "password": password }))?.must(201)?;
        Ok(self.with(begun["session"].as_str().context("the answer names no session")?))
    }

    /// Asks for a path.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn get(&self, path: &str) -> Result<Answer> {
        self.send(self.request(Method::GET, path))
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(self.request(Method::POST, path).json(body))
    }

    /// Every item of a list, through all its pages of `limit` items.
    ///
    /// # Errors
    /// When an answer is not a page of a list.
    pub fn all(&self, path: &str, limit: usize) -> Result<Vec<Value>> {
        let mut items = Vec::new();
        let mut after = String::new();
        for _ in 0..10_000 {
            let join = if path.contains('?') { '&' } else { '?' };
            let page = self.get(&format!("{path}{join}limit={limit}{after}"))?.must(200)?;
            items.extend(page["items"].as_array().with_context(|| format!("{path} is no list: {page}"))?.iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return Ok(items),
            }
        }
        anyhow::bail!("{path} has no last page")
    }

    /// Uploads documents, each to its slot, as `meta` says otherwise.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn upload(&self, meta: &Value, documents: &[(&str, Vec<u8>)]) -> Result<Answer> {
        let mut meta = meta.clone();
        let part = |n: usize| format!("doc{n}");
        let places = documents.iter().enumerate().map(|(n, (slot, _))| json!({ "part": part(n), "slot": slot }));
        meta["documents"] = Value::Array(places.collect());
        let mut form = Form::new().part("meta", Part::text(meta.to_string()).mime_str("application/json")?);
        for (n, (_, bytes)) in documents.iter().enumerate() {
            let file = Part::bytes(bytes.clone()).file_name(format!("{n}.cdx.json")).mime_str("application/json")?;
            form = form.part(part(n), file);
        }
        self.send(self.request(Method::POST, "/v1/uploads").multipart(form))
    }

    /// A request of this caller, to be filled by a test.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        match &self.bearer {
            Some(bearer) => request.bearer_auth(bearer),
            None => request,
        }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub fn send(&self, request: RequestBuilder) -> Result<Answer> {
        let response = request.send().context("the server does not answer")?;
        let status = response.status().as_u16();
        let kind = response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().to_owned();
        let bytes = response.bytes().context("the answer breaks off")?.to_vec();
        Ok(Answer { status, kind, bytes })
    }
}
