//! `bomwarden-server export`: everything worth carrying elsewhere, a JSON value on
//! each line.

use crate::app;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::services::Services;
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// Flags of `export`.
#[derive(Args)]
pub(super) struct Export {
    /// One JSON value on each line, the only form there is so far
    #[arg(long, default_value_t = true)]
    json: bool,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub(super) fn run(self, config: Config) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let services = Services::existing(config, Arc::new(SystemClock))?;
            match self.output {
                Some(file) => app::export_to_file(&services, &file).await,
                None => app::export(&services, std::io::stdout()).await,
            }
        })
    }
}
