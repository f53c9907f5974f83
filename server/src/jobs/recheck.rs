//! Re-checks everything once an hour, and whenever somebody asks: what the changes of
//! feeds and uploads keep right, checked as a whole.

use super::{Job, Next, Running, Turn};
use crate::recheck;

/// The job's name, by which it is asked for.
pub const NAME: &str = "recheck";

/// The job.
pub(super) struct Recheck;

impl Job for Recheck {
    fn name(&self) -> &'static str {
        NAME
    }

    fn rhythm(&self) -> &'static str {
        "50 * * * *"
    }

    fn run<'a>(&'a self, turn: Turn<'a>) -> Running<'a> {
        Box::pin(async move {
            let seen = recheck::run(turn.services, turn.stop, &|_| ()).await?;
            let (components, pairs, matches, differing, took) =
                (seen.components, seen.pairs, seen.matches, seen.differing, seen.took());
            tracing::info!(components, pairs, matches, differing, took, "everything was checked again");
            Ok(Next::Usual)
        })
    }
}
