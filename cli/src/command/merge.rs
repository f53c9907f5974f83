//! `bomwarden merge`: one document of several SBOMs or lockfiles. Their subjects
//! become components of a new subject.

use super::convert::put;
use crate::generation::Stamp;
use crate::limits::limits;
use crate::merging::merge_documents;
use crate::output::Target;
use crate::subject::{self, Detect};
use crate::{Failure, Outcome, Screen};
use std::path::{Path, PathBuf};

/// Make one SBOM of several SBOMs or lockfiles.
#[derive(clap::Args)]
pub struct Arguments {
    /// SBOMs and lockfiles.
    #[arg(value_name = "FILE", required = true, num_args = 2..)]
    files: Vec<PathBuf>,
    /// Where the document goes; standard output if left out.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The name of what the document is about.
    #[arg(long, value_name = "NAME", default_value = "merged")]
    name: String,
    /// The format, with `@VERSION` for another version than its newest common one.
    #[arg(long, value_name = "FORMAT", default_value = "cyclonedx-json")]
    format: String,
    /// The same bytes for the same input: no time (but `SOURCE_DATE_EPOCH`), serial number or CI run.
    #[arg(long)]
    reproducible: bool,
}

/// Runs the command.
///
/// # Errors
/// [`Failure`] when a file cannot be read, or the document not be written.
pub fn run(arguments: Arguments, screen: &Screen) -> Result<Outcome, Failure> {
    let target = Target::of_name(&arguments.format)?;
    let limits = limits()?;
    let bar = screen.steps("reading", arguments.files.len() as u64);
    let mut documents = Vec::with_capacity(arguments.files.len());
    for file in &arguments.files {
        documents.push(subject::read(file, Detect::Itself, &limits)?.1.value);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let mut document = merge_documents(documents, &arguments.name);
    Stamp::new(arguments.reproducible, Path::new(".")).put_on(&mut document, None);
    put(&document, &target, arguments.output.as_deref(), screen)?;
    Ok(Outcome::Done)
}
