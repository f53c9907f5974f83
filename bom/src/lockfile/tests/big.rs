//! Big lockfiles, made up: what a reader looks up for each package it must not
//! look for in all the others. With that these tests would take minutes.

use crate::document::Document;
use crate::lockfile::fixtures::Alone;
use crate::lockfile::of_kind;
use std::fmt::Write as _;

/// Packages of each.
const MANY: usize = 40_000;

fn read(kind: &str, text: String) -> Document {
    let kind = of_kind(kind).unwrap();
    kind.read("a/b", &Alone(text.into_bytes())).unwrap().value
}

/// `write` for each number, after `start`.
fn many(start: &str, mut write: impl FnMut(&mut String, usize)) -> String {
    let mut text = start.to_owned();
    (0..MANY).for_each(|number| write(&mut text, number));
    text
}

fn check(document: &Document, edges: usize, hashes: usize) {
    assert_eq!((document.components.len(), document.edges.len()), (MANY, edges));
    assert!(document.components.iter().all(|component| component.hashes.len() == hashes));
}

#[test]
fn cargo_with_one_package_in_many_versions() {
    let text = many("version = 3\n", |text, n| {
        let need = if n > 0 { format!("dependencies = [\n \"a {}.0.0\",\n]\n", n - 1) } else { String::new() };
        let source = "registry+https://crates.example/index";
        write!(text, "\n[[package]]\nname = \"a\"\nversion = \"{n}.0.0\"\nsource = \"{source}\"\n{need}").unwrap();
    });
    check(&read("cargo-lock", text), MANY - 1, 0);
}

#[test]
fn poetry_with_the_files_of_all_packages_together() {
    let mut text = many("", |text, n| {
        write!(text, "[[package]]\nname = \"p{n}\"\nversion = \"1.0\"\ncategory = \"main\"\n\n").unwrap();
    });
    text.push_str("[metadata]\nlock-version = \"1.1\"\n\n");
    let files = many("[metadata.files]\n", |text, n| {
        writeln!(text, "p{n} = [{{file = \"p{n}-1.0.tar.gz\", hash = \"md5:{n:032x}\"}}]").unwrap();
    });
    check(&read("poetry-lock", text + &files), 0, 1);
}

#[test]
fn pdm_with_the_files_of_all_packages_together() {
    let text = many("[metadata]\nlock_version = \"3.1\"\n", |text, n| {
        write!(text, "\n[[package]]\nname = \"p{n}\"\nversion = \"1.0\"\n").unwrap();
    });
    let files = many("\n[metadata.files]\n", |text, n| {
        writeln!(text, "\"p{n} 1.0\" = [{{file = \"p{n}-1.0.tar.gz\", hash = \"md5:{n:032x}\"}}]").unwrap();
    });
    check(&read("pdm-lock", text + &files), 0, 1);
}

#[test]
fn composer_with_a_replacement_in_every_package() {
    let text = many("{\"packages\": [", |text, n| {
        let comma = if n > 0 { "," } else { "" };
        let parts = format!("\"replace\": {{\"old/p{n}\": \"*\"}}, \"require\": {{\"old/p{}\": \"*\"}}", (n + 1) % MANY);
        write!(text, "{comma}\n{{\"name\": \"new/p{n}\", \"version\": \"1.0\", {parts}}}").unwrap();
    });
    check(&read("composer-lock", text + "]}"), MANY, 0);
}

#[test]
fn uv_with_many_dependencies_that_are_not_there() {
    let text = many("version = 1\n", |text, n| {
        write!(text, "\n[[package]]\nname = \"p{n}\"\nversion = \"1.0\"\ndependencies = [{{name = \"q{n}\"}}]\n").unwrap();
    });
    check(&read("uv-lock", text), 0, 0);
}
