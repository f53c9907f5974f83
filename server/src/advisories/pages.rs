//! A source that answers in pages: everything the first time, what changed since then.
//! Pages are kept on disk until all are there; a walk that breaks off brings nothing.

use super::FeedError;
use super::pieces::{Gathered, Piece};
use crate::config::FeedConfig;
use crate::feeds::{Head, Paged};
use crate::net::{Body, Fetch, Fetched, NetError};
use crate::services::Services;
use crate::stop::Stop;
use crate::store::StoreError;
use crate::store::feeds as kept;
use bom::reading::ReadError;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use std::time::Duration;
use url::Url;

/// How far windows overlap: clocks differ, and a source may write its time without a zone.
const OVERLAP: TimeDelta = TimeDelta::hours(12);
/// Requests of one fetch.
const REQUESTS: usize = 2000;
/// Times that one page is asked for where its source is busy, and the longest wait before another.
const TRIES: usize = 3;
const PATIENCE: Duration = Duration::from_secs(120);

/// A window of time.
type Window = (DateTime<Utc>, DateTime<Utc>);

/// Whether an address answers in pages: one that names no file.
pub(super) fn is_paged(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    ![".json", ".gz", ".zip"].iter().any(|ending| name.ends_with(ending))
}

/// Gets every page that is wanted.
pub(super) async fn gather(
    services: &Services,
    paged: &dyn Paged,
    config: &FeedConfig,
    feed: &kept::Feed,
    url: &Url,
    stop: &Stop,
) -> Result<Gathered, FeedError> {
    let mut walk = Walk { services, paged, config, url, stop, asked: 0 };
    let clock = services.clock.now();
    let since = feed.last_modified.as_deref().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    let mut pieces = Vec::new();
    let (records, at) = match since.filter(|_| feed.records > 0) {
        None => (None, walk.through(None, &mut pieces).await?),
        Some(since) => {
            // One record, to learn how many there are: a source that shrank is not believed.
            let (_, head) = walk.page(0, 1, None).await?;
            let until = head.at.unwrap_or(clock).min(clock);
            for window in windows(since.to_utc() - OVERLAP, until, paged.longest_window()) {
                walk.through(Some(window), &mut pieces).await?;
            }
            (Some(i64::try_from(head.total).unwrap_or(i64::MAX)), head.at)
        }
    };
    // Where windows begin the next time, by the source's own clock, but never ahead of ours.
    let seen = at.unwrap_or(clock).min(clock).to_rfc3339_opts(SecondsFormat::Millis, true);
    Ok(Gathered { pieces, etag: None, last_modified: Some(seen), records, more: false, missing: Vec::new() })
}

/// The windows from one time to another, none longer than it may be.
fn windows(from: DateTime<Utc>, to: DateTime<Utc>, longest: TimeDelta) -> Vec<Window> {
    let (mut windows, mut start) = (Vec::new(), from);
    while start < to && windows.len() < REQUESTS {
        let end = start.checked_add_signed(longest).map_or(to, |end| end.min(to));
        windows.push((start, end));
        start = end;
    }
    windows
}

struct Walk<'a> {
    services: &'a Services,
    paged: &'a dyn Paged,
    config: &'a FeedConfig,
    url: &'a Url,
    stop: &'a Stop,
    asked: usize,
}

impl Walk<'_> {
    /// Takes every page of a window, or of everything; answers when the first was written.
    async fn through(&mut self, window: Option<Window>, pieces: &mut Vec<Piece>) -> Result<Option<DateTime<Utc>>, FeedError> {
        let (mut have, mut first) = (0, None);
        loop {
            let (body, head) = self.page(have, self.paged.most(), window).await?;
            first = first.or(head.at);
            have += head.records;
            if head.records > 0 {
                pieces.push(Piece::Fetched("page".to_owned(), body.file));
            }
            if have >= head.total {
                return Ok(first);
            }
            if head.records == 0 {
                let text = format!("it says that it has {} records and handed out {have}", head.total);
                return Err(ReadError::whole(text).into());
            }
        }
    }

    /// One page and what it says of itself. A source that is busy is asked again.
    async fn page(&mut self, start: u64, most: u64, window: Option<Window>) -> Result<(Body, Head), FeedError> {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(self.paged.query(start, most, window));
        let key = Some(&self.config.key).filter(|key| !key.is_empty()).map(|key| (self.paged.key_header(), key.clone()));
        let fetch = Fetch { key, ..Fetch::plain(url) };
        let mut pause = self.config.pause;
        for attempt in 1.. {
            if self.asked > 0 {
                self.wait(pause).await?;
            }
            self.asked += 1;
            if self.asked > REQUESTS {
                return Err(ReadError::whole(format!("it wants more than {REQUESTS} requests of one fetch")).into());
            }
            match self.services.net.fetch(&fetch).await {
                Ok(Fetched::Body(mut body)) => {
                    let head = self.paged.head(&mut body.file)?;
                    return Ok((body, head));
                }
                Ok(Fetched::Unchanged) => return Err(FeedError::Empty),
                Err(NetError::Status { status: 403 | 429 | 503, retry_after, .. })
                    if attempt < TRIES && retry_after.is_none_or(|rest| rest <= PATIENCE) =>
                {
                    pause = retry_after.unwrap_or_default().max(self.config.pause);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(FeedError::Empty)
    }

    async fn wait(&self, pause: Duration) -> Result<(), FeedError> {
        tokio::select! {
            () = self.stop.asked() => Err(StoreError::Stopping.into()),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_follow_each_other_and_none_is_too_long() {
        let day = |n: i64| DateTime::UNIX_EPOCH + TimeDelta::days(n);
        let longest = TimeDelta::days(120);
        for (from, to, expect) in [
            (day(0), day(5), vec![(day(0), day(5))]),
            (day(0), day(250), vec![(day(0), day(120)), (day(120), day(240)), (day(240), day(250))]),
            (day(5), day(5), vec![]),
            (day(5), day(0), vec![]),
        ] {
            assert_eq!(windows(from, to, longest), expect);
        }
    }

    #[test]
    fn an_address_that_names_a_file_is_fetched_whole() {
        for (url, paged) in [
            ("https://nvd.example/rest/json/cves/2.0", true),
            ("https://nvd.example/rest/json/cves/2.0/", true),
            ("https://nvd.example/feeds/nvdcve-2.0-2026.json.gz", false),
            ("https://nvd.example/feeds/nvdcve-2.0-2026.ZIP", false),
        ] {
            assert_eq!(is_paged(&url.parse().expect(url)), paged, "{url}");
        }
    }
}
