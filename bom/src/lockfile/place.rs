//! Where things lie and come from: paths relative to the root of what is
//! looked at, and the origins that addresses in lockfiles tell.

use super::Files;
use crate::encoding::owned;
use crate::origin::{Origin, clean_address, clean_git, without_secrets};
use crate::reading::{Bound, Limits, ReadError};
use std::ops::Deref;

/// The folder of `path`, without a trailing slash; empty at the root.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `relative` as seen from `folder`, without `.` and, as far as it goes, without
/// `..`; the root itself is `.`. An absolute path of the machine that wrote the
/// file says nothing elsewhere: only its last part is kept.
pub(super) fn join(folder: &str, relative: &str) -> String {
    // An address that nobody understood must not come along as a path with its password.
    let relative = without_secrets(relative).replace('\\', "/");
    let absolute = relative.starts_with('/') || relative.as_bytes().get(1) == Some(&b':');
    if absolute || relative.starts_with("~/") {
        return relative.trim_end_matches('/').rsplit('/').next().unwrap_or(".").to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(relative.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// The path of `name` in the folder of `path`.
pub(super) fn beside(path: &str, name: &str) -> String {
    match folder(path) {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// The text of a lockfile, and what it may ask for.
pub(super) struct Source {
    text: String,
    pub(super) limits: Limits,
}

impl Source {
    /// The same, its text changed.
    pub(super) fn map(self, change: impl FnOnce(&str) -> String) -> Self {
        Self { text: change(&self.text), ..self }
    }

    /// Refuses a text that opens more lists, objects and tables than it may: each takes
    /// hundreds of bytes of memory, however empty it is.
    ///
    /// # Errors
    /// [`ReadError`] that names the bound.
    pub(super) fn bounded(&self) -> Result<&str, ReadError> {
        let text = self.text.as_bytes();
        // A header of TOML's lists of tables opens one table with two signs.
        let twice = memchr::memmem::find_iter(text, "[[").count();
        let records = memchr::memchr2_iter(b'{', b'[', text).count() - twice;
        if records > self.limits.records { Err(ReadError::whole(self.limits.refusal(Bound::Records))) } else { Ok(&self.text) }
    }
}

#[cfg(test)]
impl From<&str> for Source {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), limits: Limits::DEFAULT.for_file(text.len()) }
    }
}

impl Deref for Source {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// The text of the lockfile at `path`.
///
/// # Errors
/// [`ReadError`] when it is missing, too large or no text.
pub(super) fn text(path: &str, files: &dyn Files) -> Result<Source, ReadError> {
    let (bytes, limits) = bytes(path, files)?;
    Ok(Source { text: owned(bytes)?, limits })
}

/// The bytes of the lockfile at `path`, and what it may ask for.
///
/// # Errors
/// [`ReadError`] when it is missing or too large.
pub(super) fn bytes(path: &str, files: &dyn Files) -> Result<(Vec<u8>, Limits), ReadError> {
    let bytes = files.read(path)?.ok_or_else(|| ReadError::at(path, None, "there is no such file"))?;
    let limits = files.limits();
    if bytes.len() > limits.bytes {
        return Err(ReadError::at(path, None, limits.refusal(Bound::Bytes)));
    }
    let limits = limits.for_file(bytes.len());
    Ok((bytes, limits))
}

/// The text of a file beside the lockfile that may be missing or unreadable, or ask for
/// too much; what lies outside the root is not asked for.
pub(super) fn optional_text(path: &str, files: &dyn Files) -> Option<String> {
    if path.split('/').any(|part| part == "..") {
        return None;
    }
    let (bytes, limits) = bytes(path, files).ok()?;
    let source = Source { text: owned(bytes).ok()?, limits };
    source.bounded().is_ok().then_some(source.text)
}

/// The registry at `address`, as far as it is one.
pub(super) fn registry(address: &str) -> Option<Origin> {
    clean_address(address).map(Origin::Registry)
}

/// The origin that an address of a repository, archive, file or folder tells.
/// `folder` is that of the lockfile; `None` for what is none of them.
pub(super) fn of_address(address: &str, folder: &str) -> Option<Origin> {
    let address = address.trim();
    if let Some(path) = ["file:", "link:", "portal:", "path+file://"].iter().find_map(|p| address.strip_prefix(p)) {
        return Some(Origin::Path(join(folder, path.strip_prefix("//").unwrap_or(path))));
    }
    if is_git(address) {
        return clean_git(address).map(Origin::Git);
    }
    if address.starts_with("https://") || address.starts_with("http://") {
        return clean_address(address).map(Origin::Url);
    }
    let relative = address.starts_with("./") || address.starts_with("../") || address.starts_with('/');
    (relative || address == ".").then(|| Origin::Path(join(folder, address)))
}

/// Whether `address` is one of a git repository.
pub(super) fn is_git(address: &str) -> bool {
    let bare = address.split(['#', '?']).next().unwrap_or(address);
    ["git+", "git://", "ssh://", "git@"].iter().any(|p| address.starts_with(p))
        || (address.starts_with("http") && bare.trim_end_matches('/').ends_with(".git"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_below_the_root() {
        for (folder, relative, joined) in [
            ("", ".", "."),
            ("", "./a/b/", "a/b"),
            ("web", "../lib", "lib"),
            ("web", "../../lib", "../lib"),
            ("web", "/home/alice/secret/lib", "lib"),
            ("web", "C:\\src\\lib", "lib"),
        ] {
            assert_eq!(join(folder, relative), joined, "{folder} {relative}");
        }
    }

    #[test]
    fn an_address_tells_its_origin() {
        for (address, origin) in [
            ("git+ssh://git@git.example/a/b.git#0a1b", "git:ssh://git.example/a/b.git#0a1b"),
            ("https://u:p@git.example/a/b.git#0a1b", "git:https://git.example/a/b.git#0a1b"),
            ("https://u:p@files.example/a.tgz?sig=1#x", "url:https://files.example/a.tgz"),
            ("file:../lib", "path:lib"),
            ("^1.0.0", ""),
        ] {
            assert_eq!(of_address(address, "web").map(|o| o.to_text()).unwrap_or_default(), origin, "{address}");
        }
    }
}
