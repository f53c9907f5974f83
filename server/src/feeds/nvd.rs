//! CVE records of NVD, in the JSON of its API 2.0: pages of the API, the yearly files
//! (`.json`, `.json.gz`, zip), or a file for each record. They name products by CPE, and
//! so speak of components that have no purl. A file is read record by record: all years
//! together have more than a gigabyte.

mod stream;

use super::{Entry, Fact, Feed, Head, Paged, Sink, Source, archive, rewind};
use bom::advisory::Advisory;
use bom::reading::ReadError;
use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeDelta, Utc};
use flate2::read::MultiGzDecoder;
use serde_json::Value;
use std::io::Read;
use std::ops::ControlFlow;

/// The feed.
pub(super) struct Nvd;

impl Feed for Nvd {
    fn kind(&self) -> &'static str {
        "nvd"
    }

    fn takes(&self, path: &str) -> bool {
        let lower = path.to_ascii_lowercase();
        lower.ends_with(".json") || lower.ends_with(".json.gz") || lower.ends_with(".zip")
    }

    fn count(&self, path: &str, file: &mut dyn Source) -> Result<u64, ReadError> {
        let mut records: u64 = 0;
        each(path, file, &mut |_| {
            records += 1;
            ControlFlow::Continue(())
        })?;
        Ok(records)
    }

    fn records(&self, path: &str, file: &mut dyn Source, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        each(path, file, &mut |record| sink(Entry { name: name(&record), content: Ok(record.to_string().into_bytes()) }))
    }

    fn read(&self, record: &[u8]) -> Result<Fact, ReadError> {
        // What was understood with a doubt is no reason to go without the record.
        Advisory::from_nvd(record).map(|reading| Fact::Advisory(Box::new(reading.value)))
    }

    fn paged(&self) -> Option<&dyn Paged> {
        Some(self)
    }
}

impl Paged for Nvd {
    fn key_header(&self) -> &'static str {
        "apiKey"
    }

    fn longest_window(&self) -> TimeDelta {
        TimeDelta::days(120)
    }

    fn most(&self) -> u64 {
        2000
    }

    fn query(&self, start: u64, most: u64, changed: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Vec<(&'static str, String)> {
        let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Millis, false);
        let mut query = vec![("resultsPerPage", most.to_string()), ("startIndex", start.to_string())];
        if let Some((from, to)) = changed {
            query.extend([("lastModStartDate", time(from)), ("lastModEndDate", time(to))]);
        }
        query
    }

    fn head(&self, page: &mut dyn Source) -> Result<Head, ReadError> {
        let path = "the page";
        rewind(path, page)?;
        let mut records = 0;
        let mut count = |_| {
            records += 1;
            ControlFlow::Continue(())
        };
        let head = stream::records(path, &mut *page, &mut count)?;
        rewind(path, page)?;
        let total = head.get("totalResults").and_then(Value::as_u64);
        let total =
            total.ok_or_else(|| ReadError::at(path, None, "it does not tell `totalResults`: it is no page of the API 2.0"))?;
        // Written without a zone, and in UTC.
        let at = head.get("timestamp").and_then(Value::as_str).and_then(|text| text.parse::<NaiveDateTime>().ok());
        Ok(Head { total, records, at: at.map(|at| at.and_utc()) })
    }
}

/// Hands over every record of a file.
fn each(path: &str, file: &mut dyn Source, take: &mut stream::Take<'_>) -> Result<(), ReadError> {
    let mut start = Vec::new();
    rewind(path, file)?;
    let failed = |error: std::io::Error| ReadError::at(path, None, format!("it cannot be read: {error}"));
    file.take(2).read_to_end(&mut start).map_err(failed)?;
    rewind(path, file)?;
    match start.as_slice() {
        b"PK" => each_of_archive(path, file, take),
        b"\x1f\x8b" => {
            let most = archive::most_unpacked(path, file)?;
            rewind(path, file)?;
            whole(path, &mut MultiGzDecoder::new(file).take(most), take).map(drop)
        }
        [] => Err(ReadError::at(path, None, "it is empty")),
        _ => whole(path, file, take).map(drop),
    }
}

fn each_of_archive(path: &str, file: &mut dyn Source, take: &mut stream::Take<'_>) -> Result<(), ReadError> {
    let most = archive::most_unpacked(path, file)?;
    let mut archive = archive::open(path, file)?;
    for index in 0..archive.len() {
        let name = match archive.name_for_index(index) {
            Some(Ok(name)) if name.to_ascii_lowercase().ends_with(".json") => name.into_owned(),
            _ => continue,
        };
        let damaged = |error| ReadError::at(name.as_str(), None, format!("its bytes are damaged: {error}"));
        let entry = archive.by_index(index).map_err(damaged)?;
        if whole(&name, &mut entry.take(most), take)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// The records of one text in JSON, which must have as many as it says.
fn whole(path: &str, text: &mut dyn Read, take: &mut stream::Take<'_>) -> Result<ControlFlow<()>, ReadError> {
    let (mut records, mut flow) = (0_u64, ControlFlow::Continue(()));
    let head = stream::records(path, text, &mut |record| {
        records += 1;
        flow = take(record);
        flow
    })?;
    let number = |key: &str| head.get(key).and_then(Value::as_u64);
    let (total, page) = (number("totalResults"), number("resultsPerPage"));
    // A page of the API is a part; a yearly file says that all are on one page.
    if flow.is_continue() && total == page && total.is_some_and(|total| total != records) {
        let total = total.unwrap_or_default();
        return Err(ReadError::at(path, None, format!("it says that it has {total} records and has {records}")));
    }
    Ok(flow)
}

/// What a record is called here, before it is understood.
fn name(record: &Value) -> String {
    let id = record.get("cve").unwrap_or(record).get("id").and_then(Value::as_str);
    id.map_or_else(|| "a record without an id".to_owned(), Advisory::nvd_id)
}

#[cfg(test)]
mod tests;
