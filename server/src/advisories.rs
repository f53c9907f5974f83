//! Takes published records in: fetches a feed, reads it piece by piece, stores what
//! is news in small write transactions and has the packages that it names matched
//! again. A fetch that fails anywhere takes nothing away from what is known; a
//! record that cannot be read is counted and told, and spoils no other.

mod gather;
mod intake;
mod pages;
mod pieces;
mod tell;

pub use intake::Tally;

use crate::clock::from_millis;
use crate::config::FeedConfig;
use crate::feeds::{self, Feed};
use crate::metrics as meter;
use crate::services::Services;
use crate::stop::Stop;
use crate::store::StoreError;
use crate::store::advisories::{self, Record};
use crate::store::feeds::{self as kept, Fetched};
use crate::store::leases::Held;
use crate::store::stored::Stored;
use crate::{counts, outbox, rematch};
use bom::advisory::Advisory;
use bom::reading::ReadError;
use pieces::Gathered;
use sha2::{Digest as _, Sha256};
use std::path::PathBuf;

/// Records of one transaction: below 50 ms of the database's time.
pub const BATCH: usize = 200;

/// Storing records is one lane: their aliases join across feeds.
const LANE: &str = "advisories";

/// Why a feed brought nothing. What it brought before stays.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// No feed is of this kind.
    #[error("`{0}` is no kind of feed; docs/feeds.md lists them")]
    Kind(String),
    /// It could not be fetched.
    #[error(transparent)]
    Net(#[from] crate::net::NetError),
    /// What was fetched cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file or folder cannot be read.
    #[error("`{path}` cannot be read: {error}")]
    File {
        /// Which.
        path: String,
        /// Why; not a `source`, which would be told twice.
        error: std::io::Error,
    },
    /// It has nothing at all.
    #[error("it has no records")]
    Empty,
    /// It lost too much to be believed.
    #[error("it had {before} records and has {now}; what is known stays until it has as many again, or is set to another place")]
    Shrunken {
        /// Records of the last good fetch.
        before: i64,
        /// Records now.
        now: i64,
    },
    /// Its newest record is older than the newest of the last good fetch.
    #[error("its newest record is of {now} and was of {before}: an older copy of it; what is newer stays")]
    Older {
        /// The newest of the last good fetch.
        before: String,
        /// The newest now.
        now: String,
    },
    /// Not one record of it can be read.
    #[error("none of its {0} records can be read; the first: {1}")]
    Unreadable(usize, String),
    /// The database failed, or the server stops.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Fetches a feed of the settings and takes in what is news. How it went is kept
/// beside the feed.
///
/// # Errors
/// [`FeedError`]; it is kept beside the feed, too.
pub async fn fetch(services: &Services, config: &FeedConfig, stop: &Stop) -> Result<Tally, FeedError> {
    let (name, kind, from) = (config.name.clone(), config.kind.clone(), config.from.clone());
    let feed = services.store.write(move |db| kept::at(db, &name, &kind, &from)).await?;
    let outcome = fetch_known(services, config, &feed, stop).await;
    let label = match &outcome {
        Ok(tally) if tally.is_unchanged() => "unchanged",
        Ok(_) => "fetched",
        Err(_) => "failed",
    };
    metrics::counter!(meter::FEED_FETCHES, "feed" => feed.name.clone(), "outcome" => label).increment(1);
    if let Err(error) = &outcome
        && !matches!(error, FeedError::Store(StoreError::Stopping))
    {
        failed(services, config, &feed, error).await?;
    }
    outbox::hint(services).await?;
    outcome
}

/// Keeps that a fetch failed. Where the feed has failed for as long as its rhythm, the
/// operator is to be told, once; a try that succeeds before is nobody's business.
async fn failed(services: &Services, config: &FeedConfig, feed: &kept::Feed, error: &FeedError) -> Result<(), StoreError> {
    let (id, now) = (feed.id, services.clock.millis());
    let after = |at: i64| config.every.after(from_millis(at)).map_or(i64::MAX, |at| at.timestamp_millis());
    let patience = after(feed.failing_since.unwrap_or(now));
    let lasting = tell::Lasting::of(error, after(now));
    services
        .store
        .write(move |db| {
            let feed = kept::failed(db, id, &lasting.error, now)?;
            if now < patience { Ok(()) } else { lasting.tell(db, &feed, now) }
        })
        .await
}

async fn fetch_known(services: &Services, config: &FeedConfig, feed: &kept::Feed, stop: &Stop) -> Result<Tally, FeedError> {
    let mut whole = Tally::default();
    loop {
        let (tally, more) = fetch_once(services, config, feed, stop).await?;
        whole.join(tally);
        if !more {
            return Ok(whole);
        }
    }
}

/// Fetches what changed, or a part of it; answers whether there is more.
async fn fetch_once(
    services: &Services,
    config: &FeedConfig,
    feed: &kept::Feed,
    stop: &Stop,
) -> Result<(Tally, bool), FeedError> {
    let reader = feeds::of_kind(&feed.kind).ok_or_else(|| FeedError::Kind(feed.kind.clone()))?;
    let gathered = match gather::gather(services, reader, config, feed, stop).await? {
        Some(gathered) => gathered,
        None => {
            let (feed, now) = (feed.clone(), services.clock.millis());
            let well = move |db: &mut crate::store::Db| {
                kept::unchanged(db, feed.id, now)?;
                tell::works(db, &feed, now)
            };
            services.store.write(well).await?;
            return Ok((Tally::default(), false));
        }
    };
    let (pieces, records) = gather::count(reader, gathered.pieces).await?;
    let whole = gathered.records.is_none();
    let records = gathered.records.unwrap_or(records);
    match records {
        0 => return Err(FeedError::Empty),
        // Nine tenths: what a source withdraws it marks; it does not drop thousands at once.
        now if now < feed.records - feed.records / 10 => return Err(FeedError::Shrunken { before: feed.records, now }),
        _ => {}
    }
    let mut tally = take_in(services, reader, &feed.name, pieces, stop).await?;
    // Of a folder of the web only what changed was looked at, which may be old.
    tally.believable(feed.newest_at.filter(|_| whole))?;
    let Gathered { etag, last_modified, more, missing, .. } = gathered;
    missing.into_iter().for_each(|refusal| tally.refuse(refusal));
    // What brings nothing would bring nothing for ever.
    let ends = !more || tally.is_unchanged();
    if ends {
        // Before its end the index is looked at anew next time.
        let (etag, last_modified) = if more { (None, None) } else { (etag, last_modified) };
        let fetched = Fetched { etag, last_modified, records, newest_at: tally.newest_at, ..Fetched::default() };
        keep(services, feed, &tally, fetched).await?;
    }
    Ok((tally, !ends))
}

/// Takes in files and folders by hand, as a feed called `name`. A smaller set than
/// last time is no mistake.
///
/// # Errors
/// [`FeedError`] from the first that cannot be read at all.
pub async fn import(services: &Services, name: &str, kind: &str, paths: &[PathBuf], stop: &Stop) -> Result<Tally, FeedError> {
    let reader = feeds::of_kind(kind).ok_or_else(|| FeedError::Kind(kind.to_owned()))?;
    let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let (name, kind, location) = (name.to_owned(), kind.to_owned(), shown.join(", "));
    let feed = services.store.write(move |db| kept::at(db, &name, &kind, &location)).await?;
    let pieces = paths.iter().map(|path| pieces::Piece::Path(path.clone())).collect();
    let (pieces, records) = gather::count(reader, pieces).await?;
    if records == 0 {
        return Err(FeedError::Empty);
    }
    let tally = take_in(services, reader, &feed.name, pieces, stop).await?;
    keep(services, &feed, &tally, Fetched { records, ..Fetched::default() }).await?;
    Ok(tally)
}

async fn take_in(
    services: &Services,
    reader: &'static dyn Feed,
    name: &str,
    pieces: Vec<pieces::Piece>,
    stop: &Stop,
) -> Result<Tally, FeedError> {
    let held = Held::wait(&services.store, LANE, stop).await?;
    let taken = intake::run(services, reader, name, pieces, held.lease(), stop).await;
    held.give_back().await?;
    // What was stored must be matched, also where the rest could not be.
    rematch::drain(services).await?;
    counts::drain(services).await?;
    taken
}

async fn keep(services: &Services, feed: &kept::Feed, tally: &Tally, fetched: Fetched) -> Result<(), StoreError> {
    let fetched = Fetched {
        refused: i64::try_from(tally.refused).unwrap_or(i64::MAX),
        refusals: tally.refusals.clone(),
        changed: !tally.is_unchanged(),
        ..fetched
    };
    let (feed, now) = (feed.clone(), services.clock.millis());
    let well = move |db: &mut crate::store::Db| {
        kept::fetched(db, feed.id, &fetched, now)?;
        tell::works(db, &feed, now)?;
        tell::loaded(db, &feed, now)
    };
    services.store.write(well).await
}

/// Reads an OSV record as published.
///
/// # Errors
/// [`ReadError`] when it is no OSV record.
pub fn read(bytes: &[u8]) -> Result<Record, ReadError> {
    ready(Advisory::from_osv(bytes)?.value, bytes)
}

/// A record made ready to be stored.
fn ready(advisory: Advisory, bytes: &[u8]) -> Result<Record, ReadError> {
    // PostgreSQL keeps no such character in a text; no id, name or version has one.
    let texts = [&advisory.id, &advisory.summary].into_iter().chain(&advisory.aliases);
    let named = advisory.affected.iter().flat_map(|said| [&said.name, &said.ecosystem_text].into_iter().chain(&said.release));
    if texts.chain(named).any(|text| text.contains('\0')) {
        return Err(ReadError::whole("a text of it has a NUL character"));
    }
    if advisory.affected.len() > MOST_AFFECTED {
        return Err(ReadError::whole(format!("it names more than {MOST_AFFECTED} packages")));
    }
    let body = zstd::encode_all(bytes, 3).map_err(|error| ReadError::whole(format!("the record cannot be packed: {error}")))?;
    Ok(Record { advisory, sha256: Sha256::digest(bytes).into(), body })
}

/// The most packages of one record.
const MOST_AFFECTED: usize = 32_767;

/// Stores one batch of records of a feed. The caller drains the matcher when the
/// feed has ended.
///
/// # Errors
/// [`StoreError`] from the database; nothing of the batch was stored then.
pub async fn store(services: &Services, feed: &str, batch: Vec<Record>) -> Result<Stored, StoreError> {
    let (feed, now) = (feed.to_owned(), services.clock.millis());
    services.store.write(move |db| advisories::store(db, &feed, &batch, now)).await
}

#[cfg(test)]
mod tests;
