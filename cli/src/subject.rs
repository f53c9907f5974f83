//! What a command is pointed at: an SBOM or a lockfile, told apart by its name
//! or its bytes, or a folder of lockfiles, read into a document.

use crate::Failure;
use crate::files::{Folder, read_capped};
use crate::merging::merge_documents;
use crate::walk::{self, Wanted, folder_and_name};
use bom::document::Document;
use bom::format::{self, FORMATS};
use bom::lockfile::{self, LOCKFILES, Lockfile};
use bom::reading::{Limits, Reading, Warning};
use bom::vex::{self, Vex};
use std::path::{Path, PathBuf};

/// What sort of file a document was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// An SBOM of some format.
    Sbom,
    /// A lockfile of this kind.
    Lockfile(&'static str),
    /// A folder of which so many lockfiles were read.
    Folder(usize),
}

/// How to decide what a file is.
#[derive(Clone, Copy, Default)]
pub enum Detect {
    /// By its name, then by its bytes.
    #[default]
    Itself,
    /// It is a lockfile of this kind.
    Lockfile(&'static dyn Lockfile),
    /// It is an SBOM in this format.
    Format(&'static dyn format::Format),
}

impl Detect {
    /// The detection that `--as KIND` asks for.
    ///
    /// # Errors
    /// [`Failure`] for an unknown kind.
    pub fn of_kind(kind: &str) -> Result<Self, Failure> {
        if let Some(lockfile) = lockfile::of_kind(kind) {
            return Ok(Self::Lockfile(lockfile));
        }
        FORMATS
            .iter()
            .find(|format| format.name() == kind)
            .map(|format| Self::Format(*format))
            .ok_or_else(|| Failure::new(format!("`{kind}` is no kind of file")).next("`bomwarden inspect --kinds` lists them"))
    }
}

/// Reads the file at `path` as a VEX document, which is no SBOM; `None` when it is none.
///
/// # Errors
/// [`Failure`] when it cannot be read, or is a broken one.
pub fn read_vex(path: &Path, limits: &Limits) -> Result<Option<Reading<Vex>>, Failure> {
    let bytes = read_capped(path, limits.bytes as u64).map_err(|error| Failure::of_file(path, &error))?;
    if !vex::is_vex(&bytes, limits) {
        return Ok(None);
    }
    vex::read(&bytes, limits).map(Some).map_err(|error| Failure::of_reading(path.display(), &error))
}

/// Every kind that `--as` takes: SBOM formats, then lockfiles.
pub fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    let formats = FORMATS.iter().map(|format| ("sbom", format.name()));
    formats.chain(LOCKFILES.iter().map(|lockfile| ("lockfile", lockfile.kind())))
}

/// Reads the file at `path`, or everything in a folder.
///
/// # Errors
/// [`Failure`] when it cannot be read, or is neither an SBOM nor a lockfile; of a folder
/// the first lockfile that cannot be read.
pub fn read(path: &Path, detect: Detect, limits: &Limits) -> Result<(Sort, Reading<Document>), Failure> {
    let found = read_what_can_be(path, detect, limits)?;
    found.unread.into_iter().next().map_or(Ok((found.sort, found.reading)), |(_, failure)| Err(failure))
}

/// What was read, and the lockfiles of a folder that could not be.
pub struct Found {
    /// What it is.
    pub sort: Sort,
    /// What could be read of it.
    pub reading: Reading<Document>,
    /// The paths of the others, and why.
    pub unread: Vec<(PathBuf, Failure)>,
}

/// Reads the file at `path`, or what can be read in a folder.
///
/// # Errors
/// [`Failure`] when it is a file that cannot be read, or a folder without lockfiles.
pub fn read_what_can_be(path: &Path, detect: Detect, limits: &Limits) -> Result<Found, Failure> {
    if path.is_dir() {
        return read_folder(path, detect, limits);
    }
    read_file(path, detect, limits).map(|(sort, reading)| Found { sort, reading, unread: Vec::new() })
}

fn read_file(path: &Path, detect: Detect, limits: &Limits) -> Result<(Sort, Reading<Document>), Failure> {
    let (_, name) = folder_and_name(path);
    let lockfile = match detect {
        Detect::Itself => lockfile::of_name(&name),
        Detect::Lockfile(lockfile) => Some(lockfile),
        Detect::Format(_) => None,
    };
    if let Some(lockfile) = lockfile {
        return read_lockfile(path, &name, lockfile, limits).map(|reading| (Sort::Lockfile(lockfile.kind()), reading));
    }
    let bytes = read_capped(path, limits.bytes as u64).map_err(|error| Failure::of_file(path, &error))?;
    let read = match detect {
        Detect::Format(format) => format::read_as(format, &bytes, limits),
        _ => format::read(&bytes, limits),
    };
    read.map(|reading| (Sort::Sbom, reading)).map_err(|error| Failure::of_reading(path.display(), &error))
}

/// All lockfiles of a folder as one document.
fn read_folder(path: &Path, detect: Detect, limits: &Limits) -> Result<Found, Failure> {
    let kinds = match detect {
        Detect::Itself => Vec::new(),
        Detect::Lockfile(kind) => vec![kind],
        Detect::Format(format) => {
            return Err(
                Failure::new(format!("`{}` is a folder, not {}", path.display(), format.name())).next("name a file in it")
            );
        }
    };
    let folder = Folder::new(path, limits).map_err(|error| Failure::of_file(path, &error))?;
    let found = walk::lockfiles(path, &Wanted { kinds, ignored: false })?;
    let (mut documents, mut warnings, mut unread) = (Vec::with_capacity(found.len()), Vec::new(), Vec::new());
    for found in found {
        match found.kind.read(&found.path, &folder) {
            Ok(reading) => {
                documents.push(reading.value);
                warnings.extend(reading.warnings.into_iter().map(|warning| in_file(&found.path, warning)));
            }
            Err(error) => {
                let file = path.join(&found.path);
                let failure = Failure::of_reading(file.display(), &error);
                unread.push((file, failure));
            }
        }
    }
    let count = documents.len();
    let value = match count {
        1 => documents.pop().unwrap_or_default(),
        _ => merge_documents(documents, &folder_and_name(folder.root()).1),
    };
    Ok(Found { sort: Sort::Folder(count), reading: Reading { value, warnings }, unread })
}

/// A warning about a file of several, which some warnings name already.
fn in_file(file: &str, warning: Warning) -> Warning {
    if warning.path == file {
        return warning;
    }
    Warning { path: format!("{file}: {}", warning.path), ..warning }
}

fn read_lockfile(path: &Path, name: &str, kind: &dyn Lockfile, limits: &Limits) -> Result<Reading<Document>, Failure> {
    // A missing file is better told by its own name than by its folder's.
    path.metadata().map_err(|error| Failure::of_file(path, &error))?;
    let (parent, _) = folder_and_name(path);
    let folder = Folder::new(&parent, limits).map_err(|error| Failure::of_file(&parent, &error))?;
    kind.read(name, &folder).map_err(|error| Failure::of_reading(path.display(), &error))
}
