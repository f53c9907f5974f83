//! Gets what a feed is to be read from: nothing where it is as it was, everything,
//! or the few records of a web folder that changed.

use super::pieces::{Gathered, Piece};
use super::{FeedError, pages};
use crate::config::FeedConfig;
use crate::feeds::{Change, Feed, Folder};
use crate::net::{Body, Fetch, Fetched, Net};
use crate::services::Services;
use crate::stop::Stop;
use crate::store::feeds::{self as kept, Refusal};
use crate::store::{advisories, statements};
use bom::reading::ReadError;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::PathBuf;
use url::Url;

/// Changed records that are fetched one by one; with more, everything is, or so many at a time.
const FEW: usize = 200;
/// The most bytes of an index.
const INDEX: u64 = 256 << 20;

/// Gets the feed; `None` where it has not changed since.
pub(super) async fn gather(
    services: &Services,
    reader: &dyn Feed,
    config: &FeedConfig,
    feed: &kept::Feed,
    stop: &Stop,
) -> Result<Option<Gathered>, FeedError> {
    let Ok(url) = Url::parse(&feed.location).map_err(|_| ()).and_then(|url| if url.has_host() { Ok(url) } else { Err(()) })
    else {
        return Ok(Some(Gathered::whole(Piece::Path(PathBuf::from(&feed.location)), None, None)));
    };
    if let Some(paged) = reader.paged().filter(|_| pages::is_paged(&url)) {
        return pages::gather(services, paged, config, feed, &url, stop).await.map(Some);
    }
    match reader.folder() {
        Some(folder) if url.path().ends_with('/') => web_folder(services, folder, feed, url).await,
        Some(folder) if folder.signpost().is_some_and(|file| url.path().rsplit('/').next() == Some(file)) => {
            let signpost = get(&services.net, url, None).await?.ok_or(FeedError::Empty)?;
            let directed = folder.directed(&text(signpost)?)?;
            let base = Url::parse(&format!("{}/", directed.trim_end_matches('/')));
            let base = base.map_err(|error| ReadError::whole(format!("`{directed}` is no address of a folder: {error}")))?;
            web_folder(services, folder, feed, base).await
        }
        _ => {
            let Some(body) = get(&services.net, url.clone(), Some(feed)).await? else { return Ok(None) };
            let (etag, last_modified) = (body.etag.clone(), body.last_modified.clone());
            Ok(Some(Gathered::whole(piece(&url, body), etag, last_modified)))
        }
    }
}

async fn web_folder(
    services: &Services,
    folder: &dyn Folder,
    feed: &kept::Feed,
    base: Url,
) -> Result<Option<Gathered>, FeedError> {
    let Some(index) = get(&services.net, at(&base, folder.index())?, Some(feed)).await? else { return Ok(None) };
    let (mut etag, mut last_modified) = (index.etag.clone(), index.last_modified.clone());
    let changes = folder.changes(&text(index)?)?;
    let records = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    let mut wanted = news(services, feed, &changes).await?;
    let many = wanted.len() > FEW;
    wanted.truncate(FEW);
    let everything = folder.everything().filter(|_| many || feed.records == 0);
    let (mut pieces, mut missing) = (Vec::new(), Vec::new());
    if let Some(file) = everything {
        let url = at(&base, file)?;
        pieces.push(piece(&url, get(&services.net, url.clone(), None).await?.ok_or(FeedError::Empty)?));
    } else {
        for Change { name, file, .. } in wanted {
            let url = at(&base, &file)?;
            match get(&services.net, url.clone(), None).await {
                Ok(body) => pieces.push(piece(&url, body.ok_or(FeedError::Empty)?)),
                // A place that has nothing of what it names is broken; one that lacks a record lacks a record.
                Err(FeedError::Net(error)) if error.is_gone() && missing.len() + 1 < changes.len() => {
                    missing.push(Refusal { record: name, reason: error.to_string() });
                }
                Err(error) => return Err(error),
            }
        }
    }
    if !missing.is_empty() {
        // The index is looked at anew next time: it may have been ahead of its records.
        (etag, last_modified) = (None, None);
    }
    let more = many && everything.is_none();
    Ok(Some(Gathered { pieces, etag, last_modified, records: Some(records), more, missing }))
}

/// The records that are newer in the index than what is known; no more than one above [`FEW`] of them matter.
async fn news(services: &Services, feed: &kept::Feed, changes: &[Change]) -> Result<Vec<Change>, FeedError> {
    let mut news = Vec::new();
    for chunk in changes.chunks(4000) {
        let (names, feed): (Vec<String>, _) = (chunk.iter().map(|change| change.name.clone()).collect(), feed.name.clone());
        let work = move |db: &mut crate::store::Db| {
            let mut known = advisories::modified(db, &names)?;
            known.extend(statements::updated(db, &feed, &names)?);
            Ok(known)
        };
        let known = services.store.read(work).await?;
        news.extend(chunk.iter().filter(|change| known.get(&change.name).is_none_or(|known| *known < change.at)).cloned());
        if news.len() > FEW {
            break;
        }
    }
    Ok(news)
}

/// Counts the records of all pieces without reading them.
pub(super) async fn count(reader: &'static dyn Feed, pieces: Vec<Piece>) -> Result<(Vec<Piece>, i64), FeedError> {
    let counting = tokio::task::spawn_blocking(move || {
        let mut pieces = pieces;
        let mut records: u64 = 0;
        for piece in &mut pieces {
            let _whole = piece.visit(reader, &mut |path, file| {
                records = records.saturating_add(reader.count(path, file)?);
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok((pieces, i64::try_from(records).unwrap_or(i64::MAX)))
    });
    counting.await.map_err(|_| FeedError::Store(crate::store::StoreError::Stopping))?
}

async fn get(net: &Net, url: Url, known: Option<&kept::Feed>) -> Result<Option<Body>, FeedError> {
    let fetch = match known {
        Some(feed) => Fetch { etag: feed.etag.clone(), last_modified: feed.last_modified.clone(), ..Fetch::plain(url) },
        None => Fetch::plain(url),
    };
    match net.fetch(&fetch).await? {
        Fetched::Unchanged => Ok(None),
        Fetched::Body(body) => Ok(Some(body)),
    }
}

fn piece(url: &Url, body: Body) -> Piece {
    let name = url.path().rsplit('/').find(|part| !part.is_empty()).unwrap_or("feed");
    Piece::Fetched(name.to_owned(), body.file)
}

fn at(base: &Url, file: &str) -> Result<Url, FeedError> {
    base.join(file).map_err(|error| ReadError::at(file, None, format!("it makes no address: {error}")).into())
}

fn text(index: Body) -> Result<String, FeedError> {
    let mut text = String::new();
    let read = index.file.take(INDEX).read_to_string(&mut text);
    read.map_err(|error| ReadError::whole(format!("the index cannot be read: {error}")))?;
    Ok(text)
}
