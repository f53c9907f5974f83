//! Answers from a database file. Nothing but the header and the list of ecosystems is
//! read to open it.

use super::About;
use super::block::{Block, Entry, head, is_sound};
use super::bytes::Bytes;
use super::layout::{COUNT, Flaw, HEADER, Header, SECTION, SLOT, Section, Slot, package_hash};
use super::rank::rank;
use crate::matcher::Subject;
use sha2::{Digest as _, Sha256};
use std::io;

/// Bytes that can be read at any place: a file, or a slice in tests.
pub trait ReadAt {
    /// Fills `buffer` from `offset`.
    ///
    /// # Errors
    /// [`io::Error`] when the bytes are not there or cannot be read.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;

    /// The same for bytes beside which others will be asked for soon.
    ///
    /// # Errors
    /// [`io::Error`] as for `read_at`.
    fn read_table_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.read_at(offset, buffer)
    }

    /// Bytes in all.
    ///
    /// # Errors
    /// [`io::Error`] when that cannot be told.
    fn size(&self) -> io::Result<u64>;
}

impl ReadAt for [u8] {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)?.get(..buffer.len()));
        buffer.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_at(offset, buffer)
    }

    fn size(&self) -> io::Result<u64> {
        self.as_slice().size()
    }
}

/// Why a database cannot answer.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file is something else.
    #[error("it is no advisory database")]
    Foreign,
    /// The file is of another version of the format.
    #[error("it is an advisory database of version {0}, which this program does not read")]
    Version(u32),
    /// The file is not as it was written.
    #[error("the advisory database is damaged: {0}")]
    Damaged(String),
    /// The file cannot be read.
    #[error("the advisory database cannot be read: {0}")]
    Read(#[from] io::Error),
}

/// Slots that are read without asking for memory; the table aims at half as many to a prefix.
const FEW: u64 = 16;

/// An open database.
pub struct Database<R> {
    source: R,
    header: Header,
    sections: Vec<Placed>,
}

/// A section, where its radix table begins, and how many slots lie before its own.
struct Placed {
    section: Section,
    counts_at: u64,
    first: u64,
}

impl<R: ReadAt> Database<R> {
    /// Opens a database: reads and checks its header.
    ///
    /// # Errors
    /// [`DatabaseError`] when it is none, of another version, cut short or unreadable.
    pub fn open(source: R) -> Result<Self, DatabaseError> {
        let size = source.size()?;
        let mut bytes = [0; HEADER];
        if size < HEADER as u64 {
            return Err(DatabaseError::Foreign);
        }
        source.read_at(0, &mut bytes)?;
        let header = Header::of_bytes(&bytes).map_err(|flaw| match flaw {
            Flaw::Foreign => DatabaseError::Foreign,
            Flaw::Version(version) => DatabaseError::Version(version),
            Flaw::Damaged => DatabaseError::Damaged("its header does not fit its checksum".to_owned()),
        })?;
        match header.file() {
            Some(expected) if expected == size => {}
            expected => {
                let expected = expected.unwrap_or_default();
                return Err(DatabaseError::Damaged(format!("it has {size} bytes where its header says {expected}")));
            }
        }
        let mut database = Self { source, header, sections: Vec::new() };
        database.sections = database.place()?;
        Ok(database)
    }

    /// The sections, each with its place.
    fn place(&self) -> Result<Vec<Placed>, DatabaseError> {
        let bytes = self.bytes(HEADER as u64, u64::from(self.header.sections) * SECTION)?;
        let mut bytes = Bytes(&bytes);
        let (mut counts, mut first) = (0_u64, 0_u64);
        let mut sections = Vec::new();
        for _ in 0..self.header.sections {
            let section = Section::read(&mut bytes).ok_or_else(outside)?;
            sections.push(Placed { section, counts_at: self.header.counts_at() + counts * COUNT, first });
            counts += section.counts();
            first += u64::from(section.slots);
        }
        match (counts, first) == (self.header.counts, self.header.slots) {
            true => Ok(sections),
            false => Err(outside()),
        }
    }

    /// What the database holds.
    ///
    /// # Errors
    /// [`DatabaseError`] when it cannot be read.
    pub fn about(&self) -> Result<About, DatabaseError> {
        let bytes = self.bytes(self.header.blocks_at() + self.header.blocks, self.header.about)?;
        serde_json::from_slice(&bytes).map_err(|error| DatabaseError::Damaged(format!("its description: {error}")))
    }

    /// What the records say of a component's package, read into `buffer`; empty where none
    /// names it, and where it is newer than all of which they say anything.
    ///
    /// # Errors
    /// [`DatabaseError`] when it cannot be read or is damaged.
    pub fn entries<'b>(&self, subject: &Subject<'_>, buffer: &'b mut Vec<u8>) -> Result<Vec<Entry<'b>>, DatabaseError> {
        let package = &subject.package;
        let code = package.ecosystem.code;
        let rank = subject.version.as_deref().and_then(rank).unwrap_or(0);
        for slot in self.slots_of(code, package_hash(code, &package.name))?.into_iter().filter(|slot| rank <= slot.ceiling) {
            self.block(slot, buffer)?;
            let known = if is_sound(buffer) { head(buffer) } else { None };
            let (ecosystem, name, _) = known.ok_or_else(|| damaged_block(slot))?;
            if ecosystem == code && name == package.name {
                // Only now: the buffer cannot be lent out of a loop that fills it.
                let block = Block::read_sound(buffer).ok_or_else(|| damaged_block(slot))?;
                return Ok(block.entries);
            }
        }
        Ok(Vec::new())
    }

    /// Calls `take` with every block, in the order of the slots.
    pub(super) fn each(&self, mut take: impl FnMut(&Block<'_>)) -> Result<(), DatabaseError> {
        let mut bytes = Vec::new();
        for slot in self.slots(0, self.header.slots)? {
            self.block(slot, &mut bytes)?;
            take(&Block::read(&bytes).ok_or_else(|| damaged_block(slot))?);
        }
        Ok(())
    }

    /// Reads the whole file and compares its SHA-256.
    ///
    /// # Errors
    /// [`DatabaseError`] when a byte is not as it was written.
    pub fn verify(&self) -> Result<(), DatabaseError> {
        let mut hash = Sha256::new();
        let (mut at, end) = (HEADER as u64, self.source.size()?);
        while at < end {
            let bytes = self.bytes(at, (end - at).min(1 << 20))?;
            at += bytes.len() as u64;
            hash.update(&bytes);
        }
        let digest: [u8; 32] = hash.finalize().into();
        if digest == self.header.digest {
            return Ok(());
        }
        Err(DatabaseError::Damaged("its content does not fit its SHA-256".to_owned()))
    }

    /// The slots of the hash, nearly always one or none.
    fn slots_of(&self, ecosystem: i16, hash: u64) -> Result<Vec<Slot>, DatabaseError> {
        let Some(placed) = self.sections.iter().find(|placed| placed.section.ecosystem == ecosystem) else {
            return Ok(Vec::new());
        };
        let mut counts = [0; 8];
        self.source.read_table_at(placed.counts_at + placed.section.prefix(hash) * COUNT, &mut counts)?;
        let mut counts = Bytes(&counts);
        let mut count = || counts.array().map(u32::from_le_bytes).map_or(0, u64::from);
        let (from, to) = (count(), count());
        if from > to || to > u64::from(placed.section.slots) {
            return Err(outside());
        }
        let (from, few) = (placed.first + from, to - from);
        let mut near = [0; (SLOT * FEW) as usize];
        let Some(near) = usize::try_from(few * SLOT).ok().and_then(|bytes| near.get_mut(..bytes)) else {
            return Ok(self.slots(from, from + few)?.into_iter().filter(|slot| slot.hash == hash).collect());
        };
        self.source.read_table_at(self.header.slots_at() + from * SLOT, near)?;
        let mut near = Bytes(near);
        Ok(std::iter::from_fn(|| Slot::read(&mut near)).filter(|slot| slot.hash == hash).collect())
    }

    fn slots(&self, from: u64, to: u64) -> Result<Vec<Slot>, DatabaseError> {
        if from > to || to > self.header.slots {
            return Err(outside());
        }
        let bytes = self.bytes(self.header.slots_at() + from * SLOT, (to - from) * SLOT)?;
        let mut bytes = Bytes(&bytes);
        Ok(std::iter::from_fn(|| Slot::read(&mut bytes)).collect())
    }

    /// Reads the block of a slot into `buffer`.
    fn block(&self, slot: Slot, buffer: &mut Vec<u8>) -> Result<(), DatabaseError> {
        let end = slot.offset.checked_add(u64::from(slot.length));
        if end.is_none_or(|end| end > self.header.blocks) {
            return Err(damaged_block(slot));
        }
        buffer.resize(usize::try_from(slot.length).map_err(|_| damaged_block(slot))?, 0);
        Ok(self.source.read_at(self.header.blocks_at() + slot.offset, buffer)?)
    }

    /// `length` bytes from `offset`; the callers keep both within the file.
    fn bytes(&self, offset: u64, length: u64) -> Result<Vec<u8>, DatabaseError> {
        let length = usize::try_from(length).map_err(|_| DatabaseError::Damaged("a part is too large".to_owned()))?;
        let mut bytes = vec![0; length];
        self.source.read_at(offset, &mut bytes)?;
        Ok(bytes)
    }
}

fn outside() -> DatabaseError {
    DatabaseError::Damaged("its table of packages points outside".to_owned())
}

fn damaged_block(slot: Slot) -> DatabaseError {
    DatabaseError::Damaged(format!("the package at {} does not fit its checksum", slot.offset))
}
