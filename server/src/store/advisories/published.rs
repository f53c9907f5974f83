//! Records as they were published, handed out in the order in which they were stored.

use crate::store::schema::{advisory, advisory_body};
use crate::store::{Db, StoreError};
use diesel::prelude::*;

/// The most bytes of one record, unpacked.
const LARGEST: u64 = 64 << 20;

/// A place in the order of storing: (when, in milliseconds; the record's key).
pub type Place = (i64, i64);

/// Some records as they were published.
pub struct Page {
    /// Them, in order.
    pub records: Vec<Vec<u8>>,
    /// The place of the last.
    pub last: Place,
}

/// When the newest record was stored, in milliseconds; 0 where there is none.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn newest(db: &mut Db) -> Result<i64, StoreError> {
    Ok(advisory::table.select(diesel::dsl::max(advisory::stored_at)).first::<Option<i64>>(db)?.unwrap_or(0))
}

/// The next `limit` records behind a place; `None` at the end.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn behind(db: &mut Db, after: Place, limit: i64) -> Result<Option<Page>, StoreError> {
    let (at, id) = after;
    let rows: Vec<(i64, i64, String, Vec<u8>)> = advisory::table
        .inner_join(advisory_body::table.on(advisory_body::advisory_id.eq(advisory::id)))
        .filter(advisory::stored_at.ge(at))
        .filter(advisory::stored_at.gt(at).or(advisory::id.gt(id)))
        .order((advisory::stored_at, advisory::id))
        .limit(limit)
        .select((advisory::stored_at, advisory::id, advisory::name, advisory_body::body))
        .load(db)?;
    let Some(last) = rows.last().map(|(at, id, ..)| (*at, *id)) else { return Ok(None) };
    let records: Result<Vec<_>, StoreError> = rows.iter().map(|(_, _, name, body)| unpacked(name, body)).collect();
    Ok(Some(Page { records: records?, last }))
}

fn unpacked(name: &str, body: &[u8]) -> Result<Vec<u8>, StoreError> {
    let damaged = |cause: &dyn std::fmt::Display| StoreError::Damaged(format!("the record `{name}`: {cause}"));
    let mut record = Vec::new();
    let unpacker = zstd::Decoder::new(body).map_err(|error| damaged(&error))?;
    let read = std::io::Read::read_to_end(&mut std::io::Read::take(unpacker, LARGEST + 1), &mut record);
    match read.map_err(|error| damaged(&error))? {
        length if length as u64 > LARGEST => Err(damaged(&"it is too large")),
        _ => Ok(record),
    }
}
