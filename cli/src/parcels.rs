//! What an upload sends: SBOMs as they are, and documents made here of lockfiles,
//! each with the slot it belongs to.

use crate::files::read_capped;
use crate::generation::{Generation, SLOT};
use crate::output::Target;
use crate::send::Parcel;
use crate::walk::{self, Wanted, folder_and_name};
use crate::{Failure, Screen};
use bom::document::{Document, Kind};
use bom::lockfile;
use bom::reading::Limits;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

/// A document and the slot it belongs to.
pub struct Addressed {
    /// The slot.
    pub slot: String,
    /// The document's bytes.
    pub bytes: Vec<u8>,
}

/// The documents of a run, and what could not be made one.
#[derive(Default)]
pub struct Collected {
    /// The documents.
    pub documents: Vec<Addressed>,
    /// The lockfiles that could not be read.
    pub failures: Vec<Failure>,
}

/// What is needed to collect documents.
pub struct Collection<'a> {
    /// Which lockfiles of a folder are taken.
    pub wanted: Wanted,
    /// Bounds on what is read.
    pub limits: Limits,
    /// Where notes and progress go.
    pub screen: &'a Screen,
}

impl Collection<'_> {
    /// Adds the documents that `path` names: an SBOM, a lockfile, `-` for an SBOM on standard
    /// input, or a folder of lockfiles or, where it has none, of SBOMs.
    ///
    /// # Errors
    /// [`Failure`] when there is none. A lockfile that cannot be read is among [`Collected::failures`].
    pub fn of(&self, path: &Path, into: &mut Collected) -> Result<(), Failure> {
        if path == Path::new("-") {
            into.documents.push(self.standard_input()?);
            return Ok(());
        }
        let about = path.metadata().map_err(|error| Failure::of_file(path, &error))?;
        if about.is_dir() {
            return self.folder(path, into);
        }
        let (_, name) = folder_and_name(path);
        if lockfile::of_name(&name).is_some() || !self.wanted.kinds.is_empty() {
            return self.lockfiles(path, into);
        }
        into.documents.push(self.sbom(path, crate::generation::slot_of_file(path))?);
        Ok(())
    }

    fn folder(&self, path: &Path, into: &mut Collected) -> Result<(), Failure> {
        let none = match walk::lockfiles(path, &self.wanted) {
            Ok(_) => return self.lockfiles(path, into),
            Err(none) => none,
        };
        let sboms = walk::sboms(path)?;
        if sboms.is_empty() {
            return Err(none);
        }
        for name in sboms {
            into.documents.push(self.sbom(&path.join(&name), name)?);
        }
        Ok(())
    }

    /// An SBOM, in the slot that it names itself or else in `slot`.
    fn sbom(&self, file: &Path, slot: String) -> Result<Addressed, Failure> {
        let bytes = read_capped(file, self.limits.bytes as u64).map_err(|error| Failure::of_file(file, &error))?;
        Ok(Addressed { slot: self.slot_of(&bytes).unwrap_or(slot), bytes })
    }

    fn lockfiles(&self, path: &Path, into: &mut Collected) -> Result<(), Failure> {
        let generation = Generation { path: path.to_owned(), wanted: self.wanted.clone(), reproducible: false };
        let generated = generation.run(&self.limits, self.screen)?;
        into.failures.extend(generated.failures);
        let target = Target::of_name(DEFAULT_FORMAT)?;
        for made in generated.made {
            into.documents.push(Addressed { bytes: target.write(&made.document)?.0, slot: made.slot });
        }
        Ok(())
    }

    fn standard_input(&self) -> Result<Addressed, Failure> {
        let mut bytes = Vec::new();
        let cap = self.limits.bytes as u64;
        let read = std::io::stdin().lock().take(cap.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| Failure::new(format!("standard input cannot be read: {error}")))?;
        if bytes.len() as u64 > cap {
            return Err(Failure::new(format!("standard input has more than {cap} bytes, the limit")));
        }
        let slot = self.slot_of(&bytes).unwrap_or_default();
        Ok(Addressed { slot, bytes })
    }

    /// The slot that a document names itself: one that `generate` wrote, or an image's.
    /// A document that cannot be read here has none: the server judges it.
    fn slot_of(&self, bytes: &[u8]) -> Option<String> {
        let document = bom::format::read(bytes, &self.limits).ok()?.value;
        own_slot(&document)
    }
}

/// The format that is sent.
pub const DEFAULT_FORMAT: &str = "cyclonedx-json";

fn own_slot(document: &Document) -> Option<String> {
    let named = document.properties.iter().find(|(name, _)| name == SLOT).map(|(_, slot)| slot.clone());
    let image =
        document.subject.as_ref().filter(|subject| subject.kind == Kind::Container).map(|subject| image_name(&subject.name));
    named.or(image).filter(|slot| !slot.is_empty())
}

/// The name of an image without tag and digest, which change with every build.
fn image_name(name: &str) -> String {
    let name = name.split('@').next().unwrap_or(name);
    match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name.to_owned(),
        _ => name.to_owned(),
    }
}

/// The documents as parts of a request.
pub fn parcels(documents: Vec<Addressed>) -> Vec<(String, Parcel)> {
    let named = documents.into_iter().enumerate();
    named
        .map(|(number, document)| {
            let name = document.slot.rsplit('/').next().unwrap_or("document").to_owned();
            (document.slot, Parcel { part: format!("doc{number}"), name, bytes: Arc::from(document.bytes) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_images_slot_stays_when_its_tag_changes() {
        for (name, slot) in [
            ("alpine", "alpine"),
            ("alpine:3.19", "alpine"),
            ("registry.example:5000/shop/web", "registry.example:5000/shop/web"),
            ("registry.example:5000/shop/web:1.2@sha256:00", "registry.example:5000/shop/web"),
        ] {
            assert_eq!(image_name(name), slot);
        }
    }
}
