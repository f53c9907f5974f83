//! The records of `package-lock.json`: the flat `packages` of versions 2 and 3,
//! and the nested `dependencies` of version 1, laid flat as the same records.

use super::walk::DEPTH;
use crate::lockfile::javascript::{Names, PeerRaw, optional_peers};
use crate::lockfile::licences::LicenceRaw;
use crate::lockfile::tolerant::{Either, Flag, Pairs, Record, Text};
use crate::reading::ReadError;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::collections::HashSet;

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LockRaw<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    pub(super) version: Text<'a>,
    #[serde(rename = "lockfileVersion")]
    pub(super) format: Text<'a>,
    pub(super) packages: Pairs<Text<'a>, Record<Entry<'a>>>,
    pub(super) dependencies: Pairs<Text<'a>, Record<NestedRaw<'a>>>,
}

/// One installed package.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    pub(super) version: Text<'a>,
    pub(super) resolved: Text<'a>,
    pub(super) integrity: Text<'a>,
    pub(super) license: Either<'a, LicenceRaw<'a>>,
    pub(super) dev: Flag,
    pub(super) optional: Flag,
    pub(super) dev_optional: Flag,
    pub(super) link: Flag,
    pub(super) has_install_script: Flag,
    pub(super) dependencies: Names<'a>,
    pub(super) optional_dependencies: Names<'a>,
    pub(super) dev_dependencies: Names<'a>,
    pub(super) peer_dependencies: Names<'a>,
    pub(super) peer_dependencies_meta: Pairs<Text<'a>, Record<PeerRaw>>,
}

impl<'a> Entry<'a> {
    /// The names it needs and whether each must be there.
    pub(super) fn needs(&self, with_development: bool) -> impl Iterator<Item = (&str, bool)> {
        let optional: HashSet<&str> = optional_peers(&self.peer_dependencies_meta).collect();
        let peers =
            self.peer_dependencies.items.iter().filter(move |(n, _)| n.get().is_some_and(|name| !optional.contains(name)));
        let development = self.dev_dependencies.items.iter().filter(move |_| with_development);
        let must = self.dependencies.items.iter().map(|(name, _)| (name, true));
        let may = self.optional_dependencies.items.iter().chain(peers).chain(development).map(|(name, _)| (name, false));
        must.chain(may).filter_map(|(name, must)| name.get().map(|name| (name, must)))
    }

    /// Whether anything of it was not of the expected type.
    pub(super) fn is_odd(&self) -> bool {
        self.name.is_odd() || self.version.is_odd() || self.resolved.is_odd() || self.dependencies.odd
    }
}

/// One package of version 1.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NestedRaw<'a> {
    #[serde(borrow)]
    version: Text<'a>,
    resolved: Text<'a>,
    integrity: Text<'a>,
    dev: Flag,
    optional: Flag,
    requires: Names<'a>,
    dependencies: Pairs<Text<'a>, Record<NestedRaw<'a>>>,
}

/// Lays `dependencies` of version 1 flat, each under the folder it is installed in.
///
/// # Errors
/// [`ReadError`] when they are nested too deeply.
pub(super) fn flatten<'a>(
    dependencies: Pairs<Text<'a>, Record<NestedRaw<'a>>>,
) -> Result<Vec<(Cow<'a, str>, Entry<'a>)>, ReadError> {
    let mut entries = Vec::new();
    let mut open = vec![(String::new(), 0, dependencies)];
    while let Some((folder, depth, dependencies)) = open.pop() {
        if depth > DEPTH {
            return Err(ReadError::whole(format!("`dependencies` are nested more than {DEPTH} deep")));
        }
        for (name, record) in dependencies.items {
            let (Some(name), Some(mut raw)) = (name.get(), record.value) else { continue };
            let slash = if folder.is_empty() { "" } else { "/" };
            let key = format!("{folder}{slash}node_modules/{name}");
            open.push((key.clone(), depth + 1, std::mem::take(&mut raw.dependencies)));
            entries.push((Cow::Owned(key), entry(*raw)));
        }
    }
    Ok(entries)
}

/// A package of version 1 as one of version 3: an alias, an address or a folder
/// stands where the version should be.
fn entry(raw: NestedRaw<'_>) -> Entry<'_> {
    let mut entry = Entry {
        integrity: raw.integrity,
        dev: raw.dev,
        optional: raw.optional,
        dependencies: Pairs { odd: false, items: raw.requires.items },
        resolved: raw.resolved,
        ..Entry::default()
    };
    let version = raw.version.or_empty().to_owned();
    if let Some((name, version)) = version.strip_prefix("npm:").and_then(|alias| alias.rsplit_once('@')) {
        entry.name = Text::Some(Cow::Owned(name.to_owned()));
        entry.version = Text::Some(Cow::Owned(version.to_owned()));
    } else if version.contains(':') {
        entry.resolved = Text::Some(Cow::Owned(version));
    } else {
        entry.version = raw.version;
    }
    entry
}

/// Keeps the unused ranges of [`Names`] out of memory.
const _: () = assert!(std::mem::size_of::<IgnoredAny>() == 0);
