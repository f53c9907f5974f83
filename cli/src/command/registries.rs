//! `bomwarden registries show`: where the package managers of this machine fetch
//! packages from, for whoever decides which registries are approved.

use crate::ci::Environment;
use crate::registries::{self, Place, Setting};
use crate::screen::Tone;
use crate::{Failure, Outcome, Screen};
use std::path::PathBuf;

/// Tell about the registries that builds use.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

/// What is done.
#[derive(clap::Subcommand)]
enum Action {
    /// Say where the installed package managers fetch packages from: their configuration, and what they answer themselves.
    Show {
        /// The project's folder.
        #[arg(value_name = "PATH", default_value = ".")]
        path: PathBuf,
        /// Read configuration only, run no program.
        #[arg(long)]
        no_run: bool,
    },
}

/// Runs the command.
///
/// # Errors
/// [`Failure`] when the folder is not there, or nothing is known.
pub fn run(arguments: Arguments, screen: &Screen) -> Result<Outcome, Failure> {
    let Action::Show { path, no_run } = arguments.action;
    path.metadata().map_err(|error| Failure::of_file(&path, &error))?;
    let get = |name: &str| std::env::var(name).ok();
    let environment = Environment::new(&get);
    let place = Place::new(&path, &environment);
    let mut settings = registries::configured(&place);
    if !no_run {
        let known = |setting: &Setting| settings.iter().any(|k| k.ecosystem == setting.ecosystem && k.address == setting.address);
        let more: Vec<_> = registries::asked(&place).into_iter().filter(|setting| !known(setting)).collect();
        settings.extend(more);
    }
    if settings.is_empty() {
        return Err(Failure::new("no package manager is configured or installed here").next("run this where builds run"));
    }
    // Of one ecosystem the strongest stays first.
    settings.sort_by_key(|setting| setting.ecosystem);
    for setting in &settings {
        match screen.json() {
            true => screen.say_json(setting)?,
            false => {
                let scope = setting.scope.as_deref().map(|scope| format!(" for {scope}")).unwrap_or_default();
                let (ecosystem, source) =
                    (screen.paint(Tone::Strong, setting.ecosystem), screen.paint(Tone::Faint, &setting.source));
                screen.say(&format!("{ecosystem} {}{scope} ({source})", setting.address))?;
            }
        }
    }
    Ok(Outcome::Done)
}
