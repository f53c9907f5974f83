//! `bomwarden-server serve`.

use crate::app;
use crate::config::{Config, Flags};
use clap::Args;
use std::path::PathBuf;

/// Flags of `serve`.
#[derive(Args)]
pub(super) struct Serve {
    /// Where to listen; port 0 lets the system choose
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<String>,
    /// Write the address the server listens on to this file, once it does
    #[arg(long, value_name = "FILE")]
    address_file: Option<PathBuf>,
}

impl Serve {
    pub(super) fn flags(&self) -> Flags {
        self.listen.iter().map(|text| ("--listen", "listen", text.clone())).collect()
    }

    pub(super) fn run(self, config: Config) -> anyhow::Result<()> {
        crate::logs::start(&config.log).map_err(anyhow::Error::msg)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(app::run(config, self.address_file))
    }
}
