//! Why a command could not run: one line on standard error that says what
//! happened and what to do next. Exit code 2.

use bom::reading::ReadError;
use clap::error::ErrorKind;
use std::fmt::Display;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// Why a command could not run.
#[derive(Debug)]
pub enum Failure {
    /// Told to the user.
    Said {
        /// What happened, to what.
        what: String,
        /// What to do about it.
        next: Option<String>,
    },
    /// Help or the version was asked for: printed on standard output, exit code 0.
    Asked(String),
    /// Whoever read our output has enough (`| head`): nothing to say, exit code 0.
    Closed,
}

impl Failure {
    /// A failure that says `what` happened.
    pub fn new(what: impl Into<String>) -> Self {
        Self::Said { what: what.into(), next: None }
    }

    /// The same failure, with what to do `next`.
    pub fn next(self, next: impl Into<String>) -> Self {
        match self {
            Self::Said { what, .. } => Self::Said { what, next: Some(next.into()) },
            other => other,
        }
    }

    /// What went wrong, without the next step.
    pub fn what(&self) -> String {
        match self {
            Self::Said { what, .. } => what.clone(),
            other => other.to_string(),
        }
    }

    /// A file at `path` that could not be read or written.
    pub fn of_file(path: &Path, error: &io::Error) -> Self {
        let path = path.display();
        match error.kind() {
            io::ErrorKind::NotFound => Self::new(format!("`{path}` does not exist")).next("check the path"),
            io::ErrorKind::PermissionDenied => {
                Self::new(format!("`{path}` may not be opened")).next("check who owns it and its permissions")
            }
            _ => Self::new(format!("`{path}`: {error}")),
        }
    }

    /// A document in the file called `name` that is unusable.
    pub fn of_reading(name: impl Display, error: &ReadError) -> Self {
        Self::new(format!("`{name}`: {error}"))
    }

    /// Some things of a kind that failed, each told already, while the others were `done`.
    pub fn of_part(failures: &[Self], kind: &str, done: &str) -> Self {
        let (count, s) = (failures.len(), if failures.len() == 1 { "" } else { "s" });
        Self::new(format!("{count} {kind}{s} could not be read, as told above; the others were {done}"))
    }

    /// A wrong command line, in one line instead of clap's several.
    pub fn of_usage(error: clap::Error) -> Self {
        if !error.use_stderr() {
            return Self::Asked(error.render().ansi().to_string());
        }
        if matches!(error.kind(), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand) {
            return Self::new("no command was named").next("`bomwarden --help` lists them");
        }
        let text = error.render().to_string().replace('\'', "`");
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        let what = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect::<Vec<_>>().join(" ");
        let tip = text.lines().find_map(|line| line.trim().strip_prefix("tip: "));
        let help = "run `bomwarden --help` or `bomwarden COMMAND --help`";
        Self::new(what).next(tip.map_or_else(|| help.to_owned(), |tip| format!("{tip}, or {help}")))
    }

    /// Tells it: one line on standard error.
    pub fn report(&self) {
        use std::io::Write as _;
        // Where standard error itself is gone there is nobody left to tell.
        let _ = match self {
            Self::Said { .. } => writeln!(anstream::stderr(), "\u{1b}[1;31merror:\u{1b}[0m {}", one_line(&self.to_string())),
            Self::Asked(text) => write!(anstream::stdout(), "{text}"),
            Self::Closed => Ok(()),
        };
    }

    /// The exit code of a process that ends with it.
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Said { .. } => ExitCode::from(2),
            Self::Asked(_) | Self::Closed => ExitCode::SUCCESS,
        }
    }
}

impl Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Said { what, next: Some(next) } => write!(out, "{what}; {next}"),
            Self::Said { what, next: None } => out.write_str(what),
            Self::Asked(text) => out.write_str(text),
            Self::Closed => out.write_str("the output was closed"),
        }
    }
}

/// `text` without line breaks or other control characters, which a hostile file
/// name or server could use to rewrite the terminal.
fn one_line(text: &str) -> String {
    text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_one_line_with_a_next_step() {
        let failure = Failure::new("`a\nb` is\u{1b}[31m odd").next("rename it");
        assert_eq!(one_line(&failure.to_string()), "`a b` is [31m odd; rename it");
    }
}
