//! Hands what is to be told to targets: at once where somebody says so, and once a
//! minute for what is due by then.

use super::{Job, Next, Running, Turn};
use crate::outbox;

/// The job.
pub(super) struct Outbox;

impl Job for Outbox {
    fn name(&self) -> &'static str {
        outbox::ROUTE
    }

    fn rhythm(&self) -> &'static str {
        "1m"
    }

    fn at_start(&self) -> bool {
        true
    }

    fn run<'a>(&'a self, turn: Turn<'a>) -> Running<'a> {
        Box::pin(async move {
            let next = outbox::route(turn.services, turn.stop).await?;
            Ok(next.map_or(Next::Usual, Next::At))
        })
    }
}
