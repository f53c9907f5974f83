//! Documents, byte for byte. Each is kept as a zstd frame on the document that
//! opened its slot's inventory, itself one on its predecessor, at most 64 deep:
//! nightly twins differ in a date and cost some hundred bytes.

use super::schema::document;
use super::{Db, StoreError, new_id};
use diesel::prelude::*;
use sha2::{Digest as _, Sha256};
use std::io::{Read as _, Write as _};

/// The longest chain of documents that lean on each other.
pub const DEEPEST: i16 = 64;

/// How far a frame finds its base without looking for distant matches, which is dear.
const REACH: usize = 1 << 20;

/// A document's bytes in the form in which they are stored.
pub struct Packed {
    /// The zstd frame.
    pub body: Vec<u8>,
    /// The document it leans on.
    pub base_id: Option<i64>,
    /// How many documents it leans on in a row.
    pub depth: i16,
}

/// A stored document to lean on.
pub struct Base {
    /// Its key.
    pub id: i64,
    /// How deep it lies itself.
    pub depth: i16,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Packs `bytes`, on `base` where there is one that is not too deep, and checks
/// that they come out again unchanged.
///
/// # Errors
/// [`StoreError::Damaged`] when they do not.
pub fn pack(bytes: &[u8], base: Option<&Base>) -> Result<Packed, StoreError> {
    let base = base.filter(|base| base.depth < DEEPEST);
    let prefix = base.map_or(&[][..], |base| &base.bytes);
    let body = encode(bytes, prefix).map_err(damaged)?;
    let again = decode(&body, prefix, bytes.len()).map_err(damaged)?;
    if again != bytes {
        return Err(StoreError::Damaged("a document did not survive its compression".to_owned()));
    }
    Ok(Packed { body, base_id: base.map(|base| base.id), depth: base.map_or(0, |base| base.depth + 1) })
}

/// A document to lean on, read whole.
///
/// # Errors
/// [`StoreError`] from the database or for a damaged chain.
pub fn base(db: &mut Db, id: i64) -> Result<Option<Base>, StoreError> {
    let depth = document::table.find(id).select(document::depth).first(db).optional()?;
    match depth {
        Some(depth) => Ok(bytes(db, id)?.map(|bytes| Base { id, depth, bytes })),
        None => Ok(None),
    }
}

/// The original bytes of a document, checked against their hash.
///
/// # Errors
/// [`StoreError::Damaged`] when they cannot be restored.
pub fn bytes(db: &mut Db, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(links) = chain(db, id)? else { return Ok(None) };
    let mut current: Vec<u8> = Vec::new();
    for link in links.iter().rev() {
        let size = usize::try_from(link.size).map_err(damaged)?;
        current = decode(&link.body, &current, size).map_err(damaged)?;
    }
    match links.first() {
        Some(first) if Sha256::digest(&current).as_slice() == first.sha256 => Ok(Some(current)),
        _ => Err(StoreError::Damaged(format!("document {id} does not have its hash any more"))),
    }
}

/// A document about to be stored.
pub struct NewDocument<'a> {
    /// SHA-256 of its bytes.
    pub sha256: &'a [u8],
    /// Its bytes, packed.
    pub packed: &'a Packed,
    /// Bytes unpacked.
    pub size: i64,
    /// Format and version.
    pub format: &'a str,
    /// Fingerprint of its inventory.
    pub fingerprint: &'a [u8],
    /// Components in it.
    pub components: i64,
    /// Warnings, as JSON.
    pub warnings: &'a str,
}

/// The slot's document with this hash. (key, public id)
///
/// # Errors
/// [`StoreError`] from the database.
pub fn known(db: &mut Db, slot_id: i64, sha256: &[u8]) -> Result<Option<(i64, String)>, StoreError> {
    let mine = document::slot_id.eq(slot_id).and(document::sha256.eq(sha256));
    Ok(document::table.filter(mine).select((document::id, document::public_id)).first(db).optional()?)
}

/// Stores a document. (key, public id)
///
/// # Errors
/// [`StoreError`] from the database.
pub fn insert(db: &mut Db, slot_id: i64, new: &NewDocument<'_>, now: i64) -> Result<(i64, String), StoreError> {
    let public_id = new_id();
    let id = diesel::insert_into(document::table)
        .values((
            (
                document::public_id.eq(&public_id),
                document::slot_id.eq(slot_id),
                document::sha256.eq(new.sha256),
                document::size.eq(new.size),
            ),
            (document::base_id.eq(new.packed.base_id), document::depth.eq(new.packed.depth), document::body.eq(&new.packed.body)),
            (document::format.eq(new.format), document::fingerprint.eq(new.fingerprint), document::components.eq(new.components)),
            (document::warnings.eq(new.warnings), document::created_at.eq(now)),
        ))
        .returning(document::id)
        .get_result(db)?;
    Ok((id, public_id))
}

#[derive(Queryable)]
struct Link {
    sha256: Vec<u8>,
    size: i64,
    base_id: Option<i64>,
    body: Vec<u8>,
}

/// The document and all it leans on, itself first.
fn chain(db: &mut Db, id: i64) -> Result<Option<Vec<Link>>, StoreError> {
    let mut links: Vec<Link> = Vec::new();
    let mut next = Some(id);
    while let Some(id) = next {
        let columns = (document::sha256, document::size, document::base_id, document::body);
        let link: Option<Link> = document::table.find(id).select(columns).first(db).optional()?;
        match link {
            None if links.is_empty() => return Ok(None),
            None => return Err(StoreError::Damaged(format!("document {id}, on which others lean, is gone"))),
            Some(link) => {
                next = link.base_id;
                links.push(link);
            }
        }
        if links.len() > usize::from(DEEPEST.unsigned_abs()) + 1 {
            return Err(StoreError::Damaged(format!("document {id} leans on too many others")));
        }
    }
    Ok(Some(links))
}

fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(error.to_string())
}

/// How far back a frame may look: far enough to reach the whole base.
fn window(bytes: usize, prefix: usize) -> u32 {
    let reach = (bytes + prefix).max(1 << 17);
    usize::BITS.saturating_sub(reach.leading_zeros()).clamp(17, 27)
}

fn encode(bytes: &[u8], prefix: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = zstd::stream::write::Encoder::with_ref_prefix(Vec::new(), 3, prefix)?;
    encoder.window_log(window(bytes.len(), prefix.len()))?;
    if prefix.len() > REACH {
        encoder.long_distance_matching(true)?;
    }
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn decode(body: &[u8], prefix: &[u8], size: usize) -> std::io::Result<Vec<u8>> {
    let mut decoder = zstd::stream::read::Decoder::with_ref_prefix(body, prefix)?;
    decoder.window_log_max(27)?;
    let mut bytes = Vec::with_capacity(size);
    // One byte more than there should be: a longer frame shows as a wrong size.
    decoder.take(size as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(stamp: u32) -> Vec<u8> {
        let mut text = format!("{{\"stamp\":{stamp}");
        for i in 0..20_000_u32 {
            text.push_str(&format!(",\"component-{i}\":\"{}\"", i.wrapping_mul(2_654_435_761)));
        }
        text.push('}');
        text.into_bytes()
    }

    #[test]
    fn a_nightly_twin_costs_next_to_nothing() {
        let (monday, tuesday) = (sample(1), sample(2));
        let first = pack(&monday, None).map(|p| p.body.len());
        let base = Base { id: 7, depth: 3, bytes: monday };
        let twin = pack(&tuesday, Some(&base));
        assert!(first.is_ok_and(|size| size > 100_000));
        assert!(twin.is_ok_and(|p| p.body.len() < 2_000 && p.base_id == Some(7) && p.depth == 4));
    }

    #[test]
    fn a_chain_ends_before_it_grows_too_deep() {
        let base = Base { id: 7, depth: DEEPEST, bytes: sample(1) };
        assert!(pack(&sample(2), Some(&base)).is_ok_and(|p| p.base_id.is_none() && p.depth == 0));
    }

    #[test]
    fn nothing_is_a_document_too() {
        assert!(pack(b"", None).is_ok());
    }
}
