//! Where package managers look for their configuration: the project's folder and
//! those above it, the user's home, the machine's, and the variables.

use crate::ci::Environment;
use crate::files::read_capped;
use std::path::{Path, PathBuf};

/// Largest configuration file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// A project on a machine.
pub struct Place<'a> {
    folder: PathBuf,
    home: Option<PathBuf>,
    /// The variables.
    pub environment: &'a Environment<'a>,
}

/// A configuration file that is there.
pub struct File {
    /// Its path, for people.
    pub name: String,
    /// What it holds.
    pub text: String,
}

impl<'a> Place<'a> {
    /// The project in `folder`, with the variables of `environment`.
    pub fn new(folder: &Path, environment: &'a Environment<'a>) -> Self {
        let home = environment.first(&["HOME", "USERPROFILE"]).map(PathBuf::from);
        Self { folder: folder.canonicalize().unwrap_or_else(|_| folder.to_owned()), home, environment }
    }

    /// The project's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of this name in the project's folder.
    pub fn project(&self, name: &str) -> Option<File> {
        file(&self.folder.join(name))
    }

    /// The files of this name in the project's folder and those above it, nearest first.
    pub fn above(&self, name: &str) -> impl Iterator<Item = File> {
        self.folder.ancestors().filter_map(move |folder| file(&folder.join(name)))
    }

    /// The file at this path below the user's home.
    pub fn home(&self, name: &str) -> Option<File> {
        file(&self.home.as_ref()?.join(name))
    }

    /// The file below the folder that a variable names, or below `default` in the home.
    pub fn in_variable(&self, variable: &str, default: &str, name: &str) -> Option<File> {
        match self.environment.text(variable) {
            Some(folder) => file(&Path::new(&folder).join(name)),
            None => self.home(&format!("{default}/{name}")),
        }
    }

    /// The file that a variable names.
    pub fn named_by(&self, variable: &str) -> Option<File> {
        file(Path::new(&self.environment.text(variable)?))
    }

    /// The file at this path of the machine.
    pub fn machine(&self, path: &str) -> Option<File> {
        file(Path::new(path))
    }
}

fn file(path: &Path) -> Option<File> {
    let text = String::from_utf8(read_capped(path, LARGEST).ok()?).ok()?;
    Some(File { name: path.display().to_string(), text })
}
