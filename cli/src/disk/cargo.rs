//! Vendored crates (`cargo vendor`): `vendor/name` or `vendor/name-version`, or the
//! same in the folder that `.cargo/config.toml` names for a source.

use super::{Facts, Installed, below, licence, text};
use crate::files::Folder;
use bom::document::{Component, Hash, HashAlgorithm};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Crates in a folder.
struct Vendored {
    at: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ConfigRaw {
    source: BTreeMap<String, SourceRaw>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SourceRaw {
    directory: Option<String>,
}

/// A manifest as `cargo vendor` writes it: nothing is inherited in it.
#[derive(Deserialize)]
struct ManifestRaw {
    package: PackageRaw,
}

#[derive(Deserialize)]
struct PackageRaw {
    version: String,
    license: Option<String>,
}

#[derive(Deserialize)]
struct ChecksumRaw {
    package: Option<String>,
}

/// The vendored crates beside a `Cargo.lock`.
pub fn find(beside: &str, folder: &Folder) -> Option<Box<dyn Installed>> {
    let named = text(folder, &below(beside, ".cargo/config.toml")).and_then(|config| {
        let config: ConfigRaw = toml::from_str(&config).ok()?;
        config.source.into_values().find_map(|source| source.directory)
    });
    let at = below(beside, named.as_deref().unwrap_or("vendor"));
    folder.has(&at).then(|| Box::new(Vendored { at }) as Box<dyn Installed>)
}

impl Installed for Vendored {
    fn purl_type(&self) -> &'static str {
        "cargo"
    }

    fn facts(&self, component: &Component, folder: &Folder) -> Option<Facts> {
        let version = component.version.as_deref()?;
        let places = [format!("{}/{}-{version}", self.at, component.name), format!("{}/{}", self.at, component.name)];
        places.iter().find_map(|place| facts(place, version, folder))
    }
}

fn facts(place: &str, version: &str, folder: &Folder) -> Option<Facts> {
    let manifest: ManifestRaw = toml::from_str(&text(folder, &format!("{place}/Cargo.toml"))?).ok()?;
    if manifest.package.version != version {
        return None;
    }
    // Cargo took `/` for "or" before it knew SPDX expressions.
    let stated = manifest.package.license.map(|stated| stated.replace('/', " OR "));
    let checksum = text(folder, &format!("{place}/.cargo-checksum.json"));
    let checksum: Option<ChecksumRaw> = checksum.and_then(|checksum| serde_json::from_str(&checksum).ok());
    let sha256 = checksum.and_then(|checksum| checksum.package).filter(|value| crate::git::is_commit(value) && value.len() == 64);
    Some(Facts {
        licences: stated.map(|stated| licence(&stated)).unwrap_or_default(),
        hashes: sha256.map(|value| Hash { algorithm: HashAlgorithm::Sha256, value: value.into() }).into_iter().collect(),
    })
}
