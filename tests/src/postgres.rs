//! A PostgreSQL of the tests' own: a fresh cluster in a temporary folder,
//! reached through a socket in it, so that no port is taken and no server that
//! runs already is touched. It ends with the value that holds it.

use crate::process::{self, Process, Start, User};
use crate::programs;
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// The cluster's superuser.
const USER: &str = "bomwarden";

/// Whether what is committed must outlive a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// As in production; for tests that kill the database.
    Durable,
    /// Nothing is flushed: quicker, for all other tests.
    Fast,
}

/// A running cluster.
pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    owner: Option<User>,
    durability: Durability,
    process: Process,
}

impl Cluster {
    /// Makes a cluster and starts it.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start; with what it said.
    pub fn start(durability: Durability) -> Result<Self> {
        let programs = programs_folder()?;
        let folder = tempfile::Builder::new().prefix("bomwarden-pg-").tempdir().context("no temporary folder")?;
        let owner = owner()?;
        if let Some(owner) = &owner {
            run(Command::new("chown").arg(format!("{}:{}", owner.user, owner.group)).arg(folder.path()))?;
        }
        let mut initdb = process::command(&programs.join("initdb"), owner.as_ref(), None);
        initdb.arg("--pgdata").arg(folder.path().join("data"));
        initdb.args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--username", USER]);
        run(initdb.current_dir(folder.path()))?;
        let process = postmaster(&programs, folder.path(), owner.as_ref(), durability)?;
        let mut cluster = Self { folder, programs, owner, durability, process };
        cluster.wait()?;
        Ok(cluster)
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@/{database}?host={}", self.folder.path().display())
    }

    /// Kills every process of the cluster at once, as a power cut would.
    ///
    /// # Errors
    /// When they cannot be killed.
    pub fn kill(&mut self) -> Result<()> {
        let workers = process::children_of(self.process.id());
        self.process.kill()?;
        for worker in workers {
            let _gone_already = process::signal_to(worker, "KILL");
            while Path::new(&format!("/proc/{worker}")).exists() {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        Ok(())
    }

    /// Starts it again after [`kill`](Self::kill), with the same data.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn restart(&mut self) -> Result<()> {
        self.process = postmaster(&self.programs, self.folder.path(), self.owner.as_ref(), self.durability)?;
        self.wait()
    }

    fn wait(&mut self) -> Result<()> {
        let psql = self.programs.join("psql");
        let url = self.url("postgres");
        let answers = || query(&psql, &url, "select 1").ok();
        self.process.until(Duration::from_secs(60), answers).map(|_| ())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _killed_if_slow = self.process.stop("QUIT", Duration::from_secs(20));
    }
}

/// Makes an empty database of a new name beside the one at `url` and gives its address.
///
/// # Errors
/// When the server at `url` refuses.
pub fn new_database(url: &str) -> Result<String> {
    let name = format!("t{}", uuid::Uuid::now_v7().simple());
    let psql = programs::foreign("psql", "postgresql-client")?;
    query(&psql, url, &format!("create database {name}"))?;
    let (address, parameters) = url.split_once('?').map_or((url, String::new()), |(a, p)| (a, format!("?{p}")));
    let (server, _) = address.rsplit_once('/').with_context(|| format!("`{url}` names no database"))?;
    Ok(format!("{server}/{name}{parameters}"))
}

/// Runs one statement and gives what `psql` printed, unadorned.
///
/// # Errors
/// With PostgreSQL's words.
pub fn query(psql: &Path, url: &str, statement: &str) -> Result<String> {
    run(Command::new(psql).args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement]))
}

fn postmaster(programs: &Path, folder: &Path, owner: Option<&User>, durability: Durability) -> Result<Process> {
    let start = Start { program: &programs.join("postgres"), user: owner, last_signal: "QUIT", log: folder.join("log") };
    Process::start(start, |command| {
        command.current_dir(folder).arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
        command.args(["-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "timezone=UTC"]);
        if durability == Durability::Fast {
            command.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        }
    })
}

/// The folder with `initdb`: the newest of Debian's, or the one on the `PATH`.
///
/// # Errors
/// When PostgreSQL's server is not installed.
pub fn programs_folder() -> Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_string_lossy().parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .collect();
    folders.sort();
    match folders.pop() {
        Some((_, folder)) => Ok(folder),
        None => Ok(programs::foreign("initdb", "postgresql")?.parent().context("a program lies in a folder")?.to_path_buf()),
    }
}

/// Whom the cluster belongs to: PostgreSQL refuses to run as root.
fn owner() -> Result<Option<User>> {
    if run(Command::new("id").arg("-u"))?.trim() != "0" {
        return Ok(None);
    }
    let number = |what: &str, name: &str| run(Command::new("id").args([what, name]));
    let user = |name: &&str| Some(User { user: number("-u", name).ok()?, group: number("-g", name).ok()? });
    let found = ["postgres", "nobody"].iter().find_map(user);
    Ok(Some(found.context("there is neither a user `postgres` nor `nobody` to run PostgreSQL as")?))
}

fn run(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{:?} does not start", command.get_program()))?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{:?}: {}", command.get_program(), words.trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
