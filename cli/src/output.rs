//! Where documents go: standard output, a file, or a folder with one file for
//! each; and in which format. A file appears whole or not at all.

use crate::Failure;
use bom::document::Document;
use bom::format::{FORMATS, Format};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A format and one of the versions it writes.
#[derive(Clone, Copy)]
pub struct Target {
    format: &'static dyn Format,
    version: &'static str,
}

impl Target {
    /// The target that `NAME` or `NAME@VERSION` asks for, for example `cyclonedx-json@1.5`.
    ///
    /// # Errors
    /// [`Failure`] for a format or version that is not written.
    pub fn of_name(text: &str) -> Result<Self, Failure> {
        let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
        let name = match name {
            "cyclonedx" => "cyclonedx-json",
            "spdx" => "spdx-json",
            name => name,
        };
        let format = FORMATS.iter().copied().find(|format| format.name() == name);
        let versions = format.map(|format| format.writes()).unwrap_or_default();
        let version = match version {
            None => versions.first(),
            Some(version) => versions.iter().find(|known| **known == version),
        };
        match (format, version) {
            (Some(format), Some(version)) => Ok(Self { format, version }),
            (Some(_), None) if !versions.is_empty() => {
                Err(Failure::new(format!("`{text}` cannot be written")).next(format!("the versions are {}", versions.join(", "))))
            }
            _ => Err(Failure::new(format!("`{text}` is no format that can be written"))
                .next(format!("the formats are {}", written_formats().join(", ")))),
        }
    }

    /// The name of the format with its version, for people.
    pub fn name(&self) -> String {
        format!("{}@{}", self.format.name(), self.version)
    }

    /// The ending of a file in this format, for example `.cdx.json`.
    pub fn ending(&self) -> &'static str {
        match self.format.name() {
            "cyclonedx-json" => ".cdx.json",
            "cyclonedx-xml" => ".cdx.xml",
            "spdx-json" => ".spdx.json",
            "spdx-yaml" => ".spdx.yaml",
            _ => ".spdx",
        }
    }

    /// Writes `document`; what the format cannot hold comes with the bytes, a line each.
    ///
    /// # Errors
    /// [`Failure`] when the format cannot express it at all.
    pub fn write(&self, document: &Document) -> Result<(Vec<u8>, Vec<String>), Failure> {
        let written = self.format.write(document, self.version);
        let written = written.map_err(|error| Failure::new(format!("{} cannot be written: {error}", self.name())))?;
        Ok((written.bytes, written.lost))
    }
}

fn written_formats() -> Vec<&'static str> {
    FORMATS.iter().filter(|format| !format.writes().is_empty()).map(|format| format.name()).collect()
}

/// Where documents go.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    /// Standard output.
    Standard,
    /// This file.
    File(PathBuf),
    /// Files in this folder.
    Folder(PathBuf),
}

impl Place {
    /// The place that `-o` names for this many documents: a folder where one is, where the
    /// name ends in `/`, or where several documents go to a name that is not yet taken.
    ///
    /// # Errors
    /// [`Failure`] when several documents would go to one file.
    pub fn of(output: Option<&Path>, documents: usize) -> Result<Self, Failure> {
        let several = || {
            Failure::new(format!("{documents} lockfiles make {documents} documents"))
                .next("name a folder with `-o FOLDER/`, or make one document with `--merge`")
        };
        match output {
            None if documents == 1 => Ok(Self::Standard),
            None => Err(several()),
            Some(path) if path == Path::new("-") => Self::of(None, documents),
            Some(path) if path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/') => Ok(Self::Folder(path.to_owned())),
            Some(path) if documents == 1 => Ok(Self::File(path.to_owned())),
            Some(path) if path.exists() || path.extension().is_some() => Err(several()),
            Some(path) => Ok(Self::Folder(path.to_owned())),
        }
    }

    /// The file for the document of `slot`; `None` for standard output.
    pub fn file(&self, slot: &str, target: &Target) -> Option<PathBuf> {
        match self {
            Self::Standard => None,
            Self::File(path) => Some(path.clone()),
            Self::Folder(folder) => Some(folder.join(format!("{slot}{}", target.ending()))),
        }
    }
}

/// Writes `bytes` to the file at `path`, making the folders above it.
///
/// # Errors
/// [`Failure`] when it cannot be written; what was there before is then unchanged.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    put(path, bytes).map_err(|error| {
        Failure::new(format!("`{}` cannot be written: {error}", path.display())).next("check the path and its permissions")
    })
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent)?;
    }
    if path.metadata().is_ok_and(|about| !about.is_file()) {
        // A device or a pipe takes the bytes as they come.
        return File::options().write(true).open(path)?.write_all(bytes);
    }
    let mut name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written =
        OpenOptions::new().write(true).create(true).truncate(true).open(&part).and_then(|mut file| file.write_all(bytes));
    written.and_then(|()| fs::rename(&part, path)).inspect_err(|_| {
        // The first error is the one to tell; a part that stays is only litter.
        let _ = fs::remove_file(&part);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_documents() {
        let root = tempfile::tempdir().unwrap();
        let taken = root.path().join("taken");
        fs::write(&taken, "x").unwrap();
        let (new, named, slash) = (root.path().join("new"), root.path().join("a.json"), root.path().join("new/"));
        for (output, documents, expected) in [
            (None, 1, Some(Place::Standard)),
            (None, 2, None),
            (Some(Path::new("-")), 1, Some(Place::Standard)),
            (Some(root.path()), 1, Some(Place::Folder(root.path().to_owned()))),
            (Some(new.as_path()), 1, Some(Place::File(new.clone()))),
            (Some(slash.as_path()), 1, Some(Place::Folder(slash.clone()))),
            (Some(new.as_path()), 2, Some(Place::Folder(new.clone()))),
            (Some(named.as_path()), 2, None),
            (Some(taken.as_path()), 2, None),
        ] {
            assert_eq!(Place::of(output, documents).ok(), expected, "{output:?} {documents}");
        }
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_stays() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/b.json");
        write_file(&path, b"one").unwrap();
        write_file(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(root.path().join("a")).unwrap().count(), 1);
        assert!(write_file(&path.join("c"), b"three").is_err());
    }
}
