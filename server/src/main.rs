//! `bomwarden-server`: reads its settings and does what the command says.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    bomwarden_server::commands::Line::parse().run()
}
