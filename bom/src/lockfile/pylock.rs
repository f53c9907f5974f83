//! `pylock.toml` and `pylock.NAME.toml` (PEP 751).

use super::draft::Draft;
use super::place::Source;
use super::python::{self, project};
use super::tolerant::{List, Pairs, Record, Text};
use super::toml_text::{self, Pieces};
use super::{Files, Lockfile, Origins, hashes, place};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::{Origin, clean_git};
use crate::reading::{ReadError, Reading};
use serde::Deserialize;
use std::collections::HashSet;

/// Reads `pylock.toml`.
pub static PYLOCK: Pylock = Pylock;

/// The kind of `pylock.toml`.
pub struct Pylock;

impl Lockfile for Pylock {
    fn kind(&self) -> &'static str {
        "pylock"
    }

    fn ecosystem(&self) -> &'static str {
        "PyPI"
    }

    fn names(&self) -> &'static [&'static str] {
        &["pylock.toml", "pylock.*.toml"]
    }

    fn origins(&self) -> Origins {
        Origins::InFile
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        let project = project::read(path, files);
        read(&text, path, &project).map_err(|e| e.in_file(path))
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct LockRaw<'a> {
    #[serde(borrow)]
    lock_version: Text<'a>,
    default_groups: List<Text<'a>>,
    packages: List<Record<PackageRaw<'a>>>,
}

impl Pieces for LockRaw<'_> {
    fn add(&mut self, more: Self) {
        self.lock_version.add(more.lock_version);
        self.default_groups.add(more.default_groups);
        self.packages.add(more.packages);
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PackageRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    marker: Text<'a>,
    index: Text<'a>,
    dependencies: List<Record<NeedRaw<'a>>>,
    vcs: Record<SourceRaw<'a>>,
    directory: Record<SourceRaw<'a>>,
    archive: Record<SourceRaw<'a>>,
    sdist: Record<SourceRaw<'a>>,
    wheels: List<Record<SourceRaw<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NeedRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct SourceRaw<'a> {
    #[serde(borrow)]
    url: Text<'a>,
    path: Text<'a>,
    commit_id: Text<'a>,
    hashes: Pairs<Text<'a>, Text<'a>>,
}

impl SourceRaw<'_> {
    fn origin(&self, folder: &str) -> Option<Origin> {
        match self.path.get() {
            Some(path) => Some(Origin::Path(place::join(folder, path))),
            None => place::of_address(self.url.get()?, folder),
        }
    }
}

impl PackageRaw<'_> {
    fn origin(&self, folder: &str) -> Option<Origin> {
        if let Some(vcs) = &self.vcs.value {
            let Some(address) = vcs.url.get() else { return vcs.origin(folder) };
            return clean_git(&format!("{address}#{}", vcs.commit_id.or_empty())).map(Origin::Git);
        }
        if let Some(source) = self.directory.value.as_deref().or(self.archive.value.as_deref()) {
            return source.origin(folder);
        }
        place::registry(self.index.get()?)
    }

    /// What it is there for, where its marker tells: the strongest of the extras and groups that it is part of.
    fn scope(&self, default_groups: &List<Text<'_>>) -> Option<Scope> {
        let marker = self.marker.get()?;
        let is_default = |condition: &str| {
            let name = condition.split(['"', '\'']).nth(1);
            default_groups.items.iter().any(|group| group.get().is_some() && group.get() == name)
        };
        let of = |condition: &str| match condition {
            condition if condition.contains("in dependency_groups") && is_default(condition) => Scope::Required,
            condition if condition.contains("in dependency_groups") => Scope::Development,
            condition if condition.contains("in extras") => Scope::Optional,
            _ => Scope::Required,
        };
        let tells = marker.contains("in dependency_groups") || marker.contains("in extras");
        tells.then(|| marker.split(" or ").map(of).min()).flatten()
    }
}

fn read(text: &Source, path: &str, project: &project::Project) -> Result<Reading<Document>, ReadError> {
    let raw: LockRaw<'_> = toml_text::read(text)?;
    let folder = place::folder(path);
    let here = Origin::Path(place::join(folder, "."));
    let packages: Vec<&PackageRaw<'_>> =
        raw.packages.items.iter().filter_map(|p| p.value.as_deref()).filter(|p| p.name.get().is_some()).collect();
    let root = packages.iter().position(|package| package.origin(folder).as_ref() == Some(&here));
    let subject = match root.and_then(|at| packages.get(at)) {
        Some(package) => component(package, here),
        None => project.subject(path),
    };
    let mut draft = Draft::new(format!("pylock.toml {}", raw.lock_version.get().unwrap_or("1.0")), subject, text.limits);
    if packages.len() < raw.packages.items.len() || raw.packages.odd {
        draft.warn("packages", None, "a package without a name is passed over");
    }
    let mut nodes = Vec::with_capacity(packages.len());
    let mut by_name = python::ByName::new();
    for (at, package) in packages.iter().enumerate() {
        let origin = package.origin(folder).unwrap_or_default();
        let scope = package.scope(&raw.default_groups).unwrap_or_default();
        nodes.push(if Some(at) == root {
            Node::Subject
        } else {
            draft.add(Component { scope, ..component(package, origin) })?
        });
        by_name.entry(python::canonical(package.name.or_empty())).or_default().push(at);
    }
    let mut needed: HashSet<Node> = HashSet::new();
    for (package, from) in packages.iter().zip(&nodes) {
        for need in package.dependencies.items.iter().filter_map(|need| need.value.as_deref()) {
            for at in by_name.get(python::canonical(need.name.or_empty()).as_ref()).into_iter().flatten() {
                let (Some(target), Some(to)) = (packages.get(*at), nodes.get(*at)) else { continue };
                if need.version.get().is_none_or(|version| target.version.get() == Some(version)) {
                    draft.edge(*from, *to)?;
                    needed.insert(*to);
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
    // Dependencies may be left out of the file; then nothing passes a scope on. Nor need they, where markers tell.
    let told = packages.iter().any(|package| package.scope(&raw.default_groups).is_some());
    if !needed.is_empty() && !told {
        draft.spread(&roots, &[]);
    }
    Ok(draft.finish())
}

fn component(package: &PackageRaw<'_>, origin: Origin) -> Component {
    let mut component = python::component(package.name.or_empty(), package.version.get(), origin, Scope::Required);
    let archives = package.sdist.value.as_deref().into_iter().chain(package.archive.value.as_deref());
    let wheels = package.wheels.items.iter().filter_map(|wheel| wheel.value.as_deref());
    for (function, digest) in archives.chain(wheels).flat_map(|file| &file.hashes.items) {
        if let Some(hash) = hashes::hash(function.or_empty(), digest.or_empty())
            && !component.hashes.contains(&hash)
        {
            component.hashes.push(hash);
        }
    }
    component
}
