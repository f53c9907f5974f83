//! A package registry that keeps state and speaks the protocol of Rust's or of npm's:
//! pages, entity tags, 304, 404, 429, and faults on demand. People and packages are
//! told by plain calls; what was asked is kept.

mod crates;
mod npm;

use super::http::{Answered, Asked, Neighbour, start};
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Which protocol it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// The index and the API of Rust's registry.
    Crates,
    /// npm's documents.
    Npm,
}

/// How it misbehaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It answers with this status, and perhaps asks to be left alone for seconds.
    Status(u16, Option<u32>),
    /// It names no owner.
    NoOwners,
    /// Its JSON ends in the middle.
    Truncated,
    /// It answers these bytes.
    Says(Vec<u8>),
    /// It falls silent after so many bytes of its reply.
    Hangs(usize),
    /// It points to this address.
    Redirect(String),
    /// It is a mirror that rewrites times and drops people; now is this.
    Mirror(DateTime<Utc>),
}

/// An account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: u32,
    /// Its name.
    pub login: String,
}

/// A version to be published.
#[derive(Clone, Debug, Default)]
pub struct Release {
    /// The version.
    pub version: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The number of the account that publishes it.
    pub by: u32,
    /// Names of the packages it needs.
    pub needs: Vec<String>,
    withdrawn: Option<(u32, DateTime<Utc>)>,
    removed: bool,
    owners: BTreeSet<u32>,
}

impl Release {
    /// A version of an account at a time, with what it needs.
    pub fn new(version: &str, at: DateTime<Utc>, by: u32, needs: &[&str]) -> Self {
        let needs = needs.iter().map(|name| (*name).to_owned()).collect();
        Self { version: version.to_owned(), at, by, needs, ..Self::default() }
    }
}

#[derive(Default)]
struct Package {
    owners: BTreeSet<u32>,
    releases: Vec<Release>,
}

#[derive(Default)]
struct State {
    accounts: BTreeMap<u32, Account>,
    packages: BTreeMap<String, Package>,
    fault: Option<Fault>,
    asked: Vec<String>,
}

/// The registry.
pub struct SimulatedRegistry {
    neighbour: Neighbour,
    state: Arc<Mutex<State>>,
}

impl SimulatedRegistry {
    /// Starts an empty registry.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(protocol: Protocol) -> std::io::Result<Self> {
        let state = Arc::new(Mutex::new(State::default()));
        let served = state.clone();
        let neighbour = start(move |asked| answer(protocol, asked, &mut lock(&served))).await?;
        Ok(Self { neighbour, state })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.neighbour.address
    }

    /// Its base address.
    pub fn url(&self) -> String {
        format!("http://{}", self.neighbour.address)
    }

    /// Makes or renames an account.
    pub fn account(&self, id: u32, login: &str) {
        lock(&self.state).accounts.insert(id, Account { id, login: login.to_owned() });
    }

    /// Sets who owns a package, making it where it is new.
    pub fn owners(&self, package: &str, ids: &[u32]) {
        lock(&self.state).packages.entry(package.to_owned()).or_default().owners = ids.iter().copied().collect();
    }

    /// Publishes a version.
    pub fn publish(&self, package: &str, release: Release) {
        let mut state = lock(&self.state);
        let package = state.packages.entry(package.to_owned()).or_default();
        let owners = package.owners.clone();
        package.releases.push(Release { owners, ..release });
    }

    /// Yanks a version.
    pub fn yank(&self, package: &str, version: &str, by: u32, at: DateTime<Utc>) {
        self.release(package, version, |release| release.withdrawn = Some((by, at)));
    }

    /// Takes a version away.
    pub fn remove(&self, package: &str, version: &str) {
        self.release(package, version, |release| release.removed = true);
    }

    /// Takes a package away.
    pub fn remove_package(&self, package: &str) {
        lock(&self.state).packages.remove(package);
    }

    /// Misbehaves from now on, or no more.
    pub fn fault(&self, fault: Option<Fault>) {
        lock(&self.state).fault = fault;
    }

    /// What was asked so far: method, path and status.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.state).asked.clone()
    }

    fn release(&self, package: &str, version: &str, change: impl Fn(&mut Release)) {
        let mut state = lock(&self.state);
        let releases = state.packages.get_mut(package).map(|package| &mut package.releases);
        releases.into_iter().flatten().filter(|release| release.version == version).for_each(change);
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer(protocol: Protocol, asked: &Asked, state: &mut State) -> Answered {
    let answered = match &state.fault {
        Some(Fault::Status(status, rest)) => {
            let headers = rest.map(|rest| ("retry-after", rest.to_string())).into_iter().collect();
            Answered { headers, ..Answered::status(*status) }
        }
        Some(Fault::Redirect(to)) => Answered { headers: vec![("location", to.clone())], ..Answered::status(302) },
        Some(Fault::Says(bytes)) => Answered { body: bytes.clone(), ..Answered::status(200) },
        fault => {
            let body = match protocol {
                Protocol::Crates => crates::body(&asked.path, state),
                Protocol::Npm => npm::body(&asked.path, state),
            };
            let silent_after = if let Some(Fault::Hangs(said)) = fault { Some(*said) } else { None };
            Answered { silent_after, ..tagged(asked, body, fault.as_ref()) }
        }
    };
    state.asked.push(format!("{} {} {}", asked.method, asked.path, answered.status));
    answered
}

/// A body with its entity tag, or 304 where the caller has it.
fn tagged(asked: &Asked, body: Option<Vec<u8>>, fault: Option<&Fault>) -> Answered {
    let Some(mut body) = body else { return Answered::status(404) };
    let tag = format!("\"{}\"", hex::encode(Sha256::digest(&body)));
    if asked.headers.get("if-none-match") == Some(&tag) && fault.is_none() {
        return Answered { headers: vec![("etag", tag)], ..Answered::status(304) };
    }
    if fault == Some(&Fault::Truncated) {
        body.truncate(body.len() * 2 / 3);
    }
    Answered { headers: vec![("etag", tag), ("content-type", "application/json".to_owned())], body, ..Answered::status(200) }
}

impl State {
    fn account(&self, id: u32) -> Account {
        self.accounts.get(&id).cloned().unwrap_or_else(|| Account { id, login: format!("account-{id}") })
    }

    /// The owners that it names.
    fn named_owners(&self, package: &Package) -> Vec<Account> {
        let known = package.owners.iter().map(|id| self.account(*id));
        if self.fault == Some(Fault::NoOwners) { Vec::new() } else { known.collect() }
    }
}
