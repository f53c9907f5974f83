//! Why one of our own sources of serde values stopped: a sentence, to which the
//! source adds its line.

use std::fmt;

/// Why reading stopped.
#[derive(Debug)]
pub(super) struct Stop(pub(super) String);

impl fmt::Display for Stop {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Stop {}

impl serde::de::Error for Stop {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self(text.to_string())
    }
}
