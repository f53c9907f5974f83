//! What the operator is told of feeds: that one has failed for longer than its rhythm,
//! and, once, what a new one found. A feed that works again ends its alert.

use super::FeedError;
use crate::clock::rfc3339;
use crate::fact::Fact;
use crate::store::alerts::{self, NewAlert, operator};
use crate::store::feeds::{self as kept, Feed};
use crate::store::{Db, StoreError, counts};
use bom::signal::Urgency;

/// A failure that lasts.
pub(super) struct Lasting {
    /// Why the last fetch brought nothing.
    pub(super) error: String,
    /// Records that it had this time, where it is about their number.
    pub(super) counted: Option<i64>,
    /// By when it is tried again, in milliseconds.
    pub(super) next: i64,
}

impl Lasting {
    pub(super) fn of(error: &FeedError, next: i64) -> Self {
        let counted = match error {
            FeedError::Shrunken { now, .. } => Some(*now),
            FeedError::Empty => Some(0),
            _ => None,
        };
        Self { error: error.to_string(), counted, next }
    }

    /// Writes it down and tells it; again in the same spell says nothing new.
    pub(super) fn tell(&self, db: &mut Db, feed: &Feed, now: i64) -> Result<(), StoreError> {
        let detail = serde_json::json!({
            "feed": feed.name, "error": self.error, "records_before": feed.records, "records_now": self.counted,
            "in_use_since": feed.fetched_at, "failing_since": feed.failing_since, "next_try_by": self.next,
        });
        kept::fails(db, feed, &detail.to_string(), now)?;
        operator::fails(db, &self.alert(feed, now), now)
    }

    fn alert(&self, feed: &Feed, now: i64) -> NewAlert {
        let since = feed.failing_since.unwrap_or(now);
        let age = feed.fetched_at.map_or("none: it was never fetched".to_owned(), |at| format!("of {}", rfc3339(at)));
        let fact = |what: &str, then: String, now: String, at: i64| Fact {
            what: what.to_owned(),
            then,
            now,
            source: feed.location.clone(),
            at,
        };
        let mut facts = vec![
            fact("fetch", "good".to_owned(), self.error.clone(), since),
            fact("data in use", String::new(), age, feed.fetched_at.unwrap_or(since)),
        ];
        if let Some(counted) = self.counted {
            facts.insert(0, fact("records", feed.records.to_string(), counted.to_string(), since));
        }
        NewAlert {
            headline: "has brought nothing for longer than it should".to_owned(),
            todo: format!(
                "Look at what its source says; it is tried again by {}. What it brought before stays in use.",
                rfc3339(self.next)
            ),
            unknown: vec!["what was published since".to_owned()],
            facts,
            ..operator::about(&part(feed), since.to_string())
        }
    }
}

/// Ends what was told of a feed's failures.
pub(super) fn works(db: &mut Db, feed: &Feed, now: i64) -> Result<(), StoreError> {
    operator::works(db, &part(feed), now)
}

/// Tells what a feed found when it was loaded for the first time: one digest, not an
/// alert for each.
pub(super) fn loaded(db: &mut Db, feed: &Feed, now: i64) -> Result<(), StoreError> {
    let grave = counts::grave_of_feed(db, &feed.name)?;
    if feed.fetched_at.is_some() || grave == 0 {
        return Ok(());
    }
    let found = Fact {
        what: "grave findings".to_owned(),
        then: "unknown".to_owned(),
        now: format!("{grave} components"),
        source: feed.location.clone(),
        at: now,
    };
    let new = NewAlert {
        urgency: Urgency::Digest,
        headline: format!("was loaded for the first time: {grave} components in use have grave problems"),
        todo: "Look through the findings of your projects, the worst first.".to_owned(),
        facts: vec![found],
        ..operator::about(&part(feed), "first load".to_owned())
    };
    alerts::raise(db, &new, now).map(drop)
}

/// A feed as the operator reads of it.
fn part(feed: &Feed) -> String {
    format!("feed `{}`", feed.name)
}
