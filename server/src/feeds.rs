//! Feeds of advisories: plug-ins that turn files into records and records into
//! advisories. They are pure: the driver fetches, spools, keeps to limits and stores.
//!
//! A new kind is a file here, a line in [`FEEDS`] and a line in `docs/feeds.md`.

mod archive;
mod epss;
mod kev;
mod nvd;
mod osv;
mod vex;

use bom::advisory::Advisory;
use bom::reading::ReadError;
use bom::remark::Remark;
use bom::vex::Vex;
use chrono::{DateTime, TimeDelta, Utc};
use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;

/// Every kind of feed.
pub const FEEDS: &[&dyn Feed] = &[&osv::Osv, &kev::Kev, &epss::Epss, &vex::Suppliers, &nvd::Nvd];

/// The kind of feed with this name.
pub fn of_kind(kind: &str) -> Option<&'static dyn Feed> {
    FEEDS.iter().copied().find(|feed| feed.kind() == kind)
}

/// Bytes that can be read anywhere, which archives need.
pub trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// One record of a feed, not yet understood.
#[derive(Debug)]
pub struct Entry {
    /// What the file calls it; an id where the feed names its records after their ids.
    pub name: String,
    /// Its bytes, or why they cannot be had.
    pub content: Result<Vec<u8>, ReadError>,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// Which versions of which packages are bad.
    Advisory(Box<Advisory>),
    /// Something about a name that others use.
    Remark(Remark),
    /// What a supplier states about vulnerabilities in products.
    Vex(Box<Vex>),
}

/// Takes records one by one and says when it has had enough.
pub type Sink<'a> = dyn FnMut(Entry) -> ControlFlow<()> + 'a;

/// A kind of feed.
pub trait Feed: Sync {
    /// Its name in settings.
    fn kind(&self) -> &'static str;

    /// Whether a file of a folder, by its path, belongs to the feed.
    fn takes(&self, path: &str) -> bool;

    /// How many records a file has, without reading them.
    ///
    /// # Errors
    /// [`ReadError`] where the file is none of this feed, or is cut off.
    fn count(&self, path: &str, file: &mut dyn Source) -> Result<u64, ReadError>;

    /// Hands over every record of a file. A record whose bytes are damaged is handed
    /// over as such and spoils nothing else.
    ///
    /// # Errors
    /// As [`Feed::count`].
    fn records(&self, path: &str, file: &mut dyn Source, sink: &mut Sink<'_>) -> Result<(), ReadError>;

    /// Understands one record.
    ///
    /// # Errors
    /// [`ReadError`] where nothing can be made of it.
    fn read(&self, record: &[u8]) -> Result<Fact, ReadError>;

    /// How a folder of the web is fetched piece by piece; `None` where it cannot be.
    fn folder(&self) -> Option<&dyn Folder> {
        None
    }

    /// How an address that answers in pages is asked; `None` where none does.
    fn paged(&self) -> Option<&dyn Paged> {
        None
    }
}

/// What a page says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Records of everything that was asked for.
    pub total: u64,
    /// Records of this page.
    pub records: u64,
    /// When it was written, by its source's clock.
    pub at: Option<DateTime<Utc>>,
}

/// An address that answers in pages, and tells what changed within a window of time.
pub trait Paged: Sync {
    /// The header that holds a key.
    fn key_header(&self) -> &'static str;

    /// The longest window that may be asked for.
    fn longest_window(&self) -> TimeDelta;

    /// The most records of a page.
    fn most(&self) -> u64;

    /// What is asked: at most `most` records from the `start`th on, of all or of those that changed within a window.
    fn query(&self, start: u64, most: u64, changed: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Vec<(&'static str, String)>;

    /// What a page says of itself. The file is at its start again then.
    ///
    /// # Errors
    /// [`ReadError`] where it is no whole page.
    fn head(&self, page: &mut dyn Source) -> Result<Head, ReadError>;
}

/// A line of a folder's index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The record's name, as [`Entry::name`] has it.
    pub name: String,
    /// Its file, relative to the folder.
    pub file: String,
    /// When it was changed, in milliseconds since the epoch.
    pub at: i64,
}

/// A folder of the web with an index of what changed.
pub trait Folder: Sync {
    /// The file with everything, relative to the folder; `None` where records are only to be had one by one.
    fn everything(&self) -> Option<&'static str>;

    /// The index, relative to the folder.
    fn index(&self) -> &'static str;

    /// The lines of the index.
    ///
    /// # Errors
    /// [`ReadError`] with the line that cannot be read.
    fn changes(&self, index: &str) -> Result<Vec<Change>, ReadError>;

    /// The name of a file that says where the folder is; `None` where nothing does.
    fn signpost(&self) -> Option<&'static str> {
        None
    }

    /// The address of the folder, by the text of the [signpost](Folder::signpost).
    ///
    /// # Errors
    /// [`ReadError`] where it names none.
    fn directed(&self, _signpost: &str) -> Result<String, ReadError> {
        Err(ReadError::whole("nothing says where this folder is"))
    }
}

/// All bytes of a file from where it stands, at most `longest`.
fn whole_text(path: &str, file: &mut dyn Read, longest: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let read = file.take(longest + 1).read_to_end(&mut bytes);
    read.map_err(|error| ReadError::at(path, None, format!("its bytes are damaged or cut off: {error}")))?;
    match u64::try_from(bytes.len()) {
        Ok(length) if length <= longest => Ok(bytes),
        _ => Err(ReadError::at(path, None, format!("it is longer than {longest} bytes"))),
    }
}

/// Goes back to a file's first byte.
fn rewind(path: &str, file: &mut dyn Source) -> Result<(), ReadError> {
    let failed = |error: std::io::Error| ReadError::at(path, None, format!("it cannot be read: {error}"));
    file.seek(SeekFrom::Start(0)).map(drop).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// What a feed makes of a file, record by record.
    pub(super) fn facts(feed: &dyn Feed, path: &str, bytes: &[u8]) -> Vec<Result<Fact, ReadError>> {
        let mut facts = Vec::new();
        let mut take = |entry: Entry| {
            facts.push(entry.content.and_then(|bytes| feed.read(&bytes)));
            ControlFlow::Continue(())
        };
        feed.records(path, &mut Cursor::new(bytes), &mut take).expect("a file of the feed");
        facts
    }

    #[test]
    fn every_feed_has_a_name_of_its_own_and_a_place_in_the_docs() {
        let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/feeds.md")).expect("docs/feeds.md");
        for feed in FEEDS {
            let kind = feed.kind();
            assert_eq!(FEEDS.iter().filter(|other| other.kind() == kind).count(), 1, "{kind}");
            assert!(docs.contains(&format!("| `{kind}` |")), "docs/feeds.md has no line for `{kind}`");
        }
    }

    #[test]
    fn every_feed_refuses_what_is_none_of_it() {
        for feed in FEEDS {
            for wrong in ["", "<!doctype html><title>busy</title>", "PK\u{3}\u{4}half an archive", "\0\0\0\0"] {
                let mut file = Cursor::new(wrong.as_bytes());
                assert!(feed.count("all.zip", &mut file).is_err(), "{} counts {wrong:?}", feed.kind());
                let mut file = Cursor::new(wrong.as_bytes());
                let read = feed.records("all.zip", &mut file, &mut |_| ControlFlow::Continue(()));
                assert!(read.is_err(), "{} reads {wrong:?}", feed.kind());
            }
        }
    }
}
