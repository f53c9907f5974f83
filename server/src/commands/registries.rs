//! `bomwarden-server registries`: which registries are known, and an administrator's
//! decision on those of a file. Addresses enter by no other way than this.

use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::store::Store;
use crate::store::registries::{self as stored, Decision, Registry};
use crate::watch::decisions;
use anyhow::Context;
use bom::ecosystem::Ecosystem;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What to do about registries.
#[derive(Args)]
pub(super) struct Registries {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Take the decisions that a file holds (docs/registries.md)
    Approve {
        /// The file, TOML
        file: PathBuf,
    },
    /// Say which registries are known, and what is decided of each
    List,
}

impl Registries {
    pub(super) fn run(self, config: &Config) -> anyhow::Result<()> {
        let store = Store::open(&config.database).with_context(|| config.database.to_string())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            match self.action {
                Action::Approve { file } => {
                    let text = std::fs::read_to_string(&file).with_context(|| format!("`{}` cannot be read", file.display()))?;
                    let decisions = decisions::read(&text).with_context(|| format!("`{}`", file.display()))?;
                    approve(&store, &decisions).await?;
                }
                Action::List => {}
            }
            let all = store.read(stored::all).await?;
            all.iter().for_each(|registry| println!("{}", shown(registry)));
            Ok(())
        })
    }
}

async fn approve(store: &Store, decisions: &[Decision]) -> anyhow::Result<()> {
    let (decisions, now) = (decisions.to_vec(), SystemClock.millis());
    let decide = move |db: &mut _| decisions.iter().try_for_each(|one| stored::decide(db, one, "command line", now).map(drop));
    Ok(store.write(decide).await?)
}

fn shown(registry: &Registry) -> String {
    let ecosystem = Ecosystem::of_code(registry.ecosystem).map_or("?", |known| known.name);
    let word = |decided: i16| ["undecided", "yes", "no"].get(usize::try_from(decided).unwrap_or(0)).copied().unwrap_or("?");
    let believed = ["undecided", "as the authority", "as a mirror", "no"];
    let believed = believed.get(usize::try_from(registry.believe).unwrap_or(0)).copied().unwrap_or("?");
    format!(
        "{ecosystem}  {}  resolve: {}  contact: {}  believed: {believed}  proposed by {}",
        registry.address,
        word(registry.resolve),
        word(registry.contact),
        registry.proposed_by
    )
}
