//! A package's block: its name, and for each record that names it what is needed
//! to judge a version, to show the finding, and to build the next database.

use super::bytes::{Bytes, hash, put_number, put_text, put_texts};
use crate::advisory::Severity;

const MALICIOUS: u8 = 1;
const WITHDRAWN: u8 = 2;
const INCIDENT: u8 = 4;

/// What one record says of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The record's id.
    pub id: &'a str,
    /// The number of its problem, the same for records that are about one thing.
    pub problem: u64,
    /// Its aliases as the record gives them.
    pub aliases: Vec<&'a str>,
    /// Further names of its problem, known from other records.
    pub names: Vec<&'a str>,
    /// When the record was changed, in seconds since 1970.
    pub modified: i64,
    /// How bad it is for this package.
    pub severity: Severity,
    /// It reports a malicious package.
    pub malicious: bool,
    /// It was taken back and says nothing any more.
    pub withdrawn: bool,
    /// It also said "every version" of a package of which it lists versions.
    pub incident: bool,
    /// The word for what is no vulnerability (`unmaintained`), or empty.
    pub informational: &'a str,
    /// The release it is about (`12` of `Debian:12`), or empty.
    pub release: &'a str,
    /// One line.
    pub summary: &'a str,
    /// The affected versions in their short spelling.
    pub versions: &'a str,
}

/// A block: the package and the entries about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// The ecosystem's code; 0 for records that name no package of a known one, where
    /// `name` is the record's id.
    pub ecosystem: i16,
    /// The package's canonical name.
    pub name: &'a str,
    /// What the records say.
    pub entries: Vec<Entry<'a>>,
}

impl<'a> Block<'a> {
    /// Appends the block with its checksum.
    pub fn put(&self, out: &mut Vec<u8>) {
        let mut body = Vec::new();
        body.extend(self.ecosystem.to_le_bytes());
        put_text(self.name, &mut body);
        put_number(self.entries.len() as u64, &mut body);
        self.entries.iter().for_each(|entry| entry.put(&mut body));
        out.extend(hash(&[&body]).to_le_bytes());
        out.extend(body);
    }

    /// Reads a block; `None` when it is damaged.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        if is_sound(bytes) { Self::read_sound(bytes) } else { None }
    }

    /// Reads a block that is known to fit its checksum.
    pub fn read_sound(bytes: &'a [u8]) -> Option<Self> {
        let (ecosystem, name, mut rest) = head(bytes)?;
        let count = rest.number()?;
        let entries: Option<Vec<_>> = (0..count).map(|_| Entry::read(&mut rest)).collect();
        Some(Self { ecosystem, name, entries: entries? })
    }
}

/// Whether a block fits its checksum.
pub fn is_sound(bytes: &[u8]) -> bool {
    bytes.split_first_chunk::<8>().is_some_and(|(sum, body)| u64::from_le_bytes(*sum) == hash(&[body]))
}

/// The package that a block is about, its ecosystem's code and its name, and what follows.
pub fn head(bytes: &[u8]) -> Option<(i16, &str, Bytes<'_>)> {
    let mut rest = Bytes(bytes.get(8..)?);
    let ecosystem = i16::from_le_bytes(rest.array()?);
    Some((ecosystem, rest.text()?, rest))
}

impl<'a> Entry<'a> {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self.id, out);
        put_number(self.problem, out);
        put_texts(self.aliases.iter().copied(), out);
        put_texts(self.names.iter().copied(), out);
        out.extend(self.modified.to_le_bytes());
        out.push(self.severity.code());
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        out.push(flag(self.malicious, MALICIOUS) | flag(self.withdrawn, WITHDRAWN) | flag(self.incident, INCIDENT));
        for text in [self.informational, self.release, self.summary, self.versions] {
            put_text(text, out);
        }
    }

    fn read(bytes: &mut Bytes<'a>) -> Option<Self> {
        let (id, problem) = (bytes.text()?, bytes.number()?);
        let (aliases, names) = (bytes.texts()?, bytes.texts()?);
        let modified = i64::from_le_bytes(bytes.array()?);
        let severity = Severity::of_code(bytes.byte()?)?;
        let flags = bytes.byte()?;
        Some(Self {
            id,
            problem,
            aliases,
            names,
            modified,
            severity,
            malicious: flags & MALICIOUS != 0,
            withdrawn: flags & WITHDRAWN != 0,
            incident: flags & INCIDENT != 0,
            informational: bytes.text()?,
            release: bytes.text()?,
            summary: bytes.text()?,
            versions: bytes.text()?,
        })
    }
}
