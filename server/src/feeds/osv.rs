//! Records in the format of the OSV schema: a zip of them, one by one as JSON, a
//! folder of either (a clone of a database too), or a folder of the web with
//! `all.zip` and `modified_id.csv`.

use super::{Change, Fact, Feed, Folder, Sink, Source, archive};
use bom::advisory::Advisory;
use bom::reading::ReadError;
use chrono::DateTime;

/// The feed.
pub(super) struct Osv;

impl Feed for Osv {
    fn kind(&self) -> &'static str {
        "osv"
    }

    fn takes(&self, path: &str) -> bool {
        archive::takes(path)
    }

    fn count(&self, path: &str, file: &mut dyn Source) -> Result<u64, ReadError> {
        archive::count(path, file)
    }

    fn records(&self, path: &str, file: &mut dyn Source, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        archive::records(path, file, sink)
    }

    fn read(&self, record: &[u8]) -> Result<Fact, ReadError> {
        // What was understood with a doubt is no reason to go without the record.
        Advisory::from_osv(record).map(|reading| Fact::Advisory(Box::new(reading.value)))
    }

    fn folder(&self) -> Option<&dyn Folder> {
        Some(self)
    }
}

impl Folder for Osv {
    fn everything(&self) -> Option<&'static str> {
        Some("all.zip")
    }

    fn index(&self) -> &'static str {
        "modified_id.csv"
    }

    fn changes(&self, index: &str) -> Result<Vec<Change>, ReadError> {
        let line = |(number, line): (usize, &str)| {
            let wrong = || ReadError::at(self.index(), u32::try_from(number + 1).ok(), "a time, a comma and an id were expected");
            let (time, id) = line.trim().split_once(',').ok_or_else(wrong)?;
            let time = DateTime::parse_from_rfc3339(time).map_err(|_| wrong())?;
            // The index of a whole site names the ecosystem's folder too.
            let id = id.rsplit('/').next().unwrap_or(id);
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
            if id.is_empty() || id.starts_with('.') || !id.chars().all(plain) {
                return Err(wrong());
            }
            Ok(Change { name: id.to_owned(), file: format!("{id}.json"), at: time.timestamp_millis() })
        };
        index.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()).map(line).collect()
    }
}

#[cfg(test)]
mod tests;
