//! What the user sees: text or JSON on standard output. Colours appear on a
//! terminal only, and not where `NO_COLOR` is set.

use crate::Failure;
use serde::Serialize;
use std::io::{self, Write as _};

/// Where a command prints.
pub struct Screen {
    json: bool,
}

/// How a piece of text stands out on a terminal.
#[derive(Clone, Copy, Debug)]
pub enum Tone {
    /// Headings and names.
    Strong,
    /// Less important.
    Faint,
    /// Look at this.
    Warn,
}

impl Screen {
    /// A screen for people, or with `json` for programs.
    pub fn new(json: bool) -> Self {
        Self { json }
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

    /// `text` in a tone.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Strong => "1",
            Tone::Faint => "2",
            Tone::Warn => "33",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Closed),
        Err(error) => Err(Failure::new(format!("standard output cannot be written: {error}"))),
    }
}
