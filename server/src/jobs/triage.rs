//! Ends accepted risks when their dates come. Whoever accepts one wakes it; the rhythm is
//! for what that misses.

use super::{Job, Next, Running, Turn};
use crate::triage;

/// The job.
pub(super) struct Triage;

impl Job for Triage {
    fn name(&self) -> &'static str {
        "triage"
    }

    fn rhythm(&self) -> &'static str {
        "1h"
    }

    fn at_start(&self) -> bool {
        true
    }

    fn run<'a>(&'a self, turn: Turn<'a>) -> Running<'a> {
        Box::pin(async move {
            let (ended, next) = triage::run(turn.services).await?;
            if ended > 0 {
                tracing::info!(ended, "accepted risks have ended");
            }
            Ok(next.map_or(Next::Usual, Next::At))
        })
    }
}
