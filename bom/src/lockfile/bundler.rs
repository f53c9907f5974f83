//! `Gemfile.lock` and `gems.locked` of Bundler. A gem that is locked for
//! several platforms is one component for each, told apart by the purl's
//! `platform`. The subject is the gem whose source is the folder itself.

mod sections;

use super::draft::{Draft, component, unnamed_subject};
use super::{Files, Lockfile, Origins, hashes, place};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::{Origin, clean_git};
use crate::purl::Purl;
use crate::reading::{Limits, ReadError, Reading};
use sections::{File, Gem, Source};
use std::collections::HashMap;

/// Reads `Gemfile.lock`.
pub static BUNDLER: Bundler = Bundler;

/// The kind of Bundler's lockfiles.
pub struct Bundler;

impl Lockfile for Bundler {
    fn kind(&self) -> &'static str {
        "gemfile-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "RubyGems"
    }

    fn names(&self) -> &'static [&'static str] {
        &["Gemfile.lock", "gems.locked"]
    }

    fn origins(&self) -> Origins {
        Origins::InFile
    }

    fn lists_project(&self) -> bool {
        true
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        let file = sections::read(&text).map_err(|e| e.in_file(path))?;
        read(&file, path, text.limits).map_err(|e| e.in_file(path))
    }
}

fn read(file: &File, path: &str, limits: Limits) -> Result<Reading<Document>, ReadError> {
    let folder = place::folder(path);
    let here = Origin::Path(place::join(folder, "."));
    let origins: Vec<Origin> = file.sources.iter().map(|source| origin(source, folder)).collect();
    let gems: Vec<(&Gem, &Origin)> =
        file.sources.iter().zip(&origins).flat_map(|(source, origin)| source.gems.iter().map(move |gem| (gem, origin))).collect();
    limits.foresee(gems.len())?;
    let root = gems.iter().position(|(_, origin)| **origin == here);
    let subject = match root.and_then(|at| gems.get(at)) {
        Some((gem, origin)) => of_gem(gem, (*origin).clone()),
        None => unnamed_subject(path),
    };
    let mut draft = Draft::new("Gemfile.lock".to_owned(), subject, limits);
    for (line, text) in &file.doubts {
        draft.warn(path, Some(*line), text.as_str());
    }
    let mut nodes = Vec::with_capacity(gems.len());
    let mut by_name: HashMap<&str, Vec<Node>> = HashMap::new();
    for (at, (gem, origin)) in gems.iter().enumerate() {
        let node = if Some(at) == root { Node::Subject } else { draft.add(checked(gem, (*origin).clone(), file))? };
        nodes.push(node);
        by_name.entry(gem.name.as_str()).or_default().push(node);
    }
    for ((gem, _), from) in gems.iter().zip(&nodes) {
        // A dependency that a platform brings along (`bundler`, default gems) is not listed.
        for to in gem.needs.iter().filter_map(|name| by_name.get(name.as_str())).flatten() {
            draft.edge(*from, *to)?;
        }
    }
    for to in file.direct.iter().filter_map(|name| by_name.get(name.as_str())).flatten() {
        draft.edge(Node::Subject, *to)?;
    }
    Ok(draft.finish())
}

fn origin(source: &Source, folder: &str) -> Origin {
    let remote = source.remotes.first().map(String::as_str).unwrap_or_default();
    let told = match (source.kind.as_str(), source.remotes.as_slice()) {
        ("PATH", _) => Some(Origin::Path(place::join(folder, remote))),
        ("GIT", _) => clean_git(&format!("{remote}#{}", source.revision)).map(Origin::Git),
        ("GEM", [only]) => place::registry(only),
        // Older Bundlers mixed several registries: which one a gem is from is not said.
        _ => None,
    };
    told.unwrap_or_default()
}

fn of_gem(gem: &Gem, origin: Origin) -> Component {
    let mut purl = Purl::new("gem", None, &gem.name, Some(&gem.version));
    purl.qualify(gem.platform.iter().map(|platform| ("platform".to_owned(), platform.clone())));
    component(purl, origin, Scope::Required)
}

fn checked(gem: &Gem, origin: Origin, file: &File) -> Component {
    let mut component = of_gem(gem, origin);
    let checksums = file.checksums.get(&(gem.name.clone(), gem.written()));
    component.hashes = checksums.into_iter().flatten().filter_map(|checksum| hashes::prefixed(checksum)).collect();
    component
}
