//! Why one of our own sources of serde values stopped: a sentence, to which the
//! source adds its line.

use std::fmt;

/// Why reading stopped; two words of the machine, as every value that is read comes back through it.
#[derive(Debug)]
pub(super) struct Stop(Box<str>);

impl Stop {
    /// For this reason.
    #[cold]
    pub(super) fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Stop {}

impl serde::de::Error for Stop {
    #[cold]
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self::new(text.to_string())
    }
}
