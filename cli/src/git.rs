//! The clone that a build runs in: its commit, branch and commit time, read from
//! the files of `.git`. Git itself is not run: it may be missing, refuse a folder
//! of another owner, or run what the clone's own configuration names.

mod loose;
mod pack;

use chrono::{DateTime, Utc};
use std::path::{Path, PathBuf};

/// Largest file of references or object that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// A clone's folders.
pub struct Clone {
    /// Where `HEAD` is.
    own: PathBuf,
    /// Where references and objects are; another folder in a linked worktree.
    common: PathBuf,
}

/// What is checked out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The commit.
    pub commit: Option<String>,
    /// The branch; `None` for a detached head.
    pub branch: Option<String>,
}

impl Clone {
    /// The clone that `folder` lies in.
    pub fn around(folder: &Path) -> Option<Clone> {
        let folder = folder.canonicalize().ok()?;
        folder.ancestors().map(|above| above.join(".git")).find_map(|git| Clone::at(&git))
    }

    fn at(git: &Path) -> Option<Clone> {
        let own = match git.metadata().ok()?.is_dir() {
            true => git.to_owned(),
            // A linked worktree or a submodule: a file that names the folder.
            false => git.parent()?.join(text(git)?.strip_prefix("gitdir:")?.trim()),
        };
        let common = text(&own.join("commondir")).map_or_else(|| own.clone(), |common| own.join(common.trim()));
        own.join("HEAD").is_file().then_some(Clone { own, common })
    }

    /// What is checked out.
    pub fn head(&self) -> Head {
        let Some(head) = text(&self.own.join("HEAD")) else {
            return Head::default();
        };
        let Some(reference) = head.trim().strip_prefix("ref:").map(str::trim) else {
            return Head { commit: commit(&head), branch: None };
        };
        let branch = reference.strip_prefix("refs/heads/").unwrap_or(reference).to_owned();
        Head { commit: self.resolve(reference), branch: Some(branch) }
    }

    fn resolve(&self, reference: &str) -> Option<String> {
        if reference.split('/').any(|part| part.is_empty() || part == "..") {
            return None;
        }
        let loose = [&self.own, &self.common].into_iter().find_map(|folder| text(&folder.join(reference)));
        if let Some(loose) = loose {
            return commit(&loose);
        }
        let packed = text(&self.common.join("packed-refs"))?;
        packed.lines().find_map(|line| {
            let (hash, name) = line.split_once(' ')?;
            (name == reference).then(|| commit(hash)).flatten()
        })
    }

    /// When `commit` was made (committed, not written); `None` where the clone has no such commit.
    pub fn committed_at(&self, commit: &str) -> Option<DateTime<Utc>> {
        let objects = self.common.join("objects");
        let body = loose::commit(&objects, commit).or_else(|| pack::commit(&objects, commit))?;
        committed_at(&body)
    }
}

/// Whether `value` is a full commit hash, SHA-1 or SHA-256.
pub fn is_commit(value: &str) -> bool {
    matches!(value.len(), 40 | 64) && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The time in a commit's `committer` line: seconds and zone after the address.
fn committed_at(body: &[u8]) -> Option<DateTime<Utc>> {
    let headers = body.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
    let line = headers.into_iter().find_map(|line| line.strip_prefix(b"committer "))?;
    let line = String::from_utf8_lossy(line);
    let seconds = line.rsplit_once('>')?.1.split_whitespace().next()?.parse().ok()?;
    DateTime::from_timestamp(seconds, 0)
}

fn text(path: &Path) -> Option<String> {
    let bytes = crate::files::read_capped(path, LARGEST).ok()?;
    String::from_utf8(bytes).ok()
}

fn commit(text: &str) -> Option<String> {
    let text = text.trim();
    is_commit(text).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
