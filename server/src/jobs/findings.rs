//! Matches and counts what waits. Uploads and feeds do so themselves; this is for
//! what a crash left behind, and for whoever changes something in between.

use super::{Job, Next, Running, Turn};
use crate::{counts, rematch};

/// The job.
pub(super) struct Findings;

impl Job for Findings {
    fn name(&self) -> &'static str {
        "findings"
    }

    fn rhythm(&self) -> &'static str {
        "1m"
    }

    fn at_start(&self) -> bool {
        true
    }

    fn run<'a>(&'a self, turn: Turn<'a>) -> Running<'a> {
        Box::pin(async move {
            let matched = rematch::drain(turn.services).await?;
            let counted = counts::drain(turn.services).await?;
            if matched + counted > 0 {
                tracing::info!(matched, counted, "what waited was matched and counted");
            }
            Ok(Next::Usual)
        })
    }
}
