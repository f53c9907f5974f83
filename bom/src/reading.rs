//! What reading a foreign file answers: the good part with its warnings, or the
//! one error that makes the file unusable. Each names the place.

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

/// Bounds on what a reader accepts. A document beyond one of them is refused
/// with an error that names the bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document, after decompression.
    pub bytes: usize,
    /// Nesting of objects, arrays or elements.
    pub depth: usize,
    /// Components, nested ones counted.
    pub components: usize,
    /// Dependency edges.
    pub edges: usize,
    /// Bytes of a name, a version, a purl or another text that is kept.
    pub text: usize,
}

impl Limits {
    /// The same bounds, and none beyond what a file of `bytes` bytes, packed or not, may ask for: a small file
    /// cannot fill the memory with components that say nothing, nor unpack to more than forty times its size
    /// (documents of tools pack ten- to thirtyfold) and 16 MB.
    /// A component takes 28 bytes in the shortest syntax, and 30 packed.
    #[must_use]
    pub fn for_file(self, bytes: usize) -> Self {
        let most = |least: usize, more: usize, own: usize| least.saturating_add(more).min(own);
        Self {
            bytes: most(16 << 20, bytes.saturating_mul(40), self.bytes),
            components: most(50_000, bytes / 32, self.components),
            edges: most(500_000, bytes, self.edges),
            ..self
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 256 << 20, depth: 128, components: 1_000_000, edges: 5_000_000, text: 64 << 10 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_may_not_ask_for_much() {
        let check = |bytes: usize, expected: (usize, usize, usize)| {
            let limits = Limits::default().for_file(bytes);
            assert_eq!((limits.bytes, limits.components, limits.edges), expected, "{bytes}");
        };
        check(0, (16 << 20, 50_000, 500_000));
        check(3_200_000, ((16 << 20) + 128_000_000, 150_000, 3_700_000));
        check(1 << 30, (256 << 20, 1_000_000, 5_000_000));
        let own = Limits { bytes: 10, components: 1, edges: 1, ..Limits::default() };
        assert_eq!(own.for_file(1000), own, "the operator's own bounds stay");
    }
}
