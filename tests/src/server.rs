//! A real `bomwarden-server` on loopback, with a folder and a database of its
//! own. Killed with the value that holds it; can be killed and started again.

use crate::cli::Ran;
use crate::process::{Process, Start};
use crate::{cli, database, programs};
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;
use tempfile::TempDir;

/// How long a server may take to listen; long, since tests share two cores with a build.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server.
pub struct Server {
    address: String,
    database: String,
    config: String,
    process: Option<Process>,
    starts: u32,
    // Last, so that it is removed after the process that writes to it has ended.
    folder: TempDir,
}

impl Server {
    /// Starts a server on an empty database of its own.
    ///
    /// # Errors
    /// With everything that it printed, when it does not come up.
    pub fn start() -> Result<Self> {
        Self::with_config("")
    }

    /// The same, with further lines of `bomwarden.toml`.
    ///
    /// # Errors
    /// With everything that it printed, when it does not come up.
    pub fn with_config(config: &str) -> Result<Self> {
        let folder = folder()?;
        let database = database::fresh(folder.path())?;
        Self::on(folder, database, config)
    }

    /// The same, on the database at `database`.
    ///
    /// # Errors
    /// With everything that it printed, when it does not come up.
    pub fn on_database(database: &str) -> Result<Self> {
        Self::on_database_with(database, "")
    }

    /// The same, with further lines of `bomwarden.toml`.
    ///
    /// # Errors
    /// With everything that it printed, when it does not come up.
    pub fn on_database_with(database: &str, config: &str) -> Result<Self> {
        Self::on(folder()?, database.to_owned(), config)
    }

    fn on(folder: TempDir, database: String, config: &str) -> Result<Self> {
        let mut server = Self { address: String::new(), database, config: config.to_owned(), process: None, starts: 0, folder };
        server.start_again()?;
        Ok(server)
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.address
    }

    /// The address of its database, as its settings take it.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The folder that holds its settings, its data and its log.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Login and password of the administrator that the first start made.
    ///
    /// # Errors
    /// When the file that tells them is not there.
    pub fn first_administrator(&self) -> Result<(String, String)> {
        let file = self.data().join("first-admin.txt");
        let text = std::fs::read_to_string(&file).with_context(|| format!("`{}`", file.display()))?;
        let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(|rest| rest.trim().to_owned());
        Ok((line("login:").context("the file names no login")?, line("password:").context("the file names no password")?))
    }

    /// The folder of its data.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What it printed since it was last started.
    pub fn printed(&self) -> String {
        self.process.as_ref().map(Process::printed).unwrap_or_default()
    }

    /// Its process id; 0 when it does not run.
    pub fn id(&self) -> u32 {
        self.process.as_ref().map_or(0, Process::id)
    }

    /// Kills it at once (SIGKILL), as the kernel does when memory runs out.
    ///
    /// # Errors
    /// When it does not run.
    pub fn kill(&mut self) -> Result<()> {
        self.process.take().context("the server does not run")?.kill()?;
        Ok(())
    }

    /// Runs `bomwarden-server` with these arguments beside it, with its settings.
    ///
    /// # Errors
    /// When it does not start.
    pub fn command(&self, arguments: &[&str]) -> Result<Ran> {
        let mut command = Command::new(programs::server()?);
        cli::clear(&mut command);
        command.current_dir(self.folder.path()).args(arguments).args(["--config", "bomwarden.toml"]);
        Ok(cli::ran(&command.output().context("`bomwarden-server` does not start")?))
    }

    /// Lets it ask a registry that speaks npm's protocol, with a pause of so many milliseconds.
    ///
    /// # Errors
    /// With what the command printed, when it refuses.
    pub fn approve_npm(&self, address: &str, pause: u32) -> Result<()> {
        let decision = format!(
            "[[registry]]\necosystem = \"npm\"\nprotocol = \"npm\"\naddress = {address:?}\nresolve = true\ncontact = true\n\
             believe = \"authority\"\n[registry.pace]\nregistry = {pause}\n"
        );
        std::fs::write(self.folder.path().join("registry.toml"), decision).context("the decision cannot be written")?;
        self.command(&["registries", "approve", "registry.toml"])?.with_code(0).map(drop)
    }

    /// Asks it to stop, as systemd does, and waits.
    ///
    /// # Errors
    /// When it takes longer than 15 seconds.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        self.process.take().context("the server does not run")?.stop("TERM", Duration::from_secs(15))
    }

    /// Starts it again on the same folder and database; it may listen elsewhere then.
    ///
    /// # Errors
    /// With everything that it printed, when it does not come up.
    pub fn start_again(&mut self) -> Result<()> {
        ensure!(self.process.is_none(), "the server runs already");
        self.starts += 1;
        let path = |name: &str| self.folder.path().join(name);
        let settings = path("bomwarden.toml");
        std::fs::write(&settings, self.settings()).context("the settings cannot be written")?;
        let told = path(&format!("address-{}", self.starts));
        let log = path(&format!("server-{}.log", self.starts));
        let start = Start { program: &programs::server()?, user: None, last_signal: "KILL", log };
        let mut process = Process::start(start, |command| {
            cli::clear(command);
            command.current_dir(self.folder.path()).arg("serve").arg("--config").arg(&settings);
            command.args(["--listen", "127.0.0.1:0", "--address-file"]).arg(&told);
        })?;
        let address = process.until(PATIENCE, || line_of(&told))?;
        self.address = if address.starts_with("http") { address } else { format!("http://{address}") };
        self.process = Some(process);
        Ok(())
    }

    fn settings(&self) -> String {
        format!("database = {:?}\ndata = {:?}\n{}\n", self.database, self.data().display().to_string(), self.config)
    }
}

fn folder() -> Result<TempDir> {
    tempfile::Builder::new().prefix("bomwarden-test-").tempdir().context("no temporary folder")
}

/// What a file says, once it is there; it appears whole or not at all.
fn line_of(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.trim().to_owned()).filter(|line| !line.is_empty())
}
