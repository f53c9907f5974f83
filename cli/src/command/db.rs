//! `bomwarden db`: makes and shows the local advisory database that `bomwarden scan`
//! answers from.

use crate::advisories::{self, source};
use crate::screen::Tone;
use crate::{Failure, Outcome, Screen, output, send};
use bom::advisory::Advisory;
use bom::offline::{About, Taken};
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
        /// Zips of OSV records, folders of records or zips, single records, or the address of one.
        #[arg(long, value_name = "SOURCE", required = true, num_args = 1..)]
        from: Vec<String>,
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
        Action::Update { from, db } => update(&from, advisories::path_or_default(db)?, screen),
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

fn update(from: &[String], path: PathBuf, screen: &Screen) -> Result<Outcome, Failure> {
    let mut builder = advisories::known(&path)?;
    let mut change = Change::default();
    let bar = screen.steps("reading", 0);
    let (mut failed, mut readable) = (None, 0);
    for name in from {
        let outcome = read(name, &bar, screen, &mut |advisory| match builder.add(advisory) {
            Taken::New => change.new += 1,
            Taken::Changed => change.changed += 1,
            Taken::Withdrawn => change.withdrawn += 1,
            Taken::Known => change.unchanged += 1,
        });
        match outcome {
            Ok(outcome) => {
                readable += 1;
                change.unreadable += outcome.unreadable;
                bar.suspend(|| tell_unreadable(name, &outcome, screen));
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

/// Reads a source, which is fetched first where it is an address.
fn read(name: &str, bar: &ProgressBar, screen: &Screen, sink: &mut dyn FnMut(&Advisory)) -> Result<source::Outcome, Failure> {
    if !send::is_address(name) {
        return source::read(name.as_ref(), bar, sink);
    }
    let fetching = screen.bytes("fetching", 0);
    let file = send::download(name, &fetching)?;
    fetching.finish_and_clear();
    source::read(file.path(), bar, sink)
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
