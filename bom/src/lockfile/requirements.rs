//! pip's requirements files ("Requirements File Format" in pip's
//! documentation), with the files they name. What `pip-compile` and `uv` note
//! behind `# via` gives the graph; without such notes every requirement is the
//! project's own. A requirement that allows several versions has none here.

mod line;
mod via;

use super::draft::{Draft, unnamed_subject};
use super::python::{self, Requirement, project};
use super::{Files, Lockfile, Origins, hashes, place};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::Origin;
use crate::reading::{Limits, ReadError, Reading};
use line::{Ask, Line};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Files that one may lead to.
const FILES: usize = 200;

/// Reads requirements files.
pub static REQUIREMENTS: Requirements = Requirements;

/// The kind of requirements files.
pub struct Requirements;

impl Lockfile for Requirements {
    fn kind(&self) -> &'static str {
        "pip-requirements"
    }

    fn ecosystem(&self) -> &'static str {
        "PyPI"
    }

    fn names(&self) -> &'static [&'static str] {
        &["requirements*.txt", "*requirements.txt"]
    }

    fn origins(&self) -> Origins {
        Origins::ClientDefault
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        let project = project::read(path, files);
        let draft = Draft::new("requirements.txt".to_owned(), project.subject(path), text.limits);
        let mut list = List {
            files,
            limits: text.limits,
            draft,
            seen: HashSet::from([path.to_owned()]),
            entries: Vec::new(),
            bounds: HashMap::new(),
            index: None,
            further: false,
        };
        list.file(path, &text, false);
        list.finish().map_err(|e| e.in_file(path))
    }
}

/// A line that asks for a package, and its file.
struct Entry {
    line: Line,
    file: Rc<str>,
}

/// Everything that a file and the files it names ask for.
struct List<'a> {
    files: &'a dyn Files,
    limits: Limits,
    draft: Draft,
    seen: HashSet<String>,
    entries: Vec<Entry>,
    /// Versions that constraint files allow.
    bounds: HashMap<String, String>,
    index: Option<Origin>,
    /// Whether there are further indexes to look in.
    further: bool,
}

impl List<'_> {
    /// Reads a file; of a file of constraints only its versions.
    fn file(&mut self, path: &str, text: &str, constraints: bool) {
        let file = Rc::from(path);
        for line in line::lines(text) {
            let ask = line::ask(&line.text);
            let is_package = !constraints && matches!(ask, Ask::Requirement(..) | Ask::Address(_));
            match ask {
                Ask::Requirement(requirement, _) if constraints => self.bound(path, &line, requirement),
                Ask::File(other) => self.include(path, &line, other, constraints),
                Ask::Constraints(other) => self.include(path, &line, other, true),
                Ask::Index(address) => match place::registry(address) {
                    Some(registry) => self.index = Some(registry),
                    None => self.draft.warn(path, Some(line.number), "the index is no address that is understood"),
                },
                Ask::Further(_) => self.further = true,
                Ask::Requirement(..) | Ask::Address(_) | Ask::Other => {}
            }
            // Components are made last, when all indexes and bounds are known: until then they would take much room.
            if is_package {
                self.entries.push(Entry { line, file: Rc::clone(&file) });
            }
        }
    }

    fn include(&mut self, path: &str, line: &Line, other: &str, constraints: bool) {
        if other.contains("://") {
            self.draft.warn(path, Some(line.number), "a file elsewhere is not fetched; its requirements are missing here");
            return;
        }
        let other = place::join(place::folder(path), other);
        if self.seen.contains(&other) {
            return;
        }
        if self.seen.len() >= FILES {
            self.draft.warn(path, Some(line.number), format!("more than {FILES} files; `{other}` is not read"));
            return;
        }
        self.seen.insert(other.clone());
        match place::text(&other, self.files) {
            Ok(text) => self.file(&other, &text, constraints),
            Err(error) => self.draft.warn(path, Some(line.number), format!("`{other}` is not read: {}", error.text)),
        }
    }

    /// The requirement in `text`; a warning where it is none.
    fn understood<'t>(&mut self, path: &str, line: &Line, text: &'t str) -> Option<Requirement<'t>> {
        let requirement = Requirement::of(text);
        if requirement.is_none() {
            let text: String = text.chars().take(100).collect();
            self.draft.warn(path, Some(line.number), format!("`{text}` is no requirement; it is passed over"));
        }
        requirement
    }

    /// Takes the version that a line of a constraint file allows.
    fn bound(&mut self, path: &str, line: &Line, text: &str) {
        let Some(requirement) = self.understood(path, line, text) else { return };
        if let Some(version) = requirement.pinned() {
            self.bounds.insert(python::canonical(requirement.name).into_owned(), version.to_owned());
        }
    }

    /// What an entry asks for; `None` for what is no package, or the project itself.
    fn component(&mut self, entry: &Entry) -> Option<Component> {
        match line::ask(&entry.line.text) {
            Ask::Requirement(text, digests) => self.requirement(entry, text, &digests),
            Ask::Address(address) => self.address(entry, address),
            _ => None,
        }
    }

    fn requirement(&mut self, Entry { line, file }: &Entry, text: &str, digests: &[&str]) -> Option<Component> {
        let requirement = self.understood(file, line, text)?;
        let origin = requirement.address.and_then(|address| python::origin(address, place::folder(file)));
        let mut component =
            python::component(requirement.name, requirement.pinned(), origin.unwrap_or_default(), Scope::Required);
        for digest in digests {
            match hashes::prefixed(digest) {
                Some(hash) => component.hashes.push(hash),
                None => self.draft.warn(&**file, Some(line.number), "a hash is not understood"),
            }
        }
        Some(component)
    }

    /// A folder, archive or repository: its name is in `#egg=`, in the wheel's name, or unknown.
    fn address(&mut self, Entry { line, file }: &Entry, address: &str) -> Option<Component> {
        let folder = place::folder(file);
        let bare = address.split(['#', '?']).next().unwrap_or(address);
        let origin = python::origin(address, folder).unwrap_or_else(|| Origin::Path(place::join(folder, bare)));
        let here = Origin::Path(place::join(folder, "."));
        if origin == here {
            return None;
        }
        let egg = address.split(['#', '&']).find_map(|part| part.strip_prefix("egg="));
        let egg = egg.map(|egg| egg.split(['[', '=']).next().unwrap_or(egg)).filter(|egg| !egg.is_empty());
        Some(match (egg, python::of_file_name(bare)) {
            (Some(name), _) => python::component(name, None, origin, Scope::Required),
            (None, Some((name, version))) => python::component(&name, Some(&version), origin, Scope::Required),
            (None, None) => {
                let name = unnamed_subject(&format!("{}/x", bare.trim_end_matches('/'))).name;
                self.draft.warn(
                    &**file,
                    Some(line.number),
                    format!("`{name}` is no package name for certain; add `#egg=` or `name @`"),
                );
                Component { name, origin, ..Component::default() }
            }
        })
    }

    /// Completes a component with the index and the version that are known by now.
    fn complete(&mut self, component: Component, entry: &Entry, index: &Origin) -> Component {
        if component.origin != Origin::Authority {
            return component;
        }
        if component.version.is_some() {
            return Component { origin: index.clone(), ..component };
        }
        if let Some(version) = self.bounds.get(component.name.as_str()) {
            return python::component(&component.name, Some(version), index.clone(), Scope::Required);
        }
        let text = format!("`{}` names no single version; pin it with `==`", component.name);
        self.draft.warn(&*entry.file, Some(entry.line.number), text);
        Component { origin: index.clone(), ..component }
    }

    fn finish(mut self) -> Result<Reading<Document>, ReadError> {
        let index = self.index.clone().filter(|_| !self.further).unwrap_or_default();
        let entries = std::mem::take(&mut self.entries);
        self.limits.foresee(entries.len())?;
        let mut nodes: Vec<(&Entry, Node)> = Vec::with_capacity(entries.len());
        let mut by_name: HashMap<String, Vec<Node>> = HashMap::new();
        for entry in &entries {
            let Some(component) = self.component(entry) else { continue };
            let component = self.complete(component, entry, &index);
            let name = component.name.to_string();
            let node = self.draft.add(component)?;
            nodes.push((entry, node));
            by_name.entry(name).or_default().push(node);
        }
        for (entry, node) in nodes {
            let via = via::read(&entry.line.notes);
            let above: Vec<Node> = via.names.iter().filter_map(|name| by_name.get(name)).flatten().copied().collect();
            if via.project || above.is_empty() {
                self.draft.edge(Node::Subject, node)?;
            }
            for from in above {
                self.draft.edge(from, node)?;
            }
        }
        Ok(self.draft.finish())
    }
}
