//! `uv.lock`, version 1 (uv's documentation, "Locking and syncing"). The
//! subject is the project of the lockfile's own folder; further members of the
//! workspace are components that lie at a path.

use super::draft::{Draft, unnamed_subject};
use super::place::Source;
use super::tolerant::{List, Pairs, Record, Text};
use super::toml_text::{self, Pieces};
use super::{Files, Lockfile, Origins, hashes, place, python};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::{Origin, clean_git};
use crate::reading::{ReadError, Reading};
use serde::Deserialize;

/// Reads `uv.lock`.
pub static UV: Uv = Uv;

/// The kind of `uv.lock`.
pub struct Uv;

impl Lockfile for Uv {
    fn kind(&self) -> &'static str {
        "uv-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "PyPI"
    }

    fn names(&self) -> &'static [&'static str] {
        &["uv.lock"]
    }

    fn origins(&self) -> Origins {
        Origins::InFile
    }

    fn lists_project(&self) -> bool {
        true
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        read(&text, path).map_err(|e| e.in_file(path))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LockRaw<'a> {
    #[serde(borrow)]
    version: Text<'a>,
    manifest: Record<ManifestRaw<'a>>,
    package: List<Record<PackageRaw<'a>>>,
}

impl Pieces for LockRaw<'_> {
    fn add(&mut self, more: Self) {
        self.version.add(more.version);
        self.manifest.add(more.manifest);
        self.package.add(more.package);
    }
}

/// What a workspace asks for that is no package itself.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct ManifestRaw<'a> {
    #[serde(borrow)]
    dependency_groups: Pairs<Text<'a>, Needs<'a>>,
    /// Of a script.
    requirements: Needs<'a>,
}

impl Pieces for ManifestRaw<'_> {
    fn add(&mut self, more: Self) {
        self.dependency_groups.add(more.dependency_groups);
        self.requirements.add(more.requirements);
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct PackageRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    source: Record<SourceRaw<'a>>,
    dependencies: Needs<'a>,
    optional_dependencies: Pairs<Text<'a>, Needs<'a>>,
    dev_dependencies: Pairs<Text<'a>, Needs<'a>>,
    sdist: Record<FileRaw<'a>>,
    wheels: List<Record<FileRaw<'a>>>,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(default)]
struct SourceRaw<'a> {
    #[serde(borrow)]
    registry: Text<'a>,
    git: Text<'a>,
    url: Text<'a>,
    path: Text<'a>,
    directory: Text<'a>,
    editable: Text<'a>,
    r#virtual: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NeedRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    source: Record<SourceRaw<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FileRaw<'a> {
    #[serde(borrow)]
    hash: Text<'a>,
}

type Needs<'a> = List<Record<NeedRaw<'a>>>;

impl SourceRaw<'_> {
    /// The folder of a local project.
    fn local(&self) -> Option<&str> {
        self.editable.get().or(self.r#virtual.get()).or(self.directory.get())
    }

    fn origin(&self, folder: &str) -> Option<Origin> {
        if let Some(at) = self.local().or(self.path.get()) {
            return Some(Origin::Path(place::join(folder, at)));
        }
        if let Some(at) = self.registry.get() {
            return Some(place::registry(at).unwrap_or_else(|| Origin::Path(place::join(folder, at))));
        }
        match self.git.get() {
            Some(at) => clean_git(at).map(Origin::Git),
            None => place::of_address(self.url.get()?, folder),
        }
    }
}

fn read(text: &Source, path: &str) -> Result<Reading<Document>, ReadError> {
    let raw: LockRaw<'_> = toml_text::read(text)?;
    let folder = place::folder(path);
    let packages: Vec<&PackageRaw<'_>> = raw.package.items.iter().filter_map(|p| p.value.as_deref()).collect();
    let is_root = |package: &PackageRaw<'_>| package.source.value.as_deref().and_then(SourceRaw::local) == Some(".");
    let root = packages.iter().position(|package| is_root(package));
    let subject = match root.and_then(|at| packages.get(at)) {
        Some(package) => component(package, Origin::Path(place::join(folder, "."))),
        None => unnamed_subject(path),
    };
    let mut draft = Draft::new(format!("uv.lock {}", raw.version.get().unwrap_or("1")), subject, text.limits);
    let mut nodes = Vec::with_capacity(packages.len());
    let mut by_name = python::ByName::new();
    for (at, package) in packages.iter().enumerate() {
        by_name.entry(python::canonical(package.name.or_empty())).or_default().push(at);
        if Some(at) == root {
            nodes.push(Some(Node::Subject));
            continue;
        }
        if package.name.get().is_none() {
            draft.warn("package", None, "a package without a name is passed over");
            nodes.push(None);
            continue;
        }
        let origin = package.source.value.as_deref().and_then(|source| source.origin(folder)).unwrap_or_else(|| {
            let name = package.name.or_empty();
            draft.warn_near(
                text,
                &format!("name = \"{name}\""),
                "package.source",
                format!("the source of `{name}` is not understood"),
            );
            Origin::Authority
        });
        nodes.push(Some(draft.add(component(package, origin))?));
    }
    if raw.package.odd || packages.len() < raw.package.items.len() {
        draft.warn("package", None, "a package that is no table is passed over");
    }
    let manifest = raw.manifest.value.unwrap_or_default();
    Graph { packages: &packages, nodes: &nodes, by_name: &by_name, text }.connect(&mut draft, &manifest, root)?;
    Ok(draft.finish())
}

fn component(package: &PackageRaw<'_>, origin: Origin) -> Component {
    let mut component = python::component(package.name.or_empty(), package.version.get(), origin, Scope::Required);
    let files = package.sdist.value.as_deref().into_iter().chain(package.wheels.items.iter().filter_map(|w| w.value.as_deref()));
    component.hashes = hashes::distinct(files.filter_map(|file| hashes::prefixed(file.hash.get()?)));
    component
}

struct Graph<'a> {
    packages: &'a [&'a PackageRaw<'a>],
    nodes: &'a [Option<Node>],
    by_name: &'a python::ByName<'a>,
    text: &'a str,
}

impl Graph<'_> {
    fn connect(&self, draft: &mut Draft, manifest: &ManifestRaw<'_>, root: Option<usize>) -> Result<(), ReadError> {
        let (mut roots, mut members) = (Vec::new(), Vec::new());
        let groups = manifest.dependency_groups.items.iter().map(|(_, needs)| (needs, Scope::Development));
        for (needs, scope) in groups.chain([(&manifest.requirements, Scope::Required)]) {
            for to in needs.items.iter().filter_map(|need| need.value.as_deref()).flat_map(|need| self.find(need)) {
                draft.edge(Node::Subject, to)?;
                roots.push((to, scope));
            }
        }
        for (at, package) in self.packages.iter().enumerate() {
            let Some(&Some(from)) = self.nodes.get(at) else { continue };
            let local = Some(at) == root || package.source.value.as_deref().is_some_and(|s| s.local().is_some());
            if local && from != Node::Subject {
                draft.edge(Node::Subject, from)?;
                members.push(from);
            }
            let optional = package.optional_dependencies.items.iter().map(|(_, needs)| (needs, Scope::Optional));
            let development = package.dev_dependencies.items.iter().map(|(_, needs)| (needs, Scope::Development));
            let all = std::iter::once((&package.dependencies, Scope::Required)).chain(optional).chain(development);
            for (needs, scope) in all {
                for need in needs.items.iter().filter_map(|need| need.value.as_deref()) {
                    let found = self.find(need);
                    if found.is_empty() {
                        let (name, need) = (package.name.or_empty(), need.name.or_empty());
                        let text = format!("`{name}` needs `{need}`, which is not in the file");
                        draft.warn_near(self.text, &format!("name = \"{name}\""), "package.dependencies", text);
                    }
                    for to in found {
                        draft.edge(from, to)?;
                        if local {
                            roots.push((to, scope));
                        }
                    }
                }
            }
        }
        draft.spread(&roots, &members);
        Ok(())
    }

    /// The packages that a dependency can mean; it names version and source where that is not clear.
    fn find(&self, need: &NeedRaw<'_>) -> Vec<Node> {
        let alike = self.by_name.get(python::canonical(need.name.or_empty()).as_ref()).map(Vec::as_slice).unwrap_or_default();
        let fits = |at: &&usize| {
            let Some(package) = self.packages.get(**at) else { return false };
            let version = need.version.get().is_none_or(|version| package.version.get() == Some(version));
            version && need.source.value.as_deref().is_none_or(|source| package.source.value.as_deref() == Some(source))
        };
        alike.iter().filter(fits).filter_map(|at| self.nodes.get(*at).copied().flatten()).collect()
    }
}
