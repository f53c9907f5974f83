//! Fetches each feed of the settings at its own rhythm.

use super::{Job, Next, Running, Task, Turn};
use crate::advisories;
use crate::config::{Config, FeedConfig};
use anyhow::Context;

const NAME: &str = "feed";

/// The job.
pub(super) struct Feeds;

impl Job for Feeds {
    fn name(&self) -> &'static str {
        NAME
    }

    fn rhythm(&self) -> &'static str {
        "6h"
    }

    fn tasks(&self, config: &Config) -> Result<Vec<Task>, String> {
        let task = |feed: &FeedConfig| Task {
            name: task_of(&feed.name),
            rhythm: feed.every.clone(),
            about: format!("{} {}", feed.kind, feed.from),
        };
        Ok(config.feeds.iter().map(task).collect())
    }

    fn run<'a>(&'a self, turn: Turn<'a>) -> Running<'a> {
        Box::pin(async move {
            let feeds = &turn.services.config.feeds;
            let feed = feeds.iter().find(|feed| task_of(&feed.name) == turn.task).context("no such feed is set")?;
            let tally = advisories::fetch(turn.services, feed, turn.stop).await?;
            let advisories::Tally { new, changed, refused, .. } = tally;
            tracing::info!(feed = feed.name, new, changed, refused, "a feed was fetched");
            Ok(Next::Usual)
        })
    }
}

/// The task of a feed.
pub fn task_of(feed: &str) -> String {
    format!("{NAME}:{feed}")
}
