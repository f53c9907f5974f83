//! `go.mod` and the `go.sum` beside it ("Go Modules Reference"). Since Go 1.17
//! go.mod lists every module that the build needs; before, go.sum adds those
//! that only dependencies name. What is replaced is what replaces it. The
//! standard library is a component of its own: advisories name it `stdlib`.

mod directives;

use super::draft::{Draft, component, unnamed_subject};
use super::{Files, Lockfile, Origins, hashes, place};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::Origin;
use crate::purl::Purl;
use crate::reading::{Limits, ReadError, Reading};
use directives::{Module, Replacement};
use std::collections::{HashMap, HashSet};

/// Reads `go.mod`.
pub static GO: Go = Go;

/// The kind of `go.mod`.
pub struct Go;

impl Lockfile for Go {
    fn kind(&self) -> &'static str {
        "go-mod"
    }

    fn ecosystem(&self) -> &'static str {
        "Go"
    }

    fn names(&self) -> &'static [&'static str] {
        &["go.mod"]
    }

    fn origins(&self) -> Origins {
        Origins::ClientDefault
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        let module = directives::read(&text).map_err(|e| e.in_file(path))?;
        let sums = place::optional_text(&place::beside(path, "go.sum"), files).unwrap_or_default();
        read(&module, &Sums::read(&sums), path, text.limits).map_err(|e| e.in_file(path))
    }
}

/// The lines of `go.sum`: `module version h1:base64`.
struct Sums<'a> {
    /// Modules whose files were needed, not only their go.mod, in file order.
    modules: Vec<(&'a str, &'a str)>,
    hashes: HashMap<(&'a str, &'a str), &'a str>,
}

impl<'a> Sums<'a> {
    fn read(text: &'a str) -> Self {
        let mut sums = Sums { modules: Vec::new(), hashes: HashMap::new() };
        for line in text.lines() {
            let mut words = line.split_ascii_whitespace();
            let (Some(module), Some(version), Some(hash)) = (words.next(), words.next(), words.next()) else { continue };
            if !version.ends_with("/go.mod") && sums.hashes.insert((module, version), hash).is_none() {
                sums.modules.push((module, version));
            }
        }
        sums
    }
}

fn read(module: &Module<'_>, sums: &Sums<'_>, path: &str, limits: Limits) -> Result<Reading<Document>, ReadError> {
    let folder = place::folder(path);
    let subject = match module.name {
        Some(name) => of_module(name, None, Origin::Path(place::join(folder, "."))),
        None => unnamed_subject(path),
    };
    let mut draft = Draft::new(format!("go.mod {}", module.go.unwrap_or("")).trim_end().to_owned(), subject, limits);
    for (line, text) in &module.doubts {
        draft.warn(path, Some(*line), text.as_str());
    }
    limits.foresee(module.requires.len())?;
    let required: HashSet<&str> = module.requires.iter().map(|require| require.name).collect();
    for require in &module.requires {
        let node = draft.add(resolved(require.name, require.version, module, sums, folder))?;
        if !require.indirect {
            draft.edge(Node::Subject, node)?;
        }
    }
    if !module.lists_all() {
        for (name, version) in sums.modules.iter().filter(|(name, _)| !required.contains(name)) {
            draft.add(resolved(name, version, module, sums, folder))?;
        }
    }
    if let Some(version) = module.standard_library() {
        let node = draft.add(of_module("stdlib", Some(version), Origin::Authority))?;
        draft.edge(Node::Subject, node)?;
    }
    Ok(draft.finish())
}

/// The component of a required module, or of what replaces it.
fn resolved(name: &str, version: &str, module: &Module<'_>, sums: &Sums<'_>, folder: &str) -> Component {
    let replacement = module.replacement(name, version);
    let (name, version) = match replacement {
        // The code lies in the folder; its import path stays.
        Some(Replacement { to, to_version: None, .. }) => {
            return of_module(name, None, Origin::Path(place::join(folder, to)));
        }
        Some(Replacement { to, to_version: Some(version), .. }) => (*to, *version),
        None => (name, version),
    };
    let mut component = of_module(name, Some(version), Origin::Authority);
    // `h1` is a SHA-256 over the names and hashes of the module's files, which
    // CycloneDX's own tool for Go states as the module's SHA-256.
    let sum = sums.hashes.get(&(name, version)).and_then(|sum| sum.strip_prefix("h1:"));
    component.hashes.extend(sum.and_then(|sum| hashes::base64_digest("sha256", sum)));
    component
}

/// A component named by its whole module path.
fn of_module(path: &str, version: Option<&str>, origin: Origin) -> Component {
    let (namespace, name) = match path.rsplit_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, path),
    };
    let mut component = component(Purl::new("golang", namespace, name, version), origin, Scope::Required);
    component.group = None;
    component.name = path.into();
    component
}
