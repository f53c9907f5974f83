//! The command line of `bomwarden-server`: which commands there are, and the
//! settings that their flags give.

mod config;
mod demo;
pub mod export;
mod import;
mod migrate;
mod recheck;
pub mod registries;
mod serve;
mod targets;

use crate::config::{Config, Sources};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// The code of a command that could not run; usage errors are clap's, with the same one.
const COULD_NOT_RUN: u8 = 2;
/// The code of a demo whose check found a difference.
const CHECK_FAILED: u8 = 1;

/// Keeps the inventory of what an organisation builds, re-checks it against
/// advisories and registries, and tells people.
#[derive(Parser)]
#[command(name = "bomwarden-server", version, propagate_version = true)]
pub struct Line {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every command takes.
#[derive(Args)]
struct Settings {
    /// The settings file [default: ./bomwarden.toml, then /etc/bomwarden/bomwarden.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database: `sqlite:PATH` or `postgres://…`
    #[arg(long, global = true, value_name = "ADDRESS")]
    database: Option<String>,
    /// The folder of everything the server keeps
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until it is told to stop
    Serve(serve::Serve),
    /// Bring the database's schema up to date and end
    Migrate,
    /// Show the settings
    Config(config::Show),
    /// Write everything worth carrying elsewhere
    Export(export::Export),
    /// Say which registries are known, and decide about them
    Registries(registries::Registries),
    /// Say where messages go, and try one
    Targets(targets::Targets),
    /// Take advisories in from files, archives and folders
    Import(import::Import),
    /// Check every component against every advisory again
    Recheck(recheck::Recheck),
    /// Show the whole product on this machine: no network, nothing to configure
    Demo(crate::demo::Demo),
}

impl Line {
    /// Runs the command and answers the process's exit code.
    pub fn run(self) -> ExitCode {
        let outcome = match self.command {
            Command::Serve(serve) => self.settings.load(serve.flags()).and_then(|config| serve.run(config)),
            Command::Migrate => self.settings.load(Vec::new()).and_then(|config| migrate::run(&config)),
            Command::Config(show) => show.run(|| self.settings.load(Vec::new())),
            Command::Export(export) => self.settings.load(Vec::new()).and_then(|config| export.run(config)),
            Command::Registries(registries) => self.settings.load(Vec::new()).and_then(|config| registries.run(&config)),
            Command::Targets(targets) => self.settings.load(Vec::new()).and_then(|config| targets.run(&config)),
            Command::Import(import) => self.settings.load(Vec::new()).and_then(|config| import.run(config)),
            Command::Recheck(recheck) => self.settings.load(Vec::new()).and_then(|config| recheck.run(config)),
            Command::Demo(demo) => match demo::run(demo, self.settings.database.as_deref()) {
                Ok(true) => Ok(()),
                Ok(false) => return ExitCode::from(CHECK_FAILED),
                Err(error) => Err(error),
            },
        };
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                // The last words go where the user looks, whatever the log's filter is.
                eprintln!("bomwarden-server: {error:#}");
                ExitCode::from(COULD_NOT_RUN)
            }
        }
    }
}

impl Settings {
    /// The settings, with the flags of the command over those of every command.
    fn load(&self, more: crate::config::Flags) -> anyhow::Result<Config> {
        let own = [("--database", "database", &self.database), ("--data", "data", &self.data)];
        let own = own.into_iter().filter_map(|(flag, key, value)| Some((flag, key, value.clone()?)));
        let sources = Sources {
            file: self.config.clone(),
            environment: std::env::vars_os()
                .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)))
                .collect(),
            flags: own.chain(more).collect(),
            judge: Some(crate::alerts::accepts),
        };
        Ok(Config::load(&sources)?)
    }
}
