//! `Pipfile.lock` of Pipenv. It holds no graph; `Pipfile` beside it tells what
//! the project asked for.

use super::draft::{Draft, unnamed_subject};
use super::place::Source;
use super::tolerant::{Flag, List, Pairs, Record, Text};
use super::{Files, Lockfile, Origins, hashes, json_text, place, python};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::{Origin, clean_git};
use crate::reading::{ReadError, Reading};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Reads `Pipfile.lock`.
pub static PIPFILE: Pipfile = Pipfile;

/// The kind of `Pipfile.lock`.
pub struct Pipfile;

impl Lockfile for Pipfile {
    fn kind(&self) -> &'static str {
        "pipfile-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "PyPI"
    }

    fn names(&self) -> &'static [&'static str] {
        &["Pipfile.lock"]
    }

    fn origins(&self) -> Origins {
        Origins::InFile
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        let manifest_text = place::optional_text(&place::beside(path, "Pipfile"), files).unwrap_or_default();
        let manifest: ManifestRaw<'_> = toml::from_str(&manifest_text).unwrap_or_default();
        read(&text, path, &manifest).map_err(|e| e.in_file(path))
    }
}

/// What the project asks for, by the sections of `Pipfile`.
type ManifestRaw<'a> = Pairs<Text<'a>, Pairs<Text<'a>, IgnoredAny>>;

#[derive(Default, Deserialize)]
#[serde(default)]
struct MetaRaw<'a> {
    #[serde(borrow)]
    sources: List<Record<SourceRaw<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SourceRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    url: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PackageRaw<'a> {
    #[serde(borrow)]
    version: Text<'a>,
    index: Text<'a>,
    hashes: List<Text<'a>>,
    git: Text<'a>,
    r#ref: Text<'a>,
    path: Text<'a>,
    file: Text<'a>,
    editable: Flag,
}

/// `_meta`, then a section for each category: `default`, `develop`, and others.
#[derive(Default, Deserialize)]
#[serde(default)]
struct LockRaw<'a> {
    #[serde(borrow)]
    _meta: Record<MetaRaw<'a>>,
    #[serde(flatten)]
    sections: HashMap<String, Pairs<Text<'a>, Record<PackageRaw<'a>>>>,
}

fn read(text: &Source, path: &str, manifest: &ManifestRaw<'_>) -> Result<Reading<Document>, ReadError> {
    let raw: LockRaw<'_> = json_text::read(text)?;
    let meta = raw._meta.value.unwrap_or_default();
    let sources: Vec<(&str, Origin)> = meta
        .sources
        .items
        .iter()
        .filter_map(|source| source.value.as_deref())
        .filter_map(|source| Some((source.name.or_empty(), place::registry(source.url.get()?)?)))
        .collect();
    let mut draft = Draft::new("Pipfile.lock".to_owned(), unnamed_subject(path), text.limits);
    let mut sections: Vec<_> = raw.sections.iter().collect();
    sections.sort_unstable_by_key(|(section, _)| section.as_str());
    for (section, packages) in sections {
        let scope = if section == "default" { Scope::Required } else { Scope::Development };
        // The sections of `Pipfile` have other names for two of these.
        let asked = match section.as_str() {
            "default" => "packages",
            "develop" => "dev-packages",
            other => other,
        };
        let asked = manifest.items.iter().filter(|(name, _)| name.get() == Some(asked)).flat_map(|(_, names)| &names.items);
        let asked: HashSet<Cow<'_, str>> = asked.filter_map(|(name, _)| name.get()).map(python::canonical).collect();
        for (name, record) in &packages.items {
            let (Some(name), Some(package)) = (name.get(), &record.value) else {
                draft.warn(format!("$.{section}"), None, "a package that is no object is passed over");
                continue;
            };
            let component = component(name, package, &sources, place::folder(path), scope);
            let direct = asked.contains(component.name.as_str());
            let node = draft.add(component)?;
            if direct {
                draft.edge(Node::Subject, node)?;
            }
        }
    }
    Ok(draft.finish())
}

fn component(name: &str, package: &PackageRaw<'_>, sources: &[(&str, Origin)], folder: &str, scope: Scope) -> Component {
    let local = package.path.get().or(package.file.get());
    let origin = match (package.git.get(), local) {
        (Some(address), _) => clean_git(&format!("{address}#{}", package.r#ref.or_empty())).map(Origin::Git),
        (None, Some(at)) => place::of_address(at, folder).or(Some(Origin::Path(place::join(folder, at)))),
        // A package without an index is from the first one.
        (None, None) => {
            let named = sources.iter().find(|(name, _)| package.index.get() == Some(name));
            named.or(sources.first()).map(|(_, origin)| origin.clone())
        }
    };
    let version = package.version.get().and_then(python::pinned).filter(|_| !package.editable.0);
    let mut component = python::component(name, version, origin.unwrap_or_default(), scope);
    component.hashes = package.hashes.items.iter().filter_map(|hash| hashes::prefixed(hash.get()?)).collect();
    component
}
