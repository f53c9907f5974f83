//! `poetry.lock`, versions 1.0 to 2.1 (Poetry's `poetry.packages.locker`).
//! The file does not name the project; `pyproject.toml` beside it does, and
//! tells which packages the project asked for.

use super::draft::Draft;
use super::place::Source;
use super::python::{self, environment, project};
use super::tolerant::{Either, Flag, List, Pairs, Record, Text};
use super::toml_text::{self, Pieces};
use super::{Files, Lockfile, Origins, hashes, place};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::{Origin, clean_git};
use crate::reading::{ReadError, Reading};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::HashMap;

/// Reads `poetry.lock`.
pub static POETRY: Poetry = Poetry;

/// The kind of `poetry.lock`.
pub struct Poetry;

impl Lockfile for Poetry {
    fn kind(&self) -> &'static str {
        "poetry-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "PyPI"
    }

    fn names(&self) -> &'static [&'static str] {
        &["poetry.lock"]
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
#[serde(default, rename_all = "kebab-case")]
struct MetadataRaw<'a> {
    #[serde(borrow)]
    lock_version: Text<'a>,
    /// Version 1 keeps the files of all packages here.
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
    description: Text<'a>,
    category: Text<'a>,
    optional: Flag,
    groups: List<Text<'a>>,
    markers: Either<'a, IgnoredAny>,
    files: List<Record<FileRaw<'a>>>,
    dependencies: Pairs<Text<'a>, IgnoredAny>,
    source: Record<SourceRaw<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FileRaw<'a> {
    #[serde(borrow)]
    file: Text<'a>,
    hash: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SourceRaw<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    url: Text<'a>,
    resolved_reference: Text<'a>,
}

impl SourceRaw<'_> {
    fn origin(&self, folder: &str) -> Option<Origin> {
        let url = self.url.get()?;
        match self.kind.or_empty() {
            "legacy" => place::registry(url),
            "git" => clean_git(&format!("{url}#{}", self.resolved_reference.or_empty())).map(Origin::Git),
            "directory" | "file" => Some(Origin::Path(place::join(folder, url))),
            "url" => place::of_address(url, folder),
            _ => None,
        }
    }
}

impl PackageRaw<'_> {
    fn scope(&self) -> Option<Scope> {
        if self.optional.0 && self.category.get() != Some("dev") {
            return Some(Scope::Optional);
        }
        let main = |group: &Text<'_>| group.get() == Some("main");
        match self.category.get() {
            Some("main") => return Some(Scope::Required),
            Some(_) => return Some(Scope::Development),
            None if self.groups.items.is_empty() => return None,
            None => {}
        }
        Some(if self.groups.items.iter().any(main) { Scope::Required } else { Scope::Development })
    }

    fn marker(&self) -> Option<&str> {
        match &self.markers {
            Either::Text(text) => text.get(),
            _ => None,
        }
    }
}

fn read(text: &Source, path: &str, project: &project::Project) -> Result<Reading<Document>, ReadError> {
    let raw: LockRaw<'_> = toml_text::read(text)?;
    let metadata = raw.metadata.value.unwrap_or_default();
    let packages: Vec<&PackageRaw<'_>> =
        raw.package.items.iter().filter_map(|p| p.value.as_deref()).filter(|p| p.name.get().is_some()).collect();
    let format = format!("poetry.lock {}", metadata.lock_version.get().unwrap_or("1"));
    let mut draft = Draft::new(format, project.subject(path), text.limits);
    if packages.len() < raw.package.items.len() || raw.package.odd {
        draft.warn("package", None, "a package without a name is passed over");
    }
    let mut by_name = python::ByName::new();
    for (at, package) in packages.iter().enumerate() {
        by_name.entry(python::canonical(package.name.or_empty())).or_default().push(at);
    }
    let (shared, mut nodes) = (metadata.files.by_key(), Vec::with_capacity(packages.len()));
    for package in &packages {
        let origin = package.source.value.as_deref().map(|source| {
            source.origin(place::folder(path)).unwrap_or_else(|| {
                let name = package.name.or_empty();
                let text_of = format!("the source of `{name}` is not understood");
                draft.warn_near(text, &format!("name = \"{name}\""), "package.source", text_of);
                Origin::Authority
            })
        });
        let alone = by_name.get(python::canonical(package.name.or_empty()).as_ref()).is_some_and(|alike| alike.len() == 1);
        nodes.push(draft.add(component(package, origin.unwrap_or_default(), &shared, alone))?);
    }
    connect(&mut draft, &packages, &nodes, &by_name, text)?;
    let mut roots = Vec::new();
    for (name, scope) in &project.needs {
        for node in by_name.get(name.as_str()).into_iter().flatten().filter_map(|at| nodes.get(*at)) {
            draft.edge(Node::Subject, *node)?;
            roots.push((*node, *scope));
        }
    }
    if packages.iter().all(|package| package.scope().is_none_or(|scope| scope == Scope::Required)) {
        draft.spread(&roots, &[]);
    }
    Ok(draft.finish())
}

fn component(
    package: &PackageRaw<'_>,
    origin: Origin,
    shared: &HashMap<&str, Vec<&Record<FileRaw<'_>>>>,
    alone: bool,
) -> Component {
    let scope = package.scope().unwrap_or_default();
    let mut component = python::component(package.name.or_empty(), package.version.get(), origin, scope);
    component.description = package.description.get().map(Into::into);
    let shared = shared.get(package.name.or_empty()).into_iter().flatten().copied();
    let version = format!("-{}", package.version.or_empty());
    // Files of two versions stand together in version 1; their names tell them apart.
    let shared = shared.filter(|file| alone || file.value.as_deref().is_some_and(|f| f.file.or_empty().contains(&version)));
    let files = package.files.items.iter().chain(shared).filter_map(|file| file.value.as_deref());
    component.hashes = hashes::distinct(files.filter_map(|file| file.hash.get().and_then(hashes::prefixed)));
    component
}

fn connect(
    draft: &mut Draft,
    packages: &[&PackageRaw<'_>],
    nodes: &[Node],
    by_name: &python::ByName<'_>,
    text: &str,
) -> Result<(), ReadError> {
    for (package, from) in packages.iter().zip(nodes) {
        for name in package.dependencies.items.iter().filter_map(|(name, _)| name.get()) {
            let Some(alike) = by_name.get(python::canonical(name).as_ref()) else {
                // Optional dependencies that no extra asked for are named but not locked.
                continue;
            };
            for at in alike {
                let (Some(target), Some(to)) = (packages.get(*at), nodes.get(*at)) else { continue };
                if environment::compatible(package.marker(), target.marker()) {
                    draft.edge(*from, *to)?;
                }
            }
        }
        if package.dependencies.odd {
            let name = package.name.or_empty();
            let mark = format!("name = \"{name}\"");
            draft.warn_near(text, &mark, "package.dependencies", format!("the dependencies of `{name}` are no table"));
        }
    }
    Ok(())
}
