//! `pnpm-lock.yaml`, versions 5 to 9. Keys of packages changed with the
//! versions; `pnpm/key.rs` reads them all. One package may be there once for
//! each set of peers: it is one component, with the dependencies of them all.

mod key;

use super::draft::{Draft, component};
use super::javascript;
use super::place::Source;
use super::tolerant::{Either, Flag, Pairs, Record, Text};
use super::{Files, Lockfile, Origins, hashes, licences, place, yaml_text};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::{Origin, clean_git};
use crate::purl::Purl;
use crate::reading::{ReadError, Reading};
use serde::Deserialize;
use std::collections::HashMap;

/// Reads `pnpm-lock.yaml`.
pub static PNPM: Pnpm = Pnpm;

/// The kind of `pnpm-lock.yaml`.
pub struct Pnpm;

impl Lockfile for Pnpm {
    fn kind(&self) -> &'static str {
        "pnpm-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "npm"
    }

    fn names(&self) -> &'static [&'static str] {
        &["pnpm-lock.yaml"]
    }

    fn origins(&self) -> Origins {
        Origins::ClientDefault
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        read(&text, path, files).map_err(|e| e.in_file(path))
    }
}

/// Names with the version they resolved to, or `{specifier, version}`.
type Needs<'a> = Pairs<Text<'a>, Either<'a, NeedRaw<'a>>>;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct LockRaw<'a> {
    #[serde(borrow)]
    lockfile_version: Text<'a>,
    importers: Pairs<Text<'a>, Record<ImporterRaw<'a>>>,
    dependencies: Needs<'a>,
    optional_dependencies: Needs<'a>,
    dev_dependencies: Needs<'a>,
    packages: Pairs<Text<'a>, Record<PackageRaw<'a>>>,
    snapshots: Pairs<Text<'a>, Record<PackageRaw<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ImporterRaw<'a> {
    #[serde(borrow)]
    dependencies: Needs<'a>,
    optional_dependencies: Needs<'a>,
    dev_dependencies: Needs<'a>,
    /// pnpm itself, and what configures it.
    package_manager_dependencies: Needs<'a>,
    config_dependencies: Needs<'a>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct NeedRaw<'a> {
    #[serde(borrow)]
    version: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PackageRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    resolution: Record<ResolutionRaw<'a>>,
    dependencies: Needs<'a>,
    optional_dependencies: Needs<'a>,
    dev: Flag,
    optional: Flag,
    requires_build: Flag,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ResolutionRaw<'a> {
    #[serde(borrow)]
    integrity: Text<'a>,
    tarball: Text<'a>,
    repo: Text<'a>,
    commit: Text<'a>,
    directory: Text<'a>,
}

fn read(text: &Source, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
    let documents: Vec<Record<LockRaw<'_>>> = yaml_text::read(text)?;
    if documents.iter().any(|document| document.odd) {
        return Err(ReadError::at("", Some(1), "this is no map; it is no pnpm-lock.yaml"));
    }
    let locks: Vec<LockRaw<'_>> = documents.into_iter().filter_map(|document| document.value).map(|lock| *lock).collect();
    let manifest_text = javascript::manifest_text(path, files);
    let manifest = javascript::manifest(&manifest_text);
    let (name, version) = (manifest.as_ref().and_then(|m| m.name.get()), manifest.as_ref().and_then(|m| m.version.get()));
    let mut subject = javascript::subject(name, version, path);
    subject.licences = manifest.as_ref().map(|m| licences::of_value(&m.license)).unwrap_or_default();
    // Where there are two documents, the first is of the package manager itself.
    let format = locks.last().and_then(|lock| lock.lockfile_version.get()).unwrap_or("5");
    let draft = Draft::new(format!("pnpm-lock.yaml {format}"), subject, text.limits);
    let mut graph = Graph { draft, text, path, folder: place::folder(path), nodes: HashMap::new(), importers: HashMap::new() };
    for lock in &locks {
        graph.add_packages(lock)?;
    }
    for lock in &locks {
        graph.add_importers(lock, files)?;
    }
    let mut roots = Vec::new();
    for lock in &locks {
        graph.connect(lock, &mut roots)?;
    }
    let members: Vec<Node> = graph.importers.values().copied().filter(|node| *node != Node::Subject).collect();
    graph.draft.spread(&roots, &members);
    Ok(graph.draft.finish())
}

struct Graph<'a> {
    draft: Draft,
    text: &'a str,
    path: &'a str,
    folder: &'a str,
    /// Keys of packages, peers and all.
    nodes: HashMap<String, Node>,
    /// Folders of the projects that share the lockfile.
    importers: HashMap<String, Node>,
}

impl Graph<'_> {
    fn add_packages(&mut self, lock: &LockRaw<'_>) -> Result<(), ReadError> {
        for (key, record) in &lock.packages.items {
            let (Some(key), Some(raw)) = (key.get(), &record.value) else {
                // Version 5 may list a key alone.
                if let Some(key) = key.get() {
                    self.add(key, &PackageRaw::default())?;
                }
                continue;
            };
            self.add(key, raw)?;
        }
        for (key, _) in &lock.snapshots.items {
            let Some(key) = key.get().filter(|key| !self.nodes.contains_key(*key)) else { continue };
            match self.nodes.get(key::without_peers(key)) {
                Some(&node) => {
                    self.nodes.insert(key.to_owned(), node);
                }
                None => self.warn(key, "is a snapshot of no package"),
            }
        }
        Ok(())
    }

    fn add(&mut self, key: &str, raw: &PackageRaw<'_>) -> Result<(), ReadError> {
        let Some(read) = key::read(key, raw.name.get(), raw.version.get()) else {
            self.warn(key, "is no key of a package that is understood; it is passed over");
            return Ok(());
        };
        let origin = self.origin(raw.resolution.value.as_deref(), &read);
        let scope = match (raw.dev.0, raw.optional.0) {
            (true, _) => Scope::Development,
            (false, true) => Scope::Optional,
            _ => Scope::Required,
        };
        // Node.js itself, which bears the name of a package of npm's.
        let runtime = read.address.as_deref().is_some_and(|address| address.starts_with("runtime:"));
        let purl = match runtime {
            true => Purl::new("generic", None, &read.name, read.version.as_deref()),
            false => javascript::purl(&read.name, read.version.as_deref()),
        };
        let mut component = component(purl, origin, scope);
        if let Some(integrity) = raw.resolution.value.as_deref().and_then(|resolution| resolution.integrity.get()) {
            component.hashes = hashes::integrity(integrity);
        }
        if raw.requires_build.0 {
            component.properties.push(("bomwarden:install-script".to_owned(), "true".to_owned()));
        }
        let node = self.draft.add(component)?;
        self.nodes.insert(key.to_owned(), node);
        Ok(())
    }

    fn origin(&self, resolution: Option<&ResolutionRaw<'_>>, read: &key::Key) -> Origin {
        let told = resolution.and_then(|raw| {
            if let Some(directory) = raw.directory.get() {
                return Some(Origin::Path(place::join(self.folder, directory)));
            }
            if let Some(repository) = raw.repo.get() {
                return clean_git(&format!("{repository}#{}", raw.commit.or_empty())).map(Origin::Git);
            }
            javascript::origin(raw.tarball.get()?, &read.name, self.folder)
        });
        let by_key = || javascript::origin(read.address.as_deref()?, &read.name, self.folder);
        told.or_else(by_key).unwrap_or_default()
    }

    /// The projects that share the lockfile: the root is the subject, others lie at a path.
    fn add_importers(&mut self, lock: &LockRaw<'_>, files: &dyn Files) -> Result<(), ReadError> {
        self.importers.insert(".".to_owned(), Node::Subject);
        for importer in lock.importers.items.iter().filter_map(|(importer, _)| importer.get()) {
            if self.importers.contains_key(importer) {
                continue;
            }
            let at = place::join(self.folder, importer);
            let text = place::optional_text(&format!("{at}/package.json"), files).unwrap_or_default();
            let manifest = javascript::manifest(&text);
            let name = manifest.as_ref().and_then(|m| m.name.get());
            let component = match name {
                Some(name) => {
                    let version = manifest.as_ref().and_then(|m| m.version.get());
                    component(javascript::purl(name, version), Origin::Path(at), Scope::Required)
                }
                None => Component { name: importer.into(), origin: Origin::Path(at), ..Component::default() },
            };
            let node = self.draft.add(component)?;
            self.draft.edge(Node::Subject, node)?;
            self.importers.insert(importer.to_owned(), node);
        }
        Ok(())
    }

    fn connect(&mut self, lock: &LockRaw<'_>, roots: &mut Vec<(Node, Scope)>) -> Result<(), ReadError> {
        self.connect_project(".", &lock.dependencies, Scope::Required, roots)?;
        self.connect_project(".", &lock.optional_dependencies, Scope::Optional, roots)?;
        self.connect_project(".", &lock.dev_dependencies, Scope::Development, roots)?;
        for (importer, record) in &lock.importers.items {
            if let (Some(importer), Some(raw)) = (importer.get(), &record.value) {
                self.connect_project(importer, &raw.dependencies, Scope::Required, roots)?;
                self.connect_project(importer, &raw.optional_dependencies, Scope::Optional, roots)?;
                for needs in [&raw.dev_dependencies, &raw.package_manager_dependencies, &raw.config_dependencies] {
                    self.connect_project(importer, needs, Scope::Development, roots)?;
                }
            }
        }
        for (key, record) in lock.packages.items.iter().chain(&lock.snapshots.items) {
            let (Some(raw), Some(&from)) = (&record.value, self.nodes.get(key.or_empty())) else { continue };
            let must = raw.dependencies.items.iter().map(|need| (need, false));
            let may = raw.optional_dependencies.items.iter().map(|need| (need, true));
            for ((name, need), optional) in must.chain(may) {
                let (name, version) = (name.or_empty(), version(need));
                match self.find(name, version, ".") {
                    Some(to) if optional => self.draft.optional_edge(from, to)?,
                    Some(to) => self.draft.edge(from, to)?,
                    None => self.warn(key.or_empty(), &format!("needs `{name}` {version}, which is not in the file")),
                }
            }
        }
        Ok(())
    }

    fn connect_project(
        &mut self,
        importer: &str,
        needs: &Needs<'_>,
        scope: Scope,
        roots: &mut Vec<(Node, Scope)>,
    ) -> Result<(), ReadError> {
        let Some(&from) = self.importers.get(importer) else { return Ok(()) };
        for (name, need) in &needs.items {
            let (name, version) = (name.or_empty(), version(need));
            let to = match self.find(name, version, importer) {
                Some(to) => to,
                None if version.starts_with("link:") => self.linked(name, version, importer)?,
                None => {
                    self.warn(importer, &format!("needs `{name}` {version}, which is not in the file"));
                    continue;
                }
            };
            self.draft.edge(from, to)?;
            roots.push((to, scope));
        }
        Ok(())
    }

    /// A folder outside the workspace that a project links.
    fn linked(&mut self, name: &str, version: &str, importer: &str) -> Result<Node, ReadError> {
        let at = place::join(&place::join(self.folder, importer), version.trim_start_matches("link:"));
        self.draft.add(component(javascript::purl(name, None), Origin::Path(at), Scope::Required))
    }

    /// The package or project that `name` resolved to, seen from a project.
    fn find(&self, name: &str, version: &str, importer: &str) -> Option<Node> {
        if let Some(link) = version.strip_prefix("link:") {
            return self.importers.get(&place::join(importer, link)).copied();
        }
        let spellings = [
            format!("{name}@{version}"),
            version.to_owned(),
            format!("/{name}@{version}"),
            format!("/{name}/{version}"),
            format!("/{version}"),
        ];
        let found = spellings.iter().find_map(|key| self.nodes.get(key));
        found.or_else(|| self.nodes.get(key::without_peers(&format!("{name}@{version}")))).copied()
    }

    fn warn(&mut self, key: &str, text: &str) {
        let key: String = key.chars().take(200).collect();
        self.draft.warn_near(self.text, &key, self.path, format!("`{key}` {text}"));
    }
}

fn version<'a>(need: &'a Either<'_, NeedRaw<'_>>) -> &'a str {
    match need {
        Either::Text(text) => text.or_empty(),
        Either::Record(raw) => raw.version.or_empty(),
        Either::List(_) => "",
    }
}
