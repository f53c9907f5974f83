//! GitHub Actions, and Forgejo and Gitea, whose runners set the same variables.

use super::environment::web_address;
use super::{Environment, Run, System};
use crate::git::is_commit;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::path::Path;

/// GitHub Actions.
pub const GITHUB: System = System { here: |environment| environment.yes("GITHUB_ACTIONS"), run: github };

/// Forgejo Actions and Gitea Actions.
pub const FORGEJO: System =
    System { here: |environment| environment.yes("FORGEJO_ACTIONS") || environment.yes("GITEA_ACTIONS"), run: forgejo };

/// Largest event file that is read, in bytes.
const LARGEST_EVENT: u64 = 16 << 20;

/// What started the run: the parts of the webhook's body that matter here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct EventRaw {
    pull_request: Option<PullRequestRaw>,
    head_commit: Option<CommitRaw>,
}

#[derive(Deserialize)]
struct PullRequestRaw {
    number: u64,
    head: HeadRaw,
}

#[derive(Deserialize)]
struct HeadRaw {
    sha: String,
}

#[derive(Deserialize)]
struct CommitRaw {
    id: String,
    timestamp: String,
}

fn github(environment: &Environment) -> Run {
    let mut run = common(environment, "github");
    run.url = page(environment, "GITHUB_RUN_ID").map(|page| format!("{page}/attempts/{}", run.attempt.max(1)));
    run
}

fn forgejo(environment: &Environment) -> Run {
    let provider = if environment.yes("FORGEJO_ACTIONS") { "forgejo" } else { "gitea" };
    let mut run = common(environment, provider);
    run.url = page(environment, "GITHUB_RUN_NUMBER");
    run
}

fn page(environment: &Environment, number: &str) -> Option<String> {
    let server = environment.text("GITHUB_SERVER_URL")?;
    let repository = environment.text("GITHUB_REPOSITORY")?;
    web_address(&format!("{server}/{repository}/actions/runs/{}", environment.text(number)?))
}

fn common(environment: &Environment, provider: &'static str) -> Run {
    let event = event(environment);
    let reference = environment.text("GITHUB_REF").unwrap_or_default();
    let named = event.pull_request.as_ref().map(|request| request.number.to_string());
    let pull_request = named.or_else(|| merge_reference(&reference)).or_else(|| queue_reference(&reference));
    let head = event.pull_request.map(|request| request.head.sha).filter(|sha| is_commit(sha));
    let commit = head.or_else(|| environment.commit("GITHUB_SHA"));
    let committed_at = event.head_commit.filter(|head| Some(&head.id) == commit.as_ref()).and_then(|head| time(&head.timestamp));
    Run {
        provider,
        id: environment.text("GITHUB_RUN_ID").unwrap_or_default(),
        attempt: environment.number("GITHUB_RUN_ATTEMPT").unwrap_or(1),
        url: None,
        commit,
        branch: environment.first(&["GITHUB_HEAD_REF", "GITHUB_REF_NAME"]),
        committed_at,
        started_at: None,
        pull_request,
        runner: match environment.text("RUNNER_ENVIRONMENT").as_deref() {
            Some("github-hosted") => Some("hosted"),
            Some("self-hosted") => Some("self-hosted"),
            _ => None,
        },
        actor: environment.first(&["GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"]),
    }
}

/// The event file; only `push` and pull requests say something of use.
fn event(environment: &Environment) -> EventRaw {
    let path = environment.text("GITHUB_EVENT_PATH");
    let bytes = path.and_then(|path| crate::files::read_capped(Path::new(&path), LARGEST_EVENT).ok());
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// The number in `refs/pull/42/merge`.
fn merge_reference(reference: &str) -> Option<String> {
    let number = reference.strip_prefix("refs/pull/")?.split('/').next()?;
    number.parse::<u64>().ok().map(|number| number.to_string())
}

/// The number in a merge queue's `refs/heads/gh-readonly-queue/main/pr-42-0a1b`:
/// what is built there is not merged yet.
fn queue_reference(reference: &str) -> Option<String> {
    let last = reference.strip_prefix("refs/heads/gh-readonly-queue/")?.rsplit('/').next()?;
    let number = last.strip_prefix("pr-")?.split('-').next()?;
    number.parse::<u64>().ok().map(|number| number.to_string())
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.with_timezone(&Utc))
}
