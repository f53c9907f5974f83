//! Takes published records in: small write transactions, then the packages that
//! they name are matched again. A record that cannot be read is counted and told,
//! and spoils no other.

use crate::services::Services;
use crate::store::StoreError;
use crate::store::advisories::{self, Record, Stored};
use bom::advisory::Advisory;
use bom::reading::ReadError;
use sha2::{Digest as _, Sha256};

/// Records of one transaction: below 50 ms of the database's time.
pub const BATCH: usize = 200;

/// Reads a record as published.
///
/// # Errors
/// [`ReadError`] when it is no OSV record.
pub fn read(bytes: &[u8]) -> Result<Record, ReadError> {
    let advisory = Advisory::from_osv(bytes)?.value;
    let body = zstd::encode_all(bytes, 3).map_err(|error| ReadError::whole(format!("the record cannot be packed: {error}")))?;
    Ok(Record { advisory, sha256: Sha256::digest(bytes).into(), body })
}

/// Stores one batch of records of a feed. The caller drains the matcher when the
/// feed has ended.
///
/// # Errors
/// [`StoreError`] from the database; nothing of the batch was stored then.
pub async fn store(services: &Services, feed: &str, batch: Vec<Record>) -> Result<Stored, StoreError> {
    let (feed, now) = (feed.to_owned(), services.clock.millis());
    services.store.write(move |db| advisories::store(db, &feed, &batch, now)).await
}
