//! The world of a timeline: what a registry would show at each moment.

use crate::ask::Fact;
use crate::ecosystem::Package;
use crate::purl::Purl;
use crate::snapshot::{Need, Owner, OwnerKind, Release, Snapshot, Trust};
use crate::watched::Relative;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
pub(super) struct Timeline {
    ecosystem: String,
    inventory: Vec<String>,
    pub(super) watch_from: DateTime<Utc>,
    baseline: BTreeMap<String, StateRaw>,
    pub(super) events: Vec<Event>,
    pub(super) expect: Expect,
}

#[derive(Deserialize)]
pub(super) struct Expect {
    pub(super) before: Option<DateTime<Utc>>,
    pub(super) signals_any_of: Vec<String>,
    pub(super) severity_at_least: Option<String>,
    pub(super) quiet: Vec<String>,
}

#[derive(Clone, Deserialize)]
struct StateRaw {
    owners: Vec<OwnerRaw>,
    repository: Option<String>,
    versions: Vec<VersionRaw>,
}

#[derive(Clone, Deserialize)]
struct OwnerRaw {
    id: String,
    login: String,
    kind: OwnerKind,
    account_created_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Deserialize)]
struct VersionRaw {
    version: String,
    published_at: DateTime<Utc>,
    publisher: Option<String>,
    trust: Option<Trust>,
    install_hook: Option<bool>,
    #[serde(default)]
    yanked: bool,
    dependencies: Vec<NeedRaw>,
}

#[derive(Clone, Deserialize)]
struct NeedRaw {
    name: String,
    req: String,
    kind: String,
    source: String,
}

#[derive(Deserialize)]
pub(super) struct Event {
    pub(super) at: DateTime<Utc>,
    pub(super) until: Option<DateTime<Utc>>,
    #[serde(rename = "type")]
    what: String,
    kind: Option<String>,
    package: Option<String>,
    version: Option<serde_json::Value>,
    owner: Option<OwnerRaw>,
    actor: Option<String>,
    state: Option<StateRaw>,
    repository: Option<String>,
    id: Option<String>,
    affected: Option<AffectedRaw>,
}

#[derive(Deserialize)]
struct AffectedRaw {
    package: String,
    versions: Vec<String>,
}

struct State {
    owners: Vec<Owner>,
    releases: Vec<Release>,
    repository: Option<String>,
}

pub(super) struct World {
    pub(super) ecosystem: String,
    pub(super) inventory: BTreeSet<String>,
    pub(super) malicious: BTreeMap<String, Vec<(String, String)>>,
    packages: BTreeMap<String, State>,
    outages: Vec<(DateTime<Utc>, DateTime<Utc>, String)>,
}

impl World {
    pub(super) fn begin(timeline: &Timeline) -> Self {
        let named = |purl: &String| Some(Package::of_purl(&purl.parse::<Purl>().ok()?)?.name);
        let packages = timeline.baseline.iter().map(|(name, state)| (name.clone(), state.clone().into())).collect();
        Self {
            ecosystem: timeline.ecosystem.clone(),
            inventory: timeline.inventory.iter().filter_map(named).collect(),
            malicious: BTreeMap::new(),
            packages,
            outages: Vec::new(),
        }
    }

    pub(super) fn apply(&mut self, event: &Event) {
        let name = event.package.clone().unwrap_or_default();
        match (event.what.as_str(), &event.state) {
            ("package_created", Some(state)) => drop(self.packages.insert(name.clone(), state.clone().into())),
            ("package_removed", _) => drop(self.packages.remove(&name)),
            ("outage", _) => {
                let (until, kind) = (event.until.expect("an end"), event.kind.clone().expect("a kind"));
                self.outages.push((event.at, until, kind));
            }
            ("advisory", _) => {
                let (id, affected) = (event.id.as_ref().expect("an id"), event.affected.as_ref().expect("a package"));
                let said = affected.versions.iter().map(|version| (id.clone(), version.clone()));
                self.malicious.entry(affected.package.clone()).or_default().extend(said);
            }
            _ => {}
        }
        if let Some(state) = self.packages.get_mut(&name) {
            state.apply(event);
        }
    }

    /// What a look sees now; `None` where the registry does not answer.
    pub(super) fn snapshot(&self, package: &str, now: DateTime<Utc>) -> Option<Snapshot> {
        let outage =
            self.outages.iter().find(|(from, until, _)| (*from..*until).contains(&now)).map(|(_, _, kind)| kind.as_str());
        let state = self.packages.get(package)?;
        let (mut owners, mut releases) = (state.owners.clone(), state.releases.clone());
        match outage {
            None => {}
            Some("empty_owners") => owners.clear(),
            Some("mirror") => {
                owners = vec![Owner { id: "login:author".into(), login: "author".into(), ..Owner::default() }];
                for release in &mut releases {
                    (release.published_at, release.publisher, release.trust) = (Some(now), None, None);
                }
            }
            Some(_) => return None,
        }
        let repository = state.repository.clone().map_or(Fact::Absent, Fact::Known);
        Some(Snapshot { owners: Fact::Known(owners), versions: Fact::Known(releases), repository, owners_before: Vec::new() })
    }

    pub(super) fn relative(&self, name: &str, now: DateTime<Utc>) -> Option<Relative> {
        let state = self.packages.get(name)?;
        let publishers = state.releases.iter().filter_map(|release| release.publisher.clone());
        let people = state.owners.iter().map(|owner| owner.id.clone()).chain(publishers).collect();
        let first_published_at = state.releases.iter().filter_map(|release| release.published_at).min();
        Some(Relative { name: name.to_owned(), first_published_at, people, asked_at: now })
    }
}

impl State {
    fn apply(&mut self, event: &Event) {
        let version = event.version.as_ref().and_then(|version| version.as_str()).unwrap_or_default();
        let (by, at) = (event.actor.clone(), event.at);
        match event.what.as_str() {
            "publish" => {
                let raw: VersionRaw = serde_json::from_value(event.version.clone().unwrap_or_default()).expect("a version");
                self.releases.push(raw.into());
            }
            "yank" | "unyank" | "unpublish" => {
                for release in self.releases.iter_mut().filter(|release| release.version == version) {
                    release.yanked = event.what == "yank";
                    release.removed = event.what == "unpublish";
                    if event.what != "unyank" {
                        // Who is not named is the registry's staff, or nobody knows.
                        (release.withdrawn_at, release.withdrawn_by) = (Some(at), by.clone());
                    }
                }
            }
            "owner_added" => self.owners.extend(event.owner.clone().map(Owner::from)),
            "owner_removed" => self.owners.retain(|owner| event.owner.as_ref().is_none_or(|gone| gone.id != owner.id)),
            "owner_renamed" => {
                for owner in &mut self.owners {
                    if let Some(renamed) = event.owner.as_ref().filter(|renamed| renamed.id == owner.id) {
                        owner.login.clone_from(&renamed.login);
                    }
                }
            }
            "repository_changed" => self.repository.clone_from(&event.repository),
            _ => {}
        }
    }
}

impl From<StateRaw> for State {
    fn from(raw: StateRaw) -> Self {
        let owners = raw.owners.into_iter().map(Owner::from).collect();
        Self { owners, releases: raw.versions.into_iter().map(Release::from).collect(), repository: raw.repository }
    }
}

impl From<OwnerRaw> for Owner {
    fn from(raw: OwnerRaw) -> Self {
        Self { id: raw.id, login: raw.login, kind: raw.kind, since: raw.account_created_at }
    }
}

impl From<VersionRaw> for Release {
    fn from(raw: VersionRaw) -> Self {
        let need =
            |raw: NeedRaw| Need { name: raw.name, requirement: raw.req, kind: raw.kind, from_registry: raw.source == "registry" };
        Self {
            version: raw.version,
            published_at: Some(raw.published_at),
            publisher: raw.publisher,
            trust: raw.trust,
            install_hook: raw.install_hook,
            yanked: raw.yanked,
            dependencies: Some(raw.dependencies.into_iter().map(need).collect()),
            ..Self::default()
        }
    }
}
