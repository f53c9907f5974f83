//! `bomwarden validate`: whether an SBOM can be read, what in it was not
//! understood, and, with `--strict`, what its specification has against it.

use crate::files::read_capped;
use crate::limits::limits;
use crate::screen::Tone;
use crate::{Failure, Outcome, Screen};
use bom::format::{self, Conformance};
use bom::reading::Warning;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Check SBOMs: exit code 1 where something is wrong with one, 2 where one cannot be read.
#[derive(clap::Args)]
pub struct Arguments {
    /// The SBOMs.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Ask the strict reader of the format, too (CycloneDX 1.3 to 1.5, SPDX 2.2 and 2.3 in JSON).
    #[arg(long)]
    strict: bool,
}

/// What was found in one file, for programs.
#[derive(Serialize)]
struct Row {
    file: String,
    format: String,
    warnings: Vec<Warning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offences: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unchecked: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// [`Failure`] when a file cannot be read, or is no SBOM.
pub fn run(arguments: Arguments, screen: &Screen) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Done;
    for path in &arguments.files {
        let row = check(path, arguments.strict)?;
        if !row.warnings.is_empty() || row.offences.as_ref().is_some_and(|offences| !offences.is_empty()) {
            outcome = Outcome::Failed;
        }
        match screen.json() {
            true => screen.say_json(&row)?,
            false => tell(&row, screen)?,
        }
    }
    Ok(outcome)
}

fn check(path: &Path, strict: bool) -> Result<Row, Failure> {
    let limits = limits()?;
    let bytes = read_capped(path, limits.bytes as u64).map_err(|error| Failure::of_file(path, &error))?;
    let reading = format::read(&bytes, &limits).map_err(|error| Failure::of_reading(path.display(), &error))?;
    let (mut offences, mut unchecked) = (None, None);
    if strict {
        match format::conformance(&bytes, &limits).map_err(|error| Failure::of_reading(path.display(), &error))? {
            Conformance::Conforms => offences = Some(Vec::new()),
            Conformance::Offends(list) => offences = Some(list),
            Conformance::Unchecked(why) => unchecked = Some(why),
        }
    }
    let (format, warnings) = (reading.value.format, reading.warnings);
    Ok(Row { file: path.display().to_string(), format, warnings, offences, unchecked })
}

fn tell(row: &Row, screen: &Screen) -> Result<(), Failure> {
    screen.say(&format!("{}: {}", screen.paint(Tone::Strong, &row.file), row.format))?;
    for warning in &row.warnings {
        let line = warning.line.map(|line| format!(", line {line}")).unwrap_or_default();
        screen.say(&format!("  {} {}{line}: {}", screen.paint(Tone::Warn, "warning"), warning.path, warning.text))?;
    }
    for offence in row.offences.iter().flatten() {
        screen.say(&format!("  {} {offence}", screen.paint(Tone::Warn, "offence")))?;
    }
    let unchecked = row.unchecked.iter().map(|why| format!("  not checked strictly: {why}"));
    unchecked.into_iter().try_for_each(|line| screen.say(&line))
}
