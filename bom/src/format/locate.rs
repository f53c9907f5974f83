//! The lines on which the paths of warnings and errors stand: a second pass over
//! a document that was read, made only when there is something to report.

pub(super) mod json;
pub(super) mod xml;
pub(super) mod yaml;

use crate::reading::{ReadError, Reading};

/// Adds lines to the warnings of a reading, or to its error; `find` gives the
/// line of each path.
pub(super) fn with_lines<T>(
    reading: Result<Reading<T>, ReadError>,
    find: impl Fn(&[&str]) -> Vec<Option<u32>>,
) -> Result<Reading<T>, ReadError> {
    match reading {
        Ok(mut reading) => {
            let mut places: Vec<_> = reading.warnings.iter_mut().filter(|warning| warning.line.is_none()).collect();
            let paths: Vec<_> = places.iter().map(|warning| warning.path.as_str()).collect();
            let lines = find(&paths);
            places.iter_mut().zip(lines).for_each(|(warning, line)| warning.line = line);
            Ok(reading)
        }
        Err(error) => Err(with_line(error, find)),
    }
}

/// Adds the line to an error that names a path.
pub(super) fn with_line(error: ReadError, find: impl Fn(&[&str]) -> Vec<Option<u32>>) -> ReadError {
    let line = error.line.or_else(|| find(&[&error.path]).into_iter().next().flatten());
    ReadError { line, ..error }
}
