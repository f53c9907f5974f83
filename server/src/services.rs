//! What every driver and every page works with: made once at the start, handed
//! down as an argument.

use crate::clock::Clock;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::net::Net;
use crate::store::Store;
use crate::wake::Wake;
use anyhow::Context;
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
    /// The door to the outside.
    pub net: Net,
    /// The numbers for a monitor.
    pub metrics: Metrics,
    /// Wakes jobs that have work.
    pub wake: Wake,
}

impl Services {
    /// Opens what the settings name: the data folder, and the database with its
    /// schema brought up to date.
    ///
    /// # Errors
    /// What cannot be opened, with what to do about it.
    pub fn open(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&config.data)
            .with_context(|| format!("the folder `{}` of `data` cannot be made", config.data.display()))?;
        let net = Net::new(&config.outbound, config.data.clone())?;
        let store = Store::open(&config.database).with_context(|| config.database.to_string())?;
        Ok(Self { config: Arc::new(config), clock, store, net, metrics: crate::metrics::start(), wake: Wake::default() })
    }
}

#[cfg(test)]
pub(crate) mod fresh;
