//! `bomwarden versions check ECOSYSTEM`: whether the order of an ecosystem's
//! versions is the one that lines on standard input say (`1.0 < 1.1`). One line
//! per disagreement, and exit code 1 where there is any.

use crate::limits::limits;
use crate::{Failure, Outcome, Screen};
use bom::ecosystem;
use bom::version::check::{self, Disagreement};
use serde::Serialize;
use std::io::{self, Read as _};

/// Ask about the order of versions.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    question: Question,
}

#[derive(clap::Subcommand)]
enum Question {
    /// Compare versions as lines on standard input say (`1.0 < 1.1`, `=`, `>`), and print
    /// those that the ecosystem orders otherwise.
    Check {
        /// An ecosystem (`npm`, `Debian:12`), a purl type (`cargo`) or an order (`semver`).
        ecosystem: String,
    },
}

/// A line that disagrees, for programs.
#[derive(Serialize)]
struct Row<'a> {
    line: usize,
    a: &'a str,
    b: &'a str,
    claimed: &'static str,
    found: Option<&'static str>,
    error: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// [`Failure`] for an unknown ecosystem, and for lines that are no comparison once all
/// others were looked at.
pub fn run(arguments: Arguments, screen: &Screen) -> Result<Outcome, Failure> {
    let Question::Check { ecosystem } = arguments.question;
    let scheme = ecosystem::scheme_named(&ecosystem).ok_or_else(|| {
        Failure::new(format!("`{ecosystem}` is no ecosystem that is known"))
            .next("write it as OSV does, for example `PyPI`, `crates.io` or `Debian:12`")
    })?;
    let text = standard_input()?;
    let (mut disagreements, mut unreadable) = (0_usize, Vec::new());
    for (i, line) in text.lines().enumerate() {
        match check::check_line(scheme, line) {
            Ok(None) => {}
            Ok(Some(disagreement)) => {
                disagreements += 1;
                tell(screen, i + 1, &disagreement)?;
            }
            Err(error) => unreadable.push(format!("line {}: {error}", i + 1)),
        }
    }
    match unreadable.split_first() {
        None if disagreements == 0 => Ok(Outcome::Done),
        None => Ok(Outcome::Failed),
        Some((first, [])) => Err(Failure::new(first)),
        Some((first, others)) => Err(Failure::new(format!("{first} (and {} more lines)", others.len()))),
    }
}

fn standard_input() -> Result<String, Failure> {
    let cap = limits()?.bytes;
    let mut bytes = Vec::new();
    let mut input = io::stdin().lock().take(cap as u64 + 1);
    input.read_to_end(&mut bytes).map_err(|error| Failure::new(format!("standard input: {error}")))?;
    if bytes.len() > cap {
        return Err(Failure::new(format!("standard input has more than {cap} bytes, the limit")).next("send it in parts"));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn tell(screen: &Screen, line: usize, disagreement: &Disagreement<'_>) -> Result<(), Failure> {
    if !screen.json() {
        return screen.say(&format!("line {line}: {disagreement}"));
    }
    let claim = &disagreement.claim;
    screen.say_json(&Row {
        line,
        a: claim.a,
        b: claim.b,
        claimed: check::sign(claim.order),
        found: disagreement.found.as_ref().ok().map(|order| check::sign(*order)),
        error: disagreement.found.as_ref().err().map(ToString::to_string),
    })
}
