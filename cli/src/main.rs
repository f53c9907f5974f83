//! `bomwarden`: makes SBOMs from builds, looks into them, and sends them to a
//! Bomwarden server. This file starts, runs one command and turns its outcome into
//! an exit code: 0 done, 1 a policy failed or differences were found, 2 could not run.

mod advisories;
mod answer;
mod ci;
mod command;
mod disk;
mod failure;
mod files;
mod generation;
mod git;
mod limits;
mod merging;
mod output;
mod parcels;
mod registries;
mod report;
mod scan;
mod screen;
mod send;
mod subject;
mod walk;

use clap::Parser;
use command::Command;
use failure::Failure;
use screen::Screen;
use std::process::ExitCode;

/// Makes SBOMs from builds, looks into them, and sends them to a Bomwarden server.
#[derive(Parser)]
#[command(name = "bomwarden", version, about = ABOUT, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 done, 1 a policy failed or differences were found, 2 could not run.")]
struct Line {
    #[command(subcommand)]
    command: Command,
    /// Print JSON for programs instead of text for people.
    #[arg(long, global = true, display_order = 900)]
    json: bool,
    /// Print results and errors only, no notes and no progress.
    #[arg(long, short, global = true, display_order = 901)]
    quiet: bool,
}

/// What `--help` says first.
const ABOUT: &str = "Makes SBOMs from builds, looks into them, and sends them to a Bomwarden server";

/// What a command that ran to its end has to say to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Done: exit code 0.
    Done,
    /// A policy failed, or differences were found: exit code 1.
    Failed,
}

fn main() -> ExitCode {
    match Line::try_parse().map_err(Failure::of_usage).and_then(run) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Err(failure) => {
            failure.report();
            failure.code()
        }
    }
}

fn run(line: Line) -> Result<Outcome, Failure> {
    line.command.run(&Screen::new(line.json, line.quiet))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_commands_are_consistent() {
        super::Line::command().debug_assert();
    }
}
