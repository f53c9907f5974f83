//! What a look means: taken into what is known, judged, and kept in one transaction
//! with the verdicts that are news.

use super::ask::{Answer, Silence};
use super::{DOUBT, Round, malice, tell};
use crate::outbox;
use crate::store::StoreError;
use crate::store::watched::validators::{self, Place, Validator};
use crate::store::watched::{self, Due, Happened, Looked, verdicts};
use bom::ask::{Fact, Wanted};
use bom::signal::{self, History, Verdict};
use bom::snapshot::Snapshot;
use bom::watched::{Change, Relative, Watched};
use chrono::{DateTime, Utc};
use serde_json::json;

/// The most other packages that are asked about because of one.
const MOST_RELATIVES: usize = 20;

/// Everything that one look leaves to keep.
struct Outcome {
    due: Due,
    /// What is known now; `None` where it is as it was.
    watched: Option<Watched>,
    happened: Vec<Happened>,
    validators: Vec<(Place, Validator)>,
    verdicts: Vec<Verdict>,
    owners: bool,
    /// What one look could not find out, though it was answered.
    doubtful: Option<String>,
    next_at: i64,
}

impl Round<'_> {
    pub(super) async fn keep(&mut self, due: &Due, known: Option<Watched>, answer: Answer) -> Result<(), StoreError> {
        let now = self.services.clock.now();
        let Answer { snapshot, validators } = answer;
        let (mut watched, changes) = match take(known.clone(), &snapshot, now) {
            Ok(taken) => taken,
            Err(why) => return self.failed(due, why).await,
        };
        let missing = self.relatives(due, &mut watched, now).await?;
        let is_new = known.as_ref() != Some(&watched);
        let verdicts = self.judge(due, &watched, now).await?;
        let soon = if watched.is_in_doubt() || missing { DOUBT.min(self.every()) } else { self.every() };
        let outcome = Outcome {
            due: due.clone(),
            watched: is_new.then_some(watched),
            happened: changes.iter().map(|change| happened(change, &self.registry.address)).collect(),
            validators,
            verdicts,
            owners: snapshot.owners.is_answered(),
            doubtful: unknown(&snapshot.owners),
            next_at: now.timestamp_millis().saturating_add(soon),
        };
        self.tally.answered += 1;
        let news = self.write_outcome(outcome, now).await?;
        self.tally.news += news;
        if news > 0 {
            outbox::hint(self.services).await?;
        }
        Ok(())
    }

    async fn write_outcome(&self, outcome: Outcome, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let (registry, ecosystem, now) = (self.registry.clone(), self.ecosystem, now.timestamp_millis());
        self.lease
            .write(&self.services.store, move |db| {
                let Outcome { due, watched, happened, validators, verdicts, owners, doubtful, next_at } = &outcome;
                let looked =
                    Looked { watched: watched.as_ref(), owners: *owners, doubtful: doubtful.as_deref(), next_at: *next_at };
                watched::keep(db, due.package_id, &looked, now)?;
                validators::keep(db, registry.id, validators)?;
                watched::record(db, due.package_id, happened, now)?;
                let news = verdicts::keep(db, due.package_id, verdicts, now)?;
                tell::all(db, &tell::About { due, ecosystem, source: &registry.address }, &news, now)?;
                Ok(news.len())
            })
            .await
    }

    /// Asks about the packages that new versions need. True where not all could be asked.
    async fn relatives(&mut self, due: &Due, watched: &mut Watched, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let history = History { ecosystem: self.ecosystem, package: &due.name, now, watched, malicious: &[] };
        let wanted = signal::relatives_wanted(&history);
        let mut missing = wanted.len() > MOST_RELATIVES;
        for name in wanted.into_iter().take(MOST_RELATIVES) {
            match self.door.ask(&name, Wanted { owners: true, whole: true }).await? {
                Ok(answer) => match relative(&name, &answer.snapshot, now) {
                    Some(relative) => watched.relatives.push(relative),
                    None => missing = true,
                },
                Err(Silence::Package(_)) => missing = true,
                Err(Silence::Registry) => return Ok(true),
            }
        }
        Ok(missing)
    }

    async fn judge(&self, due: &Due, watched: &Watched, now: DateTime<Utc>) -> Result<Vec<Verdict>, StoreError> {
        let (ecosystem, package_id, known) = (self.ecosystem, due.package_id, watched.clone());
        let malicious = self.services.store.read(move |db| malice::of(db, ecosystem, package_id, &known)).await?;
        Ok(signal::verdicts(&History { ecosystem, package: &due.name, now, watched, malicious: &malicious }))
    }
}

/// What is known after a look, or why nothing can be taken from it.
fn take(known: Option<Watched>, snapshot: &Snapshot, now: DateTime<Utc>) -> Result<(Watched, Vec<Change>), String> {
    if let Fact::Absent = snapshot.versions {
        return Err("the registry says that there is no such package".to_owned());
    }
    if let Some(why) = unknown(&snapshot.versions) {
        return Err(why);
    }
    match known {
        Some(mut watched) => {
            let changes = watched.take(snapshot, now).map_err(|contradiction| contradiction.to_string())?;
            Ok((watched, changes))
        }
        None if snapshot.versions.known().is_some() => Ok((Watched::first(snapshot, now), Vec::new())),
        None => Err("the registry says `unchanged` of what nobody here has".to_owned()),
    }
}

fn unknown<T>(fact: &Fact<T>) -> Option<String> {
    match fact {
        Fact::Unknown(why) => Some(why.clone()),
        _ => None,
    }
}

/// Another package as a signal needs it; `None` where its registry does not have it.
fn relative(name: &str, snapshot: &Snapshot, now: DateTime<Utc>) -> Option<Relative> {
    let releases = snapshot.versions.known()?;
    let owners = snapshot.owners.known().into_iter().flatten().map(|owner| owner.id.clone());
    let publishers = releases.iter().filter_map(|release| release.publisher.clone());
    let mut people: Vec<String> = owners.chain(publishers).collect();
    people.sort();
    people.dedup();
    let first_published_at = releases.iter().filter_map(|release| release.published_at).min();
    Some(Relative { name: name.to_owned(), first_published_at, people, asked_at: now })
}

fn happened(change: &Change, source: &str) -> Happened {
    let (kind, subject, then, now) = match change {
        Change::Published(version) => ("version-published", version, None, Some(version.clone())),
        Change::Yanked(version) => ("version-yanked", version, Some(version.clone()), None),
        Change::Restored(version) => ("version-restored", version, None, Some(version.clone())),
        Change::Removed(version) => ("version-removed", version, Some(version.clone()), None),
        Change::OwnerAdded(owner) => ("owner-added", &owner.id, None, Some(owner.login.clone())),
        Change::OwnerRemoved(owner) => ("owner-removed", &owner.id, Some(owner.login.clone()), None),
        Change::OwnerRenamed { owner, before } => ("owner-renamed", &owner.id, Some(before.clone()), Some(owner.login.clone())),
        Change::RepositoryMoved { before, after } => ("repository-moved", after, Some(before.clone()), Some(after.clone())),
    };
    Happened { kind, subject: subject.clone(), detail: json!({"then": then, "now": now, "source": source}) }
}
