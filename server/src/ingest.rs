//! Accepting documents: read them, store what they changed in one transaction,
//! match what is new, and only then answer (design decisions 1 and 4).

mod apply;
mod prepare;
mod receipt;
#[cfg(test)]
mod tests;

pub use receipt::{Counts, Gate, Receipt, SlotReceipt};

use crate::services::Services;
use crate::store::StoreError;
use crate::store::uploads::NewRun;
use crate::{counts, outbox, rematch};
use bom::reading::ReadError;

/// What a run sends.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The project's name; it is made where it is missing.
    pub project: String,
    /// The release's name; it is made where it is missing.
    pub release: String,
    /// The run names every slot of the release: the others close.
    pub complete: bool,
    /// The CI run.
    pub run: NewRun,
    /// The documents, one for each slot.
    pub documents: Vec<Sent>,
}

/// One document as it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The slot it belongs to.
    pub slot: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Who sends it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The team whose projects it may write.
    pub team_id: i64,
    /// The only project it may write, for a token of one project.
    pub project_id: Option<i64>,
    /// The token.
    pub token_id: Option<i64>,
    /// Its name, for the audit trail.
    pub name: String,
}

/// Why nothing of a submission was accepted.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The submission itself is wrong; what to do about it.
    #[error("{0}")]
    Wrong(String),
    /// No document could be read: (slot, why).
    #[error("{}", unreadable(.0))]
    Unreadable(Vec<(String, ReadError)>),
    /// The caller may not write this project.
    #[error("this token may not upload to project `{0}`")]
    Forbidden(String),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn unreadable(errors: &[(String, ReadError)]) -> String {
    let lines: Vec<_> = errors.iter().map(|(slot, error)| format!("`{slot}`: {error}")).collect();
    lines.join("; ")
}

/// Accepts a submission. What is answered is durable.
///
/// # Errors
/// [`IngestError`]; nothing was changed then.
pub async fn accept(services: &Services, caller: Caller, submission: Submission) -> Result<Receipt, IngestError> {
    check(services, &submission)?;
    // A document that cannot be read names its slot all the same.
    let named = submission.documents.iter().map(|sent| sent.slot.clone()).collect();
    let (submission, prepared) = prepare::all(submission, services.config.limits.reading).await?;
    let based = prepare::pack_on_bases(services, &caller, &submission, prepared.good).await?;
    let applied = apply::run(services, apply::Work::new(services, caller, submission, based, named)).await?;
    // A repeated upload may be the retry of one that broke off before it was matched.
    if applied.changed || applied.repeated {
        rematch::drain(services).await?;
        counts::release(services, applied.release_id).await?;
        outbox::hint(services).await?;
    }
    Ok(receipt::compose(services, applied, prepared.refused).await?)
}

fn check(services: &Services, submission: &Submission) -> Result<(), IngestError> {
    let wrong = |text: String| Err(IngestError::Wrong(text));
    let limits = services.config.limits;
    for (what, text) in [("project", &submission.project), ("release", &submission.release)] {
        if text.trim().is_empty() || text.len() > 300 || text.chars().any(char::is_control) {
            return wrong(format!("the {what}'s name must have 1 to 300 printable characters"));
        }
    }
    if submission.documents.is_empty() {
        return wrong("the upload holds no document; send at least one".to_owned());
    }
    if submission.documents.len() > limits.documents {
        return wrong(format!("the upload holds {} documents; the limit is {}", submission.documents.len(), limits.documents));
    }
    let mut slots = std::collections::BTreeSet::new();
    for sent in &submission.documents {
        if sent.slot.is_empty() || sent.slot.len() > 1000 || sent.slot.chars().any(char::is_control) {
            return wrong("a slot's name must have 1 to 1000 printable characters".to_owned());
        }
        if !slots.insert(sent.slot.as_str()) {
            return wrong(format!("slot `{}` is named twice; give each document its own", sent.slot));
        }
    }
    Ok(())
}
