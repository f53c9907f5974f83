//! `pdm.lock`, versions 3 and 4. As in Poetry's, the project itself is only in
//! `pyproject.toml`.

use super::draft::Draft;
use super::place::Source;
use super::python::{self, Requirement, environment, project};
use super::tolerant::{Either, List, Pairs, Record, Text};
use super::toml_text::{self, Pieces};
use super::{Files, Lockfile, Origins, hashes, place};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::{Origin, clean_git};
use crate::reading::{ReadError, Reading};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::HashMap;

/// Reads `pdm.lock`.
pub static PDM: Pdm = Pdm;

/// The kind of `pdm.lock`.
pub struct Pdm;

impl Lockfile for Pdm {
    fn kind(&self) -> &'static str {
        "pdm-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "PyPI"
    }

    fn names(&self) -> &'static [&'static str] {
        &["pdm.lock"]
    }

    fn origins(&self) -> Origins {
        Origins::ClientDefault
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        let project = project::read(path, files);
        read(&text, path, &project).map_err(|e| e.in_file(path))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LockRaw<'a> {
    #[serde(borrow)]
    package: List<Record<PackageRaw<'a>>>,
    metadata: Record<MetadataRaw<'a>>,
}

impl Pieces for LockRaw<'_> {
    fn add(&mut self, more: Self) {
        self.package.add(more.package);
        self.metadata.add(more.metadata);
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MetadataRaw<'a> {
    #[serde(borrow)]
    lock_version: Text<'a>,
    /// Version 3 keeps the files of all packages here, by `name version`.
    files: Pairs<Text<'a>, List<Record<FileRaw<'a>>>>,
}

impl Pieces for MetadataRaw<'_> {
    fn add(&mut self, more: Self) {
        self.lock_version.add(more.lock_version);
        self.files.add(more.files);
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PackageRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    summary: Text<'a>,
    groups: List<Text<'a>>,
    marker: Either<'a, IgnoredAny>,
    git: Text<'a>,
    revision: Text<'a>,
    url: Text<'a>,
    path: Text<'a>,
    files: List<Record<FileRaw<'a>>>,
    dependencies: List<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FileRaw<'a> {
    #[serde(borrow)]
    hash: Text<'a>,
}

impl PackageRaw<'_> {
    fn origin(&self, folder: &str) -> Option<Origin> {
        if let Some(address) = self.git.get() {
            return clean_git(&format!("{address}#{}", self.revision.or_empty())).map(Origin::Git);
        }
        if let Some(path) = self.path.get() {
            return Some(Origin::Path(place::join(folder, path)));
        }
        self.url.get().and_then(|address| place::of_address(address, folder))
    }

    /// What it is for, by the groups it is in; the default group is the project itself.
    fn scope(&self, project: &project::Project) -> Option<Scope> {
        let groups: Vec<&str> = self.groups.items.iter().filter_map(Text::get).collect();
        if groups.is_empty() {
            return None;
        }
        let of = |group: &&str| match *group {
            "default" => Scope::Required,
            group if project.extras.iter().any(|extra| *extra == python::canonical(group)) => Scope::Optional,
            _ => Scope::Development,
        };
        groups.iter().map(of).min()
    }

    fn marker(&self) -> Option<&str> {
        match &self.marker {
            Either::Text(text) => text.get(),
            _ => None,
        }
    }
}

fn read(text: &Source, path: &str, project: &project::Project) -> Result<Reading<Document>, ReadError> {
    let raw: LockRaw<'_> = toml_text::read(text)?;
    let metadata = raw.metadata.value.unwrap_or_default();
    let mut draft =
        Draft::new(format!("pdm.lock {}", metadata.lock_version.get().unwrap_or("")), project.subject(path), text.limits);
    let folder = place::folder(path);
    // The project itself may be listed, at `.`; with extras a package is listed once more for them.
    let packages: Vec<&PackageRaw<'_>> = raw.package.items.iter().filter_map(|p| p.value.as_deref()).collect();
    let (shared, mut nodes) = (metadata.files.by_key(), Vec::with_capacity(packages.len()));
    let mut by_name = python::ByName::new();
    for (at, package) in packages.iter().enumerate() {
        let Some(name) = package.name.get() else {
            draft.warn("package", None, "a package without a name is passed over");
            nodes.push(Node::Subject);
            continue;
        };
        let component = component(package, package.origin(folder).unwrap_or_default(), &shared, package.scope(project));
        nodes.push(draft.add(component)?);
        by_name.entry(python::canonical(name)).or_default().push(at);
    }
    for (package, from) in packages.iter().zip(&nodes) {
        for requirement in package.dependencies.items.iter().filter_map(Text::get) {
            let read = Requirement::of(requirement);
            let Some(alike) = read.and_then(|r| by_name.get(python::canonical(r.name).as_ref())) else {
                // The lockfile's targets leave out what is for other environments.
                if read.is_some_and(|read| read.marker.is_some()) {
                    continue;
                }
                let text_of = format!("`{}` needs `{requirement}`, which is not in the file", package.name.or_empty());
                draft.warn_near(text, requirement, "package.dependencies", text_of);
                continue;
            };
            for at in alike {
                let (Some(target), Some(to)) = (packages.get(*at), nodes.get(*at)) else { continue };
                if environment::compatible(package.marker(), target.marker()) {
                    draft.edge(*from, *to)?;
                }
            }
        }
    }
    let mut roots = Vec::new();
    for (name, scope) in &project.needs {
        for node in by_name.get(name.as_str()).into_iter().flatten().filter_map(|at| nodes.get(*at)) {
            draft.edge(Node::Subject, *node)?;
            roots.push((*node, *scope));
        }
    }
    if packages.iter().all(|package| package.groups.items.is_empty()) {
        draft.spread(&roots, &[]);
    }
    Ok(draft.finish())
}

fn component(
    package: &PackageRaw<'_>,
    origin: Origin,
    shared: &HashMap<&str, Vec<&Record<FileRaw<'_>>>>,
    scope: Option<Scope>,
) -> Component {
    let (name, version) = (package.name.or_empty(), package.version.get());
    let mut component = python::component(name, version, origin, scope.unwrap_or_default());
    component.description = package.summary.get().map(Into::into);
    let key = format!("{name} {}", version.unwrap_or(""));
    let shared = shared.get(key.as_str()).into_iter().flatten().copied();
    let files = package.files.items.iter().chain(shared).filter_map(|file| file.value.as_deref());
    component.hashes = hashes::distinct(files.filter_map(|file| file.hash.get().and_then(hashes::prefixed)));
    component
}
