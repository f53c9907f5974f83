//! `bun.lock`, the text lockfile of Bun 1.2 and later: JSON with comments and
//! trailing commas. A package's key is the path by which it is installed, as in
//! `node_modules`. (The binary `bun.lockb` is not read.)

use super::draft::{Draft, component};
use super::javascript::{self, Manifest};
use super::npm::Folders;
use super::place::Source;
use super::tolerant::{Either, List, Pairs, Record, Text};
use super::{Files, Lockfile, Origins, hashes, json_text, place};
use crate::document::{Document, Node, Scope};
use crate::origin::Origin;
use crate::reading::{ReadError, Reading};
use serde::Deserialize;
use std::collections::HashMap;

/// Reads `bun.lock`.
pub static BUN: Bun = Bun;

/// The kind of `bun.lock`.
pub struct Bun;

impl Lockfile for Bun {
    fn kind(&self) -> &'static str {
        "bun-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "npm"
    }

    fn names(&self) -> &'static [&'static str] {
        &["bun.lock"]
    }

    fn origins(&self) -> Origins {
        Origins::ClientDefault
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?.map(json_text::relaxed);
        let raw: LockRaw<'_> = json_text::read(&text).map_err(|e| e.in_file(path))?;
        read(&raw, &text, path).map_err(|e| e.in_file(path))
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct LockRaw<'a> {
    #[serde(borrow)]
    lockfile_version: Text<'a>,
    workspaces: Pairs<Text<'a>, Record<Manifest<'a>>>,
    packages: Pairs<Text<'a>, List<Either<'a, Manifest<'a>>>>,
}

/// One entry of `packages`.
struct Entry<'a> {
    /// Where it is installed, as a path of `node_modules`.
    folder: String,
    node: Node,
    /// What it needs.
    manifest: Option<&'a Manifest<'a>>,
    /// The folder of a workspace.
    workspace: Option<&'a str>,
}

fn read(raw: &LockRaw<'_>, text: &Source, path: &str) -> Result<Reading<Document>, ReadError> {
    let workspaces: HashMap<&str, &Manifest<'_>> = raw
        .workspaces
        .items
        .iter()
        .filter_map(|(folder, record)| match folder {
            Text::Some(folder) => Some((folder.as_ref(), record.value.as_deref()?)),
            _ => None,
        })
        .collect();
    let root = workspaces.get("").copied();
    let subject = javascript::subject(root.and_then(|m| m.name.get()), root.and_then(|m| m.version.get()), path);
    let mut draft = Draft::new(format!("bun.lock {}", raw.lockfile_version.get().unwrap_or("0")), subject, text.limits);
    let mut entries = vec![Entry { folder: String::new(), node: Node::Subject, manifest: root, workspace: Some("") }];
    for (key, tuple) in &raw.packages.items {
        let key = key.or_empty();
        match add(&mut draft, tuple.items.as_slice(), place::folder(path), &workspaces)? {
            Some(entry) => entries.push(Entry { folder: installed(key), ..entry }),
            None => {
                let key: String = key.chars().take(200).collect();
                let at = format!("$.packages[\"{key}\"]");
                draft.warn_near(text, &format!("\"{key}\": ["), at, "this is no package that is understood; it is passed over");
            }
        }
    }
    connect(&mut draft, &entries, text)?;
    Ok(draft.finish())
}

/// Adds the package of `["name@reference", …]`; `None` for what is none.
fn add<'a>(
    draft: &mut Draft,
    tuple: &'a [Either<'a, Manifest<'a>>],
    folder: &str,
    workspaces: &HashMap<&'a str, &'a Manifest<'a>>,
) -> Result<Option<Entry<'a>>, ReadError> {
    let Some(Either::Text(Text::Some(first))) = tuple.first() else { return Ok(None) };
    let Some(at) = first.char_indices().skip(1).find(|(_, c)| *c == '@').map(|(at, _)| at) else { return Ok(None) };
    let (Some(name), Some(reference)) = (first.get(..at), first.get(at + 1..)) else { return Ok(None) };
    let entry = |node, manifest, workspace| Some(Entry { folder: String::new(), node, manifest, workspace });
    let manifest = tuple.iter().find_map(|item| match item {
        Either::Record(manifest) => Some(manifest.as_ref()),
        _ => None,
    });
    if reference == "root:" {
        return Ok(entry(Node::Subject, None, None));
    }
    if let Some(at) = reference.strip_prefix("workspace:") {
        let member = workspaces.get(at).copied();
        let purl = javascript::purl(name, member.and_then(|m| m.version.get()));
        let node = draft.add(component(purl, Origin::Path(place::join(folder, at)), Scope::Required))?;
        return Ok(entry(node, member, Some(at)));
    }
    let is_version = reference.starts_with(|c: char| c.is_ascii_digit());
    let registry = match tuple.get(1) {
        Some(Either::Text(text)) => text.get(),
        _ => None,
    };
    let origin = match registry.filter(|_| is_version) {
        Some(address) => match javascript::origin(address, name, folder) {
            // Bun writes the registry's own address, or that of the tarball.
            Some(Origin::Url(at)) if !at.ends_with(".tgz") => Some(Origin::Registry(at)),
            told => told,
        },
        None if is_version => None,
        None => javascript::origin(reference, name, folder).or(Some(Origin::Path(place::join(folder, reference)))),
    };
    let mut component =
        component(javascript::purl(name, is_version.then_some(reference)), origin.unwrap_or_default(), Scope::Required);
    if let Some(Either::Text(text)) = tuple.last() {
        component.hashes = hashes::integrity(text.or_empty());
    }
    Ok(entry(draft.add(component)?, manifest, None))
}

/// `a/@s/b` as `node_modules/a/node_modules/@s/b`.
fn installed(key: &str) -> String {
    let mut folder = String::with_capacity(key.len() + 32);
    let mut scope = false;
    for part in key.split('/') {
        if !folder.is_empty() {
            folder.push('/');
        }
        if !scope {
            folder.push_str("node_modules/");
        }
        scope = part.starts_with('@') && !scope;
        folder.push_str(part);
    }
    folder
}

fn connect(draft: &mut Draft, entries: &[Entry<'_>], text: &str) -> Result<(), ReadError> {
    let keys: Vec<&str> = entries.iter().map(|entry| entry.folder.as_str()).collect();
    let folders = Folders::new(&keys)?;
    let (mut roots, mut members) = (Vec::new(), Vec::new());
    for (at, entry) in entries.iter().enumerate() {
        if entry.workspace.is_some() && entry.node != Node::Subject {
            draft.edge(Node::Subject, entry.node)?;
            members.push(entry.node);
        }
        for need in entry.manifest.iter().flat_map(|manifest| manifest.needs()) {
            // What other packages need for their own development is not installed.
            if need.scope == Scope::Development && entry.workspace.is_none() {
                continue;
            }
            match folders.find(at, need.name).and_then(|to| entries.get(to)) {
                Some(to) => {
                    match need.scope {
                        Scope::Optional => draft.optional_edge(entry.node, to.node)?,
                        _ => draft.edge(entry.node, to.node)?,
                    }
                    if entry.workspace.is_some() {
                        roots.push((to.node, need.scope));
                    }
                }
                None if need.must => {
                    let key: String = entry.folder.replace("node_modules/", "").chars().take(200).collect();
                    let at = format!("$.packages[\"{key}\"]");
                    let name: String = need.name.chars().take(100).collect();
                    draft.warn_near(text, &format!("\"{key}\": ["), at, format!("needs `{name}`, which is not in the file"));
                }
                None => {}
            }
        }
    }
    draft.spread(&roots, &members);
    Ok(())
}
