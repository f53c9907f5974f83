//! Where advisories are read from: a zip of records (OSV's, or NVD's one by one), a folder of them (a clone
//! of a database's repository, or a folder of zips), lines of them, or a single record.
//! A record that cannot be read is counted and told; it never spoils the others.

use crate::Failure;
use crate::files::read_capped;
use bom::advisory::Advisory;
use bom::reading::ReadError;
use ignore::WalkBuilder;
use indicatif::ProgressBar;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// Largest record, in bytes. The largest known one has about 2 MB.
const RECORD: u64 = 16 << 20;
/// Bytes of all records of one zip, unpacked. All of OSV has about 3 GB.
const UNPACKED: u64 = 32 << 30;
/// Files of one zip or folder.
const ENTRIES: usize = 20_000_000;
/// Unreadable records that are told one by one.
const TOLD: usize = 10;

/// What became of a source's records.
#[derive(Default)]
pub struct Outcome {
    /// Records that were read.
    pub read: u64,
    /// Records that could not be.
    pub unreadable: u64,
    /// The first of these: (name, why).
    pub told: Vec<(String, ReadError)>,
}

impl Outcome {
    fn take(&mut self, name: &str, bytes: &[u8], sink: &mut dyn FnMut(&Advisory)) {
        match Advisory::of_record(bytes) {
            Ok(reading) => {
                self.read += 1;
                sink(&reading.value);
            }
            Err(error) => self.miss(name, error),
        }
    }

    fn miss(&mut self, name: &str, error: ReadError) {
        self.unreadable += 1;
        if self.told.len() < TOLD {
            self.told.push((name.to_owned(), error));
        }
    }
}

/// Reads every record at `path` into `sink`.
///
/// # Errors
/// [`Failure`] when the source as a whole cannot be read, or no record of it can be.
pub fn read(path: &Path, bar: &ProgressBar, sink: &mut dyn FnMut(&Advisory)) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::default();
    let about = path.metadata().map_err(|error| Failure::of_file(path, &error))?;
    if about.is_dir() {
        read_folder(path, bar, sink, &mut outcome)?;
    } else {
        read_file(path, bar, sink, &mut outcome)?;
    }
    match (outcome.read, outcome.told.first()) {
        (0, Some((name, error))) => {
            Err(Failure::new(format!("`{}`: no record can be read; the first, `{name}`: {error}", path.display())))
        }
        (0, None) => Err(Failure::new(format!("`{}` holds no OSV record", path.display()))
            .next("name a zip or folder of OSV JSON files, or one such file")),
        _ => Ok(outcome),
    }
}

/// A folder's records and zips, links not followed.
fn read_folder(folder: &Path, bar: &ProgressBar, sink: &mut dyn FnMut(&Advisory), outcome: &mut Outcome) -> Result<(), Failure> {
    let files = files_below(folder)?;
    let zips = files.iter().filter(|path| has_ending(path, "zip")).count();
    bar.inc_length((files.len() - zips) as u64);
    for path in files {
        if has_ending(&path, "zip") {
            read_file(&path, bar, sink, outcome)?;
            continue;
        }
        let name = path.display().to_string();
        match read_capped(&path, RECORD) {
            Ok(bytes) => outcome.take(&name, &bytes, sink),
            Err(error) => outcome.miss(&name, ReadError::whole(error.to_string())),
        }
        bar.inc(1);
    }
    Ok(())
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in WalkBuilder::new(folder).standard_filters(false).filter_entry(|entry| entry.file_name() != ".git").build() {
        let entry = entry.map_err(|error| Failure::new(format!("`{}`: {error}", folder.display())))?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if is_file && (has_ending(entry.path(), "json") || has_ending(entry.path(), "zip")) {
            files.push(entry.into_path());
        }
        if files.len() > ENTRIES {
            return Err(Failure::new(format!("`{}` holds more than {ENTRIES} files", folder.display())));
        }
    }
    files.sort();
    Ok(files)
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(ending))
}

/// A zip or a single record, told apart by the first bytes.
fn read_file(path: &Path, bar: &ProgressBar, sink: &mut dyn FnMut(&Advisory), outcome: &mut Outcome) -> Result<(), Failure> {
    let mut start = [0; 2];
    let mut file = File::open(path).map_err(|error| Failure::of_file(path, &error))?;
    let is_zip = file.read_exact(&mut start).is_ok() && start == *b"PK";
    if is_zip {
        return read_zip(path, bar, sink, outcome);
    }
    if has_ending(path, "ndjson") || has_ending(path, "jsonl") {
        let file = File::open(path).map_err(|error| Failure::of_file(path, &error))?;
        let read = take_lines(&mut BufReader::new(file), bar, sink, outcome);
        return read.map_err(|error| Failure::of_file(path, &error));
    }
    bar.inc_length(1);
    let bytes = read_capped(path, RECORD).map_err(|error| Failure::of_file(path, &error))?;
    outcome.take(&path.display().to_string(), &bytes, sink);
    bar.inc(1);
    Ok(())
}

/// Reads records one a line into `sink`.
///
/// # Errors
/// What the input answers when it ends before its end.
pub fn read_lines(input: &mut dyn BufRead, bar: &ProgressBar, sink: &mut dyn FnMut(&Advisory)) -> io::Result<Outcome> {
    let mut outcome = Outcome::default();
    take_lines(input, bar, sink, &mut outcome)?;
    Ok(outcome)
}

fn take_lines(
    input: &mut dyn BufRead,
    bar: &ProgressBar,
    sink: &mut dyn FnMut(&Advisory),
    outcome: &mut Outcome,
) -> io::Result<()> {
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        if input.take(RECORD).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        bar.inc_length(1);
        bar.inc(1);
        let name = format!("line {number}");
        if line.len() as u64 == RECORD && !line.ends_with(b"\n") {
            input.skip_until(b'\n')?;
            outcome.miss(&name, ReadError::whole(format!("the record has {RECORD} bytes or more, the limit")));
        } else if !line.trim_ascii().is_empty() {
            outcome.take(&name, &line, sink);
        }
    }
    Ok(())
}

fn read_zip(path: &Path, bar: &ProgressBar, sink: &mut dyn FnMut(&Advisory), outcome: &mut Outcome) -> Result<(), Failure> {
    let file = File::open(path).map_err(|error| Failure::of_file(path, &error))?;
    let broken = |error: &dyn std::fmt::Display| {
        Failure::new(format!("`{}` is no whole zip: {error}", path.display())).next("fetch it again")
    };
    let mut zip = ZipArchive::new(file).map_err(|error| broken(&error))?;
    if zip.len() > ENTRIES {
        return Err(Failure::new(format!("`{}` holds more than {ENTRIES} files", path.display())));
    }
    bar.inc_length(zip.len() as u64);
    let (mut bytes, mut unpacked) = (Vec::new(), 0_u64);
    for i in 0..zip.len() {
        let entry = zip.by_index(i).map_err(|error| broken(&error))?;
        let name = entry.name().map_or_else(|_| format!("entry {i}"), |name| name.into_owned());
        bar.inc(1);
        if !entry.is_file() || !name.ends_with(".json") {
            continue;
        }
        bytes.clear();
        let read = entry.take(RECORD + 1).read_to_end(&mut bytes);
        unpacked += bytes.len() as u64;
        if unpacked > UNPACKED {
            return Err(Failure::new(format!("`{}` unpacks to more than {UNPACKED} bytes", path.display())));
        }
        match read {
            Ok(_) if bytes.len() as u64 > RECORD => {
                outcome.miss(&name, ReadError::whole(format!("the record has more than {RECORD} bytes, the limit")));
            }
            Ok(_) => outcome.take(&name, &bytes, sink),
            Err(error) => outcome.miss(&name, ReadError::whole(error.to_string())),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::{Cursor, Write as _};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    const GOOD: &str = r#"{"id": "X-1", "affected": [{"package": {"ecosystem": "npm", "name": "a"}, "versions": ["1.0.0"]}]}"#;

    fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// `read/unreadable`, or the failure's first words.
    fn outcome(path: &Path) -> String {
        let mut ids = Vec::new();
        match read(path, &ProgressBar::hidden(), &mut |advisory| ids.push(advisory.id.clone())) {
            Ok(outcome) => {
                assert_eq!(ids.len() as u64, outcome.read);
                format!("{}/{}", outcome.read, outcome.unreadable)
            }
            Err(failure) => failure.to_string().replace(&path.display().to_string(), "IT"),
        }
    }

    #[test]
    fn every_shape_of_a_source_is_read() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        let archive = zip(&[("X-1.json", GOOD), ("X-2.json", "{"), ("notes.txt", "no record")]);
        fs::write(at("one.json"), GOOD).unwrap();
        fs::write(at("all.zip"), &archive).unwrap();
        fs::create_dir_all(at("clone/.git")).unwrap();
        fs::create_dir_all(at("clone/npm")).unwrap();
        fs::write(at("clone/.git/x.json"), GOOD).unwrap();
        fs::write(at("clone/npm/X-1.json"), GOOD).unwrap();
        fs::write(at("clone/npm/all.zip"), &archive).unwrap();
        fs::write(at("clone/README.md"), "about").unwrap();
        fs::write(at("half.zip"), &archive[..archive.len() / 2]).unwrap();
        fs::write(at("empty.zip"), zip(&[])).unwrap();
        fs::write(at("page.zip"), "<html>").unwrap();
        fs::write(at("lines.ndjson"), format!("{GOOD}\n\n{{\n{GOOD}")).unwrap();
        for (name, expect) in [
            ("one.json", "1/0"),
            ("all.zip", "1/1"),
            ("clone", "2/1"),
            ("lines.ndjson", "2/1"),
            ("half.zip", "`IT` is no whole zip: "),
            ("empty.zip", "`IT` holds no OSV record; "),
            ("page.zip", "`IT`: no record can be read; the first, "),
            ("absent", "`IT` does not exist; "),
        ] {
            let seen = outcome(&at(name));
            assert!(seen.starts_with(expect), "{name}: {seen}");
        }
    }

    #[test]
    fn a_record_beyond_the_limit_is_passed_over() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("bomb.zip");
        let large = " ".repeat(17 << 20);
        fs::write(&path, zip(&[("X-1.json", GOOD), ("X-2.json", &large)])).unwrap();
        assert_eq!(outcome(&path), "1/1");
    }
}
