//! Readers against damaged documents: seeded mutations of what our writers write,
//! of small documents in the syntaxes that are only read, and of nothing. A reader
//! may refuse; it may not panic, and what it reads must hold together. A few hundred
//! of each are tried here; `make fuzz` tries millions, guided by what they reach.
//! A new reader is a line below.

use super::{FORMATS, read, sample};
use crate::document::Node;
use crate::reading::Limits;

/// Small documents in syntaxes that nobody writes.
const ONLY_READ: &[(&str, &str)] = &[
    (
        "spdx-yaml",
        "spdxVersion: SPDX-2.3\nname: &n doc\npackages:\n- SPDXID: a\n  name: \"a\"\n  checksums: [{algorithm: SHA1, checksumValue: ab}]\n- {SPDXID: b, name: *n}\nrelationships:\n- {spdxElementId: a, relationshipType: DEPENDS_ON, relatedSpdxElement: b}\n",
    ),
    (
        "spdx-xml",
        "<Document><spdxVersion>SPDX-2.3</spdxVersion><packages><SPDXID>a</SPDXID><name>a &amp; b</name></packages><packages><SPDXID>b</SPDXID></packages><relationships><spdxElementId>a</spdxElementId><relationshipType>CONTAINS</relationshipType><relatedSpdxElement>b</relatedSpdxElement></relationships></Document>",
    ),
    (
        "spdx3-json",
        "{\"@graph\":[{\"type\":\"CreationInfo\",\"@id\":\"c\",\"created\":\"2024-01-01T00:00:00Z\"},{\"type\":\"SpdxDocument\",\"spdxId\":\"d\",\"rootElement\":[\"a\"]},{\"type\":\"software_Package\",\"spdxId\":\"a\",\"name\":\"a\"},{\"type\":\"software_Package\",\"spdxId\":\"b\"},{\"type\":\"Relationship\",\"from\":\"a\",\"relationshipType\":\"dependsOn\",\"to\":[\"b\"]}]}",
    ),
];

/// Pieces that syntaxes give a meaning to.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ",",
    ":",
    "null",
    "1e999",
    "-",
    "\n",
    "\r",
    "\t",
    "<",
    "</",
    "/>",
    ">",
    "<![CDATA[",
    "]]>",
    "<!--",
    "&",
    "&#x0;",
    "&a;",
    "<!DOCTYPE a [",
    "<text>",
    "</text>",
    "- ",
    "&x ",
    "*x ",
    "|",
    "\u{feff}",
    "\u{fffd}",
    "\\ud800",
    "SPDXRef-DOCUMENT",
    "pkg:npm/a@1",
    "PackageName: ",
    "%",
];

/// A generator of numbers: the same for the same seed (xorshift).
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (bound.max(1) as u64)).expect("below the bound")
    }
}

pub(super) fn damaged(seed: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..1 + numbers.below(4) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(40)).min(bytes.len());
        match numbers.below(6) {
            0 => drop(bytes.drain(at..end)),
            1 => drop(bytes.splice(at..at, PIECES[numbers.below(PIECES.len())].bytes())),
            2 => drop(bytes.splice(at..end, PIECES[numbers.below(PIECES.len())].bytes())),
            3 => {
                let part = bytes[at..end].to_vec();
                let to = numbers.below(bytes.len() + 1);
                drop(bytes.splice(to..to, part.repeat(1 + numbers.below(8))));
            }
            4 => bytes.truncate(at),
            _ => bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << numbers.below(8)),
        }
    }
    bytes
}

fn check(bytes: &[u8]) {
    let limits = Limits { components: 1000, edges: 1000, text: 1 << 12, depth: 64, bytes: 1 << 20, ..Limits::DEFAULT };
    let Ok(reading) = read(bytes, &limits) else { return };
    let document = reading.value;
    let within = |node: Node| match node {
        Node::Subject => document.subject.is_some(),
        Node::Component(at) => (at as usize) < document.components.len(),
    };
    let shown = String::from_utf8_lossy(bytes);
    assert!(document.edges.iter().all(|edge| within(edge.from) && within(edge.to)), "{shown}");
    assert!(document.components.len() <= 1000 && document.edges.len() <= 1000, "{shown}");
    for warning in &reading.warnings {
        assert!(!warning.path.is_empty() && warning.line.is_some_and(|line| line > 0), "{warning:?} in {shown}");
    }
    for format in FORMATS {
        if let Some(version) = format.writes().first() {
            let written = format.write(&document, version);
            assert!(
                written.is_ok_and(|written| read(&written.bytes, &Limits::default()).is_ok()),
                "{} of {shown}",
                format.name()
            );
        }
    }
}

#[test]
fn fuzz_no_reader_panics_on_damaged_documents() {
    let written = FORMATS.iter().filter_map(|format| {
        let written = format.write(&sample::document(), format.writes().first()?).ok()?;
        Some((format.name(), written.bytes))
    });
    let others = ONLY_READ.iter().map(|(name, text)| (*name, text.as_bytes().to_vec()));
    for (name, seed) in written.chain(others) {
        let mut numbers = Numbers::new();
        (0..200).for_each(|_| check(&damaged(&seed, &mut numbers)));
        println!("fuzz: {name:16} 200 damaged documents, no panic");
    }
}
