//! GitLab CI/CD.

use super::{Environment, Run, System};

/// GitLab CI/CD.
pub const GITLAB: System = System { here: |environment| environment.yes("GITLAB_CI"), run };

fn run(environment: &Environment) -> Run {
    let merge_request = environment.text("CI_MERGE_REQUEST_IID");
    // A merged-results pipeline builds a commit that nobody made; the source branch's is the one to name.
    let source = environment.commit("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA");
    let of_commit = source.is_none();
    Run {
        provider: "gitlab",
        id: environment.first(&["CI_PIPELINE_ID", "CI_JOB_ID"]).unwrap_or_default(),
        attempt: 1,
        url: environment.address("CI_PIPELINE_URL").or_else(|| environment.address("CI_JOB_URL")),
        commit: source.or_else(|| environment.commit("CI_COMMIT_SHA")),
        branch: environment.first(&["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH", "CI_COMMIT_REF_NAME"]),
        committed_at: environment.time("CI_COMMIT_TIMESTAMP").filter(|_| of_commit),
        started_at: environment.time("CI_PIPELINE_CREATED_AT").or_else(|| environment.time("CI_JOB_STARTED_AT")),
        pull_request: merge_request,
        // Only GitLab's own machines carry these tags; others may be anybody's.
        runner: environment.text("CI_RUNNER_TAGS").filter(|tags| tags.contains("saas-")).map(|_| "hosted"),
        actor: environment.text("GITLAB_USER_LOGIN"),
    }
}
