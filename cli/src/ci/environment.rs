//! The variables of a process, read with care: they were set by whoever wrote
//! the pull request as much as by the CI system.

use crate::git::is_commit;
use bom::origin::clean_address;
use chrono::{DateTime, Utc};

/// Longest value that is taken, in bytes; longer ones are as good as unset.
const LONGEST: usize = 1024;

/// The variables of a process.
pub struct Environment<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Environment<'a> {
    /// The variables that `get` answers.
    pub fn new(get: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { get }
    }

    /// A value; empty, long and unprintable ones are as good as unset.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = (self.get)(name)?;
        let value = value.trim();
        let fit = !value.is_empty() && value.len() <= LONGEST && !value.chars().any(char::is_control);
        fit.then(|| value.to_owned())
    }

    /// The first of several that is set.
    pub fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.text(name))
    }

    /// Whether it is set at all.
    pub fn has(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    /// Whether it is set to a word for yes.
    pub fn yes(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "true" | "1" | "yes"))
    }

    /// A web address without secrets.
    pub fn address(&self, name: &str) -> Option<String> {
        self.text(name).and_then(|value| web_address(&value))
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.text(name).and_then(|value| value.parse().ok())
    }

    /// A commit's hash.
    pub fn commit(&self, name: &str) -> Option<String> {
        self.text(name).filter(|value| is_commit(value))
    }

    /// A time in RFC 3339, the looser spelling with a blank, or seconds since 1970.
    pub fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        let value = self.text(name)?;
        if let Ok(seconds) = value.parse::<i64>() {
            return DateTime::from_timestamp(seconds, 0);
        }
        DateTime::parse_from_rfc3339(&value)
            .or_else(|_| DateTime::parse_from_str(&value, "%Y-%m-%d %H:%M:%S%:z"))
            .ok()
            .map(|time| time.with_timezone(&Utc))
    }
}

/// An `http` or `https` address without secrets; `None` for anything else.
pub fn web_address(value: &str) -> Option<String> {
    clean_address(value).filter(|address| address.starts_with("https://") || address.starts_with("http://"))
}
