//! `Cargo.lock` in any spelling that TOML allows, among them the `[root]` that
//! Cargo wrote before 2017.

use super::{Lock, Package};
use crate::lockfile::place::Source;
use crate::lockfile::tolerant::{List, Pairs, Record, Text};
use crate::lockfile::toml_text::{self, Pieces};
use crate::reading::ReadError;
use serde::Deserialize;
use std::borrow::Cow;

#[derive(Deserialize, Default)]
#[serde(default)]
struct LockRaw<'a> {
    #[serde(borrow)]
    version: Text<'a>,
    root: Record<PackageRaw<'a>>,
    package: List<Record<PackageRaw<'a>>>,
    metadata: Pairs<Text<'a>, Text<'a>>,
}

impl Pieces for LockRaw<'_> {
    fn add(&mut self, more: Self) {
        self.version.add(more.version);
        self.root.add(more.root);
        self.package.add(more.package);
        self.metadata.add(more.metadata);
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PackageRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    source: Text<'a>,
    checksum: Text<'a>,
    dependencies: List<Text<'a>>,
}

impl Pieces for PackageRaw<'_> {
    fn add(&mut self, more: Self) {
        self.name.add(more.name);
        self.version.add(more.version);
        self.source.add(more.source);
        self.checksum.add(more.checksum);
        self.dependencies.add(more.dependencies);
    }
}

/// Reads `text`.
///
/// # Errors
/// [`ReadError`] with its line when this is no TOML or no lockfile.
pub(super) fn read(text: &Source) -> Result<Lock<'static>, ReadError> {
    let raw: LockRaw<'_> = toml_text::read(text)?;
    let mut lock = Lock { version: raw.version.get().map(owned), ..Lock::default() };
    let odd = raw.package.odd || raw.root.odd || raw.package.items.iter().any(|p| p.odd);
    for package in raw.root.value.into_iter().chain(raw.package.items.into_iter().filter_map(|p| p.value)) {
        let (Some(name), Some(version)) = (package.name.get(), package.version.get()) else {
            let name = package.name.or_empty();
            return Err(ReadError::whole(format!(
                "a package `{name}` lacks its name or version; let Cargo write the file again"
            )));
        };
        let start = lock.dependencies.len();
        lock.dependencies.extend(package.dependencies.items.iter().filter_map(Text::get).map(owned));
        lock.packages.push(Package {
            name: owned(name),
            version: owned(version),
            source: package.source.get().map(owned),
            checksum: package.checksum.get().map(owned),
            dependencies: start..lock.dependencies.len(),
        });
    }
    if odd {
        return Err(ReadError::whole("`package` is no list of tables; let Cargo write the file again"));
    }
    for (key, value) in &raw.metadata.items {
        if let (Some(key), Some(value)) = (key.get(), value.get()) {
            lock.metadata.push((owned(key), owned(value)));
        }
    }
    Ok(lock)
}

fn owned(text: &str) -> Cow<'static, str> {
    Cow::Owned(text.to_owned())
}
