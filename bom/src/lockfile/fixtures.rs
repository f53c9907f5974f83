//! Every kind against small files of its own: what is read from
//! `fixtures/FOLDER/FILE` stands in `fixtures/FOLDER/FILE.read`, one line for
//! each component. `UPDATE_FIXTURES=1` writes what is read now.

use super::{Files, Lockfile};
use crate::document::{Component, Document, Licence, Node};
use crate::reading::{ReadError, Reading};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Files below a folder of this machine.
pub(super) struct Folder(pub(super) PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ReadError> {
        if path.split('/').any(|part| part == "..") {
            return Err(ReadError::at(path, None, "outside the root"));
        }
        match std::fs::read(self.0.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ReadError::at(path, None, error.to_string())),
        }
    }
}

/// A document as lines: subject, components with their needs, warnings.
fn render(reading: &Result<Reading<Document>, ReadError>) -> String {
    let reading = match reading {
        Ok(reading) => reading,
        Err(error) => return format!("error {error}\n"),
    };
    let document = &reading.value;
    let mut out = format!("{}\n", document.format);
    let name = |node: Node| match node {
        Node::Subject => "subject".to_owned(),
        Node::Component(at) => document.components[at as usize].reference.trim_start_matches("pkg:").to_owned(),
    };
    let mut line = |mark: &str, node: Node, component: &Component| {
        let purl = component.purl.as_ref().map_or_else(|| format!("({})", component.name), ToString::to_string);
        write!(out, "{mark} {purl} {:?} {}", component.scope, component.origin.to_text()).unwrap();
        for hash in &component.hashes {
            write!(out, " {:?}:{:.8}", hash.algorithm, hash.value).unwrap();
        }
        for licence in &component.licences {
            let (Licence::Id(text) | Licence::Expression(text) | Licence::Name(text)) = licence;
            write!(out, " licence:{text}").unwrap();
        }
        for (key, value) in &component.properties {
            write!(out, " {key}={value}").unwrap();
        }
        let needs = document.edges.iter().filter(|edge| edge.from == node);
        let needs: Vec<String> = needs.map(|edge| name(edge.to)).collect();
        writeln!(out, "{}{}", if needs.is_empty() { "" } else { "\n    needs " }, needs.join(" ")).unwrap();
    };
    line("=", Node::Subject, document.subject.as_ref().unwrap());
    for (at, component) in document.components.iter().enumerate() {
        line("-", Node::Component(at as u32), component);
    }
    for warning in &reading.warnings {
        writeln!(out, "! {} {:?} {}", warning.path, warning.line, warning.text).unwrap();
    }
    out
}

fn check(kind: &dyn Lockfile, root: &Path, path: &str) {
    let read = render(&kind.read(path, &Folder(root.to_owned())));
    let expected = root.join(format!("{path}.read"));
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(&expected, &read).unwrap();
    }
    let known = std::fs::read_to_string(&expected).unwrap_or_default();
    assert!(known == read, "{path} reads as\n{read}\nbut {} says\n{known}", expected.display());
}

#[test]
fn every_kind_reads_its_fixtures() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lockfile/fixtures");
    for kind in super::LOCKFILES {
        let folder = fixtures.join(kind.kind());
        let files = files_of(*kind, &folder);
        assert!(!files.is_empty(), "{} has no fixture", kind.kind());
        for path in files {
            check(*kind, &folder, path.strip_prefix(&folder).unwrap().to_str().unwrap());
        }
    }
}

/// The files of a kind below a folder.
pub(super) fn files_of(kind: &dyn Lockfile, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_of(kind, &path));
        } else if kind.claims(path.file_name().unwrap().to_str().unwrap()) {
            found.push(path);
        }
    }
    found
}

#[test]
fn kinds_have_names_of_their_own() {
    for (at, kind) in super::LOCKFILES.iter().enumerate() {
        assert_eq!(super::LOCKFILES.iter().filter(|other| other.kind() == kind.kind()).count(), 1, "{}", kind.kind());
        assert!(crate::ecosystem::Ecosystem::of_osv(kind.ecosystem()).is_some(), "{} is no ecosystem", kind.ecosystem());
        for name in kind.names() {
            let name = name.replace('*', "");
            let claimed = super::LOCKFILES.iter().position(|other| other.claims(&name));
            assert_eq!(claimed, Some(at), "{name}");
        }
        assert!(!kind.claims("README.md"));
    }
}

/// A file alone at `a/b`.
pub(super) struct Alone(pub(super) Vec<u8>);

impl Files for Alone {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ReadError> {
        Ok((path == "a/b").then(|| self.0.clone()))
    }
}

/// Each is read or refused, soon and without a panic or an overflow of the stack.
#[test]
fn hostile_files_are_read_or_refused() {
    let deep = 20_000;
    let bomb: String = (1..30).map(|i| format!("a{i}: &a{i} [*a{0}, *a{0}, *a{0}, *a{0}, *a{0}]\n", i - 1)).collect();
    let texts = [
        String::new(),
        "\0".repeat(1_000),
        "[".repeat(deep),
        "{\"packages\":".repeat(deep),
        "packages: ".to_owned() + &"{a: ".repeat(deep),
        "- ".repeat(deep),
        "package = ".to_owned() + &"[".repeat(deep),
        "[".to_owned() + &"a.".repeat(deep) + "a]\nx = 1",
        "a.".repeat(deep) + "a = 1",
        "package = ".to_owned() + &"{a = ".repeat(deep),
        "<project>".repeat(deep),
        format!("<!DOCTYPE p [<!ENTITY a \"{}\">]><project>&a;</project>", "b".repeat(deep)),
        format!("a0: &a0 [x]\n{bomb}packages: *a29\n"),
        "a==1 \\\n".repeat(deep),
        "-r b\n-c b\n".repeat(deep),
        "require a v1\n".repeat(deep),
        format!("\"{}@1\":\n  version \"1\"\n", "a".repeat(deep)),
        "  ".repeat(deep) + "x",
    ];
    for kind in super::LOCKFILES {
        for text in &texts {
            let started = std::time::Instant::now();
            let _ = kind.read("a/b", &Alone(text.clone().into_bytes()));
            let start: String = text.chars().take(30).collect();
            assert!(started.elapsed().as_secs() < 10, "{} took long for {start}", kind.kind());
        }
        assert!(kind.read("a/b", &Alone(vec![b'x', b'\n', 0xff, 0xfe])).is_err() || kind.kind() == "gradle-lockfile");
        assert!(kind.read("missing", &Alone(Vec::new())).is_err_and(|error| error.path == "missing"));
    }
}

/// Every prefix of every fixture, and every fixture with a line taken out, is read without a panic.
#[test]
fn cut_files_never_panic() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lockfile/fixtures");
    for kind in super::LOCKFILES {
        for path in files_of(*kind, &fixtures.join(kind.kind())) {
            let text = std::fs::read(&path).unwrap();
            let step = (text.len() / 200).max(1);
            for end in (0..text.len()).step_by(step) {
                let mut cut = text[..end].to_vec();
                let _ = kind.read("a/b", &Alone(cut.clone()));
                let rest = text[end..].iter().position(|b| *b == b'\n').map_or(text.len(), |at| end + at);
                cut.extend_from_slice(&text[rest..]);
                let _ = kind.read("a/b", &Alone(cut));
            }
        }
    }
}
