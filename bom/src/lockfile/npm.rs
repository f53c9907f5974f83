//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3 (npm's
//! documentation of package-lock.json). A package that is installed in several
//! places is one component; what it needs is looked up as Node.js does, from
//! each of those places upwards.

mod entry;
mod walk;

pub(super) use walk::Folders;

use super::draft::{Draft, component};
use super::javascript::{self, Manifest};
use super::place::Source;
use super::tolerant::Text;
use super::{Files, Lockfile, Origins, hashes, json_text, licences, place};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::Origin;
use crate::reading::{ReadError, Reading};
use entry::{Entry, LockRaw};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Reads `package-lock.json`.
pub static NPM: Npm = Npm;

/// The kind of npm's lockfiles.
pub struct Npm;

impl Lockfile for Npm {
    fn kind(&self) -> &'static str {
        "npm-package-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "npm"
    }

    fn names(&self) -> &'static [&'static str] {
        &["package-lock.json", "npm-shrinkwrap.json"]
    }

    fn origins(&self) -> Origins {
        Origins::InFile
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        read(&text, path, files).map_err(|e| e.in_file(path))
    }
}

fn read(text: &Source, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
    let mut raw: LockRaw<'_> = json_text::read(text)?;
    if raw.format.get().is_none() && raw.packages.items.is_empty() && raw.dependencies.items.is_empty() {
        return Err(ReadError::whole("there is no `lockfileVersion`; this is no package-lock.json"));
    }
    let manifest_text = javascript::manifest_text(path, files);
    let manifest = javascript::manifest(&manifest_text);
    let mut odd = Vec::new();
    let entries = if raw.packages.items.is_empty() {
        entry::flatten(std::mem::take(&mut raw.dependencies))?
    } else {
        flat(std::mem::take(&mut raw.packages.items), &mut odd)
    };
    let subject = subject(&raw, &entries, manifest.as_ref(), path);
    let mut draft = Draft::new(format!("package-lock.json {}", raw.format.get().unwrap_or("1")), subject, text.limits);
    let shrinkwrap = "npm-shrinkwrap.json";
    if !path.ends_with(shrinkwrap) && matches!(files.read(&place::beside(path, shrinkwrap)), Ok(Some(_))) {
        draft.warn("", None, format!("npm ignores this file, because `{shrinkwrap}` lies beside it"));
    }
    for key in odd {
        draft.warn_near(text, &key, format!("$.packages[\"{key}\"]"), "this is no object; it is passed over");
    }
    let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_ref()).collect();
    let folders = Folders::new(&keys)?;
    let mut tree = Tree { draft, text, folder: place::folder(path), entries: &entries, folders, nodes: Vec::new() };
    tree.add_all()?;
    tree.connect_all(manifest.as_ref())?;
    Ok(tree.draft.finish())
}

/// The entries of versions 2 and 3; keys of what is no object go to `odd`.
fn flat<'a>(items: Vec<(Text<'a>, super::tolerant::Record<Entry<'a>>)>, odd: &mut Vec<String>) -> Vec<(Cow<'a, str>, Entry<'a>)> {
    let mut entries = Vec::with_capacity(items.len());
    for (key, record) in items {
        match (key, record.value) {
            (Text::Some(key), Some(entry)) => entries.push((key, *entry)),
            (key, _) => odd.push(key.or_empty().chars().take(200).collect()),
        }
    }
    entries
}

fn subject(raw: &LockRaw<'_>, entries: &[(Cow<'_, str>, Entry<'_>)], manifest: Option<&Manifest<'_>>, path: &str) -> Component {
    let root = entries.iter().find(|(key, _)| key.is_empty()).map(|(_, entry)| entry);
    let name = root.and_then(|r| r.name.get()).or(raw.name.get()).or(manifest.and_then(|m| m.name.get()));
    let version = root.and_then(|r| r.version.get()).or(raw.version.get()).or(manifest.and_then(|m| m.version.get()));
    let mut subject = javascript::subject(name, version, path);
    let licence = root.map(|r| &r.license).or(manifest.map(|m| &m.license));
    subject.licences = licence.map(licences::of_value).unwrap_or_default();
    subject
}

/// What is installed where.
struct Tree<'a> {
    draft: Draft,
    text: &'a str,
    /// The folder of the lockfile.
    folder: &'a str,
    /// The folder of each installed package, and what the file says of it.
    entries: &'a [(Cow<'a, str>, Entry<'a>)],
    /// Where each of them is found.
    folders: Folders<'a>,
    /// The node of each entry.
    nodes: Vec<Node>,
}

impl<'a> Tree<'a> {
    fn add_all(&mut self) -> Result<(), ReadError> {
        let names = self.linked_names();
        self.nodes = vec![Node::Subject; self.entries.len()];
        let mut links = Vec::new();
        for (at, (key, entry)) in self.entries.iter().enumerate() {
            if entry.link.0 {
                links.push(at);
            } else if !key.is_empty() {
                let name = entry.name.get().or(names.get(key.as_ref()).copied()).unwrap_or_else(|| walk::name_of(key));
                let node = self.add(key, name, entry)?;
                self.set(at, node);
            }
        }
        for at in links {
            let Some((key, entry)) = self.entries.get(at) else { continue };
            let node = match self.folders.place(entry.resolved.or_empty()).and_then(|to| self.nodes.get(to)) {
                Some(&target) => target,
                None => self.add(key, entry.name.get().unwrap_or_else(|| walk::name_of(key)), entry)?,
            };
            self.set(at, node);
        }
        Ok(())
    }

    fn set(&mut self, at: usize, node: Node) {
        if let Some(slot) = self.nodes.get_mut(at) {
            *slot = node;
        }
    }

    /// The names by which links know the folders they lead to.
    fn linked_names(&self) -> HashMap<&'a str, &'a str> {
        let links = self.entries.iter().filter(|(_, entry)| entry.link.0);
        links.filter_map(|(key, entry)| Some((entry.resolved.get()?, walk::name_of(key)))).collect()
    }

    fn add(&mut self, key: &str, name: &str, entry: &Entry<'_>) -> Result<Node, ReadError> {
        if entry.is_odd() {
            self.warn(key, "a value is not of the expected type; it is taken as missing");
        }
        let origin = self.origin(key, name, entry);
        let mut component = component(javascript::purl(name, entry.version.get()), origin, scope(entry));
        if let Some(integrity) = entry.integrity.get() {
            component.hashes = hashes::integrity(integrity);
            if component.hashes.is_empty() {
                self.warn(key, "`integrity` holds no hash that is understood");
            }
        }
        component.licences = licences::of_value(&entry.license);
        if entry.has_install_script.0 {
            component.properties.push(("bomwarden:install-script".to_owned(), "true".to_owned()));
        }
        self.draft.add(component)
    }

    fn origin(&mut self, key: &str, name: &str, entry: &Entry<'_>) -> Origin {
        if entry.link.0 || !(key.starts_with("node_modules/") || key.contains("/node_modules/")) {
            let at = if entry.link.0 { entry.resolved.or_empty() } else { key };
            return Origin::Path(place::join(self.folder, at));
        }
        let Some(address) = entry.resolved.get() else { return Origin::Authority };
        javascript::origin(address, name, self.folder).unwrap_or_else(|| {
            self.warn(key, "`resolved` is no address that is understood");
            Origin::Authority
        })
    }

    fn connect_all(&mut self, manifest: Option<&Manifest<'_>>) -> Result<(), ReadError> {
        let entries = self.entries;
        for (at, (key, entry)) in entries.iter().enumerate() {
            let own = !key.contains("node_modules/");
            let Some(&from) = self.nodes.get(at).filter(|_| !entry.link.0) else { continue };
            // Version 2 lists what is optional among the others, too.
            let optional: HashSet<&str> = entry.optional_dependencies.items.iter().filter_map(|(name, _)| name.get()).collect();
            for (name, must) in entry.needs(own) {
                match self.folders.find(at, name).and_then(|to| self.nodes.get(to)) {
                    Some(&to) => self.draft.edge(from, to)?,
                    None if must && !optional.contains(name) => {
                        self.warn(
                            key,
                            &format!("needs `{}`, which is not in the file", name.chars().take(100).collect::<String>()),
                        );
                    }
                    None => {}
                }
            }
            if own && from != Node::Subject {
                self.draft.edge(Node::Subject, from)?;
            }
        }
        let stated = entries.iter().any(|(key, _)| key.is_empty());
        for need in manifest.filter(|_| !stated).iter().flat_map(|manifest| manifest.needs()) {
            if let Some(&to) = self.folders.find_at_root(need.name).and_then(|to| self.nodes.get(to)) {
                self.draft.edge(Node::Subject, to)?;
            }
        }
        Ok(())
    }

    fn warn(&mut self, key: &str, text: &str) {
        let key: String = key.chars().take(200).collect();
        self.draft.warn_near(self.text, &format!("\"{key}\""), format!("$.packages[\"{key}\"]"), text);
    }
}

fn scope(entry: &Entry<'_>) -> Scope {
    if entry.dev.0 {
        Scope::Development
    } else if entry.optional.0 || entry.dev_optional.0 {
        Scope::Optional
    } else {
        Scope::Required
    }
}
