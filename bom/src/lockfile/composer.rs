//! `composer.lock` of Composer 1 and 2. Where a package's metadata came from a
//! repository, the file keeps that repository's `notification-url`; packages
//! without one came from a repository of code, an archive or a folder.

use super::draft::{Draft, component, unnamed_subject};
use super::licences::{self, LicenceRaw};
use super::place::Source;
use super::tolerant::{Either, List, Pairs, Record, Text};
use super::{Files, Lockfile, Origins, hashes, json_text, place};
use crate::document::{Component, Document, Node, Scope};
use crate::ecosystem::lower;
use crate::origin::{Origin, clean_git};
use crate::purl::Purl;
use crate::reading::{ReadError, Reading};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::{HashMap, HashSet};

/// Reads `composer.lock`.
pub static COMPOSER: Composer = Composer;

/// The kind of `composer.lock`.
pub struct Composer;

impl Lockfile for Composer {
    fn kind(&self) -> &'static str {
        "composer-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "Packagist"
    }

    fn names(&self) -> &'static [&'static str] {
        &["composer.lock"]
    }

    fn origins(&self) -> Origins {
        Origins::InFile
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        let manifest_text = place::optional_text(&place::beside(path, "composer.json"), files).unwrap_or_default();
        let manifest = serde_json::from_str::<Record<PackageRaw<'_>>>(&manifest_text).ok().and_then(|record| record.value);
        let manifest = manifest.map(|manifest| *manifest);
        read(&text, path, manifest.unwrap_or_default()).map_err(|e| e.in_file(path))
    }
}

/// The names of packages; the ranges are not needed.
type Names<'a> = Pairs<Text<'a>, IgnoredAny>;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct LockRaw<'a> {
    #[serde(borrow)]
    packages: List<Record<PackageRaw<'a>>>,
    packages_dev: List<Record<PackageRaw<'a>>>,
}

/// A package in the lockfile, or the project in `composer.json`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct PackageRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    description: Text<'a>,
    source: Record<SourceRaw<'a>>,
    dist: Record<SourceRaw<'a>>,
    license: Either<'a, LicenceRaw<'a>>,
    notification_url: Text<'a>,
    require: Names<'a>,
    require_dev: Names<'a>,
    replace: Names<'a>,
    provide: Names<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SourceRaw<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    url: Text<'a>,
    reference: Text<'a>,
    shasum: Text<'a>,
}

fn read(text: &Source, path: &str, manifest: PackageRaw<'_>) -> Result<Reading<Document>, ReadError> {
    let raw: LockRaw<'_> = json_text::read(text)?;
    let folder = place::folder(path);
    let subject = match manifest.name.get() {
        Some(name) => {
            let mut subject = of_name(name, manifest.version.get(), Origin::Path(place::join(folder, ".")));
            subject.licences = licences::of_value(&manifest.license);
            subject
        }
        None => unnamed_subject(path),
    };
    let mut draft = Draft::new("composer.lock".to_owned(), subject, text.limits);
    let mut packages: Vec<(&PackageRaw<'_>, Node)> = Vec::new();
    // A name answers to the packages that bear, replace or provide it.
    let mut by_name: HashMap<String, Vec<Node>> = HashMap::new();
    for (list, key, scope) in
        [(&raw.packages, "packages", Scope::Required), (&raw.packages_dev, "packages-dev", Scope::Development)]
    {
        for (at, record) in list.items.iter().enumerate() {
            let Some(package) = record.value.as_deref().filter(|package| package.name.get().is_some()) else {
                draft.warn(format!("$.{key}[{at}]"), None, "a package without a name is passed over");
                continue;
            };
            let node = draft.add(of_package(package, scope, folder))?;
            packages.push((package, node));
            by_name.entry(lower(package.name.or_empty()).into_owned()).or_default().push(node);
        }
    }
    let there: HashSet<String> = by_name.keys().cloned().collect();
    for (package, node) in &packages {
        for name in package.replace.items.iter().chain(&package.provide.items).filter_map(|(name, _)| name.get()) {
            let name = lower(name);
            if !there.contains(name.as_ref()) {
                by_name.entry(name.into_owned()).or_default().push(*node);
            }
        }
    }
    let own = [(&manifest.require, Node::Subject), (&manifest.require_dev, Node::Subject)];
    for (names, from) in packages.iter().map(|(package, node)| (&package.require, *node)).chain(own) {
        // PHP itself and its extensions (`php`, `ext-json`) are no packages.
        for name in names.items.iter().filter_map(|(name, _)| name.get()).filter(|name| name.contains('/')) {
            match by_name.get(lower(name).as_ref()) {
                Some(alike) => alike.iter().try_for_each(|to| draft.edge(from, *to))?,
                None if from != Node::Subject => {
                    let name: String = name.chars().take(100).collect();
                    draft.warn_near(
                        text,
                        &format!("\"{name}\""),
                        "$.packages",
                        format!("`{name}` is needed but not in the file"),
                    );
                }
                None => {}
            }
        }
    }
    Ok(draft.finish())
}

fn of_name(name: &str, version: Option<&str>, origin: Origin) -> Component {
    let lower = lower(name);
    let (vendor, bare) = lower.split_once('/').map_or((None, lower.as_ref()), |(vendor, bare)| (Some(vendor), bare));
    component(Purl::new("composer", vendor, bare, version), origin, Scope::Required)
}

fn of_package(package: &PackageRaw<'_>, scope: Scope, folder: &str) -> Component {
    let mut component = of_name(package.name.or_empty(), package.version.get(), origin(package, folder).unwrap_or_default());
    component.scope = scope;
    component.description = package.description.get().map(Into::into);
    component.licences = licences::of_value(&package.license);
    let checksum = package.dist.value.as_deref().and_then(|dist| dist.shasum.get());
    component.hashes.extend(checksum.and_then(|checksum| hashes::hash("sha1", checksum)));
    component
}

fn origin(package: &PackageRaw<'_>, folder: &str) -> Option<Origin> {
    let (source, dist) = (package.source.value.as_deref(), package.dist.value.as_deref());
    if let Some(dist) = dist.filter(|dist| dist.kind.get() == Some("path")) {
        return Some(Origin::Path(place::join(folder, dist.url.get()?)));
    }
    if let Some(address) = package.notification_url.get() {
        return place::registry(address.trim_end_matches('/').trim_end_matches("/downloads"));
    }
    if let Some(source) = source.filter(|source| source.kind.get() == Some("git")) {
        return clean_git(&format!("{}#{}", source.url.get()?, source.reference.or_empty())).map(Origin::Git);
    }
    place::of_address(dist?.url.get()?, folder)
}
