//! The little of the WebDriver protocol (a W3C Recommendation: JSON over HTTP)
//! that a person's doings on a page need: go, find, read, write, click, look.

use crate::web;
use anyhow::{Context as _, Result, anyhow};
use base64::Engine as _;
use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::{Value, json};

/// The key under which an answer names an element, fixed by the specification (section 12).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// One browser window that a driver has opened.
pub struct Session {
    client: Client,
    base: String,
}

/// How an element is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By<'a> {
    /// A CSS selector.
    Css(&'a str),
    /// The whole text of a link.
    Link(&'a str),
}

/// What was found is no longer on the page: another page came since.
#[derive(Debug)]
pub struct Gone(String);

impl std::fmt::Display for Gone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Gone {}

impl Session {
    /// Asks the driver at `driver` for a window with these capabilities.
    ///
    /// # Errors
    /// With the driver's words, when the browser does not start.
    pub fn open(driver: &str, capabilities: &Value) -> Result<Self> {
        let client = web::client().build().context("no HTTP client")?;
        let mut session = Self { client, base: driver.to_owned() };
        let opened = session.ask(Method::POST, "/session", &json!({ "capabilities": { "alwaysMatch": capabilities } }))?;
        let id = opened["sessionId"].as_str().context("the driver names no session")?;
        session.base = format!("{driver}/session/{id}");
        Ok(session)
    }

    /// Loads a page and waits for it.
    ///
    /// # Errors
    /// When it does not load.
    pub fn go(&self, url: &str) -> Result<()> {
        self.ask(Method::POST, "/url", &json!({ "url": url })).map(|_| ())
    }

    /// The address of the page.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn url(&self) -> Result<String> {
        let url = self.ask(Method::GET, "/url", &Value::Null)?;
        Ok(url.as_str().unwrap_or_default().to_owned())
    }

    /// The elements that are there now.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub fn find(&self, by: By<'_>) -> Result<Vec<String>> {
        let (using, value) = match by {
            By::Css(selector) => ("css selector", selector),
            By::Link(text) => ("link text", text),
        };
        let found = self.ask(Method::POST, "/elements", &json!({ "using": using, "value": value }))?;
        let ids = found.as_array().into_iter().flatten().filter_map(|element| element[ELEMENT].as_str());
        Ok(ids.map(str::to_owned).collect())
    }

    /// The text of an element as a person sees it.
    ///
    /// # Errors
    /// When the element is no longer there.
    pub fn text(&self, element: &str) -> Result<String> {
        let text = self.ask(Method::GET, &format!("/element/{element}/text"), &Value::Null)?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Clicks an element.
    ///
    /// # Errors
    /// When it cannot be clicked.
    pub fn click(&self, element: &str) -> Result<()> {
        self.ask(Method::POST, &format!("/element/{element}/click"), &json!({})).map(|_| ())
    }

    /// Writes into a field, in place of what is there.
    ///
    /// # Errors
    /// When it takes no text.
    pub fn write(&self, element: &str, text: &str) -> Result<()> {
        self.ask(Method::POST, &format!("/element/{element}/clear"), &json!({}))?;
        self.ask(Method::POST, &format!("/element/{element}/value"), &json!({ "text": text })).map(|_| ())
    }

    /// A picture of the window, as PNG.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn picture(&self) -> Result<Vec<u8>> {
        let coded = self.ask(Method::GET, "/screenshot", &Value::Null)?;
        let coded = coded.as_str().unwrap_or_default();
        base64::engine::general_purpose::STANDARD.decode(coded).context("the picture is damaged")
    }

    /// What an expression of JavaScript is on the open page.
    ///
    /// # Errors
    /// When the page runs no scripts, or the expression fails.
    pub fn value(&self, expression: &str) -> Result<Value> {
        self.ask(Method::POST, "/execute/sync", &json!({"script": format!("return {expression};"), "args": []}))
    }

    fn ask(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if !body.is_null() {
            request = request.json(body);
        }
        let mut answer: Value =
            request.send().context("the driver does not answer")?.json().context("the driver speaks no JSON")?;
        if let Some(error) = answer["value"]["error"].as_str() {
            let words = answer["value"]["message"].as_str().unwrap_or_default();
            let words = words.lines().next().unwrap_or_default();
            return Err(if error == "stale element reference" {
                Gone(words.to_owned()).into()
            } else {
                anyhow!("{error}: {words}")
            });
        }
        Ok(answer["value"].take())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _closed_or_gone = self.client.delete(&self.base).send();
    }
}
