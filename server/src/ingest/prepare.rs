//! The part of an upload that needs no transaction: reading, hashing, packing.

use super::{Caller, IngestError, Submission};
use crate::services::Services;
use crate::store::documents::{self, Packed};
use crate::store::{StoreError, uploads};
use bom::inventory::{Flags, Identity, fingerprint, inventory};
use bom::quality::{Quality, quality};
use bom::reading::{Limits, ReadError, Warning};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A document that was read.
pub struct Prepared {
    /// Its slot.
    pub slot: String,
    /// Its bytes.
    pub bytes: Arc<Vec<u8>>,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Format and version.
    pub format: String,
    /// What it holds.
    pub held: BTreeMap<Identity, Flags>,
    /// Codes of the ecosystems of what it holds.
    pub ecosystems: BTreeSet<i16>,
    /// Fingerprint of what it holds.
    pub fingerprint: [u8; 32],
    /// What was not understood.
    pub warnings: Vec<Warning>,
    /// How well it tells what is in it.
    pub quality: Quality,
}

/// A document ready to be stored.
pub struct Based {
    /// What was read.
    pub document: Prepared,
    /// Its bytes, packed; `None` where the slot has this document already.
    pub packed: Option<Packed>,
}

/// The documents of a submission, read.
pub struct All {
    /// Those that could be read.
    pub good: Vec<Prepared>,
    /// Those that could not: (slot, why).
    pub refused: Vec<(String, ReadError)>,
}

/// Reads every document. One that cannot be read does not spoil the others.
///
/// # Errors
/// [`IngestError::Unreadable`] when none can be read.
pub async fn all(mut submission: Submission, limits: Limits) -> Result<(Submission, All), IngestError> {
    let sent = std::mem::take(&mut submission.documents);
    let task = tokio::task::spawn_blocking(move || {
        let mut all = All { good: Vec::new(), refused: Vec::new() };
        for document in sent {
            match one(document.slot, document.bytes, &limits) {
                Ok(prepared) => all.good.push(prepared),
                Err(refused) => all.refused.push(refused),
            }
        }
        all
    });
    let all = task.await.map_err(|_| StoreError::Stopping)?;
    if all.good.is_empty() { Err(IngestError::Unreadable(all.refused)) } else { Ok((submission, all)) }
}

fn one(slot: String, bytes: Vec<u8>, limits: &Limits) -> Result<Prepared, (String, ReadError)> {
    let reading = match bom::format::read(&bytes, limits) {
        Ok(reading) => reading,
        Err(error) => return Err((slot, error)),
    };
    let held = inventory(&reading.value);
    Ok(Prepared {
        slot,
        sha256: Sha256::digest(&bytes).into(),
        quality: quality(&reading.value),
        format: reading.value.format,
        fingerprint: fingerprint(&held),
        ecosystems: held.keys().map(|identity| identity.ecosystem).collect(),
        held,
        warnings: reading.warnings,
        bytes: Arc::new(bytes),
    })
}

/// Packs each document on the one that its slot leans on at this moment. A base
/// never changes, so it does not matter if another upload comes in between.
///
/// # Errors
/// [`IngestError::Store`] from the database.
pub async fn pack_on_bases(
    services: &Services,
    caller: &Caller,
    submission: &Submission,
    good: Vec<Prepared>,
) -> Result<Vec<Based>, IngestError> {
    let (team_id, project, release) = (caller.team_id, submission.project.clone(), submission.release.clone());
    let task = services.store.read(move |db| {
        let release_id = uploads::find_release(db, team_id, &project, &release)?;
        good.into_iter()
            .map(|document| {
                let slot = match release_id {
                    Some(release_id) => uploads::slot(db, release_id, &document.slot)?,
                    None => None,
                };
                let Some(slot) = slot else { return Ok((document, None, false)) };
                let known = documents::known(db, slot.id, &document.sha256)?.is_some();
                let base = match slot.document_id {
                    Some(id) if !known => documents::base(db, id)?,
                    _ => None,
                };
                Ok((document, base, known))
            })
            .collect::<Result<Vec<_>, StoreError>>()
    });
    let found = task.await?;
    let packing = tokio::task::spawn_blocking(move || {
        found
            .into_iter()
            .map(|(document, base, known)| {
                let packed = if known { None } else { Some(documents::pack(&document.bytes, base.as_ref())?) };
                Ok(Based { document, packed })
            })
            .collect::<Result<Vec<_>, StoreError>>()
    });
    Ok(packing.await.map_err(|_| StoreError::Stopping)??)
}
