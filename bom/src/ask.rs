//! How pure plug-ins ask the world: what to fetch is a value, what came back is
//! a value, and the driver between them does the I/O (storage rule D11).

pub use crate::fact::Fact;
use crate::snapshot::Snapshot;
use std::io::Read;
use std::time::Duration;

/// What to fetch, relative to one of a registry's approved endpoints.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// Which endpoint of the registry, for example `index` or `api`.
    pub endpoint: &'static str,
    /// The path below it, without a leading slash, percent-encoded.
    pub path: String,
    /// The media type to ask for, where it matters.
    pub accept: Option<&'static str>,
    /// Whether the body is needed even when it is the same as last time.
    pub whole: bool,
}

impl Request {
    /// A request that may be answered with "the same as last time".
    pub fn of(endpoint: &'static str, path: String) -> Self {
        Self { endpoint, path, accept: None, whole: false }
    }

    /// The same request where only a whole body helps.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }
}

/// What a look is to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Owners too, also when no version changed.
    pub owners: bool,
    /// Everything anew: nothing is known, or what is known is not kept.
    pub whole: bool,
}

/// What came back. 429, 5xx, time-outs and truncation never reach a plug-in:
/// the driver retries or reports them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A whole body.
    Body(Vec<u8>),
    /// The same as last time.
    Unchanged,
    /// There is nothing there: 404, 410 or 451.
    Absent(u16),
}

/// What a look does next.
#[derive(Debug)]
pub enum Step {
    /// Fetch these, then call again with the replies in this order.
    Ask(Vec<Request>),
    /// The look is over.
    Done(Box<Snapshot>),
}

/// A reply that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LookError(pub String);

/// One look at one package.
pub trait Look: Send {
    /// The next step; first called with no replies.
    ///
    /// # Errors
    /// [`LookError`] when a reply is not what the protocol promises; nothing is stored then.
    fn next(&mut self, replies: Vec<Reply>) -> Result<Step, LookError>;
}

/// A registry's feed of touched packages.
pub trait Changes: Sync {
    /// The request for what came after `cursor`.
    fn ask(&self, cursor: Option<&str>) -> Request;

    /// Reads a page.
    ///
    /// # Errors
    /// [`LookError`] when the page is not what the protocol promises.
    fn read(&self, body: &mut dyn Read, cursor: Option<&str>) -> Result<Page, LookError>;
}

/// A page of a change feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Packages that were touched.
    pub touched: Vec<String>,
    /// Where to go on.
    pub cursor: Option<String>,
    /// Whether more is waiting.
    pub more: bool,
}

/// Reads a registry's bulk export, entry by entry.
pub trait DumpReader {
    /// One file of the archive.
    ///
    /// # Errors
    /// [`LookError`] when it is not what the protocol promises.
    fn entry(&mut self, name: &str, body: &mut dyn Read) -> Result<(), LookError>;

    /// Called after the archive ended cleanly: hands out what was learned.
    ///
    /// # Errors
    /// [`LookError`] when a needed entry was missing.
    fn finish(self: Box<Self>, out: &mut dyn FnMut(&str, Snapshot)) -> Result<(), LookError>;
}

/// A registry's protocol. Addresses are not its business.
pub trait Registry: Sync {
    /// The OSV name of the ecosystem whose packages it serves.
    fn ecosystem(&self) -> &'static str;

    /// The protocol's name, for example `crates`.
    fn name(&self) -> &'static str;

    /// The endpoints it needs, by name, with the path below the base address that is usual.
    fn endpoints(&self) -> &'static [(&'static str, &'static str)];

    /// How long to wait between two requests to one of its endpoints, where its
    /// operator's rules or good manners ask for it.
    fn pace(&self, endpoint: &str) -> Duration;

    /// Starts a look at a package.
    fn look(&self, package: &str, wanted: Wanted) -> Box<dyn Look>;

    /// Its feed of changes, where it has one.
    fn changes(&self) -> Option<&dyn Changes> {
        None
    }

    /// A reader of its bulk export, where it has one.
    fn dump<'a>(&self, _wanted: &'a dyn Fn(&str) -> bool) -> Option<Box<dyn DumpReader + 'a>> {
        None
    }
}
