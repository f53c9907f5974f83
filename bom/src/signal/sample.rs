//! For tests: a package with two owners and a few versions, and what happens to it.

use super::{History, Signal};
use crate::ask::Fact;
use crate::ecosystem::Ecosystem;
use crate::snapshot::{Need, Owner, Release, Snapshot, Trust};
use crate::watched::{Relative, Watched};
use chrono::{DateTime, TimeDelta, Utc};

pub(crate) struct Story {
    pub(crate) watched: Watched,
    pub(crate) now: DateTime<Utc>,
    releases: Vec<Release>,
    owners: Vec<Owner>,
}

pub(crate) fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

pub(crate) fn owner(id: &str) -> Owner {
    Owner { id: id.to_owned(), login: id.trim_start_matches("u-").to_owned(), ..Owner::default() }
}

fn release(at: DateTime<Utc>, version: &str, publisher: &str, needs: &[&str]) -> Release {
    let need = |name: &&str| {
        let (kind, name) = name.split_once(':').unwrap_or(("normal", name));
        Need { name: name.to_owned(), requirement: "^1".to_owned(), kind: kind.to_owned(), from_registry: true }
    };
    Release {
        version: version.to_owned(),
        published_at: Some(at),
        publisher: Some(publisher.to_owned()),
        dependencies: Some(needs.iter().map(need).collect()),
        ..Release::default()
    }
}

impl Story {
    /// Versions 1.0.0 to 1.0.2 by `u-1`, the last 60 days ago; owners `u-1` and `u-2`.
    pub(crate) fn begin(since: &str) -> Self {
        let now = time(since);
        let old = |(days, version): (i64, &str)| release(now - TimeDelta::days(days), version, "u-1", &["known"]);
        let releases: Vec<Release> = [(200, "1.0.0"), (100, "1.0.1"), (60, "1.0.2")].map(old).into();
        let owners = vec![owner("u-1"), owner("u-2")];
        let mut story = Self { watched: Watched::default(), now, releases, owners };
        story.watched = Watched::first(&story.snapshot(), now);
        story
    }

    fn snapshot(&self) -> Snapshot {
        let (owners, versions) = (Fact::Known(self.owners.clone()), Fact::Known(self.releases.clone()));
        Snapshot { owners, versions, ..Snapshot::default() }
    }

    fn look(&mut self, at: &str) {
        self.now = time(at).max(self.now);
        self.watched.take(&self.snapshot(), self.now).expect("no contradiction");
    }

    pub(crate) fn publish(&mut self, at: &str, version: &str, publisher: &str, needs: &[&str]) {
        self.releases.push(release(time(at), version, publisher, needs));
        self.look(at);
    }

    pub(crate) fn trust(&mut self, version: &str, trust: Trust) {
        self.releases.iter_mut().filter(|release| release.version == version).for_each(|r| r.trust = Some(trust));
        let now = self.now;
        self.watched.take(&self.snapshot(), now).expect("no contradiction");
    }

    pub(crate) fn withdraw(&mut self, at: &str, version: &str, by: Option<&str>) {
        for release in self.releases.iter_mut().filter(|release| release.version == version) {
            release.yanked = true;
            release.withdrawn_at = Some(time(at));
            release.withdrawn_by = by.map(str::to_owned);
        }
        self.look(at);
    }

    pub(crate) fn owners(&mut self, at: &str, ids: &[&str]) {
        self.owners = ids.iter().map(|id| owner(id)).collect();
        self.look(at);
    }

    pub(crate) fn relative(&mut self, name: &str, published: &str, people: &[&str]) {
        let people = people.iter().map(|id| (*id).to_owned()).collect();
        let first_published_at = Some(time(published));
        self.watched.relatives.push(Relative { name: name.to_owned(), first_published_at, people, asked_at: self.now });
    }

    pub(crate) fn history<'a>(&'a self, malicious: &'a [(String, String)]) -> History<'a> {
        let (ecosystem, _) = Ecosystem::of_osv("crates.io").expect("an ecosystem");
        History { ecosystem, package: "sample", now: self.now, watched: &self.watched, malicious }
    }

    /// The versions of a signal's evidence and their weights.
    pub(crate) fn found(&self, signal: &dyn Signal, malicious: &[(String, String)]) -> Vec<(String, u8)> {
        let found = signal.judge(&self.history(malicious));
        found.into_iter().map(|one| (one.version.unwrap_or_default(), one.weight)).collect()
    }
}
