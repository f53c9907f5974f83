//! Where a build runs: the CI system, its run, the commit and the branch, read
//! from the variables that CI systems set and, for what they leave out, from the
//! clone itself. One file per CI system and one line in [`SYSTEMS`].

mod azure;
mod buildkite;
mod circleci;
mod environment;
mod github;
mod gitlab;
mod jenkins;
mod woodpecker;

pub use environment::Environment;

use crate::git;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use std::path::Path;
use uuid::Uuid;

/// One CI system.
struct System {
    /// Whether this is where we run.
    here: fn(&Environment) -> bool,
    /// What it says about the run.
    run: fn(&Environment) -> Run,
}

/// Every CI system that is known; those that imitate another come before it.
const SYSTEMS: &[System] = &[
    github::FORGEJO,
    github::GITHUB,
    gitlab::GITLAB,
    jenkins::JENKINS,
    azure::AZURE,
    circleci::CIRCLECI,
    buildkite::BUILDKITE,
    woodpecker::WOODPECKER,
];

/// The run of a build, as far as it is known. Addresses are without secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The CI system, or `local`.
    pub provider: &'static str,
    /// The run's id, unique in the CI system; made up for a local build.
    pub id: String,
    /// Which attempt of the run it is, from 1.
    pub attempt: u32,
    /// The page of the run.
    pub url: Option<String>,
    /// The commit that is built.
    pub commit: Option<String>,
    /// The branch (or tag) that is built.
    pub branch: Option<String>,
    /// When the commit was made.
    #[serde(serialize_with = "with_z")]
    pub committed_at: Option<DateTime<Utc>>,
    /// When the run started.
    #[serde(serialize_with = "with_z")]
    pub started_at: Option<DateTime<Utc>>,
    /// The number of the pull (or merge) request that is built.
    pub pull_request: Option<String>,
    /// Who runs the machine: `hosted` or `self-hosted`.
    pub runner: Option<&'static str>,
    /// Who started the run.
    pub actor: Option<String>,
}

impl Run {
    /// The run of this process, which builds the folder `root` at the time `now`.
    pub fn detect(environment: &Environment, root: &Path, now: DateTime<Utc>) -> Run {
        let mut run = match SYSTEMS.iter().find(|system| (system.here)(environment)) {
            Some(system) => (system.run)(environment),
            None => Run { provider: "local", ..Run::default() },
        };
        run.attempt = run.attempt.max(1);
        if run.id.is_empty() {
            run.id = Uuid::now_v7().to_string();
        }
        run.started_at = run.started_at.or(Some(now));
        run.add_from_clone(root);
        run
    }

    /// Fills what the CI system left out from the clone around `root`.
    fn add_from_clone(&mut self, root: &Path) {
        let Some(clone) = git::Clone::around(root) else {
            return;
        };
        let head = clone.head();
        if self.commit.is_none() {
            self.commit = head.commit;
            self.branch = self.branch.take().or(head.branch);
        }
        if self.committed_at.is_none() {
            self.committed_at = self.commit.as_deref().and_then(|commit| clone.committed_at(commit));
        }
    }

    /// The facts as named values for a document.
    pub fn properties(&self) -> Vec<(String, String)> {
        let facts = [
            ("provider", Some(self.provider.to_owned())),
            ("id", Some(self.id.clone())),
            ("attempt", Some(self.attempt.to_string())),
            ("url", self.url.clone()),
            ("commit", self.commit.clone()),
            ("branch", self.branch.clone()),
            ("committed_at", self.committed_at.as_ref().map(spelled)),
            ("started_at", self.started_at.as_ref().map(spelled)),
            ("pull_request", self.pull_request.clone()),
            ("runner", self.runner.map(str::to_owned)),
            ("actor", self.actor.clone()),
        ];
        facts.into_iter().filter_map(|(name, value)| Some((format!("bomwarden:run:{name}"), value?))).collect()
    }
}

fn spelled(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn with_z<S: Serializer>(time: &Option<DateTime<Utc>>, out: S) -> Result<S::Ok, S::Error> {
    time.as_ref().map(spelled).serialize(out)
}

#[cfg(test)]
mod tests;
