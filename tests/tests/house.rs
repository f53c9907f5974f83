//! The rules of the house, read off the files: what may import what, and how a
//! file looks. A failure is a list of sentences, each with its place.

mod files;
mod layers;
mod mutants;
mod rust;
mod tree;

/// Fails with every sentence of `faults`, one a line.
fn must_be_empty(rule: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{rule}\n  {}\n", faults.join("\n  "));
}
