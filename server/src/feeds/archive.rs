//! Files that hold records in JSON: one by itself, or many in a zip archive.

use super::{Entry, Sink, Source, rewind};
use bom::reading::ReadError;
use std::io::Read;
use zip::ZipArchive;
use zip::result::ZipError;

/// The most bytes of one record; the longest published ones have about 2 MB.
const LONGEST: u64 = 32 << 20;

/// What an archive may unpack to: so many times its own bytes, and these on top. Real
/// ones unpack to ten times; a record alone is bounded by [`LONGEST`].
const GROWTH: u64 = 100;
const SLACK: u64 = 64 << 20;

/// What a file is.
enum Kind {
    Archive,
    Record,
}

/// Whether a file of a folder may be one of them.
pub(super) fn takes(path: &str) -> bool {
    is_record(path) || ends_with(path, ".zip")
}

/// How many records a file has.
pub(super) fn count(path: &str, file: &mut dyn Source) -> Result<u64, ReadError> {
    match kind(path, file)? {
        Kind::Record => Ok(1),
        Kind::Archive => {
            let archive = open(path, file)?;
            let records = archive.file_names().filter(|name| name.as_ref().is_ok_and(|name| is_record(name)));
            u64::try_from(records.count()).map_err(|_| ReadError::at(path, None, "it has too many records"))
        }
    }
}

/// Hands over every record of a file by the name of its file, without the ending.
pub(super) fn records(path: &str, file: &mut dyn Source, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    match kind(path, file)? {
        Kind::Record => {
            let _enough = sink(Entry { name: stem(path).to_owned(), content: bytes(path, file) }).is_break();
            Ok(())
        }
        Kind::Archive => {
            let mut archive = open(path, file)?;
            for index in 0..archive.len() {
                let name = match archive.name_for_index(index) {
                    Some(Ok(name)) if is_record(&name) => name.into_owned(),
                    _ => continue,
                };
                let content = match archive.by_index(index) {
                    Ok(mut record) => bytes(&name, &mut record),
                    Err(error) => Err(ReadError::at(name.as_str(), None, damaged(&error))),
                };
                if sink(Entry { name: stem(&name).to_owned(), content }).is_break() {
                    break;
                }
            }
            Ok(())
        }
    }
}

/// Tells an archive from a record by its first bytes; names may say anything.
fn kind(path: &str, file: &mut dyn Source) -> Result<Kind, ReadError> {
    let failed = |error: std::io::Error| ReadError::at(path, None, format!("it cannot be read: {error}"));
    let mut start = Vec::new();
    rewind(path, file)?;
    file.take(64).read_to_end(&mut start).map_err(failed)?;
    rewind(path, file)?;
    if start.starts_with(b"PK") {
        return Ok(Kind::Archive);
    }
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Ok(Kind::Record),
        None => Err(ReadError::at(path, None, "it is empty")),
        Some(_) => Err(ReadError::at(path, None, "it is neither a zip archive nor a record in JSON")),
    }
}

/// The bytes of a file.
fn length(path: &str, file: &mut dyn Source) -> Result<u64, ReadError> {
    let failed = |error: std::io::Error| ReadError::at(path, None, format!("it cannot be read: {error}"));
    file.seek(std::io::SeekFrom::End(0)).map_err(failed)
}

/// The most bytes that a packed file may unpack to.
pub(super) fn most_unpacked(path: &str, file: &mut dyn Source) -> Result<u64, ReadError> {
    Ok(length(path, file)?.saturating_mul(GROWTH).saturating_add(SLACK))
}

/// Opens an archive that does not claim to unpack to more than it may.
pub(super) fn open<'a>(path: &str, file: &'a mut dyn Source) -> Result<ZipArchive<&'a mut dyn Source>, ReadError> {
    let (length, most) = (length(path, file)?, most_unpacked(path, file)?);
    let broken = |error| ReadError::at(path, None, format!("the zip archive is damaged or cut off: {error}"));
    let archive = ZipArchive::new(file).map_err(broken)?;
    let whole = archive.decompressed_size().unwrap_or(u128::MAX);
    if whole > u128::from(most) {
        return Err(ReadError::at(path, None, format!("its {length} bytes unpack to {whole}, which no feed does")));
    }
    Ok(archive)
}

fn bytes(name: &str, file: &mut dyn Read) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let read = file.take(LONGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| ReadError::at(name, None, format!("its bytes are damaged: {error}")))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= LONGEST) {
        return Ok(bytes);
    }
    Err(ReadError::at(name, None, format!("the record is longer than {LONGEST} bytes")))
}

fn damaged(error: &ZipError) -> String {
    format!("its bytes are damaged: {error}")
}

fn is_record(path: &str) -> bool {
    ends_with(path, ".json") && !path.ends_with('/')
}

fn ends_with(path: &str, ending: &str) -> bool {
    path.len() > ending.len()
        && path.as_bytes().get(path.len() - ending.len()..).is_some_and(|end| end.eq_ignore_ascii_case(ending.as_bytes()))
}

/// The last part of a path, without its ending.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
