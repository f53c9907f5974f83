//! Jenkins. Always somebody's own machine.

use super::{Environment, Run, System};

/// Jenkins.
pub const JENKINS: System = System { here: |environment| environment.has("JENKINS_URL") && environment.has("BUILD_NUMBER"), run };

fn run(environment: &Environment) -> Run {
    let number = environment.text("BUILD_NUMBER").unwrap_or_default();
    let branch = environment.first(&["CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"]);
    Run {
        provider: "jenkins",
        id: environment.text("JOB_NAME").map_or_else(|| number.clone(), |job| format!("{job}#{number}")),
        attempt: 1,
        url: environment.address("BUILD_URL"),
        commit: environment.commit("GIT_COMMIT"),
        branch: branch.map(|branch| branch.strip_prefix("origin/").map_or_else(|| branch.clone(), str::to_owned)),
        committed_at: None,
        started_at: None,
        pull_request: environment.text("CHANGE_ID"),
        runner: Some("self-hosted"),
        actor: environment.first(&["CHANGE_AUTHOR", "BUILD_USER_ID"]),
    }
}
