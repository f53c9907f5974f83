//! What is known of a package from every look at it so far, and how one more look
//! changes that. Absence is not change: what is missing is doubted first and
//! believed when it is missing again; a source that contradicts what it said of the
//! past is not believed at all.

mod owners;
mod releases;
#[cfg(test)]
mod tests;

use crate::snapshot::{Owner, Release, Snapshot};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is known of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// When the watch began: what is older came from the registry's own record.
    pub since: DateTime<Utc>,
    /// The owners that later ones are compared with: those of first sight, or of the
    /// last ruling. Empty until owners are known.
    pub baseline: Vec<Owner>,
    /// Who owned the package, from when to when.
    pub tenures: Vec<Tenure>,
    /// Owners that were missing in the last look only.
    pub doubt: Option<Doubt>,
    /// Every version known, oldest first.
    pub releases: Vec<Seen>,
    /// The address of the source repository.
    pub repository: Option<String>,
    /// What is known of packages that its new versions need.
    pub relatives: Vec<Relative>,
}

/// The interval in which somebody owned a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenure {
    /// Who, as last seen.
    pub owner: Owner,
    /// Since when.
    pub from: Moment,
    /// Until when; `None` for now.
    pub until: Option<Moment>,
}

/// A time, and how it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// When.
    pub at: DateTime<Utc>,
    /// How that is known.
    pub source: Source,
}

/// How a time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The registry's own record says so.
    Record,
    /// It was so when the watch began; since when it was is not known.
    FirstSight,
    /// A look saw it.
    Look,
}

impl Source {
    /// Its word: `record`, `first-sight` or `look`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::FirstSight => "first-sight",
            Self::Look => "look",
        }
    }
}

/// Owners that one look did not show. They count as owners until a second look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// When they were first missing.
    pub since: DateTime<Utc>,
    /// The owners that were shown instead.
    pub shown: Vec<Owner>,
}

/// A version, and when it was first seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What the registry says of it.
    pub release: Release,
    /// When it was first seen.
    pub seen_at: DateTime<Utc>,
    /// Since when the registry's list is without it, where only one look says so.
    pub missing_since: Option<DateTime<Utc>>,
}

/// Another package of the same ecosystem, as far as a signal needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relative {
    /// Its name.
    pub name: String,
    /// When its first version was published; `None` where the registry does not say.
    pub first_published_at: Option<DateTime<Utc>>,
    /// The stable ids of its owners and publishers.
    pub people: Vec<String>,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
}

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A version appeared.
    Published(String),
    /// A version was yanked or deprecated.
    Yanked(String),
    /// A version is offered again.
    Restored(String),
    /// A version is gone.
    Removed(String),
    /// Somebody became an owner.
    OwnerAdded(Owner),
    /// Somebody is an owner no more; seen twice.
    OwnerRemoved(Owner),
    /// An owner has another login and the same id.
    OwnerRenamed {
        /// The owner as it is now.
        owner: Owner,
        /// The login before.
        before: String,
    },
    /// The repository's address is another.
    RepositoryMoved {
        /// The address before.
        before: String,
        /// The address now.
        after: String,
    },
}

/// A source that says of the past what it did not say before: a mirror that rewrites
/// times or drops publishers, or a fault. Nothing of it is taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("of {all} versions known, {other} have another time or publisher than before: this source is no authority")]
pub struct Contradiction {
    /// Versions that are known and shown.
    pub all: usize,
    /// Those whose past is another.
    pub other: usize,
}

impl Watched {
    /// What the first look at a package says: quiet, with the registry's own record of
    /// the past.
    pub fn first(snapshot: &Snapshot, now: DateTime<Utc>) -> Self {
        let mut watched = Self { since: now, ..Self::default() };
        watched.releases = releases::first(snapshot.versions.known().map_or(&[][..], Vec::as_slice), now);
        watched.repository = snapshot.repository.known().cloned();
        if let Some(owners) = snapshot.owners.known() {
            watched.begin_owners(owners, &snapshot.owners_before, now);
        }
        watched
    }

    /// Takes in one more look. Answers what changed, or takes nothing.
    ///
    /// # Errors
    /// [`Contradiction`] where the source cannot be the one that was believed so far.
    pub fn take(&mut self, snapshot: &Snapshot, now: DateTime<Utc>) -> Result<Vec<Change>, Contradiction> {
        let mut changes = Vec::new();
        if let Some(list) = snapshot.versions.known() {
            releases::agree(&self.releases, list)?;
            self.take_releases(list, now, &mut changes);
        }
        if let Some(owners) = snapshot.owners.known() {
            match self.baseline.is_empty() {
                true => self.begin_owners(owners, &snapshot.owners_before, now),
                false => self.take_owners(owners, now, &mut changes),
            }
        }
        if let Some(after) = snapshot.repository.known()
            && self.repository.as_ref() != Some(after)
            && let Some(before) = self.repository.replace(after.clone())
        {
            changes.push(Change::RepositoryMoved { before, after: after.clone() });
        }
        Ok(changes)
    }

    /// Whether the next look must come soon: something was missing, and once is not enough.
    pub fn is_in_doubt(&self) -> bool {
        self.doubt.is_some() || self.releases.iter().any(|seen| seen.missing_since.is_some())
    }

    /// The owners now.
    pub fn owners(&self) -> impl Iterator<Item = &Tenure> {
        self.tenures.iter().filter(|tenure| tenure.until.is_none())
    }

    /// A version of this package.
    pub fn release(&self, version: &str) -> Option<&Release> {
        self.releases.iter().map(|seen| &seen.release).find(|release| release.version == version)
    }
}

impl Seen {
    /// When it was published; at the latest when it was seen, whatever a clock elsewhere says.
    pub fn at(&self) -> DateTime<Utc> {
        self.release.published_at.unwrap_or(self.seen_at).min(self.seen_at)
    }
}
