//! `bomwarden convert`: an SBOM or lockfile in another format. What that format
//! cannot hold is told, line by line; nothing is dropped in silence.

use crate::limits::limits;
use crate::output::{Target, write_file};
use crate::screen::Tone;
use crate::subject::{self, Detect};
use crate::{Failure, Outcome, Screen};
use bom::document::Document;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Write an SBOM or lockfile in another format.
#[derive(clap::Args)]
pub struct Arguments {
    /// The SBOM or lockfile.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The format to write, with `@VERSION` for another version than its newest common one.
    #[arg(long = "to", value_name = "FORMAT")]
    target: String,
    /// Where the document goes; standard output if left out.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Read the file as this kind, whatever its name is.
    #[arg(long = "as", value_name = "KIND")]
    kind: Option<String>,
}

/// What was written, for programs.
#[derive(Serialize)]
struct Row<'a> {
    file: String,
    format: String,
    components: usize,
    lost: &'a [String],
}

/// Runs the command.
///
/// # Errors
/// [`Failure`] when the file cannot be read, or the document not be written.
pub fn run(arguments: Arguments, screen: &Screen) -> Result<Outcome, Failure> {
    let target = Target::of_name(&arguments.target)?;
    let detect = arguments.kind.as_deref().map_or(Ok(Detect::Itself), Detect::of_kind)?;
    let (_, reading) = subject::read(&arguments.file, detect, &limits()?)?;
    for warning in &reading.warnings {
        let line = warning.line.map(|line| format!(" line {line}")).unwrap_or_default();
        screen.note(&format!("{}: {}{line}: {}", screen.paint(Tone::Warn, "warning"), warning.path, warning.text));
    }
    put(&reading.value, &target, arguments.output.as_deref(), screen)?;
    Ok(Outcome::Done)
}

/// Writes `document` to a file or standard output and tells what the format cannot hold.
///
/// # Errors
/// [`Failure`] when it cannot be written.
pub fn put(document: &Document, target: &Target, output: Option<&Path>, screen: &Screen) -> Result<(), Failure> {
    let (bytes, lost) = target.write(document)?;
    for lost in &lost {
        screen.note(&format!("{}: {lost}", screen.paint(Tone::Warn, "lost")));
    }
    match output.filter(|path| *path != Path::new("-")) {
        None => screen.say_bytes(&bytes),
        Some(path) => {
            write_file(path, &bytes)?;
            let file = path.display().to_string();
            if screen.json() {
                return screen.say_json(&Row { file, format: target.name(), components: document.components.len(), lost: &lost });
            }
            screen.note(&format!("{}: {} components", screen.paint(Tone::Strong, &file), document.components.len()));
            Ok(())
        }
    }
}
