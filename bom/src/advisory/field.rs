//! Single fields of a record, read with tolerance: what is not understood is noted
//! and left out.

use crate::reading::Warning;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde_json::Value;

/// Other ids of one record that are kept.
const NAMES: usize = 1000;

/// What could not be understood so far.
#[derive(Default)]
pub struct Notes(pub Vec<Warning>);

impl Notes {
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.0.push(Warning { path: path.into(), line: None, text: text.into() });
    }
}

/// The texts of a list; anything else in it is a warning.
pub fn names(value: &Value, path: &str, notes: &mut Notes) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let list = match value {
        Value::Null => return names,
        Value::Array(list) => list.as_slice(),
        other => std::slice::from_ref(other),
    };
    for item in list {
        match item.as_str() {
            Some(name) if names.len() < NAMES => {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
            Some(_) => return names,
            None => notes.add(path, "an entry is no text and was passed over"),
        }
    }
    names
}

/// The CVSS vectors of a `severity` list.
pub fn vectors(value: &Value) -> Vec<String> {
    let entries = value.as_array().into_iter().flatten();
    let cvss = entries.filter(|entry| entry.get("type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("CVSS")));
    cvss.filter_map(|entry| Some(entry.get("score")?.as_str()?.to_owned())).collect()
}

/// The severity's word in a specific block.
pub fn word(specific: &Value) -> Vec<String> {
    specific.get("severity").and_then(Value::as_str).map(str::to_owned).into_iter().collect()
}

pub fn references(value: &Value) -> Vec<(String, String)> {
    let entry = |entry: &Value| {
        let kind = entry.get("type").and_then(Value::as_str).unwrap_or("WEB");
        Some((kind.to_owned(), entry.get("url")?.as_str()?.to_owned()))
    };
    value.as_array().into_iter().flatten().filter_map(entry).collect()
}

pub fn time(value: &Value, path: &str, notes: &mut Notes) -> Option<DateTime<Utc>> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) if text.is_empty() => return None,
        Value::String(text) => text.trim(),
        _ => "",
    };
    let read = DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .or_else(|_| text.parse::<NaiveDateTime>().map(|time| time.and_utc()))
        .or_else(|_| text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc()));
    if read.is_err() {
        notes.add(path, "this is no RFC 3339 time");
    }
    read.ok()
}

/// When it was taken back: at the latest change, where the time itself is unreadable.
pub fn withdrawn(value: &Value, modified: DateTime<Utc>, notes: &mut Notes) -> Option<DateTime<Utc>> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::String(text) if text.is_empty() => None,
        value => Some(time(value, "$.withdrawn", notes).unwrap_or(modified)),
    }
}
