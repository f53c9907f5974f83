//! Where a component came from. A git fork or a private package that bears the
//! name of a public one is another component, so the origin is part of a
//! component's identity (design decisions 3 and 7).

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use url::Url;

/// Where a component came from, as far as its document says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "at")]
pub enum Origin {
    /// The ecosystem's authority; also when the document is silent.
    #[default]
    Authority,
    /// A registry at this base address (cleaned, without a trailing slash).
    Registry(String),
    /// A version-control repository: `address#revision`, the revision where known.
    Git(String),
    /// A file fetched from this address.
    Url(String),
    /// A folder or file of the build itself, relative to its root.
    Path(String),
}

impl Origin {
    /// The kind's word: `authority`, `registry`, `git`, `url` or `path`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Registry(_) => "registry",
            Self::Git(_) => "git",
            Self::Url(_) => "url",
            Self::Path(_) => "path",
        }
    }

    /// The address or path, empty for the authority.
    pub fn at(&self) -> &str {
        match self {
            Self::Authority => "",
            Self::Registry(at) | Self::Git(at) | Self::Url(at) | Self::Path(at) => at,
        }
    }

    /// `kind:at` (or `authority`): the spelling in the documents we write.
    pub fn to_text(&self) -> String {
        match self {
            Self::Authority => "authority".to_owned(),
            other => format!("{}:{}", other.kind(), other.at()),
        }
    }

    /// Reads what [`Origin::to_text`] wrote; `None` for an unknown spelling.
    /// Addresses are cleaned again: the text may come from a stranger.
    pub fn from_text(text: &str) -> Option<Self> {
        if text == "authority" {
            return Some(Self::Authority);
        }
        let (kind, at) = text.split_once(':')?;
        match kind {
            "registry" => clean_address(at).map(Self::Registry),
            "git" => clean_git(at).map(Self::Git),
            "url" => clean_address(at).map(Self::Url),
            "path" => Some(Self::Path(at.to_owned())),
            _ => None,
        }
    }
}

/// An address without user name, password, query and fragment, and without a
/// trailing slash; `None` for what is not an absolute address.
pub fn clean_address(address: &str) -> Option<String> {
    let mut url = Url::parse(address.trim()).ok()?;
    if url.cannot_be_a_base() {
        return None;
    }
    // Both setters fail only where there is no host, and then there is nothing to remove.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    Some(url.as_str().trim_end_matches('/').to_owned())
}

/// A git address cleaned like any other, keeping `#revision` alone.
pub fn clean_git(address: &str) -> Option<String> {
    let address = address.strip_prefix("git+").unwrap_or(address);
    let (base, revision) = match address.split_once('#') {
        Some((base, revision)) => (base, Some(revision)),
        None => (address, None),
    };
    // With an `@` behind it, that was a password with a `#` in it.
    let base = if revision.is_some_and(|revision| revision.contains('@')) { base.to_owned() } else { scp_to_ssh(base) };
    let cleaned = clean_address(&base)?;
    let revision = revision.filter(|r| !r.is_empty() && r.chars().all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c)));
    Some(match revision {
        Some(revision) => format!("{cleaned}#{revision}"),
        None => cleaned,
    })
}

/// A text in which every address has lost its user name, password, query and
/// fragment; for texts that should hold no address at all, as a name or a warning.
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    // Nearly all texts are short and have no colon.
    if !text.bytes().any(|byte| byte == b':') || !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, address)) = rest.split_once("://") {
        kept.push_str(before);
        kept.push_str("://");
        let end = address.find(|c: char| c.is_whitespace() || matches!(c, '`' | '"' | '\'' | '<' | '>')).unwrap_or(address.len());
        let (address, behind) = address.split_at(end);
        let bare = address.split(['?', '#']).next().unwrap_or(address);
        let (authority, path) = bare.split_at(bare.find('/').unwrap_or(bare.len()));
        let host = authority.rsplit('@').next().unwrap_or(authority);
        // A colon before no port is half of a user's name and password that hold a `/`, `?` or `#`.
        let whole = host.rsplit_once(':').is_none_or(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        if whole && bare.matches("://").count() == 0 {
            kept.push_str(host);
            kept.push_str(path);
        }
        rest = behind;
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// `git@host:path`, also behind a scheme, in the form of an address; anything else unchanged.
fn scp_to_ssh(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("ssh", address));
    // A password may hold an `@` too.
    let host_at = rest.split('/').next().and_then(|authority| authority.rfind('@')).map_or(0, |at| at + 1);
    let found = rest.get(host_at..).and_then(|host| host.split_once(':'));
    match found {
        // A number behind the colon is a port, and what has an `@` behind it a password.
        Some((host, path))
            if scheme.ends_with("ssh")
                && !host.is_empty()
                && !host.contains('/')
                && !path.contains('@')
                && !path.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            format!("{scheme}://{host}/{}", path.trim_start_matches('/'))
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_never_survive_in_an_address() {
        for (given, kept) in [
            ("https://user:hunter2@crates.example/index/?token=s3cret#frag", Some("https://crates.example/index")),
            ("https://npm.registry.example", Some("https://npm.registry.example")),
            ("sparse+https://a:b@crates.example/", Some("sparse+https://crates.example")),
            ("not an address", None),
        ] {
            assert_eq!(clean_address(given).as_deref(), kept, "{given}");
        }
    }

    #[test]
    fn secrets_never_survive_in_a_text() {
        for (given, kept) in [
            ("left", "left"),
            ("a@https://u:p@npm.example/@scope/kit.tgz?t=1#x", "a@https://npm.example/@scope/kit.tgz"),
            ("`https://u:p@a.example:80/b?c` and `ssh://d@e`", "`https://a.example:80/b` and `ssh://e`"),
            ("https://u:p/q@a.example", "https://"),
            ("https://u:p?q@a.example", "https://"),
        ] {
            assert_eq!(without_secrets(given), kept, "{given}");
        }
    }

    #[test]
    fn a_git_address_keeps_its_revision_alone() {
        for (given, kept) in [
            ("git+https://tok:x@git.example/a/b.git?rev=1#0a1b2c", Some("https://git.example/a/b.git#0a1b2c")),
            ("git@git.example:a/b.git#main", Some("ssh://git.example/a/b.git#main")),
            ("ssh://git@git.example/a/b", Some("ssh://git.example/a/b")),
            ("git+ssh://git@git.example:a/b.git#0a", Some("ssh://git.example/a/b.git#0a")),
            ("ssh://git@git.example:2222/a/b", Some("ssh://git.example:2222/a/b")),
            ("https://a@b.example:s3cret@git.example/a.git", Some("https://git.example/a.git")),
            ("https://tok:x@git.example/a:b.git", Some("https://git.example/a:b.git")),
        ] {
            assert_eq!(clean_git(given).as_deref(), kept, "{given}");
        }
    }

    #[test]
    fn an_origin_survives_its_own_spelling() {
        for origin in [
            Origin::Authority,
            Origin::Registry("https://crates.example/index".into()),
            Origin::Git("https://git.example/a/b#0a".into()),
            Origin::Url("https://files.example/a.tgz".into()),
            Origin::Path("crates/a".into()),
        ] {
            assert_eq!(Origin::from_text(&origin.to_text()), Some(origin));
        }
    }
}
