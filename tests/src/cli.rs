//! Runs the real command line, `bomwarden`, as a build would: in a folder, with
//! an address and a token in its environment and nothing of ours.

use crate::programs;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

/// What one run of the command line came to.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The exit code: 0 well, 1 policy or difference, 2 could not run; -1 for a signal.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Where the command line sends to, and as whom.
#[derive(Clone, Debug)]
pub struct Account {
    /// The server's address.
    pub server: String,
    /// The upload token.
    pub token: String,
}

impl Ran {
    /// The run again, after making sure that it ended with `code`.
    ///
    /// # Errors
    /// With everything that was printed, when it ended otherwise.
    pub fn with_code(self, code: i32) -> Result<Self> {
        ensure!(self.code == code, "`bomwarden` ended with {} instead of {code}\n{}{}", self.code, self.out, self.err);
        Ok(self)
    }

    /// Standard output as JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.out).with_context(|| format!("this is no JSON:\n{}", self.out))
    }
}

/// Runs `bomwarden` with `arguments` in `folder`.
///
/// # Errors
/// When it does not start.
pub fn run(folder: &Path, account: Option<&Account>, arguments: &[&str]) -> Result<Ran> {
    let mut command = Command::new(programs::cli()?);
    command.current_dir(folder).args(arguments);
    clear(&mut command);
    if let Some(account) = account {
        command.env("BOMWARDEN_SERVER_URL", &account.server).env("BOMWARDEN_TOKEN", &account.token);
    }
    Ok(ran(&command.output().context("`bomwarden` does not start")?))
}

/// Takes our own settings and every CI provider's marks out of a command's environment.
pub fn clear(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let ours = text.starts_with("BOMWARDEN_") || text.starts_with("GITHUB_") || text.starts_with("CI_") || text == "CI";
        if ours {
            command.env_remove(&name);
        }
    }
}

/// An output as text.
pub fn ran(output: &Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}
