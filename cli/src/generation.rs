//! Makes documents of the lockfiles that a path names: reads them, adds what lies
//! on the disk beside them, and stamps each with who made it, when and in which run.

use crate::ci::{Environment, Run};
use crate::disk;
use crate::files::Folder;
use crate::registries::{self, Place};
use crate::walk::{self, Found, Wanted, folder_and_name};
use crate::{Failure, Screen};
use bom::document::{Component, Document, Kind};
use bom::lockfile::{self, Lockfile};
use bom::reading::{Limits, Warning};
use chrono::{DateTime, Utc};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// What documents are made of.
pub struct Generation {
    /// A lockfile or a folder.
    pub path: PathBuf,
    /// Which lockfiles are looked for.
    pub wanted: Wanted,
    /// The same bytes for the same input: no time, no identity, no run.
    pub reproducible: bool,
}

/// A document that was made of a lockfile.
pub struct Made {
    /// The lockfile's path below the root: the document's slot.
    pub slot: String,
    /// The lockfile's kind.
    pub kind: &'static str,
    /// The document.
    pub document: Document,
    /// What was not understood of the lockfile.
    pub warnings: Vec<Warning>,
}

/// What [`Generation::run`] made.
pub struct Generated {
    /// The documents, by slot.
    pub made: Vec<Made>,
    /// The lockfiles that could not be read.
    pub failures: Vec<Failure>,
    /// What was put on them, also for a document that is made of these.
    pub stamp: Stamp,
    /// The name of the root folder.
    pub name: String,
}

/// What is put on every document of a run.
pub struct Stamp {
    created: Option<DateTime<Utc>>,
    identified: bool,
    properties: Vec<(String, String)>,
}

impl Generation {
    /// Makes the documents.
    ///
    /// # Errors
    /// [`Failure`] when there is no lockfile at all. One that cannot be read is among [`Generated::failures`].
    pub fn run(&self, limits: &Limits, screen: &Screen) -> Result<Generated, Failure> {
        let about = self.path.metadata().map_err(|error| Failure::of_file(&self.path, &error))?;
        let (root, found, slots) = match about.is_dir() {
            true => (self.path.clone(), walk::lockfiles(&self.path, &self.wanted)?, None),
            false => {
                let (root, name) = folder_and_name(&self.path);
                let kind = self.kind_of_file(&name)?;
                (root, vec![Found { path: name, kind }], Some(slot_of_file(&self.path)))
            }
        };
        let folder = Folder::new(&root, limits).map_err(|error| Failure::of_file(&root, &error))?;
        let name = folder.root().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let stamp = Stamp::new(self.reproducible, folder.root());
        let bar = screen.steps("reading lockfiles", found.len() as u64);
        let mut generated = Generated { made: Vec::with_capacity(found.len()), failures: Vec::new(), stamp, name };
        for found in found {
            let slot = slots.clone().unwrap_or_else(|| found.path.clone());
            match found.kind.read(&found.path, &folder) {
                Ok(reading) => {
                    let mut document = reading.value;
                    disk::add(&mut document, &found.path, &folder);
                    generated.stamp.put_on(&mut document, Some(&slot));
                    self.put_registries_on(&mut document, found.kind.ecosystem(), &root.join(&found.path));
                    let own = if self.reproducible { &slot } else { &generated.name };
                    name_subject(&mut document, own);
                    generated.made.push(Made { slot, kind: found.kind.kind(), document, warnings: reading.warnings });
                }
                Err(error) => generated.failures.push(Failure::of_reading(root.join(&found.path).display(), &error)),
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(generated)
    }

    /// Adds where this machine fetches packages from, which no lockfile tells of another machine.
    fn put_registries_on(&self, document: &mut Document, ecosystem: &str, lockfile: &Path) {
        if !self.reproducible {
            let get = |name: &str| std::env::var(name).ok();
            let environment = Environment::new(&get);
            let place = Place::new(&folder_and_name(lockfile).0, &environment);
            registries::put_on(document, ecosystem, &place);
        }
    }

    fn kind_of_file(&self, name: &str) -> Result<&'static dyn Lockfile, Failure> {
        match self.wanted.kinds.as_slice() {
            [] => lockfile::of_name(name).ok_or_else(|| {
                Failure::new(format!("`{}` has the name of no lockfile", self.path.display()))
                    .next("say what it is with `--kind KIND`; `bomwarden inspect --kinds` lists them")
            }),
            [kind] => Ok(*kind),
            _ => Err(Failure::new("a single file was given with several kinds").next("name one `--kind`")),
        }
    }
}

impl Stamp {
    /// The stamp for documents made now of the folder `root`.
    pub fn new(reproducible: bool, root: &Path) -> Self {
        let get = |name: &str| std::env::var(name).ok();
        let environment = Environment::new(&get);
        let now = Utc::now();
        let epoch = environment.time("SOURCE_DATE_EPOCH");
        let properties = if reproducible { Vec::new() } else { Run::detect(&environment, root, now).properties() };
        Self { created: epoch.or((!reproducible).then_some(now)), identified: !reproducible, properties }
    }

    /// Stamps a document, which lies in `slot`.
    pub fn put_on(&self, document: &mut Document, slot: Option<&str>) {
        document.created = self.created;
        document.identity = self.identified.then(|| format!("urn:uuid:{}", Uuid::new_v4()));
        document.tools = vec![format!("bomwarden {}", env!("CARGO_PKG_VERSION"))];
        document.properties.extend(slot.map(|slot| (SLOT.to_owned(), slot.to_owned())));
        document.properties.extend(self.properties.iter().cloned());
    }
}

/// The property that names a document's slot.
pub const SLOT: &str = "bomwarden:slot";

/// Gives a project that its lockfile does not name the name of its folder.
fn name_subject(document: &mut Document, name: &str) {
    let subject = document.subject.get_or_insert_with(Component::default);
    if subject.name.is_empty() || subject.name == "." {
        subject.name = if name.is_empty() { "project".into() } else { name.into() };
        subject.kind = Kind::Application;
    }
}

/// The slot of a lockfile that was named itself: its path as given, when that is relative and
/// stays below the current folder; its name otherwise.
pub fn slot_of_file(path: &Path) -> String {
    let relative = crate::files::normalised(&path.to_string_lossy());
    relative.map_or_else(
        || folder_and_name(path).1,
        |path| path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"),
    )
}
