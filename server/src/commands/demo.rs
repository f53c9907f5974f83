//! `bomwarden-server demo`: its own settings, nothing to configure.

use crate::config::Address;
use crate::demo::{self, Demo};

/// Runs the demo; false when its check failed.
pub(super) fn run(demo: Demo, database: Option<&str>) -> anyhow::Result<bool> {
    let database = database.map(Address::parse).transpose().map_err(anyhow::Error::msg)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(demo::run(demo, database))
}
