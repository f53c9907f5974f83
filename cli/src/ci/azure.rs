//! Azure Pipelines.

use super::{Environment, Run, System};

/// Azure Pipelines.
pub const AZURE: System = System { here: |environment| environment.yes("TF_BUILD"), run };

fn run(environment: &Environment) -> Run {
    let id = environment.text("BUILD_BUILDID").unwrap_or_default();
    let branch = environment.first(&["SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"]);
    Run {
        provider: "azure",
        url: page(environment, &id),
        id,
        attempt: environment.number("SYSTEM_STAGEATTEMPT").or_else(|| environment.number("SYSTEM_JOBATTEMPT")).unwrap_or(1),
        commit: environment.commit("SYSTEM_PULLREQUEST_SOURCECOMMITID").or_else(|| environment.commit("BUILD_SOURCEVERSION")),
        branch: branch.map(|branch| {
            let short = branch.strip_prefix("refs/heads/").or_else(|| branch.strip_prefix("refs/tags/"));
            short.map_or_else(|| branch.clone(), str::to_owned)
        }),
        committed_at: None,
        started_at: environment.time("SYSTEM_PIPELINESTARTTIME"),
        pull_request: environment.first(&["SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "SYSTEM_PULLREQUEST_PULLREQUESTID"]),
        runner: match environment.text("AGENT_ISSELFHOSTED").as_deref() {
            Some("1" | "true" | "True") => Some("self-hosted"),
            Some("0" | "false" | "False") => Some("hosted"),
            _ => None,
        },
        actor: environment.text("BUILD_REQUESTEDFOR"),
    }
}

/// The run's page. Its address needs a query; this one is made here, of the build's number alone.
fn page(environment: &Environment, id: &str) -> Option<String> {
    let collection = environment.address("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI")?;
    let project = environment.text("SYSTEM_TEAMPROJECT")?.replace(' ', "%20");
    let base = super::environment::web_address(&format!("{collection}/{project}/_build/results"))?;
    id.parse::<u64>().ok().map(|id| format!("{base}?buildId={id}"))
}
