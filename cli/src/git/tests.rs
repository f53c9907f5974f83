//! Tests against clones that git itself makes.

use super::*;
use std::process::Command;

/// Runs git in `folder` with nothing of the machine's own configuration.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let out = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Alice", "-c", "user.email=alice@example.org", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .envs([("GIT_AUTHOR_DATE", "2024-01-01T00:00:00Z"), ("GIT_COMMITTER_DATE", "2024-05-06T07:08:09+02:00")])
        .output()
        .unwrap();
    assert!(out.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

fn clone_with(commits: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    for number in 0..commits {
        let message =
            format!("number {number}\n\n{}", "the same long words again and again, so that packs hold differences ".repeat(20));
        git(folder.path(), &["commit", "-q", "--allow-empty", "-m", &message]);
    }
    folder
}

fn check_head(folder: &Path, branch: Option<&str>) {
    let clone = Clone::around(folder).unwrap();
    let head = clone.head();
    assert_eq!(head, Head { commit: Some(git(folder, &["rev-parse", "HEAD"])), branch: branch.map(str::to_owned) });
    let time = clone.committed_at(&head.commit.unwrap()).map(|time| time.to_rfc3339());
    assert_eq!(time.as_deref(), Some("2024-05-06T05:08:09+00:00"));
}

#[test]
fn a_commit_is_read_loose_packed_and_as_a_difference() {
    let folder = clone_with(12);
    let path = folder.path();
    check_head(path, Some("main"));
    let inner = path.join("a/b");
    std::fs::create_dir_all(&inner).unwrap();
    check_head(&inner, Some("main"));
    git(path, &["gc", "-q", "--aggressive", "--prune=now"]);
    check_head(path, Some("main"));
    for commit in git(path, &["rev-list", "HEAD"]).lines() {
        assert!(Clone::around(path).unwrap().committed_at(commit).is_some(), "{commit}");
    }
    git(path, &["checkout", "-q", "--detach"]);
    check_head(path, None);
}

#[test]
fn a_linked_worktree_names_its_own_branch() {
    let folder = clone_with(1);
    let linked = tempfile::tempdir().unwrap();
    let target = linked.path().join("w");
    git(folder.path(), &["worktree", "add", "-q", "-b", "feature/x", target.to_str().unwrap()]);
    check_head(&target, Some("feature/x"));
}

#[test]
fn a_folder_outside_of_any_clone_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Clone::around(folder.path()).is_none());
    let empty = clone_with(0);
    let clone = Clone::around(empty.path()).unwrap();
    assert_eq!(clone.head(), Head { commit: None, branch: Some("main".to_owned()) });
    assert_eq!(clone.committed_at(&"0".repeat(40)), None);
}
