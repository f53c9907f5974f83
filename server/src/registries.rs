//! Registries: plug-ins that say what to ask about a package and turn replies into a
//! snapshot. They are pure: the driver fetches, keeps to limits and stores. They know
//! protocols; addresses are data that an administrator approves.
//!
//! A new protocol is a file here and a line in [`REGISTRIES`].

mod crates;
#[cfg(test)]
#[path = "../../docs/examples/registry.rs"]
mod example;
mod npm;

use bom::ask::{LookError, Registry};
use bom::plain::{is_plain, plain};

/// Every registry protocol.
pub const REGISTRIES: &[&dyn Registry] = &[&crates::Crates, &npm::Npm];

/// The protocol with this name.
pub fn of_name(name: &str) -> Option<&'static dyn Registry> {
    REGISTRIES.iter().copied().find(|registry| registry.name() == name)
}

/// The most versions of one package that are read.
const MOST_VERSIONS: usize = 50_000;

/// A reply in JSON.
fn json<'a, T: serde::Deserialize<'a>>(what: &str, body: &'a [u8]) -> Result<T, LookError> {
    serde_json::from_slice(body).map_err(|error| LookError(format!("the {what} cannot be read: {error}")))
}

/// A version as it may be kept; one that hides something is no version of anybody's.
fn version(text: &str) -> Result<String, LookError> {
    match is_plain(text) {
        true => Ok(text.to_owned()),
        false => Err(LookError(format!("`{}` is no version", plain(text)))),
    }
}

/// A text as one segment of a path (RFC 3986): unreserved characters stay.
fn segment(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bom::ask::{Fact, Reply, Step, Wanted};
    use bom::ecosystem::Ecosystem;
    use bom::snapshot::Snapshot;

    /// The registries, and the one that the docs show.
    fn walked() -> impl Iterator<Item = &'static dyn Registry> {
        REGISTRIES.iter().copied().chain([&example::Plain as &dyn Registry])
    }

    /// Answers every request with the same reply, as often as the look asks.
    fn all(registry: &dyn Registry, package: &str, reply: &Reply) -> Result<Snapshot, LookError> {
        let mut look = registry.look(package, Wanted { owners: true, whole: true });
        let mut replies = Vec::new();
        for _ in 0..1000 {
            match look.next(replies)? {
                Step::Done(snapshot) => return Ok(*snapshot),
                Step::Ask(requests) => {
                    let known = |endpoint| registry.endpoints().iter().any(|(name, _)| *name == endpoint);
                    assert!(requests.iter().all(|request| known(request.endpoint) && !request.path.starts_with('/')));
                    replies = requests.iter().map(|_| reply.clone()).collect();
                }
            }
        }
        panic!("{} asks without end", registry.name());
    }

    #[test]
    fn every_registry_has_a_name_an_ecosystem_and_a_place_in_the_docs() {
        let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/registries.md")).expect("docs");
        for registry in REGISTRIES {
            let name = registry.name();
            assert_eq!(REGISTRIES.iter().filter(|other| other.name() == name).count(), 1, "{name}");
            assert!(Ecosystem::of_osv(registry.ecosystem()).is_some(), "{name}");
            assert!(docs.contains(&format!("| `{name}` |")), "docs/registries.md has no line for `{name}`");
        }
    }

    #[test]
    fn every_registry_refuses_what_it_was_not_promised() {
        for registry in walked() {
            for garbage in
                ["", "<!doctype html>", "null", "[]", "{}", "{\"users\": 7}", "{\"versions\": {", "\u{0}\u{1}", "\"a\""]
            {
                let read = all(registry, "a", &Reply::Body(garbage.into()));
                assert!(read.is_err(), "{} takes {garbage:?} for {read:?}", registry.name());
            }
        }
    }

    #[test]
    fn nothing_there_and_nothing_new_are_told_apart_from_none() {
        for registry in walked() {
            let absent = all(registry, "a", &Reply::Absent(404)).expect("an answer");
            assert!(!absent.owners.is_answered() && absent.versions == Fact::Absent, "{absent:?}");
            let same = all(registry, "a", &Reply::Unchanged).expect("an answer");
            assert_eq!((same.owners, same.versions), (Fact::Unchanged, Fact::Unchanged));
        }
    }

    #[test]
    fn a_name_that_is_none_asks_nothing() {
        for registry in walked() {
            for name in ["", "..", "a/../b", "a b", "gnp\u{202e}exe", &"x".repeat(10_000), "@a", "%2e%2e", "a?b"] {
                let mut look = registry.look(name, Wanted { owners: true, whole: false });
                match look.next(Vec::new()).expect("an answer") {
                    Step::Done(snapshot) => assert!(matches!(snapshot.versions, Fact::Unknown(_))),
                    Step::Ask(requests) => panic!("{} asks {requests:?}", registry.name()),
                }
            }
        }
    }

    #[test]
    fn the_docs_show_the_example_as_it_is() {
        let docs = include_str!("../../docs/EXTENDING.md");
        assert!(docs.contains(include_str!("../../docs/examples/registry.rs")), "docs/EXTENDING.md shows another registry");
    }
}
