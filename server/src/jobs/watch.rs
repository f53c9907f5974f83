//! Asks the registries about what is due, once a minute. How often one package is asked
//! is a setting; the minute is how soon a new one, or one in doubt, has its turn.

use super::{Job, Next, Running, Turn};
use crate::watch;

/// The job.
pub(super) struct Watch;

impl Job for Watch {
    fn name(&self) -> &'static str {
        "watch"
    }

    fn rhythm(&self) -> &'static str {
        "1m"
    }

    fn at_start(&self) -> bool {
        true
    }

    fn run<'a>(&'a self, turn: Turn<'a>) -> Running<'a> {
        Box::pin(async move {
            let watch::Tally { asked, answered, news } = watch::run(turn.services, turn.stop).await?;
            if asked > 0 {
                tracing::info!(asked, answered, news, "registries were asked");
            }
            Ok(Next::Usual)
        })
    }
}
