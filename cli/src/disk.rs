//! What lies on the disk beside a lockfile says more than the lockfile: installed
//! and vendored packages state their licences, vendored crates their hashes. Looked
//! at only for components about which the lockfile says nothing; never the network.

mod cargo;
mod npm;
mod python;

use crate::files::Folder;
use bom::document::{Component, Document, Hash, Licence};

/// What a package on the disk states.
#[derive(Debug, Default, PartialEq, Eq)]
struct Facts {
    licences: Vec<Licence>,
    hashes: Vec<Hash>,
}

/// Packages that lie on the disk, by the rules of one package manager.
trait Installed {
    /// The purl type of the packages.
    fn purl_type(&self) -> &'static str;

    /// What is stated about `component`, if it lies there in the same version.
    fn facts(&self, component: &Component, folder: &Folder) -> Option<Facts>;
}

/// Adds to the components of `document` what the packages beside the lockfile at `path` state.
pub fn add(document: &mut Document, path: &str, folder: &Folder) {
    let beside = path.rsplit_once('/').map_or("", |(beside, _)| beside);
    let find = [cargo::find, npm::find, python::find];
    for installed in find.iter().filter_map(|find| find(beside, folder)) {
        for component in &mut document.components {
            let ours = component.purl.as_ref().is_some_and(|purl| purl.kind == installed.purl_type());
            if ours && (component.licences.is_empty() || component.hashes.is_empty()) {
                add_facts(component, installed.facts(component, folder).unwrap_or_default());
            }
        }
    }
}

fn add_facts(component: &mut Component, facts: Facts) {
    if component.licences.is_empty() {
        component.licences = facts.licences.into();
    }
    if component.hashes.is_empty() {
        component.hashes = facts.hashes.into();
    }
}

/// `name` in the folder `beside`, both below the root.
fn below(beside: &str, name: &str) -> String {
    if beside.is_empty() { name.to_owned() } else { format!("{beside}/{name}") }
}

/// The text of a file; `None` where there is none that can be read.
fn text(folder: &Folder, path: &str) -> Option<String> {
    use bom::lockfile::Files as _;
    String::from_utf8(folder.read(path).ok()??).ok()
}

/// The licence that a single text states.
fn licence(text: &str) -> Vec<Licence> {
    bom::lockfile::licence_of_text(text).into_iter().collect()
}

#[cfg(test)]
mod tests;
