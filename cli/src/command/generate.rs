//! `bomwarden generate`: makes SBOMs of the lockfiles of a build.

use crate::generation::{Generated, Generation, Made};
use crate::limits::limits;
use crate::merging;
use crate::output::{Place, Target, write_file};
use crate::screen::Tone;
use crate::walk::Wanted;
use crate::{Failure, Outcome, Screen};
use bom::lockfile::{self, Lockfile};
use bom::reading::Warning;
use serde::Serialize;
use std::path::PathBuf;

/// Warnings of one lockfile that are told to people; the rest is counted.
const TOLD: usize = 10;

/// Make SBOMs of the lockfiles of a build.
///
/// A folder is looked through as a monorepo, respecting `.gitignore`: one document for each lockfile, whose
/// slot is the lockfile's path.
#[derive(clap::Args)]
pub struct Arguments {
    /// A lockfile or a folder.
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// Where the documents go: a file, or a folder for one file each; standard output if left out.
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// Make one document of all lockfiles.
    #[arg(long)]
    merge: bool,
    /// The format, with `@VERSION` for another version than its newest common one.
    #[arg(long, value_name = "FORMAT", default_value = "cyclonedx-json")]
    format: String,
    /// The same bytes for the same input: no time (but `SOURCE_DATE_EPOCH`), serial number or CI run.
    #[arg(long)]
    reproducible: bool,
    #[command(flatten)]
    choice: Choice,
}

/// Which lockfiles are taken.
#[derive(clap::Args)]
pub struct Choice {
    /// Take only lockfiles of this kind; `bomwarden inspect --kinds` lists them.
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// Take lockfiles that `.gitignore` excludes, too.
    #[arg(long)]
    no_ignore: bool,
}

impl Choice {
    /// What the choice wants.
    ///
    /// # Errors
    /// [`Failure`] for an unknown kind.
    pub fn wanted(&self) -> Result<Wanted, Failure> {
        let kinds: Result<Vec<&'static dyn Lockfile>, Failure> = self.kind.iter().map(|kind| known(kind)).collect();
        Ok(Wanted { kinds: kinds?, ignored: self.no_ignore })
    }
}

fn known(kind: &str) -> Result<&'static dyn Lockfile, Failure> {
    lockfile::of_kind(kind)
        .ok_or_else(|| Failure::new(format!("`{kind}` is no kind of lockfile")).next("`bomwarden inspect --kinds` lists them"))
}

/// What was made of one lockfile, for programs.
#[derive(Serialize)]
struct Row<'a> {
    slot: &'a str,
    kind: &'a str,
    file: String,
    components: usize,
    edges: usize,
    warnings: &'a [Warning],
}

/// Runs the command.
///
/// # Errors
/// [`Failure`] when nothing was found, or a lockfile could not be read; documents of the others are written then.
pub fn run(arguments: Arguments, screen: &Screen) -> Result<Outcome, Failure> {
    let target = Target::of_name(&arguments.format)?;
    let wanted = arguments.choice.wanted()?;
    let generation = Generation { path: arguments.path, wanted, reproducible: arguments.reproducible };
    let generated = generation.run(&limits()?, screen)?;
    let Generated { made, mut failures, stamp, name } = generated;
    let made = match arguments.merge {
        true if failures.is_empty() => vec![merging::merge(made, &stamp, &name)],
        true => Vec::new(),
        false => made,
    };
    if !made.is_empty() {
        let place = Place::of(arguments.output.as_deref(), made.len())?;
        write(&made, &place, &target, screen)?;
    }
    let last = failures.pop();
    failures.iter().for_each(Failure::report);
    last.map_or(Ok(Outcome::Done), Err)
}

fn write(made: &[Made], place: &Place, target: &Target, screen: &Screen) -> Result<(), Failure> {
    for made in made {
        let (bytes, lost) = target.write(&made.document)?;
        for lost in lost {
            screen.note(&format!("{}: {lost}", made.slot));
        }
        tell_warnings(made, screen);
        let Some(file) = place.file(&made.slot, target) else {
            screen.say_bytes(&bytes)?;
            continue;
        };
        write_file(&file, &bytes)?;
        let (components, edges) = (made.document.components.len(), made.document.edges.len());
        let file = file.display().to_string();
        match screen.json() {
            true => {
                screen.say_json(&Row { slot: &made.slot, kind: made.kind, file, components, edges, warnings: &made.warnings })?
            }
            false => screen.note(&format!("{}: {components} components, {edges} edges", screen.paint(Tone::Strong, &file))),
        }
    }
    Ok(())
}

fn tell_warnings(made: &Made, screen: &Screen) {
    for warning in made.warnings.iter().take(TOLD) {
        let line = warning.line.map(|line| format!(" line {line}")).unwrap_or_default();
        let word = screen.paint(Tone::Warn, "warning");
        screen.note(&format!("{word}: {}: {}{line}: {}", made.slot, warning.path, warning.text));
    }
    if let Some(more) = made.warnings.len().checked_sub(TOLD).filter(|more| *more > 0) {
        screen.note(&format!("{}: {more} more warnings; `bomwarden inspect` lists them", made.slot));
    }
}
