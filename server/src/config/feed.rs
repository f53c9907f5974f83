//! One feed of advisories, as `[[feed]]` describes it, and how often things are done.

use super::{Secret, outbound, units};
use chrono::{DateTime, Utc};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedConfig {
    /// Its name.
    pub name: String,
    /// The feed plug-in that reads it.
    pub kind: String,
    /// A folder, a file or a web address.
    pub from: String,
    /// How often it is fetched.
    pub every: Rhythm,
    /// How long to wait between two pages of one fetch.
    pub pause: Duration,
    /// What its source knows us by, where it asks for that.
    pub key: Secret,
}

impl Default for FeedConfig {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: "osv".to_owned(),
            from: String::new(),
            every: Rhythm::Every(Duration::from_secs(15 * 60)),
            pause: Duration::from_secs(6),
            key: Secret::default(),
        }
    }
}

impl FeedConfig {
    /// Whether it is fetched over the network.
    pub fn is_remote(&self) -> bool {
        is_web(&self.from)
    }
}

/// How often something is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Rhythm {
    /// Every so often.
    Every(Duration),
    /// At the times of a cron expression of five fields.
    Cron(Box<croner::Cron>),
}

impl Rhythm {
    /// Reads `6h` or `15 4 * * *`.
    ///
    /// # Errors
    /// A sentence on what it is not.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(span) = units::span(text) {
            return Ok(Self::Every(span));
        }
        if text.split_whitespace().count() != 5 {
            return Err("a span of time (`6h`) or five fields of cron (`15 4 * * *`) were expected".to_owned());
        }
        croner::Cron::from_str(text)
            .map(|cron| Self::Cron(Box::new(cron)))
            .map_err(|error| format!("not a cron expression: {error}"))
    }

    /// The next time after this one; `None` for a cron expression that never comes.
    pub fn after(&self, time: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Every(span) => time.checked_add_signed(chrono::TimeDelta::from_std(*span).ok()?),
            Self::Cron(cron) => cron.find_next_occurrence(&time, false).ok(),
        }
    }
}

impl fmt::Display for Rhythm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(span) => out.write_str(&units::show_duration(*span)),
            Self::Cron(cron) => out.write_str(cron.as_str()),
        }
    }
}

pub(super) fn name(text: &str) -> Result<String, String> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    if text.is_empty() || text.len() > 64 || !text.chars().all(good) {
        return Err(format!("`{text}` is no name; use at most 64 lower-case letters, digits, `.`, `-` and `_`"));
    }
    Ok(text.to_owned())
}

pub(super) fn from(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("it is empty; name a folder, a file or a web address".to_owned());
    }
    if is_web(text) {
        return outbound::web_address(text).map(|url| url.to_string());
    }
    match text.split_once("://") {
        Some((scheme, _)) => Err(format!("`{scheme}` is no scheme that a feed is fetched by; use `https`, `http` or a path")),
        None => Ok(text.to_owned()),
    }
}

fn is_web(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}
