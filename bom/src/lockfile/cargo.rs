//! `Cargo.lock`, versions 1 to 4 (the Cargo book, "Cargo.toml vs Cargo.lock";
//! `cargo::core::resolver::encode`). The subject is the package of the
//! `Cargo.toml` beside it or the one local package above all others; in a
//! workspace without such a package the subject is the workspace.

mod lines;
mod manifest;
mod syntax;

use super::draft::{Draft, component, unnamed_subject};
use super::place::Source;
use super::{Files, Lockfile, Origins, hashes, place};
use crate::document::{Document, Hash, HashAlgorithm, Node, Scope};
use crate::origin::{Origin, clean_git};
use crate::purl::Purl;
use crate::reading::{ReadError, Reading};
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Reads `Cargo.lock`.
pub static CARGO: Cargo = Cargo;

/// The kind of `Cargo.lock`.
pub struct Cargo;

impl Lockfile for Cargo {
    fn kind(&self) -> &'static str {
        "cargo-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "crates.io"
    }

    fn names(&self) -> &'static [&'static str] {
        &["Cargo.lock"]
    }

    fn origins(&self) -> Origins {
        Origins::InFile
    }

    fn lists_project(&self) -> bool {
        true
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        let lock = match lines::read(&text) {
            Some(lock) => lock,
            None => syntax::read(&text).map_err(|e| e.in_file(path))?,
        };
        let manifest = manifest::read(path, files);
        Resolve::new(&lock, &text, path, manifest).and_then(Resolve::run).map_err(|e| e.in_file(path))
    }
}

/// Packages of one name that are looked through one by one.
const FEW: usize = 8;

/// A lockfile as it is written.
#[derive(Debug, Default, PartialEq)]
struct Lock<'a> {
    version: Option<Cow<'a, str>>,
    packages: Vec<Package<'a>>,
    /// What the packages need, one package's after the other's.
    dependencies: Vec<Cow<'a, str>>,
    /// Checksums of version 1: `checksum NAME VERSION (SOURCE)` → hexadecimal.
    metadata: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// One `[[package]]`.
#[derive(Clone, Debug, Default, PartialEq)]
struct Package<'a> {
    name: Cow<'a, str>,
    version: Cow<'a, str>,
    source: Option<Cow<'a, str>>,
    checksum: Option<Cow<'a, str>>,
    /// Its part of [`Lock::dependencies`].
    dependencies: Range<usize>,
}

impl<'a> Lock<'a> {
    fn needs(&self, package: &Package<'_>) -> &[Cow<'a, str>] {
        self.dependencies.get(package.dependencies.clone()).unwrap_or_default()
    }
}

/// The places of the packages of each name, one name's after the other's.
struct ByName<'a> {
    places: Vec<usize>,
    runs: HashMap<&'a str, Range<usize>, RandomState>,
}

impl<'a> ByName<'a> {
    fn new(packages: &'a [Package<'_>]) -> Self {
        let name = |at: &usize| packages.get(*at).map(|package| package.name.as_ref());
        let mut places: Vec<usize> = (0..packages.len()).collect();
        // Cargo writes them in this order, which a stable sort makes use of.
        places.sort_by(|a, b| name(a).cmp(&name(b)));
        let mut runs = HashMap::with_capacity_and_hasher(packages.len(), RandomState::default());
        let mut start = 0;
        for run in places.chunk_by(|a, b| name(a) == name(b)) {
            let end = start + run.len();
            runs.extend(run.first().and_then(name).map(|name| (name, start..end)));
            start = end;
        }
        Self { places, runs }
    }

    fn get(&self, name: &str) -> Option<&[usize]> {
        self.places.get(self.runs.get(name)?.clone())
    }

    /// The packages whose names more than a few have.
    fn of_many(&self) -> impl Iterator<Item = &usize> {
        let many = self.runs.values().filter(|run| run.len() > FEW);
        many.filter_map(|run| self.places.get(run.clone())).flatten()
    }
}

/// The steps from what is written to a document.
struct Resolve<'a> {
    lock: &'a Lock<'a>,
    text: &'a str,
    draft: Draft,
    /// The package that is the subject.
    root: Option<usize>,
    manifest: Option<manifest::Manifest>,
    by_name: ByName<'a>,
    /// The packages of names that very many have, by version, too.
    by_version: HashMap<(&'a str, &'a str), Vec<usize>>,
    /// Each package's node.
    nodes: Vec<Node>,
    folder: &'a str,
    /// The last source and what it told: nearly all packages have the same.
    last: Option<(&'a str, Origin)>,
}

impl<'a> Resolve<'a> {
    fn new(lock: &'a Lock<'a>, text: &'a Source, path: &'a str, manifest: Option<manifest::Manifest>) -> Result<Self, ReadError> {
        let by_name = ByName::new(&lock.packages);
        let mut by_version: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        for at in by_name.of_many() {
            if let Some(package) = lock.packages.get(*at) {
                by_version.entry((&package.name, &package.version)).or_default().push(*at);
            }
        }
        let root = root(lock, &by_name, manifest.as_ref());
        let subject = match root.and_then(|at| lock.packages.get(at)) {
            Some(package) => component(purl(package), Origin::Path(place::join(place::folder(path), ".")), Scope::Required),
            None => unnamed_subject(path),
        };
        let format = format!("Cargo.lock {}", lock.version.as_deref().unwrap_or("1"));
        let mut draft = Draft::new(format, subject, text.limits);
        draft.reserve(lock.packages.len(), lock.dependencies.len());
        Ok(Self {
            lock,
            text,
            draft,
            root,
            manifest,
            by_name,
            by_version,
            nodes: Vec::with_capacity(lock.packages.len()),
            folder: place::folder(path),
            last: None,
        })
    }

    fn run(mut self) -> Result<Reading<Document>, ReadError> {
        for (at, package) in self.lock.packages.iter().enumerate() {
            let node = if Some(at) == self.root { Node::Subject } else { self.add(package)? };
            self.nodes.push(node);
        }
        self.checksums();
        self.edges()?;
        self.scopes();
        Ok(self.draft.finish())
    }

    fn origin_of(&mut self, package: &'a Package<'_>) -> Origin {
        let Some(source) = package.source.as_deref() else { return Origin::Path(place::join(self.folder, ".")) };
        if let Some((known, origin)) = &self.last
            && *known == source
        {
            return origin.clone();
        }
        let Some(origin) = origin(source, self.folder) else {
            let text = format!("the source `{}` of `{}` is not understood", shown(source), shown(&package.name));
            self.draft.warn_near(self.text, source, "package.source", text);
            return Origin::Authority;
        };
        self.last = Some((source, origin.clone()));
        origin
    }

    fn add(&mut self, package: &'a Package<'_>) -> Result<Node, ReadError> {
        let origin = self.origin_of(package);
        let mut component = component(purl(package), origin, Scope::Required);
        if let Some(checksum) = &package.checksum {
            match hashes::hash("sha256", checksum) {
                Some(hash) => component.hashes.push(hash),
                None => {
                    let text = format!("the checksum of `{}` is no SHA-256", shown(&package.name));
                    self.draft.warn_near(self.text, checksum, "package.checksum", text);
                }
            }
        }
        self.draft.add(component)
    }

    /// The checksums that version 1 keeps in `[metadata]`.
    fn checksums(&mut self) {
        for (key, value) in &self.lock.metadata {
            let Some(id) = key.strip_prefix("checksum ") else { continue };
            if value == "<none>" {
                continue;
            }
            let hash = hashes::hash("sha256", value);
            match (self.find(id).and_then(|at| self.nodes.get(at)).copied(), hash) {
                (Some(node), Some(hash)) => {
                    debug_assert_eq!(hash.algorithm, HashAlgorithm::Sha256);
                    self.complete(node, hash);
                }
                _ => self.draft.warn_near(self.text, key, "metadata", format!("`{}` is not understood", shown(key))),
            }
        }
    }

    fn complete(&mut self, node: Node, hash: Hash) {
        if let Some(component) = self.draft.component(node)
            && !component.hashes.contains(&hash)
        {
            component.hashes.push(hash);
        }
    }

    fn edges(&mut self) -> Result<(), ReadError> {
        if self.root.is_none() {
            let members = self.lock.packages.iter().zip(&self.nodes).filter(|(package, _)| package.source.is_none());
            for (_, member) in members {
                self.draft.edge(Node::Subject, *member)?;
            }
        }
        for (at, package) in self.lock.packages.iter().enumerate() {
            let Some(&from) = self.nodes.get(at) else { continue };
            for dependency in self.lock.needs(package) {
                match self.find(dependency).and_then(|to| self.nodes.get(to)) {
                    Some(&to) => self.draft.edge(from, to)?,
                    None => {
                        let text = format!("`{}` needs `{}`, which is not in the file", shown(&package.name), shown(dependency));
                        self.draft.warn_near(self.text, dependency, "package.dependencies", text);
                    }
                }
            }
        }
        Ok(())
    }

    /// Cargo's lockfile does not say what is for tests only; the manifest of a
    /// package that is alone does.
    fn scopes(&mut self) {
        let alone = self.lock.packages.iter().filter(|p| p.source.is_none()).count() == 1;
        let (Some(root), Some(manifest), true) = (self.root, &self.manifest, alone) else { return };
        let Some(package) = self.lock.packages.get(root) else { return };
        let scopes = manifest.scopes();
        let mut roots = Vec::new();
        for dependency in self.lock.needs(package) {
            let Some(to) = self.find(dependency) else { continue };
            let (Some(target), Some(&node)) = (self.lock.packages.get(to), self.nodes.get(to)) else { continue };
            roots.push((node, scopes.get(target.name.as_ref()).copied().unwrap_or_default()));
        }
        self.draft.spread(&roots, &[]);
    }

    /// The package that `NAME`, `NAME VERSION` or `NAME VERSION (SOURCE)` means.
    fn find(&self, id: &str) -> Option<usize> {
        // Nearly all are a name alone, and of one package.
        if let Some([only]) = self.by_name.get(id) {
            return Some(*only);
        }
        let mut parts = id.splitn(3, ' ');
        let (name, version, source) = (parts.next()?, parts.next(), parts.next());
        let source = source.map(|source| source.trim_start_matches('(').trim_end_matches(')'));
        let alike = self.by_name.get(name)?;
        let alike = match version {
            Some(version) if alike.len() > FEW => self.by_version.get(&(name, version))?.as_slice(),
            _ => alike,
        };
        let mut first = None;
        for &at in alike {
            let package = self.lock.packages.get(at)?;
            if version.is_some_and(|v| v != package.version) {
                continue;
            }
            match (source, package.source.as_deref()) {
                (Some(asked), Some(has)) if same_source(asked, has) => return Some(at),
                (Some(_), _) => {}
                // Where a name and version are there twice, the one without a source is the local one.
                (None, None) => return Some(at),
                (None, Some(_)) => first = first.or(Some(at)),
            }
        }
        first
    }
}

/// A dependency names a git source without the revision that the package's own source has.
fn same_source(asked: &str, has: &str) -> bool {
    asked == has || (has.starts_with("git+") && has.split('#').next() == Some(asked))
}

/// The one local package that the project is: the manifest's, or the one above all other local ones.
fn root(lock: &Lock<'_>, by_name: &ByName<'_>, manifest: Option<&manifest::Manifest>) -> Option<usize> {
    let is_local = |at: &usize| lock.packages.get(*at).is_some_and(|p| p.source.is_none());
    if let Some(manifest) = manifest {
        let name = manifest.name.as_deref()?;
        return by_name.get(name)?.iter().copied().find(is_local);
    }
    let locals: Vec<usize> = (0..lock.packages.len()).filter(is_local).collect();
    let mut local: HashMap<&str, Vec<usize>> = HashMap::new();
    for at in &locals {
        local.entry(lock.packages.get(*at)?.name.as_ref()).or_default().push(*at);
    }
    let needed: HashSet<usize> = locals.iter().flat_map(|at| local_needs(lock, &local, *at)).collect();
    let mut above = locals.iter().copied().filter(|at| !needed.contains(at));
    let (Some(only), None) = (above.next(), above.next()) else { return None };
    let mut reached = HashSet::from([only]);
    let mut open = vec![only];
    while let Some(at) = open.pop() {
        open.extend(local_needs(lock, &local, at).filter(|to| reached.insert(*to)));
    }
    (reached.len() == locals.len()).then_some(only)
}

/// Those of the `local` packages, by name, that the package at `at` needs.
fn local_needs<'a>(lock: &'a Lock<'_>, local: &'a HashMap<&str, Vec<usize>>, at: usize) -> impl Iterator<Item = usize> + 'a {
    lock.packages.get(at).into_iter().flat_map(|package| lock.needs(package)).filter_map(move |dependency| {
        let name = dependency.split(' ').next()?;
        local.get(name)?.iter().copied().find(|to| *to != at)
    })
}

fn purl(package: &Package<'_>) -> Purl {
    Purl::new("cargo", None, &package.name, Some(package.version.as_ref()).filter(|v| !v.is_empty()))
}

/// The origin that a `source` tells.
fn origin(source: &str, folder: &str) -> Option<Origin> {
    if let Some(address) = ["registry+", "sparse+", "local-registry+", "directory+"].iter().find_map(|p| source.strip_prefix(p)) {
        return place::registry(address);
    }
    match source.strip_prefix("git+") {
        Some(address) => clean_git(address).map(Origin::Git),
        None => place::of_address(source, folder),
    }
}

/// A text from the file, cut for a message.
fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}
