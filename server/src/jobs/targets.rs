//! Sends to each target of the settings, each in its own task, so that one that hangs
//! delays nobody else's messages.

use super::{Job, Next, Running, Task, Turn};
use crate::config::{Config, Rhythm};
use crate::outbox;

/// The job.
pub(super) struct Targets;

impl Job for Targets {
    fn name(&self) -> &'static str {
        outbox::SEND
    }

    fn rhythm(&self) -> &'static str {
        "1m"
    }

    fn at_start(&self) -> bool {
        true
    }

    fn tasks(&self, config: &Config) -> Result<Vec<Task>, String> {
        let rhythm = Rhythm::parse(self.rhythm())?;
        let task = |name: &String| Task { name: outbox::task(name), rhythm: rhythm.clone(), about: String::new() };
        Ok(config.targets.iter().map(|target| task(&target.name)).collect())
    }

    fn run<'a>(&'a self, turn: Turn<'a>) -> Running<'a> {
        Box::pin(async move {
            let name = turn.task.split_once(':').map_or("", |(_, name)| name);
            let next = outbox::send(turn.services, name, turn.stop).await?;
            Ok(next.map_or(Next::Usual, Next::At))
        })
    }
}
