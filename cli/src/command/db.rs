//! `bomwarden db`: makes and shows the local advisory database that `bomwarden scan`
//! answers from.

use crate::advisories::remote::{self, Account, Brought};
use crate::advisories::{self, source};
use crate::screen::Tone;
use crate::{Failure, Outcome, Screen, output, send};
use bom::offline::{About, Builder, Taken};
use chrono::DateTime;
use indicatif::ProgressBar;
use serde::Serialize;
use std::path::PathBuf;

/// Make and show the local advisory database.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Take advisories in; what the database knew stays, the newest of each id counts.
    Update {
        /// The address of a Bomwarden server; zips of OSV records, folders of records or zips,
        /// records one a line (`.ndjson`), single records; or the address of such a file.
        #[arg(long, value_name = "SOURCE", required = true, num_args = 1..)]
        from: Vec<String>,
        /// The token that may read from the server; better given in the environment than here.
        #[arg(long, value_name = "TOKEN", env = "BOMWARDEN_TOKEN", hide_env_values = true)]
        token: Option<String>,
        /// The database, when not the one in the user's cache folder.
        #[arg(long, value_name = "PATH")]
        db: Option<PathBuf>,
    },
    /// Say what the database holds, after checking every byte of it.
    Show {
        /// The database, when not the one in the user's cache folder.
        #[arg(long, value_name = "PATH")]
        db: Option<PathBuf>,
    },
}

/// Runs the command.
///
/// # Errors
/// [`Failure`] when the database cannot be read or written, or a source cannot be
/// read; the other sources are taken in then all the same.
pub fn run(arguments: Arguments, screen: &Screen) -> Result<Outcome, Failure> {
    match arguments.action {
        Action::Update { from, token, db } => {
            let server = std::env::var("BOMWARDEN_SERVER_URL").ok().filter(|server| !server.is_empty());
            update(&from, &Account { server, token }, advisories::path_or_default(db)?, screen)
        }
        Action::Show { db } => show(advisories::path_or_default(db)?, screen),
    }
}

/// What an update did.
#[derive(Serialize, Default)]
struct Change {
    new: u64,
    changed: u64,
    withdrawn: u64,
    unchanged: u64,
    unreadable: u64,
}

fn update(from: &[String], account: &Account, path: PathBuf, screen: &Screen) -> Result<Outcome, Failure> {
    let _claim = advisories::claim(&path, || screen.note("waiting for another update of the database to end"))?;
    let mut builder = advisories::known(&path)?;
    let mut change = Change::default();
    let bar = screen.steps("reading", 0);
    let (mut failed, mut readable) = (None, 0);
    for name in from {
        match take_in(name, account, &mut builder, &mut change, screen, &bar) {
            Ok(brought) => {
                readable += 1;
                change.unreadable += brought.outcome.unreadable;
                bar.suspend(|| tell_unreadable(name, &brought.outcome, screen));
                if brought.unchanged {
                    bar.suspend(|| screen.note(&format!("`{name}` has nothing new")));
                }
            }
            Err(failure) => {
                if let Some(earlier) = failed.replace(failure) {
                    bar.suspend(|| Failure::report(&earlier));
                }
            }
        }
    }
    bar.finish_and_clear();
    if let Some(failure) = failed.take_if(|_| readable == 0) {
        return Err(failure);
    }
    let about = builder.about();
    output::write_file(&path, &builder.finish())?;
    if screen.json() {
        screen.say_json(&serde_json::json!({"database": path.display().to_string(), "change": change, "about": about}))?;
    } else {
        let Change { new, changed, withdrawn, unchanged, unreadable } = change;
        screen.say(&format!(
            "{}: {new} new, {changed} changed, {withdrawn} withdrawn, {unchanged} known, {unreadable} unreadable",
            path.display()
        ))?;
        tell(&about, screen)?;
    }
    failed.map_or(Ok(Outcome::Done), Err)
}

/// Takes a source in, and remembers up to where where it can say so.
fn take_in(
    name: &str,
    account: &Account,
    builder: &mut Builder,
    change: &mut Change,
    screen: &Screen,
    bar: &ProgressBar,
) -> Result<Brought, Failure> {
    let marks = builder.remembered().clone();
    let known = |source: &str| marks.get(source).cloned();
    let mut sink = |advisory: &_| match builder.add(advisory) {
        Taken::New => change.new += 1,
        Taken::Changed => change.changed += 1,
        Taken::Withdrawn => change.withdrawn += 1,
        Taken::Known => change.unchanged += 1,
    };
    let brought = if send::is_address(name) {
        remote::read(name, account, known, screen, bar, &mut sink)?
    } else {
        Brought { outcome: source::read(name.as_ref(), bar, &mut sink)?, ..Brought::default() }
    };
    if let Some((source, mark)) = &brought.mark {
        builder.remember(source, mark);
    }
    Ok(brought)
}

fn tell_unreadable(source: &str, outcome: &source::Outcome, screen: &Screen) {
    for (name, error) in &outcome.told {
        screen.note(&format!("{} `{source}`: {name}: {error}", screen.paint(Tone::Warn, "passed over")));
    }
    let rest = outcome.unreadable.saturating_sub(outcome.told.len() as u64);
    if rest > 0 {
        screen.note(&format!("{} `{source}`: {rest} more records", screen.paint(Tone::Warn, "passed over")));
    }
}

fn show(path: PathBuf, screen: &Screen) -> Result<Outcome, Failure> {
    let database = advisories::open(&path)?;
    let about = database.verify().and_then(|()| database.about()).map_err(|error| advisories::unusable(&path, &error))?;
    if screen.json() {
        screen.say_json(&serde_json::json!({"database": path.display().to_string(), "about": about}))?;
    } else {
        screen.say(&path.display().to_string())?;
        tell(&about, screen)?;
    }
    Ok(Outcome::Done)
}

fn tell(about: &About, screen: &Screen) -> Result<(), Failure> {
    screen.say(&format!("{} advisories of {} packages; {} withdrawn", about.records, about.packages, about.withdrawn))?;
    for (name, coverage) in &about.ecosystems {
        let newest = DateTime::from_timestamp(coverage.newest, 0).map(|time| time.format("%Y-%m-%d").to_string());
        let newest = screen.paint(Tone::Faint, &format!("newest of {}", newest.as_deref().unwrap_or("no known day")));
        screen.say(&format!("  {name:<16} {:>8}  {newest}", coverage.records))?;
    }
    Ok(())
}
