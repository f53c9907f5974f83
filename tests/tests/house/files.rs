//! How a file of the project looks: what every one opens with, how long it may
//! be, what it is not called and what it never says.

use super::{must_be_empty, rust, tree};

/// The longest file, in lines.
const LONGEST_FILE: usize = 400;

/// The longest function, in lines.
const LONGEST_FUNCTION: usize = 60;

/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] = &["mod.rs", "utils.rs", "util.rs", "helpers.rs", "helper.rs", "common.rs", "misc.rs"];

/// The hosts of package registries, in pieces so that this list does not find itself.
/// Addresses are data that an administrator decides on, never constants.
const REGISTRY_HOSTS: &[&[&str]] = &[
    &["index", "crates", "io"],
    &["static", "crates", "io"],
    &["://crates", "io"],
    &["registry", "npmjs", "org"],
    &["registry", "yarnpkg", "com"],
    &["pypi", "org"],
    &["pythonhosted", "org"],
    &["rubygems", "org"],
    &["repo1", "maven", "org"],
    &["repo", "maven", "apache", "org"],
    &["proxy", "golang", "org"],
    &["sum", "golang", "org"],
    &["api", "nuget", "org"],
    &["packagist", "org"],
    &["hex", "pm"],
    &["pub", "dev"],
    &["hackage", "haskell", "org"],
    &["cran", "r-project", "org"],
];

#[test]
fn every_rust_file_says_what_it_is_for_and_stays_short() {
    let mut faults = Vec::new();
    for (path, text) in tree::rust_files() {
        if !text.starts_with("//! ") {
            faults.push(format!("{path}: opens without `//!`; say in a sentence or two what it is for"));
        }
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            faults.push(format!("{path}: {lines} lines; {LONGEST_FILE} is the limit, so find the noun that wants its own file"));
        }
        let code = rust::without_tests(&rust::code(&text));
        for (line, name, lines) in rust::functions(&code) {
            if lines > LONGEST_FUNCTION {
                faults.push(format!("{path}:{line}: `{name}` has {lines} lines; {LONGEST_FUNCTION} is the limit, so split it"));
            }
        }
    }
    must_be_empty("CONTRIBUTING.md asks for more:", &faults);
}

#[test]
fn a_file_is_called_after_what_is_in_it() {
    let mut faults = Vec::new();
    for path in tree::files() {
        let name = path.rsplit('/').next().unwrap_or("");
        if EMPTY_NAMES.contains(&name) {
            faults.push(format!("{path}: call it after what is in it (`x.rs` and `x/`, never `mod.rs`)"));
        }
    }
    must_be_empty("CONTRIBUTING.md asks for more:", &faults);
}

#[test]
fn nothing_is_left_open_or_left_out() {
    let marks = [["TO", "DO"], ["FIX", "ME"], ["todo", "!("], ["unimplemented", "!("], ["dbg", "!("], ["#[ign", "ore"]]
        .map(|m| m.concat());
    let mut faults = Vec::new();
    for (path, text) in tree::rust_files() {
        for (i, line) in text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(mark.as_str())) {
                faults.push(format!("{path}:{}: `{mark}`; finish it, or write it down in the tracker", i + 1));
            }
        }
    }
    must_be_empty("something is left open:", &faults);
}

#[test]
fn no_file_names_the_host_of_a_registry() {
    let hosts: Vec<String> = REGISTRY_HOSTS.iter().map(|pieces| pieces.join(".")).collect();
    let mut faults = Vec::new();
    for path in tree::files().iter().filter(|path| *path != "Cargo.lock") {
        let Some(text) = tree::text(path) else { continue };
        for (i, line) in text.lines().enumerate() {
            if let Some(host) = hosts.iter().find(|host| names(line, host)) {
                faults.push(format!("{path}:{}: names `{host}`; addresses are data (use a `.example` name in tests)", i + 1));
            }
        }
    }
    must_be_empty("the host of a registry is written down:", &faults);
}

/// Whether `line` names `host` itself, not a longer name that contains it.
fn names(line: &str, host: &str) -> bool {
    line.match_indices(host).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + host.len()..].chars().next();
        (host.starts_with(':') || !before.is_some_and(|c| c.is_alphanumeric() || c == '-'))
            && !after.is_some_and(|c| c.is_alphanumeric() || c == '-')
    })
}

#[test]
fn a_host_is_found_only_as_a_whole_name() {
    let host = ["pypi", "org"].join(".");
    assert!(names(&format!("https://{host}/simple"), &host));
    assert!(names(&format!("files.{host}"), &host));
    assert!(!names(&format!("my{host}"), &host));
    assert!(!names("pypi.organisation", &host));
    let host = ["://crates", "io"].join(".");
    assert!(names(&format!("https{host}/api"), &host));
    assert!(!names("the ecosystem crates.io", &host));
}
