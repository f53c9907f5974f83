//! Tests: the variables as each CI system documents them, and what is made of them.

use super::*;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const HEAD: &str = "89abcdef0123456789abcdef0123456789abcdef";

/// The run that the lines `NAME=value` of `variables` describe, outside of any clone.
fn detect(variables: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let get = |name: &str| {
        let value = variables.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='));
        value.map(|value| value.replace("COMMIT", COMMIT).replace("HEAD", HEAD))
    };
    let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    Run::detect(&Environment::new(&get), folder.path(), now)
}

/// Checks that the run of `variables` has the `expected` facts, as lines `name=value`.
fn check(variables: &str, expected: &str) {
    let facts = detect(variables).properties();
    for line in expected.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once('=').unwrap();
        let value = value.replace("COMMIT", COMMIT).replace("HEAD", HEAD);
        let found = facts.iter().find(|(fact, _)| fact == &format!("bomwarden:run:{name}")).map_or("", |(_, value)| value);
        assert_eq!(found, value, "{name} of {variables}");
    }
}

#[test]
fn a_push_on_github() {
    check(
        "GITHUB_ACTIONS=true
         GITHUB_SERVER_URL=https://forge.example
         GITHUB_REPOSITORY=alice/shop
         GITHUB_RUN_ID=12345678901
         GITHUB_RUN_ATTEMPT=2
         GITHUB_SHA=COMMIT
         GITHUB_REF=refs/heads/main
         GITHUB_REF_NAME=main
         RUNNER_ENVIRONMENT=github-hosted
         GITHUB_ACTOR=alice",
        "provider=github
         id=12345678901
         attempt=2
         url=https://forge.example/alice/shop/actions/runs/12345678901/attempts/2
         commit=COMMIT
         branch=main
         pull_request=
         runner=hosted
         actor=alice
         started_at=2023-11-14T22:13:20Z",
    );
}

#[test]
fn a_pull_request_on_github_names_its_own_head() {
    let event = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(event.path(), format!(r#"{{"pull_request":{{"number":42,"head":{{"sha":"{HEAD}"}}}}}}"#)).unwrap();
    check(
        &format!(
            "GITHUB_ACTIONS=true
             GITHUB_EVENT_PATH={}
             GITHUB_SHA=COMMIT
             GITHUB_REF=refs/pull/42/merge
             GITHUB_REF_NAME=42/merge
             GITHUB_HEAD_REF=feature",
            event.path().display()
        ),
        "pull_request=42
         commit=HEAD
         branch=feature",
    );
    check("GITHUB_ACTIONS=true\nGITHUB_REF=refs/pull/7/merge", "pull_request=7");
    check("GITHUB_ACTIONS=true\nGITHUB_REF=refs/heads/gh-readonly-queue/main/pr-9-0a1b", "pull_request=9");
}

#[test]
fn forgejo_and_gitea_are_not_taken_for_github() {
    let common = "GITHUB_ACTIONS=true
        GITHUB_SERVER_URL=https://git.example
        GITHUB_REPOSITORY=alice/shop
        GITHUB_RUN_ID=77
        GITHUB_RUN_NUMBER=5";
    let url = "url=https://git.example/alice/shop/actions/runs/5";
    check(&format!("{common}\nFORGEJO_ACTIONS=true\nGITEA_ACTIONS=true"), &format!("provider=forgejo\n{url}"));
    check(&format!("{common}\nGITEA_ACTIONS=true"), &format!("provider=gitea\n{url}"));
}

#[test]
fn a_merge_request_on_gitlab() {
    check(
        "GITLAB_CI=true
         CI_PIPELINE_ID=9001
         CI_PIPELINE_URL=https://gitlab.example/a/b/-/pipelines/9001
         CI_COMMIT_SHA=COMMIT
         CI_COMMIT_TIMESTAMP=2024-05-06T07:08:09+02:00
         CI_PIPELINE_CREATED_AT=2024-05-06T08:00:00Z
         CI_COMMIT_REF_NAME=feature
         CI_MERGE_REQUEST_IID=3
         CI_RUNNER_TAGS=[\"saas-linux-small-amd64\"]
         GITLAB_USER_LOGIN=bob",
        "provider=gitlab
         id=9001
         url=https://gitlab.example/a/b/-/pipelines/9001
         commit=COMMIT
         committed_at=2024-05-06T05:08:09Z
         started_at=2024-05-06T08:00:00Z
         branch=feature
         pull_request=3
         runner=hosted
         actor=bob",
    );
    check(
        "GITLAB_CI=true\nCI_MERGE_REQUEST_SOURCE_BRANCH_SHA=HEAD\nCI_COMMIT_TIMESTAMP=2024-05-06T07:08:09Z",
        "commit=HEAD\ncommitted_at=",
    );
}

#[test]
fn jenkins() {
    check(
        "JENKINS_URL=https://jenkins.example/
         JOB_NAME=shop/main
         BUILD_NUMBER=12
         BUILD_URL=https://user:s3cret@jenkins.example/job/shop/12/?token=s3cret
         GIT_COMMIT=COMMIT
         GIT_BRANCH=origin/main",
        "provider=jenkins
         id=shop/main#12
         url=https://jenkins.example/job/shop/12
         commit=COMMIT
         branch=main
         runner=self-hosted",
    );
}

#[test]
fn azure() {
    check(
        "TF_BUILD=True
         BUILD_BUILDID=55
         SYSTEM_STAGEATTEMPT=3
         SYSTEM_TEAMFOUNDATIONCOLLECTIONURI=https://azure.example/acme/
         SYSTEM_TEAMPROJECT=Web Shop
         BUILD_SOURCEVERSION=COMMIT
         BUILD_SOURCEBRANCH=refs/heads/release/1
         SYSTEM_PIPELINESTARTTIME=2024-05-06 07:08:09+00:00
         AGENT_ISSELFHOSTED=0",
        "provider=azure
         id=55
         attempt=3
         url=https://azure.example/acme/Web%20Shop/_build/results?buildId=55
         commit=COMMIT
         branch=release/1
         started_at=2024-05-06T07:08:09Z
         runner=hosted",
    );
}

#[test]
fn circleci_buildkite_and_woodpecker() {
    check(
        "CIRCLECI=true
         CIRCLE_WORKFLOW_ID=0a-1b
         CIRCLE_BUILD_URL=https://circleci.example/gh/a/b/1
         CIRCLE_SHA1=COMMIT
         CIRCLE_BRANCH=feature
         CIRCLE_PULL_REQUEST=https://forge.example/a/b/pull/8",
        "provider=circleci
         id=0a-1b
         commit=COMMIT
         branch=feature
         pull_request=8",
    );
    check(
        "BUILDKITE=true
         BUILDKITE_BUILD_ID=0a-1b
         BUILDKITE_RETRY_COUNT=1
         BUILDKITE_PULL_REQUEST=false
         BUILDKITE_COMPUTE_TYPE=self-hosted",
        "provider=buildkite
         attempt=2
         pull_request=
         runner=self-hosted",
    );
    check(
        "CI=woodpecker
         CI_REPO=alice/shop
         CI_PIPELINE_NUMBER=6
         CI_PIPELINE_STARTED=1714979289
         CI_COMMIT_PULL_REQUEST=4",
        "provider=woodpecker
         id=alice/shop#6
         started_at=2024-05-06T07:08:09Z
         pull_request=4",
    );
}

#[test]
fn a_local_build_has_an_id_of_its_own() {
    let (one, other) = (detect(""), detect(""));
    assert_eq!((one.provider, one.attempt), ("local", 1));
    assert!(!one.id.is_empty() && one.id != other.id);
}

#[test]
fn unprintable_and_endless_values_are_as_good_as_unset() {
    let endless = "x".repeat(2000);
    check(
        &format!("GITHUB_ACTIONS=true\nGITHUB_RUN_ID=1\nGITHUB_ACTOR={endless}\nGITHUB_HEAD_REF=a\u{1b}[31m"),
        "actor=\nbranch=",
    );
    check("GITHUB_ACTIONS=true\nGITHUB_SHA=nonsense", "commit=");
}

#[test]
fn no_secret_of_a_ci_system_is_told() {
    const MARKS: &[(&str, &str, &str)] = &[
        ("FORGEJO_ACTIONS", "true", "forgejo"),
        ("GITEA_ACTIONS", "true", "gitea"),
        ("GITHUB_ACTIONS", "true", "github"),
        ("GITLAB_CI", "true", "gitlab"),
        ("JENKINS_URL", "https://jenkins.example/", "jenkins"),
        ("TF_BUILD", "True", "azure"),
        ("CIRCLECI", "true", "circleci"),
        ("BUILDKITE", "true", "buildkite"),
        ("CI", "woodpecker", "woodpecker"),
    ];
    const SECRET: &[&str] = &["TOKEN", "SECRET", "PASSWORD", "KEY"];
    let folder = tempfile::tempdir().unwrap();
    for (mark, value, provider) in MARKS {
        let get = |name: &str| {
            if let Some((known, ..)) = MARKS.iter().find(|(known, ..)| *known == name) {
                return (known == mark).then(|| (*value).to_owned());
            }
            assert!(SECRET.iter().all(|word| !name.contains(word)), "{name} is no fact about a run");
            match name.ends_with("URL") || name.ends_with("URI") || name == "CIRCLE_PULL_REQUEST" {
                true => Some("https://user:s3cret@ci.example/pull/8?token=s3cret#s3cret".to_owned()),
                false => Some("1".to_owned()),
            }
        };
        let run = Run::detect(&Environment::new(&get), folder.path(), DateTime::UNIX_EPOCH);
        assert_eq!(run.provider, *provider, "{mark}");
        let told = format!("{:?} {}", run.properties(), serde_json::to_string(&run).unwrap());
        assert!(!told.contains("s3cret"), "{mark}: {told}");
    }
}
