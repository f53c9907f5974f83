//! Builds as CI would run them: the real command line makes the SBOMs and sends them.

use crate::simulated::samples::{SAMPLES, Sample};
use anyhow::Context;
use bom::document::Document;
use bom::reading::Limits;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// A commit of nobody's repository.
const COMMIT: &str = "5e1f0a9b3c7d2846e0b1a4c59d7f3a2e8b6c0d14";

/// What a build needs.
pub struct Builder {
    /// The command-line tool.
    pub cli: PathBuf,
    /// Where the samples are laid.
    pub folder: PathBuf,
    /// The server.
    pub url: String,
    /// The token that may upload.
    pub token: String,
    /// What simulated names end with.
    pub suffix: String,
}

/// A build that was sent.
pub struct Built {
    /// The project.
    pub project: String,
    /// The ecosystem of the sample; `None` for this workspace itself.
    pub ecosystem: Option<&'static str>,
    /// What was sent.
    pub document: Document,
}

impl Builder {
    /// Builds every sample, and this workspace where the demo runs in its clone.
    ///
    /// # Errors
    /// What the command line says.
    pub async fn all(&self) -> anyhow::Result<Vec<Built>> {
        let mut built = Vec::new();
        for (number, sample) in (1_u64..).zip(SAMPLES) {
            let folder = self.lay(sample)?;
            let project = format!("{}-{}", sample.name, self.suffix);
            built.push(self.one(&folder, project, Some(sample.ecosystem), number).await?);
        }
        let here = std::env::current_dir().context("the current folder")?;
        if is_own_clone(&here) {
            built.push(self.one(&here.join("Cargo.lock"), "bomwarden".to_owned(), None, 0).await?);
        }
        Ok(built)
    }

    fn lay(&self, sample: &Sample) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join(sample.name);
        std::fs::create_dir_all(&folder)?;
        for (name, content) in sample.files {
            std::fs::write(folder.join(name), content.replace("SUFFIX", &self.suffix))?;
        }
        Ok(folder)
    }

    async fn one(&self, path: &Path, project: String, ecosystem: Option<&'static str>, number: u64) -> anyhow::Result<Built> {
        let file = self.folder.join(format!("{project}.cdx.json"));
        self.cli(number, &[&"generate", &path, &"--reproducible", &"--output", &file]).await?;
        self.cli(number, &[&"upload", &file, &"--project", &project, &"--release", &"main"]).await?;
        let bytes = std::fs::read(&file).with_context(|| format!("`{}`", file.display()))?;
        let document = bom::format::read(&bytes, &Limits::default())?.value;
        Ok(Built { project, ecosystem, document })
    }

    /// Runs the command line in the environment of a CI run.
    async fn cli(&self, number: u64, arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> anyhow::Result<()> {
        let mut command = Command::new(&self.cli);
        command.env_clear().args(arguments.iter().map(|a| (*a).as_ref())).current_dir(&self.folder);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        let run = (9_000_000 + number).to_string();
        let context = [
            ("CI", "true"),
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REPOSITORY", "example/demo"),
            ("GITHUB_SERVER_URL", "https://code.example"),
            ("GITHUB_RUN_ID", &run),
            ("GITHUB_RUN_ATTEMPT", "1"),
            ("GITHUB_SHA", COMMIT),
            ("GITHUB_REF_NAME", "main"),
            ("GITHUB_EVENT_NAME", "push"),
            ("RUNNER_ENVIRONMENT", "github-hosted"),
            ("SOURCE_DATE_EPOCH", "1767225600"),
            ("BOMWARDEN_SERVER_URL", &self.url),
            ("BOMWARDEN_TOKEN", &self.token),
        ];
        let output = command.envs(context).output().await.with_context(|| format!("`{}` cannot be run", self.cli.display()))?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "`bomwarden` ended with {}: {}", output.status, said.trim());
        Ok(())
    }
}

/// Whether a folder is a clone of this very project.
fn is_own_clone(folder: &Path) -> bool {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    manifest.contains("bomwarden-bom") && folder.join("Cargo.lock").is_file()
}
