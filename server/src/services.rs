//! What every driver and every page works with: made once at the start, handed
//! down as an argument.

use crate::clock::Clock;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::store::Store;
use std::sync::Arc;

/// The things that exist once in a process.
#[derive(Clone)]
pub struct Services {
    /// The settings.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The database.
    pub store: Store,
    /// The numbers for a monitor.
    pub metrics: Metrics,
}
