//! JSON into raw records, with the line of an error.

use crate::reading::ReadError;
use serde::Deserialize;

/// Reads `text` as `T`.
///
/// # Errors
/// [`ReadError`] with its line when `text` is no JSON, is nested too deeply, or is no object.
pub(super) fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ReadError> {
    if !text.trim_start().starts_with('{') {
        return Err(ReadError::at("", Some(1), "this is no JSON object"));
    }
    serde_json::from_str(text).map_err(|error| {
        let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
        ReadError::at("", line, format!("this is no JSON: {error}"))
    })
}
