//! What reading a foreign file answers: the good part with its warnings, or the
//! one error that makes the file unusable. Each names the place.

mod limits;

pub use limits::{Bound, Limits};

use serde::{Deserialize, Serialize};

/// A place in a document that was read with a loss or a doubt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Where: a JSON path (`$.components[3].purl`), an XML path or a tag's name.
    pub path: String,
    /// The line, counted from 1; `None` where the syntax has no lines to point at.
    pub line: Option<u32>,
    /// What is wrong there and what was done about it.
    pub text: String,
}

/// Something read, with what could not be understood of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading<T> {
    /// The part that was understood.
    pub value: T,
    /// What was passed over; never a reason to refuse.
    pub warnings: Vec<Warning>,
}

/// Why a file, or one record of a batch, is unusable: what, where, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{text}", place(.path, .line))]
pub struct ReadError {
    /// Where: a file's name, a JSON path, or empty for the whole.
    pub path: String,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// What is wrong and what to do about it.
    pub text: String,
}

impl ReadError {
    /// An error about the whole of what was read.
    pub fn whole(text: impl Into<String>) -> Self {
        Self { path: String::new(), line: None, text: text.into() }
    }

    /// An error at `path`, on `line` where one is known.
    pub fn at(path: impl Into<String>, line: Option<u32>, text: impl Into<String>) -> Self {
        Self { path: path.into(), line, text: text.into() }
    }

    /// The same error, naming `file` where it named no place yet.
    pub fn in_file(mut self, file: &str) -> Self {
        if self.path.is_empty() {
            self.path = file.to_owned();
        }
        self
    }
}

fn place(path: &str, line: &Option<u32>) -> String {
    match (path.is_empty(), line) {
        (true, None) => String::new(),
        (true, Some(line)) => format!("line {line}: "),
        (false, None) => format!("{path}: "),
        (false, Some(line)) => format!("{path}, line {line}: "),
    }
}
