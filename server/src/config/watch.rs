//! How often the registries are asked.

use std::time::Duration;

/// How often.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// Between two looks at one package.
    pub every: Duration,
    /// Between two looks at the owners of one package, where they cost a request of their own.
    pub owners_every: Duration,
}

impl Default for Watch {
    fn default() -> Self {
        Self { every: Duration::from_secs(3600), owners_every: Duration::from_secs(86_400) }
    }
}
