//! Commits in packs: the index, version 2, says where an object starts, the pack
//! holds it whole or as a difference from another one (gitformat-pack).

use super::loose::LARGEST_COMMIT;
use flate2::read::ZlibDecoder;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// Longest chain of differences that is followed; git's own default is 50.
const DEEPEST: usize = 64;
/// Most packs that are looked into.
const MOST_PACKS: usize = 1000;

const COMMIT: u8 = 1;
const OFFSET_DELTA: u8 = 6;
const REFERENCE_DELTA: u8 = 7;

/// The body of the commit with this hash.
pub fn commit(objects: &Path, hash: &str) -> Option<Vec<u8>> {
    let hash = hex::decode(hash).ok()?;
    for entry in fs::read_dir(objects.join("pack")).ok()?.flatten().take(MOST_PACKS) {
        let index = entry.path();
        if index.extension().is_some_and(|extension| extension == "idx")
            && let Some(offset) = Index::open(&index, hash.len()).and_then(|mut index| index.offset_of(&hash))
        {
            return object(&index, offset, hash.len(), DEEPEST);
        }
    }
    None
}

/// An open index file.
struct Index {
    file: File,
    /// Bytes of a hash: 20 or 32.
    width: u64,
    /// Objects in the pack.
    count: u64,
}

/// Bytes before the table of hashes: the header and 256 counts.
const TABLE: u64 = 8 + 256 * 4;

impl Index {
    fn open(path: &Path, width: usize) -> Option<Index> {
        let mut index = Index { file: File::open(path).ok()?, width: width as u64, count: 0 };
        if index.bytes::<8>(0)? != *b"\xfftOc\0\0\0\x02" {
            return None;
        }
        index.count = index.number(TABLE.checked_sub(4)?)?;
        Some(index)
    }

    /// Where the object with this hash starts in the pack.
    fn offset_of(&mut self, hash: &[u8]) -> Option<u64> {
        let first = u64::from(*hash.first()?);
        let mut low = if first == 0 { 0 } else { self.number(8 + (first - 1) * 4)? };
        let mut high = self.number(8 + first * 4)?.min(self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            let mut found = vec![0; hash.len()];
            self.file.seek(SeekFrom::Start(TABLE + middle * self.width)).ok()?;
            self.file.read_exact(&mut found).ok()?;
            match found.as_slice().cmp(hash) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.offset(middle),
            }
        }
        None
    }

    /// The offset of the object at this place: after the hashes come checksums, four
    /// bytes each, then offsets, four bytes each, then long offsets for large packs.
    fn offset(&mut self, place: u64) -> Option<u64> {
        let offsets = TABLE.checked_add(self.count.checked_mul(self.width + 4)?)?;
        let offset = self.number(offsets + place * 4)?;
        match offset & 0x8000_0000 {
            0 => Some(offset),
            _ => {
                let long = offsets.checked_add(self.count.checked_mul(4)?)?.checked_add((offset & 0x7fff_ffff) * 8)?;
                self.bytes(long).map(u64::from_be_bytes)
            }
        }
    }

    fn number(&mut self, at: u64) -> Option<u64> {
        self.bytes(at).map(|bytes| u64::from(u32::from_be_bytes(bytes)))
    }

    fn bytes<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.file.seek(SeekFrom::Start(at)).ok()?;
        self.file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// The object at `offset` of the pack beside `index`, its differences applied.
fn object(index: &Path, offset: u64, width: usize, depth: usize) -> Option<Vec<u8>> {
    let depth = depth.checked_sub(1)?;
    let mut pack = File::open(index.with_extension("pack")).ok()?;
    pack.seek(SeekFrom::Start(offset)).ok()?;
    let kind = kind(&mut pack)?;
    let base = match kind {
        COMMIT => return inflate(pack),
        OFFSET_DELTA => object(index, offset.checked_sub(distance(&mut pack)?)?, width, depth)?,
        REFERENCE_DELTA => {
            let mut hash = vec![0; width];
            pack.read_exact(&mut hash).ok()?;
            let base = Index::open(index, width)?.offset_of(&hash)?;
            object(index, base, width, depth)?
        }
        _ => return None,
    };
    apply(&base, &inflate(pack)?)
}

/// The kind in an object's header; its size, seven bits a byte, is passed over.
fn kind(pack: &mut File) -> Option<u8> {
    let first = byte(pack)?;
    let mut last = first;
    while last & 0x80 != 0 {
        last = byte(pack)?;
    }
    Some((first >> 4) & 7)
}

/// How far before an object its base starts: seven bits a byte, highest first, each further byte adding one.
fn distance(pack: &mut File) -> Option<u64> {
    let mut last = byte(pack)?;
    let mut distance = u64::from(last & 0x7f);
    while last & 0x80 != 0 {
        last = byte(pack)?;
        distance = distance.checked_add(1)?.checked_mul(128)? | u64::from(last & 0x7f);
    }
    Some(distance)
}

fn byte(pack: &mut File) -> Option<u8> {
    let mut byte = [0];
    pack.read_exact(&mut byte).ok()?;
    Some(byte[0])
}

fn inflate(pack: File) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    ZlibDecoder::new(pack).take(LARGEST_COMMIT).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Applies a difference: copies out of the base and new bytes, in turn.
fn apply(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
    let mut delta = delta.iter().copied();
    for _ in 0..2 {
        // The sizes of the base and of the result.
        while delta.next()? & 0x80 != 0 {}
    }
    let mut out = Vec::new();
    while let Some(step) = delta.next() {
        if step & 0x80 == 0 {
            let added = usize::from(step);
            out.extend(delta.by_ref().take(added));
            continue;
        }
        let mut field = |bits: std::ops::Range<u8>| {
            let mut value = 0usize;
            for (place, bit) in bits.enumerate() {
                if step & (1 << bit) != 0 {
                    value |= usize::from(delta.next()?) << (8 * place);
                }
            }
            Some(value)
        };
        let start = field(0..4)?;
        let size = Some(field(4..7)?).filter(|size| *size != 0).unwrap_or(0x10000);
        out.extend_from_slice(base.get(start..start.checked_add(size)?)?);
        if out.len() as u64 > LARGEST_COMMIT {
            return None;
        }
    }
    Some(out)
}
