//! CircleCI.

use super::{Environment, Run, System};

/// CircleCI.
pub const CIRCLECI: System = System { here: |environment| environment.yes("CIRCLECI"), run };

fn run(environment: &Environment) -> Run {
    // Builds of branches with an open pull request name its page.
    let request = environment.address("CIRCLE_PULL_REQUEST").and_then(|page| page.rsplit('/').next().map(str::to_owned));
    let request = request.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    Run {
        provider: "circleci",
        id: environment.first(&["CIRCLE_WORKFLOW_ID", "CIRCLE_BUILD_NUM"]).unwrap_or_default(),
        attempt: 1,
        url: environment.address("CIRCLE_BUILD_URL"),
        commit: environment.commit("CIRCLE_SHA1"),
        branch: environment.first(&["CIRCLE_BRANCH", "CIRCLE_TAG"]),
        committed_at: None,
        started_at: None,
        pull_request: environment.text("CIRCLE_PR_NUMBER").or(request),
        runner: None,
        actor: environment.text("CIRCLE_USERNAME"),
    }
}
