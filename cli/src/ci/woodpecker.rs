//! Woodpecker CI. Always somebody's own machine.

use super::{Environment, Run, System};

/// Woodpecker CI.
pub const WOODPECKER: System =
    System { here: |environment| environment.text("CI").is_some_and(|name| name == "woodpecker"), run };

fn run(environment: &Environment) -> Run {
    let number = environment.text("CI_PIPELINE_NUMBER").unwrap_or_default();
    Run {
        provider: "woodpecker",
        id: environment.text("CI_REPO").map_or_else(|| number.clone(), |repository| format!("{repository}#{number}")),
        attempt: 1,
        url: environment.address("CI_PIPELINE_URL"),
        commit: environment.commit("CI_COMMIT_SHA"),
        branch: environment.first(&["CI_COMMIT_SOURCE_BRANCH", "CI_COMMIT_BRANCH", "CI_COMMIT_TAG"]),
        committed_at: environment.time("CI_COMMIT_TIMESTAMP"),
        started_at: environment.time("CI_PIPELINE_STARTED").or_else(|| environment.time("CI_PIPELINE_CREATED")),
        pull_request: environment.text("CI_COMMIT_PULL_REQUEST"),
        runner: Some("self-hosted"),
        actor: environment.text("CI_COMMIT_AUTHOR"),
    }
}
