//! Archives whole and damaged, single records, and the index of changes.

use super::*;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use zip::write::SimpleFileOptions;

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        archive.start_file(*name, stored).expect("an entry");
        archive.write_all(text.as_bytes()).expect("bytes");
    }
    archive.finish().expect("an archive").into_inner()
}

type Read = Vec<(String, Result<String, String>)>;

fn read(path: &str, bytes: &[u8]) -> Result<Read, ReadError> {
    let mut seen = Vec::new();
    Osv.records(path, &mut Cursor::new(bytes), &mut |entry| {
        let content = entry.content.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        seen.push((entry.name, content.map_err(|error| error.to_string())));
        ControlFlow::Continue(())
    })?;
    Ok(seen)
}

#[test]
fn an_archive_gives_its_records_and_passes_over_other_files() {
    let bytes = archive(&[("npm/GHSA-1.json", "{1}"), ("README.md", "words"), ("deep/", ""), ("deep/er/MAL-2.JSON", "{2}")]);
    let seen = read("all.zip", &bytes).expect("records");
    assert_eq!(seen, [("GHSA-1".to_owned(), Ok("{1}".to_owned())), ("MAL-2".to_owned(), Ok("{2}".to_owned()))]);
    assert_eq!(Osv.count("all.zip", &mut Cursor::new(&bytes)), Ok(2));
}

#[test]
fn a_damaged_record_is_handed_over_as_damaged_and_the_others_are_not() {
    let mut bytes = archive(&[("A-1.json", "{\"id\":\"A-1\"}"), ("A-2.json", "{\"id\":\"A-2\"}")]);
    let at = bytes.windows(3).position(|window| window == b"A-1").expect("the name");
    let at = at + bytes[at..].windows(6).position(|window| window == b"{\"id\":").expect("the record") + 8;
    bytes[at] ^= 1;
    let seen = read("all.zip", &bytes).expect("records");
    assert!(seen[0].1.as_ref().is_err_and(|error| error.starts_with("A-1.json: its bytes are damaged")), "{seen:?}");
    assert_eq!(seen[1].1, Ok("{\"id\":\"A-2\"}".to_owned()));
}

#[test]
fn an_archive_cut_off_anywhere_gives_nothing() {
    let bytes = archive(&[("A-1.json", "{\"id\":\"A-1\"}"), ("A-2.json", "{\"id\":\"A-2\"}")]);
    for length in (0..bytes.len()).step_by(7) {
        assert!(read("all.zip", &bytes[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_single_record_is_named_after_its_file() {
    let seen = read("a/b/GHSA-1.json", b"\xef\xbb\xbf \n{}").expect("a record");
    assert_eq!(seen[0].0, "GHSA-1");
}

#[test]
fn the_index_names_records_and_times() {
    let index = "2026-11-23T10:00:00.5Z,GHSA-1\n\n2026-11-22T10:00:00Z,npm/MAL-2026-1\r\n";
    let changes = Osv.changes(index).expect("changes");
    let change = |name: &str, at| Change { name: name.to_owned(), file: format!("{name}.json"), at };
    assert_eq!(changes, [change("GHSA-1", 1_795_428_000_500), change("MAL-2026-1", 1_795_341_600_000)]);
    for wrong in ["GHSA-1\n", "yesterday,GHSA-1", "2026-11-22T10:00:00Z,", "2026-11-22T10:00:00Z,..", "2026-11-22T10:00:00Z,a?b"]
    {
        assert!(Osv.changes(wrong).is_err(), "{wrong}");
    }
}
