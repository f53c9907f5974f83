//! The one transaction of an upload: what the documents say becomes rows, only
//! the difference.

use super::prepare::Based;
use super::{Caller, IngestError, Submission};
use crate::services::Services;
use crate::store::documents::NewDocument;
use crate::store::inventory::{Difference, Moment};
use crate::store::uploads::{NewUpload, Newest, Slot, State};
use crate::store::{Db, StoreError, alerts, components, documents, inventory, rematches, uploads};
use bom::inventory::{Flags, Identity};
use bom::quality::Quality;
use bom::reading::Warning;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a submission did.
pub struct Applied {
    /// Public id of the run: the upload as its sender knows it.
    pub run: String,
    /// Public id of the project.
    pub project: String,
    /// The name of the team for which the project was made, where it was.
    pub made_for: Option<String>,
    /// Key of the release.
    pub release_id: i64,
    /// Public id of the release.
    pub release: String,
    /// The slots, in the order of the documents.
    pub slots: Vec<AppliedSlot>,
    /// Whether presences changed.
    pub changed: bool,
    /// Whether every document had come before by the same run.
    pub repeated: bool,
}

/// What one document did.
pub struct AppliedSlot {
    /// Key of the slot.
    pub slot_id: i64,
    /// The slot's name.
    pub slot: String,
    /// Public id of the document.
    pub document: String,
    /// SHA-256 of the document.
    pub sha256: [u8; 32],
    /// What it did.
    pub state: State,
    /// Components in it.
    pub components: i64,
    /// Codes of their ecosystems.
    pub ecosystems: BTreeSet<i16>,
    /// What changed.
    pub difference: Difference,
    /// What was not understood.
    pub warnings: Vec<Warning>,
    /// How well it tells what is in it.
    pub quality: Quality,
}

/// Everything of a submission that the transaction needs.
pub struct Work {
    caller: Caller,
    submission: Submission,
    documents: Vec<Based>,
    /// Every slot that the submission names, those of unreadable documents too.
    named: BTreeSet<String>,
    now: i64,
}

/// Stores a submission.
///
/// # Errors
/// [`IngestError`]; nothing was changed then.
pub async fn run(services: &Services, work: Work) -> Result<Applied, IngestError> {
    let work = Arc::new(work);
    let project = work.submission.project.clone();
    let applied = services.store.write(move |db| work.apply(db)).await?;
    applied.ok_or(IngestError::Forbidden(project))
}

impl Work {
    /// The work of a submission whose documents were read and packed.
    pub fn new(
        services: &Services,
        caller: Caller,
        submission: Submission,
        documents: Vec<Based>,
        named: BTreeSet<String>,
    ) -> Self {
        Self { caller, submission, documents, named, now: services.clock.millis() }
    }

    /// `None`, and nothing written, where the caller may not write the project.
    fn apply(&self, db: &mut Db) -> Result<Option<Applied>, StoreError> {
        if let Some(only) = self.caller.project_id
            && !uploads::is_project(db, only, &self.submission.project)?
        {
            return Ok(None);
        }
        let uploads::Project { id: project_id, public_id: project, made_for } =
            uploads::project(db, self.caller.team_id, &self.submission.project, self.now)?;
        let (release_id, release) = uploads::release(db, project_id, &self.submission.release, self.now)?;
        let (run_id, run) = uploads::run(db, release_id, &self.submission.run, self.now)?;
        let mut slots = Vec::with_capacity(self.documents.len());
        let (mut changed, mut repeated) = (false, true);
        for based in &self.documents {
            let (slot, again) = self.slot(db, release_id, run_id, based)?;
            changed |= slot.difference != Difference::default() || slot.state == State::New;
            repeated &= again;
            slots.push(slot);
        }
        if self.submission.complete && self.submission.run.pull_request.is_none() {
            changed |= self.close_others(db, release_id, run_id)?;
        }
        Ok(Some(Applied { run, project, made_for, release_id, release, slots, changed: changed && !repeated, repeated }))
    }

    /// One document into its slot; also whether it had come before.
    fn slot(&self, db: &mut Db, release_id: i64, run_id: i64, based: &Based) -> Result<(AppliedSlot, bool), StoreError> {
        let document = &based.document;
        let slot = match uploads::slot(db, release_id, &document.slot)? {
            Some(slot) => slot,
            None => uploads::new_slot(db, release_id, &document.slot, self.now)?,
        };
        let (document_id, public_id) = self.document(db, &slot, based)?;
        if let Some(earlier) = uploads::repeated(db, run_id, slot.id, document_id)? {
            let difference = Difference { added: earlier.added, removed: earlier.removed };
            return Ok((applied(&slot, based, public_id, State::of_code(earlier.state)?, difference), true));
        }
        let (committed_at, started_at) = self.times();
        let state = self.state(&slot, committed_at, started_at, &document.fingerprint);
        let new = NewUpload {
            slot_id: slot.id,
            run_id,
            document_id: Some(document_id),
            state,
            committed_at,
            started_at,
            components: count(document.held.len()),
            token_id: self.caller.token_id,
        };
        let (upload_id, _) = uploads::new_upload(db, &new, self.now)?;
        let moment = Moment { committed_at, started_at, upload_id };
        let difference = match state {
            State::New | State::Changed => self.change(db, &slot, moment, document_id, based)?,
            State::Unchanged => {
                let newest = Newest { upload_id, committed_at, started_at, fingerprint: &document.fingerprint, opener: None };
                uploads::set_newest(db, slot.id, &newest, self.now)?;
                Difference::default()
            }
            State::Late | State::PullRequest | State::Closed => self.once(db, &slot, moment, &document.held)?,
        };
        if difference != Difference::default() {
            uploads::set_difference(db, upload_id, difference.added, difference.removed)?;
        }
        Ok((applied(&slot, based, public_id, state, difference), false))
    }

    fn document(&self, db: &mut Db, slot: &Slot, based: &Based) -> Result<(i64, String), StoreError> {
        let document = &based.document;
        if let Some(known) = documents::known(db, slot.id, &document.sha256)? {
            return Ok(known);
        }
        let packed =
            based.packed.as_ref().ok_or_else(|| StoreError::Damaged("a document vanished while it was used".to_owned()))?;
        let warnings = serde_json::to_string(&document.warnings).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let new = NewDocument {
            sha256: &document.sha256,
            packed,
            size: count(document.bytes.len()),
            format: &document.format,
            fingerprint: &document.fingerprint,
            components: count(document.held.len()),
            warnings: &warnings,
        };
        documents::insert(db, slot.id, &new, self.now)
    }

    /// Commit time and run start, never later than now; what is unknown is now.
    fn times(&self) -> (i64, i64) {
        let run = &self.submission.run;
        let started = run.started_at.unwrap_or(self.now).min(self.now);
        (run.committed_at.unwrap_or(started).min(self.now), started)
    }

    fn state(&self, slot: &Slot, committed_at: i64, started_at: i64, fingerprint: &[u8]) -> State {
        if self.submission.run.pull_request.is_some() {
            State::PullRequest
        } else if slot.upload_id.is_none() {
            State::New
        } else if (committed_at, started_at) < (slot.committed_at, slot.started_at) {
            State::Late
        } else if slot.fingerprint.as_deref() == Some(fingerprint) {
            State::Unchanged
        } else {
            State::Changed
        }
    }

    fn change(&self, db: &mut Db, slot: &Slot, at: Moment, document_id: i64, based: &Based) -> Result<Difference, StoreError> {
        let wanted = &based.document.held;
        let mut open = if slot.upload_id.is_some() { inventory::open(db, slot.id)? } else { Default::default() };
        let mut new: Vec<&Identity> = Vec::new();
        let mut reflag = BTreeMap::new();
        for (identity, flags) in wanted {
            match open.remove(identity) {
                None => new.push(identity),
                Some(held) if held.flags != *flags => {
                    reflag.insert(held.component_id, *flags);
                }
                Some(_) => {}
            }
        }
        let gone: BTreeSet<i64> = open.values().map(|held| held.component_id).collect();
        let added = self.keys(db, &new, wanted)?;
        inventory::release(db, slot.id, at.upload_id, &gone)?;
        inventory::hold(db, slot.id, at.upload_id, &added)?;
        inventory::reflag(db, slot.id, &reflag)?;
        alerts::moved(db, &added.keys().copied().collect(), &gone, self.now)?;
        let newest = Newest {
            upload_id: at.upload_id,
            committed_at: at.committed_at,
            started_at: at.started_at,
            fingerprint: &based.document.fingerprint,
            opener: Some(document_id),
        };
        uploads::set_newest(db, slot.id, &newest, self.now)?;
        Ok(Difference { added: count(added.len()), removed: count(gone.len()) })
    }

    fn once(&self, db: &mut Db, slot: &Slot, at: Moment, held: &BTreeMap<Identity, Flags>) -> Result<Difference, StoreError> {
        let all: Vec<&Identity> = held.keys().collect();
        let keys = self.keys(db, &all, held)?;
        let added = inventory::hold_once(db, slot.id, at.upload_id, at, &keys)?;
        alerts::moved(db, &keys.keys().copied().collect(), &BTreeSet::new(), self.now)?;
        Ok(Difference { added, removed: 0 })
    }

    /// Component keys of `wanted` with their flags; new ones wait to be matched.
    fn keys(
        &self,
        db: &mut Db,
        wanted: &[&Identity],
        held: &BTreeMap<Identity, Flags>,
    ) -> Result<BTreeMap<i64, Flags>, StoreError> {
        if wanted.is_empty() {
            return Ok(BTreeMap::new());
        }
        let resolved = components::resolve(db, wanted, self.now)?;
        rematches::components(db, &resolved.new, self.now)?;
        let packages: BTreeSet<i64> = resolved.packages.values().copied().collect();
        inventory::remember_team(db, self.caller.team_id, &packages)?;
        let flags = |identity: &Identity| held.get(identity).copied().unwrap_or(Flags(0));
        Ok(resolved.ids.iter().map(|(identity, id)| (*id, flags(identity))).collect())
    }

    /// Closes the slots that a complete run did not name, unless they are newer than it.
    fn close_others(&self, db: &mut Db, release_id: i64, run_id: i64) -> Result<bool, StoreError> {
        let (committed_at, started_at) = self.times();
        let mut closed = false;
        for slot in uploads::slots(db, release_id)? {
            let newer = (slot.committed_at, slot.started_at) > (committed_at, started_at);
            if self.named.contains(&slot.name) || slot.closed_at.is_some() || slot.upload_id.is_none() || newer {
                continue;
            }
            let open: BTreeSet<i64> = inventory::open(db, slot.id)?.values().map(|held| held.component_id).collect();
            let new = NewUpload {
                slot_id: slot.id,
                run_id,
                document_id: None,
                state: State::Closed,
                committed_at,
                started_at,
                components: 0,
                token_id: self.caller.token_id,
            };
            let (upload_id, _) = uploads::new_upload(db, &new, self.now)?;
            inventory::release(db, slot.id, upload_id, &open)?;
            alerts::moved(db, &BTreeSet::new(), &open, self.now)?;
            uploads::set_difference(db, upload_id, 0, count(open.len()))?;
            let newest = Newest { upload_id, committed_at, started_at, fingerprint: &[], opener: None };
            uploads::set_closed(db, slot.id, &newest, self.now)?;
            closed = true;
        }
        Ok(closed)
    }
}

fn applied(slot: &Slot, based: &Based, document: String, state: State, difference: Difference) -> AppliedSlot {
    AppliedSlot {
        slot_id: slot.id,
        slot: slot.name.clone(),
        document,
        sha256: based.document.sha256,
        state,
        components: count(based.document.held.len()),
        ecosystems: based.document.ecosystems.clone(),
        difference,
        warnings: based.document.warnings.clone(),
        quality: based.document.quality.clone(),
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
