//! What the user sees: text or JSON on standard output, notes and progress on
//! standard error. Colours and progress appear on a terminal only, colours not
//! where `NO_COLOR` is set.

use crate::Failure;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::io::{self, IsTerminal as _, Write};

/// Where a command prints.
pub struct Screen {
    json: bool,
    quiet: bool,
}

/// How a piece of text stands out on a terminal.
#[derive(Clone, Copy, Debug)]
pub enum Tone {
    /// Headings and names.
    Strong,
    /// Less important.
    Faint,
    /// Good news.
    Good,
    /// Look at this.
    Warn,
    /// Bad news.
    Bad,
}

impl Screen {
    /// A screen for people, or with `json` for programs; `quiet` keeps notes to itself.
    pub fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// Whether JSON was asked for.
    pub fn json(&self) -> bool {
        self.json
    }

    /// Prints text and a line break on standard output; colours of [`Screen::paint`] are
    /// taken out again unless it is a terminal.
    ///
    /// # Errors
    /// [`Failure`] when standard output cannot be written.
    pub fn say(&self, text: &str) -> Result<(), Failure> {
        written(writeln!(anstream::stdout().lock(), "{text}"))
    }

    /// Prints `value` as one line of JSON on standard output.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub fn say_json(&self, value: &impl Serialize) -> Result<(), Failure> {
        let mut line = serde_json::to_vec(value).map_err(|error| Failure::new(format!("the answer is not JSON: {error}")))?;
        line.push(b'\n');
        self.say_bytes(&line)
    }

    /// Prints `bytes` as they are on standard output.
    ///
    /// # Errors
    /// [`Failure`] when they cannot be written.
    pub fn say_bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        written(out.write_all(bytes).and_then(|()| out.flush()))
    }

    /// Prints a note for people on standard error, unless `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            // A note that cannot be written is no reason to stop.
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// `text` in a tone.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Strong => "1",
            Tone::Faint => "2",
            Tone::Good => "32",
            Tone::Warn => "33",
            Tone::Bad => "1;31",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// A progress bar over `steps` of `what`; invisible unless standard error is a terminal.
    pub fn steps(&self, what: &'static str, steps: u64) -> ProgressBar {
        self.bar(what, steps, "{msg} [{bar:30}] {pos}/{len}")
    }

    /// A progress bar over `bytes` of `what`; invisible unless standard error is a terminal.
    pub fn bytes(&self, what: &'static str, bytes: u64) -> ProgressBar {
        self.bar(what, bytes, "{msg} [{bar:30}] {binary_bytes}/{binary_total_bytes}")
    }

    fn bar(&self, what: &'static str, length: u64, template: &str) -> ProgressBar {
        if self.quiet || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::new(length).with_style(style.progress_chars("=> ")).with_message(what)
    }
}

fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Closed),
        Err(error) => Err(Failure::new(format!("standard output cannot be written: {error}"))),
    }
}
