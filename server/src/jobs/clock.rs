//! The clock: a tick every second. What is due at a tick is the schedules' to say.

use anyhow::Context;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_cron_scheduler::{Job, JobScheduler};

const EVERY_SECOND: &str = "* * * * * *";

/// Ticks until it is stopped.
pub(super) struct Clock {
    scheduler: JobScheduler,
    ticks: Arc<Notify>,
}

impl Clock {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) async fn start() -> anyhow::Result<Self> {
        let scheduler = JobScheduler::new().await.context("the clock of the jobs cannot be made")?;
        let ticks = Arc::new(Notify::new());
        let bell = ticks.clone();
        let tick = Job::new(EVERY_SECOND, move |_, _| bell.notify_one()).context("the clock's rhythm")?;
        scheduler.add(tick).await.context("the clock's rhythm")?;
        scheduler.start().await.context("the clock of the jobs cannot be started")?;
        Ok(Self { scheduler, ticks })
    }

    /// What is notified at each tick; ticks that nobody waited for are one.
    pub(super) fn ticks(&self) -> Arc<Notify> {
        self.ticks.clone()
    }

    pub(super) async fn stop(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::warn!(%error, "the clock of the jobs did not stop");
        }
    }
}
