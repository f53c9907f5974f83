//! YAML into raw records, with the line of an error and bounds on aliases.

use super::place::Source;
use crate::reading::ReadError;
use serde::Deserialize;
use serde_saphyr::DuplicateKeyPolicy;

/// Reads every document in `text` as `T`.
///
/// # Errors
/// [`ReadError`] with its line when `text` is no YAML, or beyond a bound.
pub(super) fn read<'a, T: Deserialize<'a>>(source: &'a Source) -> Result<Vec<T>, ReadError> {
    let text = source.bounded()?;
    // A line of a lockfile has two values and some thirty bytes.
    let nodes = (text.len() / 4).saturating_add(200_000);
    let mut options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 2 * nodes,
            max_nodes: nodes,
            max_total_scalar_bytes: 256 << 20,
            max_aliases: 1_000,
            simple_key_max_lookahead: 1 << 20,
        },
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        with_snippet: false,
    };
    // No package manager writes aliases; a few that people wrote by hand will do.
    options.alias_limits.max_total_replayed_events = 100_000;
    serde_saphyr::from_str_multiple_with_options(text, options).map_err(|error| {
        let line = error.location().and_then(|at| u32::try_from(at.line()).ok());
        ReadError::at("", line, format!("this is no YAML: {}", error.without_snippet()))
    })
}
