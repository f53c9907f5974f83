//! A program started by a test. It ends with the value that holds it, and also
//! when the thread that started it dies, however that comes about.

use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A running program and the file that takes what it prints.
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

/// How to start a [`Process`].
pub struct Start<'a> {
    /// The program.
    pub program: &'a Path,
    /// Whom to run it as, where that is not ourselves (root only).
    pub user: Option<&'a User>,
    /// The signal it gets when the thread that started it dies.
    pub last_signal: &'a str,
    /// The file that takes standard output and standard error.
    pub log: PathBuf,
}

/// A user of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The user's number.
    pub user: String,
    /// The number of the user's group.
    pub group: String,
}

impl Process {
    /// Starts a program; `prepare` adds arguments and environment.
    ///
    /// # Errors
    /// When the program or its log cannot be opened.
    pub fn start(start: Start<'_>, prepare: impl FnOnce(&mut Command)) -> Result<Self> {
        let name = start.program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let log = std::fs::File::create(&start.log).with_context(|| format!("`{}` cannot be written", start.log.display()))?;
        let mut command = command(start.program, start.user, Some(start.last_signal));
        prepare(&mut command);
        let copy = log.try_clone().context("the log cannot be opened twice")?;
        command.stdin(Stdio::null()).stdout(log).stderr(copy);
        let child = command.spawn().with_context(|| format!("`{name}` does not start"))?;
        Ok(Self { name, child, log: start.log })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed so far.
    pub fn printed(&self) -> String {
        std::fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Asks `ready` again and again until it gives something.
    ///
    /// # Errors
    /// With all that the program printed, when it ends or the time is up.
    pub fn until<T>(&mut self, limit: Duration, mut ready: impl FnMut() -> Option<T>) -> Result<T> {
        let end = Instant::now() + limit;
        loop {
            if let Some(value) = ready() {
                return Ok(value);
            }
            if let Some(status) = self.child.try_wait().context("is it running?")? {
                bail!("`{}` ended ({status}) before it was ready:\n{}", self.name, self.printed());
            }
            if Instant::now() > end {
                bail!("`{}` was not ready after {limit:?}:\n{}", self.name, self.printed());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends a signal by its name, `TERM` for example.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn signal(&self, signal: &str) -> Result<()> {
        signal_to(self.id(), signal)
    }

    /// Kills it at once (SIGKILL) and waits until it is gone.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn kill(&mut self) -> Result<ExitStatus> {
        self.child.kill().with_context(|| format!("`{}` cannot be killed", self.name))?;
        self.child.wait().context("it cannot be waited for")
    }

    /// Sends `signal` and waits until it has ended; kills it when that takes longer than `limit`.
    ///
    /// # Errors
    /// When it did not end by itself in time.
    pub fn stop(&mut self, signal: &str, limit: Duration) -> Result<ExitStatus> {
        if let Some(status) = self.child.try_wait().context("is it running?")? {
            return Ok(status);
        }
        self.signal(signal)?;
        let end = Instant::now() + limit;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().context("is it running?")? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.kill()?;
        bail!("`{}` did not end within {limit:?} of SIG{signal}:\n{}", self.name, self.printed())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _gone = self.kill();
        }
        if std::thread::panicking() {
            let printed = self.printed();
            let tail: Vec<&str> = printed.lines().rev().take(40).collect();
            eprintln!("--- the last lines of `{}` ---", self.name);
            tail.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

/// A command for `program`, as `user`, that gets `last_signal` when this thread dies.
/// `setpriv` (util-linux) does both and replaces itself by the program.
pub fn command(program: &Path, user: Option<&User>, last_signal: Option<&str>) -> Command {
    let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].into_iter().find(|path| Path::new(path).is_file());
    let Some(setpriv) = setpriv.filter(|_| user.is_some() || last_signal.is_some()) else { return Command::new(program) };
    let mut command = Command::new(setpriv);
    if let Some(user) = user {
        command.args(["--reuid", &user.user, "--regid", &user.group, "--clear-groups"]);
    }
    if let Some(signal) = last_signal {
        command.args(["--pdeathsig", signal]);
    }
    command.arg("--").arg(program);
    command
}

/// Sends a signal to a process by its id.
///
/// # Errors
/// When there is no such process, or it is not ours.
pub fn signal_to(id: u32, signal: &str) -> Result<()> {
    let status = Command::new("sh")
        .args(["-c", "kill -s \"$1\" \"$2\" 2>/dev/null", "sh", signal, &id.to_string()])
        .status()
        .context("`sh` does not start")?;
    if !status.success() {
        bail!("process {id} takes no SIG{signal}");
    }
    Ok(())
}

/// Resident memory of a process, in kilobytes.
///
/// # Errors
/// When there is no such process.
pub fn resident(id: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    line.split_whitespace().next().unwrap_or_default().parse().context("VmRSS")
}

/// The ids of the processes whose parent is `parent`.
pub fn children_of(parent: u32) -> Vec<u32> {
    let listed = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = listed.filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok());
    ids.filter(|id| parent_of(*id) == Some(parent)).collect()
}

fn parent_of(id: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
