//! The header of a database file and the arithmetic of its parts.

use super::bytes::{Bytes, hash};

/// The first bytes of every database file.
pub const MAGIC: [u8; 8] = *b"BOMWADV\n";
/// The version of the format. Another one is refused, and the file built again.
pub const VERSION: u32 = 3;
/// Bytes of the header.
pub const HEADER: usize = 104;
/// Bytes of one slot: hash, ceiling, offset, length.
pub const SLOT: u64 = 28;
/// Bytes of one count in a radix table.
pub const COUNT: u64 = 4;
/// Bytes of one section's entry: ecosystem, bits, slots.
pub const SECTION: u64 = 8;
/// Sections at most; ecosystems are some dozens.
const SECTIONS: u32 = 1 << 12;

/// The sizes of a file's parts, all that is needed to answer from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Ecosystems that packages are of.
    pub sections: u32,
    /// Counts in all radix tables.
    pub counts: u64,
    /// Packages.
    pub slots: u64,
    /// Bytes of all blocks.
    pub blocks: u64,
    /// Bytes of the JSON at the end.
    pub about: u64,
    /// SHA-256 of everything behind the header.
    pub digest: [u8; 32],
}

/// One package's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    pub hash: u64,
    /// The rank above which its records say nothing.
    pub ceiling: u64,
    /// From the start of the blocks.
    pub offset: u64,
    pub length: u32,
}

/// What is wrong with a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It is no database.
    Foreign,
    /// It is one of another version.
    Version(u32),
    /// It is one, and damaged.
    Damaged,
}

impl Header {
    /// The header as bytes.
    pub fn to_bytes(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER);
        out.extend(MAGIC);
        out.extend(VERSION.to_le_bytes());
        out.extend(self.sections.to_le_bytes());
        for number in [self.counts, self.slots, self.blocks, self.about] {
            out.extend(number.to_le_bytes());
        }
        out.extend(self.digest);
        out.resize(HEADER - 8, 0);
        let sum = hash(&[&out]);
        out.extend(sum.to_le_bytes());
        out
    }

    /// Reads a header.
    pub fn of_bytes(header: &[u8; HEADER]) -> Result<Self, Flaw> {
        let mut bytes = Bytes(header);
        if bytes.array() != Some(MAGIC) {
            return Err(Flaw::Foreign);
        }
        let mut rest = || {
            let version = u32::from_le_bytes(bytes.array()?);
            let sections = u32::from_le_bytes(bytes.array()?);
            let mut number = || bytes.array().map(u64::from_le_bytes);
            let (counts, slots, blocks, about) = (number()?, number()?, number()?, number()?);
            Some((version, Self { sections, counts, slots, blocks, about, digest: bytes.array()? }))
        };
        let (version, read) = rest().ok_or(Flaw::Damaged)?;
        if version != VERSION {
            return Err(Flaw::Version(version));
        }
        let whole = header.split_last_chunk::<8>().is_some_and(|(body, sum)| hash(&[body]) == u64::from_le_bytes(*sum));
        if !whole || read.sections > SECTIONS || read.file().is_none() {
            return Err(Flaw::Damaged);
        }
        Ok(read)
    }

    /// Where the radix tables begin.
    pub fn counts_at(&self) -> u64 {
        HEADER as u64 + u64::from(self.sections) * SECTION
    }

    /// Where the slots begin.
    pub fn slots_at(&self) -> u64 {
        self.counts_at() + self.counts * COUNT
    }

    /// Where the blocks begin.
    pub fn blocks_at(&self) -> u64 {
        self.slots_at() + self.slots * SLOT
    }

    /// Bytes of the whole file; `None` for sizes that no file can have.
    pub fn file(&self) -> Option<u64> {
        let tables = self.counts.checked_mul(COUNT)?.checked_add(self.slots.checked_mul(SLOT)?)?;
        let fixed = HEADER as u64 + u64::from(self.sections) * SECTION;
        tables.checked_add(fixed)?.checked_add(self.blocks)?.checked_add(self.about)
    }
}

/// The packages of one ecosystem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The ecosystem's code; 0 for records that name no package of a known one.
    pub ecosystem: i16,
    /// Leading bits of a hash that its radix table resolves.
    pub bits: u16,
    /// Its slots.
    pub slots: u32,
}

impl Section {
    /// The section as bytes.
    pub fn put(self, out: &mut Vec<u8>) {
        out.extend(self.ecosystem.to_le_bytes());
        out.extend(self.bits.to_le_bytes());
        out.extend(self.slots.to_le_bytes());
    }

    /// Reads the next section.
    pub fn read(bytes: &mut Bytes<'_>) -> Option<Self> {
        let (ecosystem, bits) = (i16::from_le_bytes(bytes.array()?), u16::from_le_bytes(bytes.array()?));
        let slots = u32::from_le_bytes(bytes.array()?);
        (bits <= 32).then_some(Self { ecosystem, bits, slots })
    }

    /// Counts in its radix table.
    pub fn counts(self) -> u64 {
        (1 << self.bits) + 1
    }

    /// The place of a hash in its radix table.
    pub fn prefix(self, hash: u64) -> u64 {
        hash.checked_shr(64 - u32::from(self.bits)).unwrap_or(0)
    }
}

impl Slot {
    /// Appends the slot.
    pub fn put(self, out: &mut Vec<u8>) {
        out.extend(self.hash.to_le_bytes());
        out.extend(self.ceiling.to_le_bytes());
        out.extend(self.offset.to_le_bytes());
        out.extend(self.length.to_le_bytes());
    }

    /// Reads the next slot.
    pub fn read(bytes: &mut Bytes<'_>) -> Option<Self> {
        Some(Self {
            hash: u64::from_le_bytes(bytes.array()?),
            ceiling: u64::from_le_bytes(bytes.array()?),
            offset: u64::from_le_bytes(bytes.array()?),
            length: u32::from_le_bytes(bytes.array()?),
        })
    }
}

/// The hash of a package.
pub fn package_hash(ecosystem: i16, name: &str) -> u64 {
    hash(&[&ecosystem.to_le_bytes(), name.as_bytes()])
}
