//! Readers of documents: what they read must hold together, each warning must name a
//! place, and what is written of it must be read again.

use bom::document::{Document, Node};
use bom::format::{FORMATS, Format, read};
use bom::lockfile::{Files, Lockfile};
use bom::reading::{Limits, ReadError, Reading};

const LIMITS: Limits =
    Limits { bytes: 1 << 20, depth: 64, components: 1000, edges: 4000, text: 1 << 12, ..Limits::DEFAULT };

/// Whatever claims the bytes.
pub fn any(data: &[u8]) {
    if let Ok(reading) = read(data, &LIMITS) {
        holds(&reading, Places::Lines, data.len());
    }
}

/// The readers of foreign crates, behind the bounds of our own.
pub fn strict(data: &[u8]) {
    let _ = bom::format::conformance(data, &LIMITS);
}

/// One format, asked for its claim too. Formats are given text, as detection does.
pub fn of_format(format: &dyn Format, data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return any(data) };
    // What it would not claim may have nothing in it that a warning could point at.
    let places = if format.claims(text) { Places::Lines } else { Places::Paths };
    if let Ok(reading) = format.read(text, &LIMITS) {
        holds(&reading, places, data.len());
    }
}

/// A lockfile; behind a zero byte stands the text of every other file that it asks for.
pub fn of_lockfile(kind: &dyn Lockfile, data: &[u8]) {
    let (own, others) = match data.iter().position(|byte| *byte == 0) {
        Some(at) => (&data[..at], Some(&data[at + 1..])),
        None => (data, None),
    };
    let path = format!("folder/{}", kind.names()[0].replace('*', "x"));
    let files = Beside { path: &path, own, others };
    if let Ok(reading) = kind.read(&path, &files) {
        assert!(reading.value.subject.is_some(), "a lockfile's document has a subject");
        holds(&reading, Places::None, data.len());
    }
}

/// A VEX document: what is written of it is read again.
pub fn vex(data: &[u8]) {
    let Ok(reading) = bom::vex::read(data, &LIMITS) else { return };
    for warning in &reading.warnings {
        assert!(!warning.path.is_empty(), "a warning without a place: {warning:?}");
    }
    for writer in bom::vex::FORMATS {
        if let Ok(written) = writer.write(&reading.value) {
            let again = bom::vex::read(&written.bytes, &Limits::default());
            assert!(again.is_ok(), "{} wrote what is not read: {:?}", writer.name(), again.err());
        }
    }
}

/// What a reader's warnings name. A lockfile's may be about the file as such.
#[derive(Clone, Copy, PartialEq)]
enum Places {
    Lines,
    Paths,
    None,
}

/// A lockfile and what lies beside it.
struct Beside<'a> {
    path: &'a str,
    own: &'a [u8],
    others: Option<&'a [u8]>,
}

impl Files for Beside<'_> {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ReadError> {
        assert!(!path.split('/').any(|part| part == ".."), "a path that leaves the root: {path}");
        Ok(if path == self.path { Some(self.own.to_vec()) } else { self.others.map(<[u8]>::to_vec) })
    }
}

/// Places inside the document exist, and one of the writers, another for each length of
/// input, writes what is read again.
fn holds(reading: &Reading<Document>, places: Places, length: usize) {
    let document = &reading.value;
    let count = document.components.len();
    let there = |node: &Node| match node {
        Node::Subject => document.subject.is_some(),
        Node::Component(at) => (*at as usize) < count,
    };
    assert!(document.edges.iter().all(|edge| there(&edge.from) && there(&edge.to)), "an edge to nothing");
    assert!(document.components.iter().all(|c| c.parent.is_none_or(|at| (at as usize) < count)), "a parent that is not there");
    for warning in &reading.warnings {
        assert!(places == Places::None || !warning.path.is_empty(), "a warning without a place: {warning:?}");
        assert!(places != Places::Lines || warning.line.is_some_and(|line| line > 0), "a warning without a line: {warning:?}");
    }
    let _ = document.direct();
    let writers: Vec<_> = FORMATS.iter().filter(|format| !format.writes().is_empty()).collect();
    let writer = writers[length % writers.len()];
    let version = writer.writes()[length / writers.len() % writer.writes().len()];
    match writer.write(document, version) {
        Ok(written) => {
            let again = read(&written.bytes, &Limits::default());
            assert!(again.is_ok(), "{} {version} wrote what is not read: {:?}", writer.name(), again.err());
        }
        Err(error) => panic!("{} {version}: {error}", writer.name()),
    }
}
