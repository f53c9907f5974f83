//! From files to rows in three steps that work at the same time, each with a bounded
//! amount in its hands: records are unpacked, what is news is understood, and written.

use super::pieces::Piece;
use super::{FeedError, ready};
use crate::clock::rfc3339;
use crate::feeds::{Entry, Fact, Feed};
use crate::services::Services;
use crate::stop::Stop;
use crate::store::StoreError;
use crate::store::advisories::{self, Record};
use crate::store::feeds::Refusal;
use crate::store::leases::Lease;
use crate::store::remarks;
use crate::store::statements::{self, Document};
use crate::store::stored::Stored;
use bom::reading::ReadError;
use bom::remark::Remark;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Records and bytes of one parcel between two steps.
const PARCEL: usize = 512;
const PARCEL_BYTES: usize = 4 << 20;
/// Parcels that wait between two steps.
const WAITING: usize = 2;
/// How long a write should take, and the records it may have.
const WRITE: Duration = Duration::from_millis(25);
const FEWEST: usize = 10;
const MOST: usize = 1000;
/// How far a source's clock may be ahead of ours, in milliseconds.
const AHEAD: i64 = 24 * 3600 * 1000;
/// Refusals that are kept; the rest is counted.
const KEPT: usize = 1000;

/// What taking a feed in did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records that were not known.
    pub new: usize,
    /// Records that say something else now.
    pub changed: usize,
    /// Records that are as they were, or older than what is known.
    pub unchanged: usize,
    /// Records that cannot be read.
    pub refused: usize,
    /// Records that were taken, are in force and name no package: nothing can match them.
    pub nameless: usize,
    /// When the newest record that was looked at was changed, in milliseconds.
    pub newest_at: Option<i64>,
    /// The first of these.
    pub refusals: Vec<Refusal>,
}

impl Tally {
    /// Whether it brought nothing.
    pub fn is_unchanged(&self) -> bool {
        self.new == 0 && self.changed == 0
    }

    /// Nothing, or why what was looked at is no good fetch. `before` is when the newest
    /// record of the last one was changed; what is looked at piece by piece counts too.
    pub(super) fn believable(&self, before: Option<i64>) -> Result<(), FeedError> {
        if let Some(first) = self.refusals.first().filter(|_| self.new + self.changed + self.unchanged == 0) {
            return Err(FeedError::Unreadable(self.refused, first.reason.clone()));
        }
        match (before, self.newest_at) {
            (Some(before), Some(now)) if now < before => Err(FeedError::Older { before: rfc3339(before), now: rfc3339(now) }),
            _ => Ok(()),
        }
    }

    /// The same with what a further part brought.
    pub(super) fn join(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.refused += other.refused;
        self.nameless += other.nameless;
        self.newest_at = self.newest_at.max(other.newest_at);
        self.refusals.extend(other.refusals.into_iter().take(KEPT.saturating_sub(self.refusals.len())));
    }

    fn look(&mut self, newest: Option<i64>) {
        self.newest_at = self.newest_at.max(newest);
    }

    fn add(&mut self, stored: Stored) {
        self.new += stored.new;
        self.changed += stored.changed;
        self.unchanged += stored.unchanged;
    }

    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refused += 1;
        if self.refusals.len() < KEPT {
            self.refusals.push(refusal);
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { new, changed, unchanged, refused, .. } = self;
        write!(out, "{new} new, {changed} changed, {unchanged} as they were, {refused} refused")?;
        match self.nameless {
            0 => Ok(()),
            1 => write!(out, "; 1 names no package (`affected` is missing) and matches nothing"),
            many => write!(out, "; {many} name no package (`affected` is missing) and match nothing"),
        }
    }
}

/// A record unpacked.
struct Unpacked {
    name: String,
    sha256: [u8; 32],
    content: Result<Vec<u8>, ReadError>,
}

/// What was understood of a parcel.
#[derive(Default)]
struct Understood {
    records: Vec<Record>,
    remarks: Vec<Remark>,
    documents: Vec<Document>,
    refused: Vec<(String, ReadError)>,
    unchanged: usize,
    newest: Option<i64>,
}

/// Reads all pieces and stores what is news under `lease`.
pub(super) async fn run(
    services: &Services,
    feed: &'static dyn Feed,
    name: &str,
    pieces: Vec<Piece>,
    lease: &Lease,
    stop: &Stop,
) -> Result<Tally, FeedError> {
    let (unpacked, parcels) = channel(WAITING);
    let (understood, ready) = channel(WAITING);
    let first = tokio::task::spawn_blocking(move || unpack(feed, pieces, &unpacked));
    let second = understand(services.clone(), feed, name.to_owned(), parcels, understood);
    let third = write(services, name, ready, lease, stop);
    let (first, second, third) = tokio::join!(first, second, third);
    // Where writing failed the steps before only saw that nobody listens any more.
    let tally = third?;
    second?;
    first.map_err(|_| StoreError::Stopping)??;
    Ok(tally)
}

/// The first step: bytes from files, on a thread of its own.
fn unpack(feed: &dyn Feed, mut pieces: Vec<Piece>, out: &Sender<Vec<Unpacked>>) -> Result<(), FeedError> {
    let (mut parcel, mut bytes) = (Vec::new(), 0_usize);
    for piece in &mut pieces {
        let flow = piece.visit(feed, &mut |path, file| {
            let mut flow = ControlFlow::Continue(());
            feed.records(path, file, &mut |Entry { name, content }| {
                bytes += content.as_ref().map_or(0, Vec::len);
                let sha256 = content.as_ref().map(|bytes| Sha256::digest(bytes).into()).unwrap_or_default();
                parcel.push(Unpacked { name, sha256, content });
                if parcel.len() >= PARCEL || bytes >= PARCEL_BYTES {
                    bytes = 0;
                    if out.blocking_send(std::mem::take(&mut parcel)).is_err() {
                        flow = ControlFlow::Break(());
                    }
                }
                flow
            })?;
            Ok(flow)
        })?;
        if flow.is_break() {
            return Ok(());
        }
    }
    if !parcel.is_empty() {
        // Nobody to send it to: the step behind has failed and says so itself.
        let _unheard = out.blocking_send(parcel).is_err();
    }
    Ok(())
}

/// The second step: what is known as it is costs a look-up, the rest is understood.
async fn understand(
    services: Services,
    feed: &'static dyn Feed,
    of_feed: String,
    mut parcels: Receiver<Vec<Unpacked>>,
    out: Sender<Understood>,
) -> Result<(), FeedError> {
    while let Some(parcel) = parcels.recv().await {
        let names: Vec<String> = parcel.iter().map(|record| record.name.clone()).collect();
        let (hashes, of_feed): (Vec<Vec<u8>>, _) =
            (parcel.iter().map(|record| record.sha256.to_vec()).collect(), of_feed.clone());
        let read =
            services.store.read(move |db| Ok((advisories::hashes(db, &names)?, statements::hashes(db, &of_feed, &hashes)?)));
        let (known, stated) = read.await?;
        let latest = services.clock.millis().saturating_add(AHEAD);
        let work = move || {
            let mut understood = Understood::default();
            for Unpacked { name, sha256, content } in parcel {
                let same = known.get(&name).filter(|(known, _)| *known == sha256).map(|(_, at)| at);
                if let Some(at) = same.or_else(|| stated.get(sha256.as_slice())) {
                    understood.newest = understood.newest.max(Some(*at));
                    understood.unchanged += 1;
                    continue;
                }
                match content.and_then(|bytes| understood_as(feed, &name, sha256, &bytes)).and_then(|made| made.before(latest)) {
                    Ok(made) => understood.take(made),
                    Err(error) => understood.refused.push((name, error)),
                }
            }
            understood
        };
        let understood = tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Stopping)?;
        if out.send(understood).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// A record made ready.
enum Made {
    Record(Box<Record>),
    Remark(Remark),
    Document(Box<Document>),
}

impl Made {
    fn at(&self) -> i64 {
        match self {
            Self::Record(record) => record.advisory.modified.timestamp_millis(),
            Self::Remark(remark) => remark.at.timestamp_millis(),
            Self::Document(document) => document.updated_at,
        }
    }

    /// A record of the future would make every true later one an older copy.
    fn before(self, latest: i64) -> Result<Self, ReadError> {
        if self.at() <= latest {
            return Ok(self);
        }
        Err(ReadError::whole(format!("it is dated {}, which is in the future", rfc3339(self.at()))))
    }
}

impl Understood {
    fn take(&mut self, made: Made) {
        self.newest = self.newest.max(Some(made.at()));
        match made {
            Made::Record(record) => self.records.push(*record),
            Made::Remark(remark) => self.remarks.push(remark),
            Made::Document(document) => self.documents.push(*document),
        }
    }
}

fn understood_as(feed: &dyn Feed, name: &str, sha256: [u8; 32], bytes: &[u8]) -> Result<Made, ReadError> {
    match feed.read(bytes)? {
        Fact::Advisory(advisory) => ready(*advisory, bytes).map(|record| Made::Record(Box::new(record))),
        Fact::Remark(remark) if remark.name.contains('\0') => Err(ReadError::whole("a text of it has a NUL character")),
        Fact::Remark(remark) => Ok(Made::Remark(remark)),
        Fact::Vex(vex) => Document::of(&vex, name, sha256).map(|document| Made::Document(Box::new(document))),
    }
}

/// The third step: rows, in transactions that leave room for everybody else.
async fn write(
    services: &Services,
    name: &str,
    mut ready: Receiver<Understood>,
    lease: &Lease,
    stop: &Stop,
) -> Result<Tally, FeedError> {
    let mut tally = Tally::default();
    let mut size = FEWEST * 10;
    while let Some(Understood { records, remarks, documents, refused, unchanged, newest }) = ready.recv().await {
        tally.look(newest);
        tally.unchanged += unchanged;
        refused.into_iter().for_each(|(record, error)| tally.refuse(Refusal { record, reason: error.to_string() }));
        if !remarks.is_empty() {
            tally.add(write_remarks(services, name, remarks, lease).await?);
        }
        tally.nameless += documents.iter().filter(|document| document.lines.is_empty() && !document.withdrawn).count();
        for document in documents {
            tally.add(write_document(services, name, document, lease).await?);
        }
        let is_nameless = |record: &&Record| record.advisory.affected.is_empty() && record.advisory.withdrawn.is_none();
        tally.nameless += records.iter().filter(is_nameless).count();
        let records = Arc::new(records);
        let mut start = 0;
        while start < records.len() {
            if stop.is_asked() {
                return Err(StoreError::Stopping.into());
            }
            let end = records.len().min(start + size);
            let began = Instant::now();
            let stored = write_some(services, name, records.clone(), start..end, lease).await?;
            size = next_size(size, began.elapsed());
            tally.add(stored);
            start = end;
        }
    }
    Ok(tally)
}

async fn write_some(
    services: &Services,
    name: &str,
    records: Arc<Vec<Record>>,
    range: std::ops::Range<usize>,
    lease: &Lease,
) -> Result<Stored, StoreError> {
    let (name, now) = (name.to_owned(), services.clock.millis());
    let work = move |db: &mut crate::store::Db| advisories::store(db, &name, records.get(range.clone()).unwrap_or_default(), now);
    lease.write(&services.store, work).await
}

/// A parcel of remarks is one write: a few rows of one small table.
async fn write_remarks(services: &Services, name: &str, parcel: Vec<Remark>, lease: &Lease) -> Result<Stored, StoreError> {
    let (name, now) = (name.to_owned(), services.clock.millis());
    lease.write(&services.store, move |db| remarks::store(db, &name, &parcel, now)).await
}

/// A document is one write: its statements replace each other together.
async fn write_document(services: &Services, name: &str, document: Document, lease: &Lease) -> Result<Stored, StoreError> {
    let name = name.to_owned();
    lease.write(&services.store, move |db| statements::store(db, &name, &document)).await
}

/// Half again as many after a quick write, half after a slow one.
fn next_size(size: usize, took: Duration) -> usize {
    let next = if took < WRITE / 2 {
        size + size / 2
    } else if took > WRITE {
        size / 2
    } else {
        size
    };
    next.clamp(FEWEST, MOST)
}
