//! `bomwarden-server import`: takes advisories in by hand, from files and folders.

use crate::clock::SystemClock;
use crate::config::Config;
use crate::services::Services;
use crate::{advisories, stop};
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// Flags of `import`.
#[derive(Args)]
pub(super) struct Import {
    /// How the files are read: a kind of feed
    #[arg(long, value_name = "KIND", default_value = "osv")]
    feed: String,
    /// What the records are kept under
    #[arg(long, value_name = "NAME", default_value = "import")]
    name: String,
    /// Files, archives and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Refused records that are told one by one.
const TOLD: usize = 20;

impl Import {
    pub(super) fn run(self, config: Config) -> anyhow::Result<()> {
        crate::logs::start(&config.log).map_err(anyhow::Error::msg)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let services = Services::existing(config, Arc::new(SystemClock))?;
            let (_stopper, stop) = stop::stop();
            let tally = advisories::import(&services, &self.name, &self.feed, &self.paths, &stop).await?;
            for refusal in tally.refusals.iter().take(TOLD) {
                eprintln!("`{}` was not taken: {}", refusal.record, refusal.reason);
            }
            println!("{tally}");
            if tally.new + tally.changed + tally.unchanged == 0 {
                let paths: Vec<String> = self.paths.iter().map(|path| format!("`{}`", path.display())).collect();
                anyhow::bail!("nothing was taken from {}; `--feed` says how it is read (`{}`)", paths.join(", "), self.feed);
            }
            Ok(())
        })
    }
}
