//! The keys of packages in `pnpm-lock.yaml`: `/name/version_peers` (version 5),
//! `/name@version(peers)` (6 to 8), `name@version` (9); with a host instead of
//! the first slash where a registry is not the usual one, and any address or
//! folder for what comes from no registry.

/// What a key and the record behind it tell.
#[derive(Debug, PartialEq)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) version: Option<String>,
    /// Where it came from, where the key tells.
    pub(super) address: Option<String>,
}

/// Reads `key`; `name` and `version` are those of the record. `None` for a key
/// that names no package.
pub(super) fn read(key: &str, name: Option<&str>, version: Option<&str>) -> Option<Key> {
    let bare = without_peers(key);
    if let Some(read) = named(bare.strip_prefix('/').unwrap_or(bare)) {
        let stated = version.map(str::to_owned);
        return Some(Key { name: name.unwrap_or(&read.name).to_owned(), version: stated.or(read.version), ..read });
    }
    if let Some(name) = name {
        let address = bare.contains(':').then(|| bare.to_owned());
        return Some(Key { name: name.to_owned(), version: version.map(str::to_owned), address });
    }
    slashed(bare)
}

/// `key` without the peers behind it.
pub(super) fn without_peers(key: &str) -> &str {
    key.split('(').next().unwrap_or(key)
}

/// `name@version` or `name@address`.
fn named(text: &str) -> Option<Key> {
    let at = text.char_indices().skip(1).find(|(_, c)| *c == '@')?.0;
    let (name, version) = (text.get(..at)?, text.get(at + 1..)?);
    let scoped = name.starts_with('@');
    let is_name = name.matches('/').count() == usize::from(scoped) && !name.contains(':');
    if !is_name || version.is_empty() {
        return None;
    }
    let is_version = version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains(['/', ':']);
    Some(Key {
        name: name.to_owned(),
        version: is_version.then(|| version.to_owned()),
        address: (!is_version).then(|| version.to_owned()),
    })
}

/// `/name/version_peers`, or `host/name/version_peers`.
fn slashed(text: &str) -> Option<Key> {
    let (host, path) = text.split_once('/')?;
    let (name, version) = path.rsplit_once('/')?;
    let scoped = name.starts_with('@');
    let version = version.split('_').next().unwrap_or(version);
    let is_version = version.starts_with(|c: char| c.is_ascii_digit()) && version.contains('.');
    if name.is_empty() || name.matches('/').count() != usize::from(scoped) || !is_version {
        return None;
    }
    let file = name.rsplit('/').next().unwrap_or(name);
    let address = (!host.is_empty()).then(|| format!("https://{host}/{name}/-/{file}-{version}.tgz"));
    Some(Key { name: name.to_owned(), version: Some(version.to_owned()), address })
}

#[cfg(test)]
mod tests {

    #[test]
    fn keys_of_every_version_are_read() {
        for (key, name, version, read) in [
            ("/foo/1.0.0", None, None, Some(("foo", "1.0.0", ""))),
            ("/@s/foo/1.0.0_a@2.0.0+b@3", None, None, Some(("@s/foo", "1.0.0", ""))),
            ("/foo/1.4.0_@types+babel@7.1.14", None, None, Some(("foo", "1.4.0", ""))),
            (
                "npm.registry.example/@s/foo/1.0.0",
                None,
                None,
                Some(("@s/foo", "1.0.0", "https://npm.registry.example/@s/foo/-/foo-1.0.0.tgz")),
            ),
            ("/foo@1.0.0(a@2.0.0(b@1))", None, None, Some(("foo", "1.0.0", ""))),
            ("@s/foo@1.0.0", None, None, Some(("@s/foo", "1.0.0", ""))),
            ("foo@https://files.example/x/0a", None, Some("7.0.0"), Some(("foo", "7.0.0", "https://files.example/x/0a"))),
            ("foo@file:libs/foo", None, None, Some(("foo", "", "file:libs/foo"))),
            ("file:../foo_a@18.2.0", Some("foo"), Some("1.0.0"), Some(("foo", "1.0.0", "file:../foo_a@18.2.0"))),
            ("git.example/a/foo/0a1b", Some("foo"), Some("1.0.0"), Some(("foo", "1.0.0", ""))),
            ("git.example/a/foo", None, None, None),
            ("/foo/bar", None, None, None),
            ("invalid", None, None, None),
        ] {
            let key_read = super::read(key, name, version);
            let told = key_read
                .as_ref()
                .map(|k| (k.name.as_str(), k.version.as_deref().unwrap_or(""), k.address.as_deref().unwrap_or("")));
            assert_eq!(told, read, "{key}");
        }
    }
}
