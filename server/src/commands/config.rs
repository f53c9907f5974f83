//! `bomwarden-server config`: what is in force, and the page of all settings.

use crate::config::{self, Config};
use clap::{Args, Subcommand};

/// What to show.
#[derive(Args)]
pub(super) struct Show {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Print the settings in force, secrets masked
    Show,
    /// Print the page of all settings (Markdown)
    Docs,
}

impl Show {
    pub(super) fn run(&self, load: impl FnOnce() -> anyhow::Result<Config>) -> anyhow::Result<()> {
        match self.what {
            What::Docs => print!("{}", config::document()),
            What::Show => {
                let config = load()?;
                for (key, value) in config.shown() {
                    println!("{key} = {value}");
                }
                config.targets.iter().for_each(|target| println!("target {}", target.shown()));
                for feed in &config.feeds {
                    println!("feed {}: {} from {}, every {}", feed.name, feed.kind, feed.from, feed.every);
                }
            }
        }
        Ok(())
    }
}
