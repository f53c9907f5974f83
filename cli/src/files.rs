//! Files below a root folder: what lockfile readers may see. Nothing above the
//! root is opened, not through `..` nor through a link, and no file is read beyond a cap.

use bom::lockfile::Files;
use bom::reading::{Bound, Limits, ReadError};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// A folder as the root of what is looked at.
pub struct Folder {
    root: PathBuf,
    limits: Limits,
}

impl Folder {
    /// The folder at `root`.
    ///
    /// # Errors
    /// [`io::Error`] when it does not exist or cannot be entered.
    pub fn new(root: &Path, limits: &Limits) -> io::Result<Self> {
        Ok(Self { root: root.canonicalize()?, limits: *limits })
    }

    /// The root, absolute and without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether there is a file or folder at `path`.
    pub fn has(&self, path: &str) -> bool {
        normalised(path).is_some_and(|path| self.root.join(path).exists())
    }

    /// The names in the folder at `path`, sorted, at most `most` of them; none where there is no such folder.
    pub fn list(&self, path: &str, most: usize) -> Vec<String> {
        let inside = |full: &PathBuf| full.canonicalize().is_ok_and(|full| full.starts_with(&self.root));
        let full = normalised(path).map(|path| self.root.join(path)).filter(inside);
        let entries = full.and_then(|full| std::fs::read_dir(full).ok());
        let named = entries.into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = named.take(most).collect();
        names.sort();
        names
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(relative) = normalised(path) else {
            return Err(outside(path));
        };
        let full = match self.root.join(relative).canonicalize() {
            Ok(full) => full,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(ReadError::at(path, None, error.to_string())),
        };
        if !full.starts_with(&self.root) {
            return Err(outside(path));
        }
        match read_capped(&full, self.limits.bytes as u64) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(ReadError::at(path, None, error.to_string())),
        }
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

/// The bytes of the regular file at `path`, at most `cap` of them.
///
/// # Errors
/// [`io::Error`] when it cannot be read, is no regular file or is larger.
pub fn read_capped(path: &Path, cap: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "this is a folder, a file was needed"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len().min(cap)).unwrap_or(0));
    file.take(cap.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > cap {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it has more than {cap} bytes; `{}` allows more", Bound::Bytes.setting()),
        ));
    }
    Ok(bytes)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory)
}

fn outside(path: &str) -> ReadError {
    ReadError::at(path, None, "it lies outside of the folder that is looked at; run the command on a folder that holds both")
}

/// `path` without `.` and `..`; `None` when it is absolute or climbs out.
pub fn normalised(path: &str) -> Option<PathBuf> {
    let mut parts = Vec::new();
    for part in path.split(['/', std::path::MAIN_SEPARATOR]) {
        match part {
            "" if parts.is_empty() && path.starts_with(['/', std::path::MAIN_SEPARATOR]) => return None,
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_climbs_out_of_the_root() {
        for (path, kept) in [
            ("a/b", Some("a/b")),
            ("a/../b", Some("b")),
            ("./a//b/.", Some("a/b")),
            ("../a", None),
            ("a/../../b", None),
            ("/etc/passwd", None),
        ] {
            assert_eq!(normalised(path), kept.map(PathBuf::from), "{path}");
        }
    }

    #[test]
    fn a_link_out_of_the_root_is_refused() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("root");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(outer.path().join("secret"), "x").unwrap();
        std::fs::write(root.join("here"), "y").unwrap();
        std::os::unix::fs::symlink("../secret", root.join("link")).unwrap();
        let folder = Folder::new(&root, &Limits::default()).unwrap();
        assert_eq!(folder.read("here"), Ok(Some(b"y".to_vec())));
        assert_eq!(folder.read("there"), Ok(None));
        assert!(folder.read("link").unwrap_err().text.contains("outside"));
    }

    #[test]
    fn a_file_beyond_the_cap_is_refused() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("large"), [0; 11]).unwrap();
        let folder = Folder::new(root.path(), &Limits { bytes: 10, ..Limits::default() }).unwrap();
        assert!(folder.read("large").unwrap_err().text.contains("more than 10 bytes"));
    }
}
