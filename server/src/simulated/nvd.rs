//! A small NVD: the CVE API 2.0 as its documentation describes it. Records in pages, all
//! or those that changed within a window of at most 120 days, a key where one is wanted,
//! and the answers of a service that is busy.

use super::http::{Answered, Asked, Neighbour, start};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// The most records of one page.
const MOST: usize = 2000;

/// The service.
pub struct NvdFeed {
    neighbour: Neighbour,
    shelf: Arc<Mutex<Shelf>>,
}

/// What it has and how it answers.
#[derive(Default)]
struct Shelf {
    /// Objects `cve`.
    records: Vec<Value>,
    /// The key it wants.
    key: Option<String>,
    /// The most records of a page, where that is less than usual.
    page: Option<usize>,
    /// Answers in place of the next ones.
    faults: VecDeque<Answered>,
    /// The paths and queries that were asked for.
    asked: Vec<String>,
}

impl NvdFeed {
    /// Starts the service without records.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> std::io::Result<Self> {
        let shelf = Arc::new(Mutex::new(Shelf::default()));
        let served = shelf.clone();
        let neighbour = start(move |asked| served.lock().unwrap_or_else(PoisonError::into_inner).answer(asked)).await?;
        Ok(Self { neighbour, shelf })
    }

    /// Publishes these records and no others.
    pub fn publish(&self, records: Vec<Value>) {
        self.with(|shelf| shelf.records = records);
    }

    /// Wants a key from now on.
    pub fn want_key(&self, key: &str) {
        self.with(|shelf| shelf.key = Some(key.to_owned()));
    }

    /// Hands out at most this many records at once.
    pub fn cut_pages(&self, records: usize) {
        self.with(|shelf| shelf.page = Some(records));
    }

    /// Answers this once, behind what was told before.
    pub fn answer_once(&self, answer: Answered) {
        self.with(|shelf| shelf.faults.push_back(answer));
    }

    /// What was asked since the last time.
    pub fn asked(&self) -> Vec<String> {
        self.with(|shelf| std::mem::take(&mut shelf.asked))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.neighbour.address
    }

    /// The address of the API.
    pub fn url(&self) -> String {
        format!("http://{}/rest/json/cves/2.0", self.neighbour.address)
    }

    fn with<T>(&self, work: impl FnOnce(&mut Shelf) -> T) -> T {
        work(&mut self.shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shelf {
    fn answer(&mut self, asked: &Asked) -> Answered {
        self.asked.push(asked.path.clone());
        if let Some(fault) = self.faults.pop_front() {
            return fault;
        }
        // Header names arrive in lower case.
        if self.key.is_some() && asked.headers.get("apikey") != self.key.as_ref() {
            return refused(403, "Invalid apiKey.");
        }
        let Ok(url) = Url::parse("http://nvd.example").and_then(|base| base.join(&asked.path)) else {
            return Answered::status(400);
        };
        if url.path() != "/rest/json/cves/2.0" {
            return Answered::status(404);
        }
        let value = |wanted: &str| url.query_pairs().find(|(key, _)| key == wanted).map(|(_, value)| value.into_owned());
        let number = |key: &str, unset: usize| value(key).map_or(Ok(unset), |text| text.parse::<usize>());
        let (Ok(first), Ok(most)) = (number("startIndex", 0), number("resultsPerPage", MOST)) else {
            return refused(404, "Invalid paging parameter.");
        };
        let window = match (value("lastModStartDate"), value("lastModEndDate")) {
            (None, None) => None,
            (from, to) => match (from.as_deref().and_then(zoned), to.as_deref().and_then(zoned)) {
                (Some(from), Some(to)) if from <= to && to - from <= TimeDelta::days(120) => Some((from, to)),
                _ => return refused(404, "Invalid lastModified window; both dates, at most 120 days apart."),
            },
        };
        self.page(first, most.min(MOST), window)
    }

    fn page(&self, first: usize, most: usize, window: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Answered {
        let within = |record: &&Value| {
            let changed = record["lastModified"].as_str().and_then(|text| text.parse::<NaiveDateTime>().ok());
            window.is_none_or(|(from, to)| changed.is_some_and(|at| (from..=to).contains(&at.and_utc())))
        };
        let found: Vec<&Value> = self.records.iter().filter(within).collect();
        let most = self.page.map_or(most, |page| page.min(most));
        let page: Vec<Value> = found.iter().skip(first).take(most).map(|cve| json!({"cve": cve})).collect();
        let newest = self.records.iter().filter_map(|record| record["lastModified"].as_str()).max();
        let body = json!({
            "resultsPerPage": page.len(), "startIndex": first, "totalResults": found.len(), "format": "NVD_CVE", "version": "2.0",
            "timestamp": newest.unwrap_or("2026-01-01T00:00:00.000"), "vulnerabilities": page,
        });
        let headers = vec![("content-type", "application/json".to_owned())];
        Answered { headers, body: body.to_string().into_bytes(), ..Answered::status(200) }
    }
}

/// A time with its offset from UTC.
fn zoned(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}

/// The service says why in a header.
fn refused(status: u16, message: &str) -> Answered {
    Answered { headers: vec![("message", message.to_owned())], ..Answered::status(status) }
}
