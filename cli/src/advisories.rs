//! The local advisory database: where it lies, and how it is opened. `source` reads the
//! records that fill it, `remote` fetches them first.

pub mod remote;
pub mod source;

use crate::Failure;
use bom::offline::{Builder, Database, DatabaseError, ReadAt};
use std::cell::RefCell;
use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

/// A database file, open. A few pages of its tables are kept, since the places of many
/// packages lie on one; how many does not depend on the file.
pub struct OnDisk {
    file: File,
    pages: RefCell<Vec<Kept>>,
}

/// A page's number and its bytes; nothing until one is read.
type Kept = Option<(u64, Box<[u8]>)>;

/// Bytes of a page.
const PAGE: u64 = 4096;
/// Pages that are kept.
const PAGES: usize = 256;

impl OnDisk {
    fn new(file: File) -> Self {
        Self { file, pages: RefCell::default() }
    }

    /// Fills `buffer` from a page that is kept, which is read first if it is not; `false`
    /// where the bytes are not all on one whole page.
    fn read_kept(&self, offset: u64, buffer: &mut [u8]) -> io::Result<bool> {
        let (page, within) = (offset / PAGE, usize::try_from(offset % PAGE).unwrap_or(usize::MAX));
        let Some(end) = within.checked_add(buffer.len()).filter(|end| *end as u64 <= PAGE) else { return Ok(false) };
        let mut pages = self.pages.borrow_mut();
        if pages.is_empty() {
            pages.resize(PAGES, None);
        }
        let place = usize::try_from(page % PAGES as u64).unwrap_or(0);
        let Some(kept) = pages.get_mut(place) else { return Ok(false) };
        if kept.as_ref().is_none_or(|(number, _)| *number != page) {
            let mut bytes = vec![0; PAGE as usize].into_boxed_slice();
            match self.file.read_exact_at(&mut bytes, page * PAGE) {
                Ok(()) => *kept = Some((page, bytes)),
                // The last page is seldom whole.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        let bytes = kept.as_ref().and_then(|(_, bytes)| bytes.get(within..end));
        bytes.map(|bytes| buffer.copy_from_slice(bytes)).map_or(Ok(false), |()| Ok(true))
    }
}

impl ReadAt for OnDisk {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(buffer, offset)
    }

    fn read_table_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        if self.read_kept(offset, buffer)? { Ok(()) } else { self.read_at(offset, buffer) }
    }

    fn size(&self) -> io::Result<u64> {
        self.file.metadata().map(|about| about.len())
    }
}

/// Where the database lies when nobody says: in the user's cache folder
/// (`XDG_CACHE_HOME`, else `.cache` in the home folder).
///
/// # Errors
/// [`Failure`] when the environment names neither folder.
pub fn default_path(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, Failure> {
    let folder = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    match cache {
        Some(cache) => Ok(cache.join("bomwarden").join("advisories.db")),
        None => Err(Failure::new("neither XDG_CACHE_HOME nor HOME names a folder").next("name the database with `--db PATH`")),
    }
}

/// The path that was given, or the default one.
///
/// # Errors
/// [`Failure`] when there is no default.
pub fn path_or_default(given: Option<PathBuf>) -> Result<PathBuf, Failure> {
    given.map_or_else(|| default_path(|name| std::env::var_os(name)), Ok)
}

/// Opens the database at `path`.
///
/// # Errors
/// [`Failure`] when it is not there, or is no database that this program reads.
pub fn open(path: &Path) -> Result<Database<OnDisk>, Failure> {
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            Failure::new(format!("there is no advisory database at `{}`", path.display())).next(HOW_TO_MAKE)
        }
        _ => Failure::of_file(path, &error),
    })?;
    Database::open(OnDisk::new(file)).map_err(|error| unusable(path, &error))
}

/// How to get a database, said wherever one is missing or unusable.
const HOW_TO_MAKE: &str = "make it with `bomwarden db update --from SOURCE`, where SOURCE is an OSV zip, folder, file or address";

/// What to say of a database that cannot answer.
pub fn unusable(path: &Path, error: &DatabaseError) -> Failure {
    let failure = Failure::new(format!("`{}`: {error}", path.display()));
    match error {
        DatabaseError::Read(_) => failure,
        DatabaseError::Foreign => failure.next("name another path with `--db`"),
        _ => failure.next("delete it and make it again with `bomwarden db update`"),
    }
}

/// The right to replace the database at `path`, until it is dropped: two updates at once
/// would each lose what the other took in. Waits for another one, after `waiting` was called.
///
/// # Errors
/// [`Failure`] when the file beside the database that stands for the right cannot be made.
pub fn claim(path: &Path, waiting: impl FnOnce()) -> Result<File, Failure> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let beside = PathBuf::from(name);
    let failed = |error: &io::Error| Failure::of_file(&beside, error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Failure::of_file(folder, &error))?;
    }
    let file = File::options().create(true).append(true).open(&beside).map_err(|error| failed(&error))?;
    if let Err(error) = file.try_lock() {
        match error {
            TryLockError::WouldBlock => waiting(),
            TryLockError::Error(error) => return Err(failed(&error)),
        }
        file.lock().map_err(|error| failed(&error))?;
    }
    Ok(file)
}

/// What the database at `path` already knows; nothing where there is none yet.
///
/// # Errors
/// [`Failure`] when there is a file that is no sound database.
pub fn known(path: &Path) -> Result<Builder, Failure> {
    let mut builder = Builder::new(chrono::Utc::now().timestamp());
    if path.try_exists().map_err(|error| Failure::of_file(path, &error))? {
        let database = open(path)?;
        database.verify().and_then(|()| builder.add_database(&database)).map_err(|error| unusable(path, &error))?;
    }
    Ok(builder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_lies_in_the_users_cache() {
        for (cache, home, path) in [
            (Some("/c"), Some("/h"), Some("/c/bomwarden/advisories.db")),
            (Some("relative"), Some("/h"), Some("/h/.cache/bomwarden/advisories.db")),
            (None, Some("/h"), Some("/h/.cache/bomwarden/advisories.db")),
            (None, None, None),
        ] {
            let variable = |name: &str| if name == "HOME" { home } else { cache }.map(OsString::from);
            assert_eq!(default_path(variable).ok(), path.map(PathBuf::from), "{cache:?} {home:?}");
        }
    }

    #[test]
    fn a_file_that_is_no_database_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        std::fs::write(&path, "my notes").unwrap();
        assert!(known(&path).is_err_and(|failure| failure.to_string().contains("it is no advisory database")));
        assert!(known(&folder.path().join("absent")).is_ok());
    }
}
