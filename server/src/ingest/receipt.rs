//! The answer to an upload.

use super::apply::{Applied, AppliedSlot};
use crate::services::Services;
use crate::store::covered::Covered;
use crate::store::{StoreError, counts};
use bom::quality::Quality;
use bom::reading::{ReadError, Warning};
use serde::Serialize;

pub use crate::store::counts::Counts;

/// What became of a submission.
#[derive(Clone, Debug, Serialize)]
pub struct Receipt {
    /// Public id of the run.
    pub upload: String,
    /// Public id of the project.
    pub project: String,
    /// The team for which the project was made by this upload, where it was: a name
    /// that nobody meant is seen at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_for: Option<String>,
    /// Public id of the release.
    pub release: String,
    /// What became of each document.
    pub slots: Vec<SlotReceipt>,
    /// The verdict of the gate.
    pub gate: Gate,
    /// The project's page.
    pub url: String,
    /// Whether all of it had come before: answered 200, not 201.
    #[serde(skip)]
    pub repeated: bool,
}

/// What became of one document.
#[derive(Clone, Debug, Serialize)]
pub struct SlotReceipt {
    /// The slot.
    pub slot: String,
    /// Public id of the document; absent where it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// SHA-256 of the document's bytes, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// `new`, `changed`, `unchanged`, `late`, `pull_request` or `refused`.
    pub state: &'static str,
    /// Components in the document.
    pub components: i64,
    /// Components that were not held before.
    pub added: i64,
    /// Components that are not held any more.
    pub removed: i64,
    /// Findings in the slot, by severity.
    pub findings: Counts,
    /// Ecosystems of the document of which the server knows no advisory: their
    /// components were compared with nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_compared: Vec<&'static str>,
    /// What was not understood.
    pub warnings: Vec<Warning>,
    /// How well it tells what is in it; absent where it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Whether the build may go on.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Gate {
    /// It may not.
    pub failed: bool,
    /// Why.
    pub reasons: Vec<String>,
}

/// Composes the answer.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn compose(services: &Services, applied: Applied, refused: Vec<(String, ReadError)>) -> Result<Receipt, StoreError> {
    let ids: Vec<i64> = applied.slots.iter().map(|slot| slot.slot_id).collect();
    let (counts, covered) = services.store.read(move |db| Ok((counts::of_slots(db, &ids)?, Covered::load(db)?))).await?;
    let accepted = applied.slots.into_iter().map(|slot| {
        let findings = counts.get(&slot.slot_id).copied().unwrap_or_default();
        let not_compared = covered.missing(&slot.ecosystems);
        accepted(slot, findings, not_compared)
    });
    let slots = accepted.chain(refused.into_iter().map(|(slot, error)| refusal(slot, &error))).collect();
    Ok(Receipt {
        upload: applied.run,
        url: format!("/projects/{}", applied.project),
        project: applied.project,
        made_for: applied.made_for,
        release: applied.release,
        slots,
        gate: Gate::default(),
        repeated: applied.repeated,
    })
}

fn accepted(slot: AppliedSlot, findings: Counts, not_compared: Vec<&'static str>) -> SlotReceipt {
    SlotReceipt {
        slot: slot.slot,
        document: Some(slot.document),
        sha256: Some(hex::encode(slot.sha256)),
        state: slot.state.word(),
        components: slot.components,
        added: slot.difference.added,
        removed: slot.difference.removed,
        findings,
        not_compared,
        warnings: slot.warnings,
        quality: Some(slot.quality),
        error: None,
    }
}

fn refusal(slot: String, error: &ReadError) -> SlotReceipt {
    SlotReceipt {
        slot,
        document: None,
        sha256: None,
        state: "refused",
        components: 0,
        added: 0,
        removed: 0,
        findings: Counts::default(),
        not_compared: Vec::new(),
        warnings: Vec::new(),
        quality: None,
        error: Some(error.to_string()),
    }
}
