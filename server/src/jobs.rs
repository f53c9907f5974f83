//! What the server does by itself: each job is one file and one line in [`JOBS`]. The
//! schedules table says what is due; of all servers on one database one runs it.

mod clock;
mod counts;
pub mod feeds;
mod findings;
mod outbox;
pub mod recheck;
mod runner;
mod targets;
mod triage;
mod watch;

use crate::config::{Config, Rhythm};
use crate::services::Services;
use crate::stop::Stop;
use crate::store::leases::Lease;
use clock::Clock;
use runner::Runner;
use std::pin::Pin;
use tokio::task::JoinHandle;

/// Every job there is.
pub const JOBS: &[&dyn Job] = &[
    &findings::Findings,
    &feeds::Feeds,
    &counts::Counts,
    &recheck::Recheck,
    &watch::Watch,
    &outbox::Outbox,
    &targets::Targets,
    &triage::Triage,
];

/// Something that is done regularly, and at once where [`crate::wake::Wake`] is asked.
/// A job finds its work by the state of the database, so that a run too many does no
/// harm and one that broke off is caught up by the next.
pub trait Job: Sync {
    /// Its name, also of its task where it has only one.
    fn name(&self) -> &'static str;

    /// How often it usually runs: a span of time (`6h`) or five fields of cron, in UTC.
    fn rhythm(&self) -> &'static str;

    /// Whether it also runs when a server starts, for what a crash left behind.
    fn at_start(&self) -> bool {
        false
    }

    /// What it is run for, each at its own times. One task, unless the settings name
    /// several things to do it for.
    ///
    /// # Errors
    /// What is wrong with a rhythm.
    fn tasks(&self, _config: &Config) -> Result<Vec<Task>, String> {
        Ok(vec![Task { name: self.name().to_owned(), rhythm: Rhythm::parse(self.rhythm())?, about: String::new() }])
    }

    /// One run. An error is kept beside the schedule, and the next run comes after a
    /// minute, then two, four, up to the usual rhythm.
    fn run<'a>(&'a self, turn: Turn<'a>) -> Running<'a>;
}

/// A thing that a job is run for.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Its name: the job's, or the job's and the thing's with a colon between.
    pub name: String,
    /// How often it runs.
    pub rhythm: Rhythm,
    /// What it works on, in the words of its settings: when that changes it is due at once.
    pub about: String,
}

/// What a run works with.
#[derive(Clone, Copy)]
pub struct Turn<'a> {
    /// Everything that exists once.
    pub services: &'a Services,
    /// The name of the task.
    pub task: &'a str,
    /// To be looked at between pieces of work.
    pub stop: &'a Stop,
    /// The lease of this run, for writes that nobody else may make meanwhile.
    pub lease: &'a Lease,
}

/// A run under way.
pub type Running<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Next>> + Send + 'a>>;

/// When a task runs next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// At its usual time.
    Usual,
    /// At this time in milliseconds where that is before the usual one.
    At(i64),
}

/// Starts the jobs. The answer ends after a stop, when no run is under way any more.
///
/// # Errors
/// When a rhythm is none, or the clock cannot be started.
pub async fn start(services: &Services, stop: Stop) -> anyhow::Result<JoinHandle<()>> {
    let runner = Runner::new(services.clone(), stop, JOBS)?;
    let clock = Clock::start().await?;
    Ok(tokio::spawn(async move {
        runner.run(clock.ticks()).await;
        clock.stop().await;
    }))
}

#[cfg(test)]
mod tests;
