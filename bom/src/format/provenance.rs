//! What a document says about where a component came from: our own property,
//! else the qualifiers of its purl.

use crate::origin::{Origin, clean_address, clean_git};
use crate::purl::Purl;
use std::borrow::Cow;

/// The property that carries an origin through a document: [`Origin::to_text`].
pub(super) const ORIGIN: &str = "bomwarden:origin";

/// The origin that a purl's qualifiers tell; the authority where they are silent.
pub(super) fn of_purl(purl: &Purl) -> Origin {
    let qualifier = |key| purl.qualifier(key);
    let git = || qualifier("vcs_url").and_then(of_vcs_url).map(Origin::Git);
    let url = || qualifier("download_url").and_then(clean_address).map(Origin::Url);
    let registry = || qualifier("repository_url").and_then(of_repository_url).map(Origin::Registry);
    git().or_else(registry).or_else(url).unwrap_or_default()
}

/// SPDX download locations name the revision after `@`: `git+https://host/a.git@0a1b#folder`.
pub(super) fn of_vcs_url(address: &str) -> Option<String> {
    let address = address.split_once('#').map_or(address, |(base, fragment)| match base.rsplit_once('/') {
        Some((_, last)) if last.contains('@') => base,
        _ if looks_like_revision(fragment) => address,
        _ => base,
    });
    match address.rsplit_once('/') {
        Some((folder, last)) => match last.split_once('@') {
            Some((name, revision)) if !folder.ends_with('/') => clean_git(&format!("{folder}/{name}#{revision}")),
            _ => clean_git(address),
        },
        None => clean_git(address),
    }
}

fn looks_like_revision(text: &str) -> bool {
    text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The specification's own examples leave out the scheme: `repo.example/release`.
fn of_repository_url(address: &str) -> Option<String> {
    let address = address.trim();
    let full = if address.contains("://") { Cow::Borrowed(address) } else { Cow::Owned(format!("https://{address}")) };
    clean_address(&full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purl_tells_its_origin() {
        for (purl, origin) in [
            ("pkg:npm/a@1", "authority"),
            ("pkg:maven/g/a@1?repository_url=repo.example/release", "registry:https://repo.example/release"),
            ("pkg:maven/g/a@1?repository_url=https://u:p@repo.example/release/", "registry:https://repo.example/release"),
            ("pkg:generic/a@1?download_url=https://files.example/a.tgz%3Ftoken=1", "url:https://files.example/a.tgz"),
            ("pkg:generic/a@1?vcs_url=git%2Bhttps://git.example/g/a.git%400a1b2c3", "git:https://git.example/g/a.git#0a1b2c3"),
            ("pkg:cargo/a@1?vcs_url=git%2Bhttps://tok@git.example/g/a.git%230a1b2c3", "git:https://git.example/g/a.git#0a1b2c3"),
            ("pkg:generic/a@1?vcs_url=git%2Bssh://git@git.example/g/a.git", "git:ssh://git.example/g/a.git"),
        ] {
            assert_eq!(purl.parse().map(|purl| of_purl(&purl).to_text()).as_deref(), Ok(origin), "{purl}");
        }
    }
}
