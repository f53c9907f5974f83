//! cargo-audit, the reference: its database made ready, what it finds, what it costs.

use super::Found;
use super::cost::Cost;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// cargo-audit with its database.
pub struct Audit {
    program: PathBuf,
    database: PathBuf,
}

impl Audit {
    /// Unpacks the database into a git repository below `folder`, which cargo-audit
    /// wants; `None` where cargo-audit or the database is missing.
    ///
    /// # Errors
    /// When `tar` or `git` fails.
    pub fn prepare(archive: &Path, folder: &Path) -> Result<Option<Self>> {
        let program =
            std::env::var_os("AUDIT").filter(|path| !path.is_empty()).map_or_else(|| "cargo-audit".into(), PathBuf::from);
        let version = Command::new(&program).args(["audit", "--version"]).output();
        let Ok(version) = version else {
            println!("no reference: `{}` does not start; install cargo-audit or name it with AUDIT", program.display());
            return Ok(None);
        };
        if !archive.is_file() {
            println!("no reference: `{}` is not there", archive.display());
            return Ok(None);
        }
        println!("reference: {}", String::from_utf8_lossy(&version.stdout).trim());
        let database = folder.join("rustsec");
        std::fs::create_dir(&database)?;
        // Otherwise it asks a registry which versions were yanked.
        std::fs::create_dir(folder.join(".cargo"))?;
        std::fs::write(folder.join(".cargo/audit.toml"), "[yanked]\nenabled = false\n")?;
        run("tar", &["-xzf".as_ref(), archive.as_os_str()], &database)?;
        let author = ["-c", "user.name=bench", "-c", "user.email=bench@bench.example"].map(OsStr::new);
        run("git", &["init", "-q", "."].map(OsStr::new), &database)?;
        run("git", &["add", "-A"].map(OsStr::new), &database)?;
        run("git", &[author.as_slice(), &["commit", "-q", "-m", "as published"].map(OsStr::new)].concat(), &database)?;
        std::env::set_current_dir(folder)?;
        Ok(Some(Self { program, database }))
    }

    fn arguments(&self, lock: &Path) -> Vec<String> {
        let database = self.database.display().to_string();
        let lock = lock.display().to_string();
        ["audit", "--db", &database, "--no-fetch", "--stale", "--json", "-f", &lock].map(str::to_owned).to_vec()
    }

    /// What it costs.
    ///
    /// # Errors
    /// When it does not run.
    pub fn cost(&self, lock: &Path, runs: u32) -> Result<Cost> {
        Cost::of(&self.program, &self.arguments(lock), &[], runs)
    }

    /// What it finds, its warnings too.
    ///
    /// # Errors
    /// When it does not run or answers no JSON.
    pub fn found(&self, lock: &Path) -> Result<Found> {
        let told: Value = serde_json::from_slice(&Command::new(&self.program).args(self.arguments(lock)).output()?.stdout)?;
        let vulnerable = told["vulnerabilities"]["list"].as_array().context("no list")?.iter();
        let warnings =
            told["warnings"].as_object().into_iter().flatten().flat_map(|(_, list)| list.as_array().into_iter().flatten());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let with_advisory = vulnerable.chain(warnings).filter(|one| one["advisory"].is_object());
        Ok(with_advisory
            .map(|one| (vec![text(&one["advisory"]["id"])], text(&one["package"]["name"]), text(&one["package"]["version"])))
            .collect())
    }
}

fn run(program: &str, arguments: &[&OsStr], folder: &Path) -> Result<()> {
    let status = Command::new(program).args(arguments).current_dir(folder).status();
    ensure!(status.with_context(|| format!("`{program}` does not start"))?.success(), "`{program}` failed");
    Ok(())
}
