//! `yarn.lock`: the format of Yarn 1 and that of Yarn 2 and later ("Berry").
//! Berry's checksums are of its own cache archives, not of what the registry
//! serves, so they are no hashes here.

mod berry;
mod blocks;

use super::draft::{Draft, component};
use super::javascript::{self, Manifest};
use super::{Files, Lockfile, Origins, hashes, licences, place};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::Origin;
use crate::reading::{Limits, ReadError, Reading};
use blocks::Block;
use std::collections::HashMap;

/// Reads `yarn.lock`.
pub static YARN: Yarn = Yarn;

/// The kind of `yarn.lock`.
pub struct Yarn;

impl Lockfile for Yarn {
    fn kind(&self) -> &'static str {
        "yarn-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "npm"
    }

    fn names(&self) -> &'static [&'static str] {
        &["yarn.lock"]
    }

    fn origins(&self) -> Origins {
        Origins::InFile
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        let manifest_text = javascript::manifest_text(path, files);
        let manifest = javascript::manifest(&manifest_text);
        let heads = text.lines().filter(|line| !line.is_empty() && !line.starts_with([' ', '#'])).count();
        text.limits.foresee(heads).map_err(|e| e.in_file(path))?;
        let file = blocks::read(&text).map_err(|e| e.in_file(path))?;
        Graph::new(&file, path, files, manifest.as_ref(), text.limits).and_then(Graph::run).map_err(|e| e.in_file(path))
    }
}

/// What Berry writes as the version of a folder; its manifest has the real one.
const NO_VERSION: &str = "0.0.0-use.local";

/// What one block says, whatever the format.
struct Package {
    name: String,
    version: Option<String>,
    origin: Origin,
    /// The folder of a workspace, as the file writes it.
    workspace: Option<String>,
}

/// The steps from blocks to a document.
struct Graph<'a> {
    draft: Draft,
    blocks: &'a [Block],
    packages: Vec<Package>,
    nodes: Vec<Node>,
    /// Each `name@range` that a block answers.
    patterns: HashMap<&'a str, usize>,
    by_name: HashMap<&'a str, Vec<usize>>,
    path: &'a str,
    files: &'a dyn Files,
    manifest: Option<&'a Manifest<'a>>,
}

impl<'a> Graph<'a> {
    fn new(
        file: &'a blocks::File,
        path: &'a str,
        files: &'a dyn Files,
        manifest: Option<&'a Manifest<'a>>,
        limits: Limits,
    ) -> Result<Self, ReadError> {
        let folder = place::folder(path);
        let mut patterns = HashMap::new();
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, block) in file.blocks.iter().enumerate() {
            for pattern in &block.patterns {
                patterns.insert(pattern.as_str(), at);
                let alike = by_name.entry(split(pattern).0).or_default();
                if alike.last() != Some(&at) {
                    alike.push(at);
                }
            }
        }
        let packages: Vec<Package> = file.blocks.iter().map(|block| package(block, folder)).collect();
        let root = packages.iter().find(|package| package.workspace.as_deref() == Some("."));
        let name = manifest.and_then(|m| m.name.get()).or(root.map(|root| root.name.as_str()));
        let mut subject = javascript::subject(name, manifest.and_then(|m| m.version.get()), path);
        subject.licences = manifest.map(|m| licences::of_value(&m.license)).unwrap_or_default();
        let format = file.version.as_deref().map_or("yarn.lock 1".to_owned(), |version| format!("yarn.lock berry {version}"));
        let draft = Draft::new(format, subject, limits);
        Ok(Self { draft, blocks: &file.blocks, packages, nodes: Vec::new(), patterns, by_name, path, files, manifest })
    }

    fn run(mut self) -> Result<crate::reading::Reading<Document>, ReadError> {
        for (block, package) in self.blocks.iter().zip(&self.packages) {
            let node = match package.workspace.as_deref() {
                Some(".") => Node::Subject,
                _ => add(&mut self.draft, block, package, self.path, self.files)?,
            };
            self.nodes.push(node);
        }
        let (mut roots, mut members) = (Vec::new(), Vec::new());
        for (at, block) in self.blocks.iter().enumerate() {
            let (Some(&from), Some(package)) = (self.nodes.get(at), self.packages.get(at)) else { continue };
            let member = package.workspace.as_deref().map(|folder| self.member_manifest(folder));
            let manifest = member.as_ref().and_then(|text| javascript::manifest(text));
            let scopes = manifest.as_ref().map(Manifest::scopes).unwrap_or_default();
            if member.is_some() && from != Node::Subject {
                self.draft.edge(Node::Subject, from)?;
                members.push(from);
            }
            for need in &block.needs {
                let Some(&to) = self.find(&need.name, &need.range).and_then(|to| self.nodes.get(to)) else {
                    if !need.optional {
                        let text = format!("`{}` needs `{}@{}`, which is not in the file", package.name, need.name, need.range);
                        self.draft.warn(self.path, Some(block.line), text.chars().take(300).collect::<String>());
                    }
                    continue;
                };
                match need.optional {
                    true => self.draft.optional_edge(from, to)?,
                    false => self.draft.edge(from, to)?,
                }
                if member.is_some() {
                    roots.push((to, scopes.get(need.name.as_str()).copied().unwrap_or_default()));
                }
            }
        }
        if members.is_empty() && !self.nodes.contains(&Node::Subject) {
            self.direct(&mut roots)?;
        }
        self.draft.spread(&roots, &members);
        Ok(self.draft.finish())
    }

    /// Yarn 1 does not list the project; its manifest says what it asks for.
    fn direct(&mut self, roots: &mut Vec<(Node, Scope)>) -> Result<(), ReadError> {
        for need in self.manifest.iter().flat_map(|manifest| manifest.needs()) {
            if let Some(&to) = self.find(need.name, need.range).and_then(|to| self.nodes.get(to)) {
                self.draft.edge(Node::Subject, to)?;
                roots.push((to, need.scope));
            }
        }
        Ok(())
    }

    /// The `package.json` of a workspace; empty where it cannot be read.
    fn member_manifest(&self, folder: &str) -> String {
        let path = place::join(place::folder(self.path), &format!("{folder}/package.json"));
        place::optional_text(&path, self.files).unwrap_or_default()
    }

    /// The block that answers `name@range`. Berry's blocks spell the protocol
    /// that a dependency may leave out, and resolutions may replace the range:
    /// then the only block of that name is meant.
    fn find(&self, name: &str, range: &str) -> Option<usize> {
        let spellings = [format!("{name}@{range}"), format!("{name}@npm:{range}"), format!("{name}@workspace:{range}")];
        if let Some(at) = spellings.iter().find_map(|pattern| self.patterns.get(pattern.as_str())) {
            return Some(*at);
        }
        match self.by_name.get(name)?.as_slice() {
            [only] => Some(*only),
            several => {
                let bare = range.trim_start_matches("npm:");
                let patched = [format!("@patch:{name}@{bare}#"), format!("@patch:{name}@npm%3A{bare}#")];
                several.iter().copied().find(|at| {
                    let patterns = self.blocks.get(*at).map(|block| block.patterns.as_slice()).unwrap_or_default();
                    patterns.iter().any(|pattern| patched.iter().any(|patch| pattern.contains(patch.as_str())))
                })
            }
        }
    }
}

fn add(draft: &mut Draft, block: &Block, package: &Package, path: &str, files: &dyn Files) -> Result<Node, ReadError> {
    let mut version = package.version.clone();
    if let (Some(NO_VERSION), Origin::Path(folder)) = (version.as_deref(), &package.origin) {
        let text = place::optional_text(&format!("{folder}/package.json"), files).unwrap_or_default();
        version = javascript::manifest(&text).and_then(|m| m.version.get().map(str::to_owned));
    }
    let purl = javascript::purl(&package.name, version.as_deref());
    let mut component: Component = component(purl, package.origin.clone(), Scope::Required);
    if let Some(integrity) = &block.integrity {
        component.hashes = hashes::integrity(integrity);
    } else if let Some((_, digest)) = block.resolved.as_deref().and_then(|resolved| resolved.rsplit_once('#'))
        && matches!(component.origin, Origin::Registry(_) | Origin::Url(_))
    {
        component.hashes.extend(hashes::hash("sha1", digest));
    }
    if block.patterns.is_empty() || package.name.is_empty() {
        draft.warn(path, Some(block.line), "a block names no package");
    }
    draft.add(component)
}

/// What a block says: Berry in `resolution`, Yarn 1 in its patterns and `resolved`.
fn package(block: &Block, folder: &str) -> Package {
    if let Some(resolution) = &block.resolution {
        return berry::package(resolution, block.version.as_deref(), folder);
    }
    let patterns = || block.patterns.iter().map(|pattern| split(pattern));
    let real = patterns().find_map(|(_, range)| range.strip_prefix("npm:")).map(|real| split(real).0);
    let name = real.or(patterns().next().map(|(name, _)| name)).unwrap_or_default();
    let stated = block.resolved.as_deref().and_then(|at| javascript::origin(at, name, folder));
    let local = || patterns().find_map(|(_, range)| place::of_address(range, folder));
    let origin = stated.or_else(local).unwrap_or_default();
    Package { name: name.to_owned(), version: block.version.clone(), origin, workspace: None }
}

/// The name and the range of `name@range`.
fn split(pattern: &str) -> (&str, &str) {
    let at = pattern.char_indices().skip(1).find(|(_, c)| *c == '@').map(|(at, _)| at);
    match at.and_then(|at| Some((pattern.get(..at)?, pattern.get(at + 1..)?))) {
        Some(split) => split,
        None => (pattern, ""),
    }
}
