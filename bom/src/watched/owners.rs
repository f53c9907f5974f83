//! Owners by stable id, as intervals. Who is missing once is doubted; a login that
//! changes is the same person.

use super::{Change, Doubt, Moment, Source, Tenure, Watched};
use crate::snapshot::{Owner, OwnersAt};
use chrono::{DateTime, Utc};

impl Watched {
    /// The first owners known: the baseline, with what the registry's record says of before.
    pub(super) fn begin_owners(&mut self, owners: &[Owner], before: &[OwnersAt], now: DateTime<Utc>) {
        // No owner at all is a fault of the source, not a package without owners.
        if owners.is_empty() {
            return;
        }
        self.baseline = owners.to_vec();
        self.tenures = recorded(before);
        for owner in owners {
            if let Some(open) = open(&mut self.tenures, &owner.id) {
                open.owner = owner.clone();
                continue;
            }
            // Only an owner can publish: the first version by somebody dates the tenure.
            let published = self.releases.iter().filter(|seen| seen.release.publisher.as_deref() == Some(&owner.id));
            let from = published.filter_map(|seen| seen.release.published_at).min();
            let from = match from {
                Some(at) => Moment { at, source: Source::Record },
                None => Moment { at: now, source: Source::FirstSight },
            };
            self.tenures.push(Tenure { owner: owner.clone(), from, until: None });
        }
        // Whom the record had last and the list has not, left in between.
        let gone = Moment { at: now, source: Source::FirstSight };
        close(&mut self.tenures, |tenure| !has(owners, &tenure.owner.id), gone);
    }

    pub(super) fn take_owners(&mut self, shown: &[Owner], now: DateTime<Utc>, changes: &mut Vec<Change>) {
        if shown.is_empty() {
            return;
        }
        let is_missing = |tenure: &Tenure| tenure.until.is_none() && !has(shown, &tenure.owner.id);
        let missing = self.tenures.iter().filter(|tenure| is_missing(tenure)).count();
        let all_missing = missing > 0 && missing == self.owners().count();
        match self.doubt.take().filter(|_| missing > 0) {
            None if missing > 0 => {
                self.doubt = Some(Doubt { since: now, shown: shown.to_vec() });
                if all_missing {
                    return;
                }
            }
            Some(doubt) => {
                let first = |tenure: &Tenure| is_missing(tenure) && !has(&doubt.shown, &tenure.owner.id);
                let gone = self.tenures.iter().filter(|tenure| first(tenure)).map(|t| t.owner.clone());
                changes.extend(gone.map(Change::OwnerRemoved));
                close(&mut self.tenures, first, Moment { at: doubt.since, source: Source::Look });
                // Whoever is missing only now is doubted in turn.
                if self.tenures.iter().any(is_missing) {
                    self.doubt = Some(Doubt { since: now, shown: shown.to_vec() });
                }
            }
            None => {}
        }
        self.add_owners(shown, now, changes);
    }

    fn add_owners(&mut self, shown: &[Owner], now: DateTime<Utc>, changes: &mut Vec<Change>) {
        for owner in shown {
            match open(&mut self.tenures, &owner.id) {
                Some(tenure) => {
                    if tenure.owner.login != owner.login {
                        changes.push(Change::OwnerRenamed { owner: owner.clone(), before: tenure.owner.login.clone() });
                    }
                    tenure.owner = owner.clone();
                }
                None => {
                    changes.push(Change::OwnerAdded(owner.clone()));
                    let from = Moment { at: now, source: Source::Look };
                    self.tenures.push(Tenure { owner: owner.clone(), from, until: None });
                }
            }
        }
    }
}

/// Intervals out of samples: whoever is in one and not in the next left at the next.
fn recorded(samples: &[OwnersAt]) -> Vec<Tenure> {
    let mut tenures: Vec<Tenure> = Vec::new();
    for sample in samples.iter().filter(|sample| !sample.owners.is_empty()) {
        let at = Moment { at: sample.at, source: Source::Record };
        close(&mut tenures, |tenure| !has(&sample.owners, &tenure.owner.id), at);
        for owner in &sample.owners {
            if open(&mut tenures, &owner.id).is_none() {
                tenures.push(Tenure { owner: owner.clone(), from: at, until: None });
            }
        }
    }
    tenures
}

fn has(owners: &[Owner], id: &str) -> bool {
    owners.iter().any(|owner| owner.id == id)
}

fn open<'a>(tenures: &'a mut [Tenure], id: &str) -> Option<&'a mut Tenure> {
    tenures.iter_mut().find(|tenure| tenure.until.is_none() && tenure.owner.id == id)
}

fn close(tenures: &mut [Tenure], which: impl Fn(&Tenure) -> bool, at: Moment) {
    for tenure in tenures.iter_mut().filter(|tenure| tenure.until.is_none()) {
        if which(tenure) {
            tenure.until = Some(at);
        }
    }
}
