//! Secrets in addresses never reach a document: the fixtures of every kind, with user
//! names, passwords, queries and fragments planted into each of their addresses, and
//! with such an address in the place of any quoted text.

use crate::format::FORMATS;
use crate::lockfile::fixtures::{Folder, files_of};
use crate::lockfile::{Files, LOCKFILES};
use crate::reading::ReadError;
use proptest::prelude::*;
use std::path::Path;

/// The word that is planted; compared in lower case, because names are canonicalised.
const SECRET: &str = "zq7hunter2";

/// What stands before the host. `S` is the secret.
const USERS: &[&str] = &["", "S@", "S:S@", ":S@", "a%40S:%2FS@", "S@a:S@", "oauth2:S@"];
/// What stands behind the host: a port, a wrong one, a character that no host has.
const PORTS: &[&str] = &["", "", ":8443", ":99999", "^"];
/// What stands behind the path.
const QUERIES: &[&str] = &["", "?S", "?token=S", "?a=1&b=S", "?S=/x"];
/// What stands behind that; a git address may keep a revision there, which is no secret.
const FRAGMENTS: &[&str] = &["", "#S=1", "#egg=x&S=1", "#!S"];
const SCHEMES: &[&str] = &["https", "https", "http", "Http", "ftp", "git+https", "svn+https", "git+ssh", "ssh"];

/// How addresses are spelled in one try.
#[derive(Clone, Debug)]
struct Plant {
    scheme: &'static str,
    user: &'static str,
    port: &'static str,
    query: &'static str,
    fragment: &'static str,
    /// The quoted value that an address replaces, counted over the file's.
    instead_of: Option<usize>,
}

impl Plant {
    fn address(&self, scheme: &str, host: &str, path: &str, fragment: &str) -> String {
        let Self { user, port, query, .. } = self;
        format!("{scheme}://{user}{host}{port}{path}{query}{fragment}").replace('S', SECRET)
    }

    /// The text with each of its addresses respelled.
    fn into(&self, text: &str) -> String {
        let text = text.replace("secret", SECRET);
        let mut planted = String::new();
        let mut rest = text.as_str();
        while let Some((before, behind)) = rest.split_once("://") {
            let end = behind.find(|c: char| c.is_whitespace() || "\"'`,)}<>;]".contains(c)).unwrap_or(behind.len());
            let (address, after) = behind.split_at(end);
            let (address, fragment) = address.split_at(address.find('#').unwrap_or(address.len()));
            let address = address.split('?').next().unwrap();
            let (host, path) = address.split_at(address.find('/').unwrap_or(address.len()));
            let host = host.rsplit('@').next().unwrap();
            let (start, scheme) =
                before.split_at(before.rfind(|c: char| !"+-.".contains(c) && !c.is_alphanumeric()).map_or(0, |at| at + 1));
            let scheme = if scheme == "https" { self.scheme } else { scheme };
            planted += start;
            planted += &self.address(scheme, host, path, if fragment.is_empty() { self.fragment } else { fragment });
            rest = after;
        }
        planted += rest;
        match self.instead_of {
            Some(at) => self.in_place_of(at, &planted),
            None => planted,
        }
    }

    /// An address in the place of the `at`-th value between double or single quotes.
    fn in_place_of(&self, at: usize, text: &str) -> String {
        let mark = if text.matches('"').count() >= text.matches('\'').count() { '"' } else { '\'' };
        let mut parts: Vec<&str> = text.split(mark).collect();
        // The keys of JSON are names of packages and folders.
        let values: Vec<usize> =
            (1..parts.len()).step_by(2).filter(|at| !parts.get(at + 1).is_some_and(|behind| behind.starts_with(':'))).collect();
        let address = self.address(self.scheme, "host.example", "/a/b.git", self.fragment);
        if !values.is_empty() {
            parts[values[at % values.len()]] = &address;
        }
        parts.join(&mark.to_string())
    }
}

/// The files below a folder, with secrets in them.
struct Planted<'a>(Folder, &'a Plant);

impl Files for Planted<'_> {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ReadError> {
        Ok(self.0.read(path)?.map(|bytes| self.1.into(&String::from_utf8(bytes).unwrap()).into_bytes()))
    }
}

fn plant() -> impl Strategy<Value = Plant> {
    let pick = proptest::sample::select::<&'static str>;
    let at = proptest::option::of(0..10_000usize);
    (pick(SCHEMES), pick(USERS), pick(PORTS), pick(QUERIES), pick(FRAGMENTS), at)
        .prop_map(|(scheme, user, port, query, fragment, instead_of)| Plant { scheme, user, port, query, fragment, instead_of })
}

/// Reads every fixture with `plant` in it, and says how many could be.
fn read_all(plant: &Plant) -> usize {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lockfile/fixtures");
    let mut read = 0;
    for kind in LOCKFILES {
        let folder = fixtures.join(kind.kind());
        for path in files_of(*kind, &folder) {
            let path = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
            // `name@reference` is one text here: it would be cut behind the user.
            let at_cuts = plant.instead_of.is_some() && ["bun-lock", "pnpm-lock", "yarn-lock"].contains(&kind.kind());
            let plant = &Plant { user: if at_cuts { "" } else { plant.user }, ..plant.clone() };
            let Ok(reading) = kind.read(&path, &Planted(Folder(folder.clone()), plant)) else { continue };
            read += 1;
            let document = reading.value;
            clean(&format!("{document:#?}"), &path, plant);
            clean(&format!("{:?}", reading.warnings), &path, plant);
            let writers: Vec<_> = FORMATS.iter().flat_map(|f| f.writes().iter().map(move |version| (f, version))).collect();
            let (writer, version) = writers[plant.instead_of.unwrap_or(plant.port.len()) % writers.len()];
            let written = writer.write(&document, version).unwrap();
            clean(&String::from_utf8(written.bytes).unwrap(), &path, plant);
        }
    }
    read
}

fn clean(text: &str, path: &str, plant: &Plant) {
    let found = text.to_lowercase().find(SECRET).map(|at| text.get(at.saturating_sub(200)..).unwrap_or(text));
    assert!(found.is_none(), "{path} with {plant:?}: {:.400}", found.unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_secret_of_an_address_reaches_a_document(plant in plant()) {
        read_all(&plant);
    }
}

/// The property is about something: with plain addresses every fixture is read, and each writer is asked.
#[test]
fn planted_fixtures_are_read() {
    for at in 0..FORMATS.iter().map(|f| f.writes().len()).sum() {
        let plant = Plant { scheme: "https", user: "S:S@", port: "", query: "?t=S", fragment: "", instead_of: None };
        assert!(read_all(&plant) > 25);
        read_all(&Plant { instead_of: Some(at), ..plant });
    }
}
