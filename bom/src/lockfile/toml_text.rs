//! TOML into raw records, with the line of an error.

use crate::reading::ReadError;
use serde::Deserialize;

/// Reads `text` as `T`.
///
/// # Errors
/// [`ReadError`] with its line when `text` is no TOML.
pub(super) fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ReadError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
        let line = line.and_then(|line| u32::try_from(line).ok());
        ReadError::at("", line, format!("this is no TOML: {}", error.message()))
    })
}
