//! Counts the findings of every release again, once a night: the check on counts that
//! are otherwise kept by every change.

use super::{Job, Next, Running, Turn};
use crate::counts;

/// The job.
pub(super) struct Counts;

impl Job for Counts {
    fn name(&self) -> &'static str {
        "counts"
    }

    fn rhythm(&self) -> &'static str {
        "40 2 * * *"
    }

    fn run<'a>(&'a self, turn: Turn<'a>) -> Running<'a> {
        Box::pin(async move {
            let releases = counts::verify(turn.services).await?;
            tracing::info!(releases, "findings were counted again");
            Ok(Next::Usual)
        })
    }
}
