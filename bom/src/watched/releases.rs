//! Versions: what appears, what is withdrawn, and what must not be believed.

use super::{Change, Contradiction, Seen, Watched};
use crate::snapshot::Release;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashMap, HashSet};

/// How far two statements of one time may lie apart.
const SLACK: TimeDelta = TimeDelta::days(1);

pub(super) fn first(list: &[Release], now: DateTime<Utc>) -> Vec<Seen> {
    let mut seen: Vec<Seen> =
        list.iter().map(|release| Seen { release: release.clone(), seen_at: now, missing_since: None }).collect();
    sort(&mut seen);
    seen
}

/// Refuses a list that tells another past than the one known.
pub(super) fn agree(known: &[Seen], list: &[Release]) -> Result<(), Contradiction> {
    let shown: HashMap<&str, &Release> = list.iter().map(|release| (release.version.as_str(), release)).collect();
    let pairs = known.iter().filter_map(|seen| Some((&seen.release, *shown.get(seen.release.version.as_str())?)));
    let (mut all, mut other) = (0, 0);
    for (then, now) in pairs.filter(|(then, now)| !then.removed && !now.removed) {
        all += 1;
        let moved = matches!((then.published_at, now.published_at), (Some(a), Some(b)) if (a - b).abs() > SLACK);
        let lost = then.publisher.is_some() && now.publisher != then.publisher;
        other += usize::from(moved || lost);
    }
    // One that differs is a mistake somewhere; half of all is another source.
    if other > 0 && other * 2 >= all { Err(Contradiction { all, other }) } else { Ok(()) }
}

impl Watched {
    pub(super) fn take_releases(&mut self, list: &[Release], now: DateTime<Utc>, changes: &mut Vec<Change>) {
        let mut places: HashMap<String, usize> = HashMap::new();
        places.extend(self.releases.iter().enumerate().map(|(at, seen)| (seen.release.version.clone(), at)));
        for shown in list {
            match places.get(&shown.version).and_then(|at| self.releases.get_mut(*at)) {
                Some(seen) => seen.take(shown, now, changes),
                None => {
                    changes.push(Change::Published(shown.version.clone()));
                    self.releases.push(Seen { release: shown.clone(), seen_at: now, missing_since: None });
                }
            }
        }
        let shown: HashSet<&str> = list.iter().map(|release| release.version.as_str()).collect();
        for seen in self.releases.iter_mut().filter(|seen| !shown.contains(seen.release.version.as_str())) {
            seen.miss(now, changes);
        }
        sort(&mut self.releases);
    }
}

impl Seen {
    fn take(&mut self, shown: &Release, now: DateTime<Utc>, changes: &mut Vec<Change>) {
        self.missing_since = None;
        let then = std::mem::replace(&mut self.release, shown.clone());
        let release = &mut self.release;
        // What is not said now was said before: times, people and needs of a version never change.
        release.published_at = then.published_at.or(shown.published_at);
        release.publisher = then.publisher.or(shown.publisher.clone());
        release.publisher_login = shown.publisher_login.clone().or(then.publisher_login);
        release.trust = shown.trust.or(then.trust);
        release.dependencies = then.dependencies.or(shown.dependencies.clone());
        let (was, is) = (then.yanked || then.removed, shown.yanked || shown.removed);
        release.withdrawn_at = shown.withdrawn_at.or(then.withdrawn_at);
        release.withdrawn_by = shown.withdrawn_by.clone().or(then.withdrawn_by);
        if !was && is {
            release.withdrawn_at = shown.withdrawn_at.or(Some(now));
        }
        let version = || shown.version.clone();
        match (was, is) {
            (false, true) if shown.removed => changes.push(Change::Removed(version())),
            (false, true) => changes.push(Change::Yanked(version())),
            (true, false) => changes.push(Change::Restored(version())),
            _ if shown.removed && !then.removed => changes.push(Change::Removed(version())),
            _ => {}
        }
    }

    /// The list is without it: doubted once, believed twice.
    fn miss(&mut self, now: DateTime<Utc>, changes: &mut Vec<Change>) {
        if self.release.removed {
            return;
        }
        match self.missing_since.take() {
            None => self.missing_since = Some(now),
            Some(since) => {
                self.release.removed = true;
                self.release.withdrawn_at = Some(since);
                changes.push(Change::Removed(self.release.version.clone()));
            }
        }
    }
}

fn sort(releases: &mut [Seen]) {
    releases.sort_by_key(|seen| seen.release.published_at.unwrap_or(seen.seen_at));
}
