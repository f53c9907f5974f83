//! `bomwarden-server migrate`: brings the schema up to date and ends, for those who
//! do it before they start the servers.

use crate::config::Config;
use crate::store::Store;
use anyhow::Context;

pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    crate::logs::start(&config.log).map_err(anyhow::Error::msg)?;
    Store::open(&config.database).with_context(|| config.database.to_string())?;
    println!("the schema of {} is up to date", config.database);
    Ok(())
}
