//! Buildkite.

use super::{Environment, Run, System};

/// Buildkite.
pub const BUILDKITE: System = System { here: |environment| environment.yes("BUILDKITE"), run };

fn run(environment: &Environment) -> Run {
    Run {
        provider: "buildkite",
        id: environment.text("BUILDKITE_BUILD_ID").unwrap_or_default(),
        attempt: environment.number("BUILDKITE_RETRY_COUNT").unwrap_or(0).saturating_add(1),
        url: environment.address("BUILDKITE_BUILD_URL"),
        commit: environment.commit("BUILDKITE_COMMIT"),
        branch: environment.first(&["BUILDKITE_BRANCH", "BUILDKITE_TAG"]),
        committed_at: None,
        started_at: None,
        pull_request: environment.text("BUILDKITE_PULL_REQUEST").filter(|number| number != "false"),
        runner: match environment.text("BUILDKITE_COMPUTE_TYPE").as_deref() {
            Some("hosted") => Some("hosted"),
            Some("self-hosted") => Some("self-hosted"),
            _ => None,
        },
        actor: environment.text("BUILDKITE_BUILD_CREATOR"),
    }
}
