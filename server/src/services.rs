//! What every driver and every page works with: made once at the start, handed
//! down as an argument.

use crate::clock::Clock;
use crate::config::{Address, Config};
use crate::mailer::Mailer;
use crate::metrics::Metrics;
use crate::net::Net;
use crate::store::{Store, private_folder};
use crate::wake::Wake;
use anyhow::Context;
use std::path::Path;
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
    /// The way out for mail.
    pub mailer: Mailer,
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
        private_folder(&config.data)
            .with_context(|| format!("the folder `{}` of `data` cannot be made", config.data.display()))?;
        let net = Net::new(&config.outbound, config.data.clone())?;
        let mailer = Mailer::new(&config.mail)?;
        let store = Store::open(&config.database).with_context(|| config.database.to_string())?;
        Ok(Self { config: Arc::new(config), clock, store, net, mailer, metrics: crate::metrics::start(), wake: Wake::default() })
    }

    /// The same for a command that works on what a server keeps, and must not make
    /// an empty database in the wrong folder.
    ///
    /// # Errors
    /// As [`Services::open`], and where there is no database yet.
    pub fn existing(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        if let Address::Sqlite(path) = &config.database {
            anyhow::ensure!(
                Path::new(path).is_file(),
                "`{path}` does not exist; run this where the server was started, or name its folder with `--data`"
            );
        }
        Self::open(config, clock)
    }
}

#[cfg(test)]
pub(crate) mod fresh;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn a_command_makes_no_database_in_the_wrong_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let database = Address::Sqlite(data.join("bomwarden.db").display().to_string());
        let config = Config { data: data.clone(), database, ..Config::default() };
        let refused = Services::existing(config.clone(), Arc::new(SystemClock)).err().expect("it is refused").to_string();
        assert!(refused.contains("does not exist; run this where the server was started"), "{refused}");
        assert!(!data.exists(), "nothing was made");
        Services::open(config.clone(), Arc::new(SystemClock)).expect("a server makes it");
        Services::existing(config, Arc::new(SystemClock)).expect("now it is there");
    }
}
