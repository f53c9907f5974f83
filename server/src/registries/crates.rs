//! The protocol of Rust's registry: a sparse index (one JSON line for each version,
//! RFC 2789) and an API that names owners, publishers and who yanked what. The index
//! costs nobody anything; the API is asked when the index changed, or owners are due.

mod reply;
#[cfg(test)]
mod tests;

use bom::ask::{Fact, Look, LookError, Registry, Reply, Request, Step, Wanted};
use bom::snapshot::{Release, Snapshot};
use reply::{Page, index, owners, page};
use std::time::Duration;

/// The most pages of versions that are read.
const MOST_PAGES: usize = 500;

/// The protocol.
pub(super) struct Crates;

impl Registry for Crates {
    fn ecosystem(&self) -> &'static str {
        "crates.io"
    }

    fn name(&self) -> &'static str {
        "crates"
    }

    fn endpoints(&self) -> &'static [(&'static str, &'static str)] {
        &[("index", "index"), ("api", "api/v1")]
    }

    fn pace(&self, endpoint: &str) -> Duration {
        // The operator's data access policy: one request to the API in a second.
        if endpoint == "api" { Duration::from_secs(1) } else { Duration::from_millis(20) }
    }

    fn look(&self, package: &str, wanted: Wanted) -> Box<dyn Look> {
        let package = package.to_owned();
        Box::new(CratesLook { package, wanted, state: State::Begin, pages: 0, snapshot: Snapshot::default() })
    }
}

struct CratesLook {
    package: String,
    wanted: Wanted,
    state: State,
    pages: usize,
    snapshot: Snapshot,
}

/// What is asked for.
enum State {
    Begin,
    Index,
    /// The versions of the index, and whether owners are asked beside the first page.
    Versions(Vec<Release>, bool),
}

impl Look for CratesLook {
    fn next(&mut self, replies: Vec<Reply>) -> Result<Step, LookError> {
        let mut replies = replies.into_iter();
        let mut reply = || replies.next().ok_or_else(|| LookError("a reply is missing".to_owned()));
        match std::mem::replace(&mut self.state, State::Begin) {
            State::Begin => Ok(self.begin()),
            State::Index => {
                let (versions, people) = (reply()?, if self.wanted.owners { Some(reply()?) } else { None });
                if let Some(people) = people {
                    self.snapshot.owners = owners(people)?;
                }
                self.after_index(versions)
            }
            State::Versions(releases, with_owners) => {
                let versions = reply()?;
                if with_owners {
                    self.snapshot.owners = owners(reply()?)?;
                }
                self.after_page(releases, page(versions)?)
            }
        }
    }
}

impl CratesLook {
    fn begin(&mut self) -> Step {
        if !is_name(&self.package) {
            let unknown = "no package can have such a name".to_owned();
            self.snapshot.versions = Fact::Unknown(unknown.clone());
            self.snapshot.owners = Fact::Unknown(unknown);
            return self.done();
        }
        self.state = State::Index;
        let mut requests = vec![self.ask("index", index_path(&self.package))];
        if self.wanted.owners {
            requests.push(self.owners());
        }
        Step::Ask(requests)
    }

    fn after_index(&mut self, reply: Reply) -> Result<Step, LookError> {
        let releases = match reply {
            Reply::Body(body) => index(&self.package, &body)?,
            Reply::Unchanged => {
                self.snapshot.versions = Fact::Unchanged;
                return Ok(self.done());
            }
            Reply::Absent(_) => {
                self.snapshot.versions = Fact::Absent;
                return Ok(self.done());
            }
        };
        // Owners are asked in every look that finds something new.
        let with_owners = !self.wanted.owners;
        let first = Request::of("api", format!("crates/{}/versions?per_page=100", self.package)).whole();
        let requests = if with_owners { vec![first, self.owners()] } else { vec![first] };
        self.state = State::Versions(releases, with_owners);
        Ok(Step::Ask(requests))
    }

    fn after_page(&mut self, mut releases: Vec<Release>, page: Page) -> Result<Step, LookError> {
        self.pages += 1;
        for said in page.releases {
            if let Some(release) = releases.iter_mut().find(|release| release.version == said.version) {
                reply::add(release, said);
            }
        }
        match page.next {
            Some(_) if self.pages >= MOST_PAGES => Err(LookError("the list of versions has no end".to_owned())),
            Some(query) => {
                self.state = State::Versions(releases, false);
                Ok(Step::Ask(vec![Request::of("api", format!("crates/{}/versions{query}", self.package)).whole()]))
            }
            None => {
                self.snapshot.versions = Fact::Known(releases);
                Ok(self.done())
            }
        }
    }

    fn owners(&self) -> Request {
        self.ask("api", format!("crates/{}/owners", self.package))
    }

    fn ask(&self, endpoint: &'static str, path: String) -> Request {
        Request { endpoint, path, accept: None, whole: self.wanted.whole }
    }

    fn done(&mut self) -> Step {
        Step::Done(Box::new(std::mem::take(&mut self.snapshot)))
    }
}

/// A letter, then letters, digits, `-` and `_`, at most 64 of them.
fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && name.len() <= 64
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// Where the index keeps a package: `1/a`, `2/ab`, `3/a/abc`, `ab/cd/abcd`.
fn index_path(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let part = |range: std::ops::Range<usize>| name.get(range).unwrap_or_default();
    match name.len() {
        1 => format!("1/{name}"),
        2 => format!("2/{name}"),
        3 => format!("3/{}/{name}", part(0..1)),
        _ => format!("{}/{}/{name}", part(0..2), part(2..4)),
    }
}
