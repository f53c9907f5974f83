//! One document of many, for `generate --merge` and `bomwarden merge`: the parts'
//! subjects become components of a new subject.

use crate::generation::{Made, Stamp};
use bom::document::{Component, Document, Kind};
use bom::merge::merge as joined;

/// The one document of what was made of several lockfiles below a folder called `name`;
/// a single one stays as it is.
pub fn merge(mut made: Vec<Made>, stamp: &Stamp, name: &str) -> Made {
    if made.len() == 1
        && let Some(only) = made.pop()
    {
        return only;
    }
    let mut warnings = Vec::new();
    let documents: Vec<Document> = made
        .into_iter()
        .map(|made| {
            // A warning's place is in a file, which the one document no longer tells.
            warnings.extend(made.warnings.into_iter().map(|mut warning| {
                warning.path = format!("{}: {}", made.slot, warning.path);
                warning
            }));
            made.document
        })
        .collect();
    let slot = "merged".to_owned();
    let mut document = merge_documents(documents, name);
    stamp.put_on(&mut document, Some(&slot));
    Made { slot, kind: "merged", document, warnings }
}

/// The one document of several about a project called `name`.
pub fn merge_documents(documents: Vec<Document>, name: &str) -> Document {
    let subject =
        Component { reference: "subject".to_owned(), name: name.into(), kind: Kind::Application, ..Component::default() };
    joined(documents, subject)
}
