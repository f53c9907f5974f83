//! Installed Python packages: the metadata in the `site-packages` of a virtual
//! environment beside the lockfile (`.venv` or `venv`): `dist-info`, or the older `egg-info`.

use super::{Facts, Installed, below, licence, text};
use crate::files::Folder;
use bom::document::{Component, Licence};
use bom::ecosystem::{Ecosystem, Package};
use std::collections::HashMap;

/// Longest text that is a licence's name and not the licence itself, in bytes.
const LONGEST_NAME: usize = 100;
/// Most packages of one environment that are looked at.
const MOST: usize = 20_000;

/// Packages in an environment.
struct Environment {
    /// The files of metadata by canonical name and version.
    metadata: HashMap<(String, String), String>,
}

/// The packages installed in the environment beside a lockfile.
pub fn find(beside: &str, folder: &Folder) -> Option<Box<dyn Installed>> {
    let (pypi, _) = Ecosystem::of_osv("PyPI")?;
    let mut metadata = HashMap::new();
    for packages in [".venv", "venv"].into_iter().flat_map(|name| site_packages(&below(beside, name), folder)) {
        for entry in folder.list(&packages, MOST) {
            if let Some((name, version, file)) = described(&entry) {
                let key = (Package::named(pypi, name).name, version.to_owned());
                metadata.entry(key).or_insert_with(|| format!("{packages}/{entry}/{file}"));
            }
        }
    }
    (!metadata.is_empty()).then(|| Box::new(Environment { metadata }) as Box<dyn Installed>)
}

/// The name and version that a folder of metadata is about, and the file of it.
fn described(entry: &str) -> Option<(&str, &str, &'static str)> {
    if let Some(stem) = entry.strip_suffix(".dist-info") {
        return stem.rsplit_once('-').map(|(name, version)| (name, version, "METADATA"));
    }
    let mut parts = entry.strip_suffix(".egg-info")?.split('-');
    // The interpreter's version may follow: `name-1.0-py3.12`.
    Some((parts.next()?, parts.next()?, "PKG-INFO"))
}

fn site_packages(environment: &str, folder: &Folder) -> Vec<String> {
    let library = format!("{environment}/lib");
    let mut found: Vec<_> = folder
        .list(&library, 100)
        .into_iter()
        .filter(|name| name.starts_with("python"))
        .map(|name| format!("{library}/{name}/site-packages"))
        .collect();
    found.push(format!("{environment}/Lib/site-packages"));
    found
}

impl Installed for Environment {
    fn purl_type(&self) -> &'static str {
        "pypi"
    }

    fn facts(&self, component: &Component, folder: &Folder) -> Option<Facts> {
        let package = Package::of_purl(component.purl.as_ref()?)?;
        let place = self.metadata.get(&(package.name, component.version.as_ref()?.to_string()))?;
        let metadata = text(folder, place)?;
        Some(Facts { licences: licences(&metadata), hashes: Vec::new() })
    }
}

/// The licences of core metadata: the expression of version 2.4, else the old
/// field where it holds a name, else the classifiers.
fn licences(metadata: &str) -> Vec<Licence> {
    let headers: Vec<_> = metadata.lines().take_while(|line| !line.is_empty()).collect();
    let field =
        |name: &'static str| headers.iter().filter_map(move |line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::trim);
    if let Some(expression) = field("License-Expression").next() {
        return licence(expression);
    }
    let whole = headers.iter().position(|line| line.starts_with("License: "));
    let goes_on = whole.and_then(|at| headers.get(at + 1)).is_some_and(|line| line.starts_with([' ', '\t']));
    let named = field("License").next().filter(|name| !goes_on && name.len() <= LONGEST_NAME && *name != "UNKNOWN");
    if let Some(name) = named.filter(|name| !name.is_empty()) {
        return licence(name);
    }
    let classified = field("Classifier").filter_map(|classifier| classifier.strip_prefix("License :: "));
    let names = classified.filter_map(|path| path.rsplit(" :: ").next()).filter(|name| *name != "OSI Approved");
    names.flat_map(licence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_in_the_ways_of_core_metadata() {
        for (metadata, expected) in [
            (
                "Metadata-Version: 2.4\nLicense-Expression: MIT OR Apache-2.0\n",
                vec![Licence::Expression("MIT OR Apache-2.0".into())],
            ),
            ("License: MIT\nClassifier: License :: OSI Approved :: BSD License\n", vec![Licence::Id("MIT".into())]),
            ("License: Copyright (c) Alice\n        Permission is granted\n", vec![]),
            (
                "License: UNKNOWN\nClassifier: License :: OSI Approved\nClassifier: License :: OSI Approved :: Apache Software License\n",
                vec![Licence::Name("Apache Software License".into())],
            ),
            ("Name: a\n\nLicense: not in the headers\n", vec![]),
        ] {
            assert_eq!(licences(metadata), expected, "{metadata}");
        }
    }
}
