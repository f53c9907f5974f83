//! `bomwarden-server recheck`: everything beside every record, by hand.

use crate::clock::SystemClock;
use crate::config::Config;
use crate::services::Services;
use crate::store::rechecks::Recheck as Seen;
use crate::{recheck, stop};
use anyhow::Context as _;
use clap::Args;
use std::sync::Arc;

/// Flags of `recheck`.
#[derive(Args)]
pub(super) struct Recheck {
    /// Say nothing until it has ended
    #[arg(long)]
    quiet: bool,
}

impl Recheck {
    pub(super) fn run(self, config: Config) -> anyhow::Result<()> {
        crate::logs::start(&config.log).map_err(anyhow::Error::msg)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let services = Services::existing(config, Arc::new(SystemClock))?;
            let (_stopper, stop) = stop::stop();
            let quiet = self.quiet;
            let listener = move |seen: &Seen| {
                if !quiet && seen.ended_at.is_none() {
                    eprintln!("{}", progress(seen));
                }
            };
            let seen = recheck::alone(&services, &stop, &listener).await?;
            let seen = seen.context("a re-check is under way already; the page of feeds shows how far it is")?;
            let Seen { components, pairs, matches, differing, .. } = seen;
            println!(
                "{components} components, {pairs} pairs, {matches} matches, {differing} packages put right, {}.{:03} s",
                seen.took() / 1000,
                seen.took() % 1000
            );
            Ok(())
        })
    }
}

fn progress(seen: &Seen) -> String {
    let left = seen.remaining().map_or(String::new(), |left| format!(", {} s left", (left + 999) / 1000));
    format!("{} %: {} components, {} a second{left}", seen.percent(), seen.components, seen.rate())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_has_percent_rate_and_what_remains() {
        let seen = Seen { seen_at: 2000, reached: 250, last: 1000, components: 5000, ..Seen::default() };
        assert_eq!(progress(&seen), "25 %: 5000 components, 2500 a second, 6 s left");
        assert_eq!(progress(&Seen::default()), "0 %: 0 components, 0 a second");
    }
}
