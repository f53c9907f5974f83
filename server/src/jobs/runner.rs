//! Runs what is due, or asked for, each task once at a time: within the process by a
//! list, among servers by a lease. When the next run comes is written before the lease
//! is given back.

use super::{Job, Next, Task, Turn};
use crate::clock::from_millis;
use crate::metrics::{JOB_RUNS, JOB_SECONDS};
use crate::services::Services;
use crate::stop::Stop;
use crate::store::StoreError;
use crate::store::leases::{Held, Lease};
use crate::store::schedules::{self, Ended, Schedule};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// The wait after a first failure, in milliseconds.
const FIRST_WAIT: i64 = 60_000;
/// How long a stop waits for runs under way.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is known of the tasks, and what runs.
pub(super) struct Runner {
    services: Services,
    stop: Stop,
    tasks: BTreeMap<String, Arc<Known>>,
    /// Tasks under way, and whether each was asked for again.
    under_way: BTreeMap<String, bool>,
    runs: JoinSet<String>,
    /// Whether the tasks' rows are in the database.
    ready: bool,
    /// Whether the database failed at the last look.
    failing: bool,
}

/// A task and its job.
struct Known {
    job: &'static dyn Job,
    task: Task,
}

impl Runner {
    /// A runner of these jobs' tasks.
    ///
    /// # Errors
    /// What is wrong with a rhythm.
    pub(super) fn new(services: Services, stop: Stop, jobs: &[&'static dyn Job]) -> anyhow::Result<Self> {
        let mut tasks = BTreeMap::new();
        for &job in jobs {
            for task in job.tasks(&services.config).map_err(anyhow::Error::msg)? {
                tasks.insert(task.name.clone(), Arc::new(Known { job, task }));
            }
        }
        let (under_way, runs) = (BTreeMap::new(), JoinSet::new());
        Ok(Self { services, stop, tasks, under_way, runs, ready: false, failing: false })
    }

    /// Runs until a stop, and until what is under way has ended.
    pub(super) async fn run(mut self, ticks: Arc<Notify>) {
        self.look().await;
        loop {
            tokio::select! {
                () = self.stop.asked() => break,
                names = self.services.wake.asked() => names.iter().for_each(|name| self.begin(name, true)),
                () = ticks.notified() => self.look().await,
                Some(ended) = self.runs.join_next() => self.ended(ended.ok()),
            }
        }
        let ends = async { while self.runs.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, ends).await.is_err() {
            tracing::warn!(jobs = ?self.under_way.keys(), "jobs are broken off; they are caught up at the next start");
        }
    }

    /// Begins what is due.
    pub(super) async fn look(&mut self) {
        match self.due().await {
            Ok(names) => {
                self.failing = false;
                names.iter().for_each(|name| self.begin(name, false));
            }
            Err(error) if self.failing => tracing::debug!(%error, "what is due cannot be read"),
            Err(error) => {
                self.failing = true;
                tracing::warn!(%error, "what is due cannot be read; it is asked again every second");
            }
        }
    }

    async fn due(&mut self) -> Result<Vec<String>, StoreError> {
        let now = self.services.clock.millis();
        if !self.ready {
            let rows: Vec<_> = self.tasks.values().map(|known| known.task.first_row(now)).collect();
            let know_all = move |db: &mut _| rows.iter().try_for_each(|(wanted, at)| schedules::know(db, wanted, *at));
            self.services.store.write(know_all).await?;
            self.ready = true;
            self.tasks.values().filter(|known| known.job.at_start()).for_each(|known| self.services.wake.ask(&known.task.name));
        }
        self.services.store.read(move |db| schedules::due(db, now)).await
    }

    /// Begins a run, unless one is under way.
    fn begin(&mut self, name: &str, asked: bool) {
        let Some(known) = self.tasks.get(name).cloned() else { return };
        if let Some(again) = self.under_way.get_mut(name) {
            *again |= asked;
            return;
        }
        self.under_way.insert(name.to_owned(), false);
        let (services, stop) = (self.services.clone(), self.stop.clone());
        self.runs.spawn(async move {
            if let Err(error) = known.turn(&services, &stop, asked).await {
                tracing::warn!(task = known.task.name, %error, "a job could not be run; it stays due");
            }
            known.task.name.clone()
        });
    }

    fn ended(&mut self, name: Option<String>) {
        let Some(name) = name else { return };
        if self.under_way.remove(&name) == Some(true) {
            self.begin(&name, true);
        }
    }

    /// Asks for a task.
    #[cfg(test)]
    pub(super) fn ask(&mut self, name: &str) {
        self.begin(name, true);
    }

    /// Waits until nothing runs.
    #[cfg(test)]
    pub(super) async fn settle(&mut self) {
        while let Some(ended) = self.runs.join_next().await {
            self.ended(ended.ok());
        }
    }
}

impl Known {
    /// Runs the task if it is due, or asked for, and nobody else runs it.
    async fn turn(self: &Arc<Self>, services: &Services, stop: &Stop, asked: bool) -> Result<(), StoreError> {
        let (name, now) = (self.task.name.clone(), services.clock.millis());
        let Some(held) = Held::take(&services.store, &format!("job:{name}")).await? else {
            // Another server's run may have passed by what is new.
            return if asked { services.store.write(move |db| schedules::hurry(db, &name, now)).await } else { Ok(()) };
        };
        let seen = services.store.read(move |db| schedules::find(db, &name)).await?;
        if let Some(seen) = seen.filter(|seen| asked || seen.next_at <= now) {
            let ran = self.run(services, stop, held.lease(), seen).await;
            // The lane is given back whatever happened.
            return held.give_back().await.and(ran);
        }
        held.give_back().await
    }

    async fn run(self: &Arc<Self>, services: &Services, stop: &Stop, lease: &Lease, seen: Schedule) -> Result<(), StoreError> {
        let (known, own, until, mine) = (self.clone(), services.clone(), stop.clone(), lease.clone());
        let (at, began) = (services.clock.millis(), tokio::time::Instant::now());
        // In a task of its own, so that a panic is a failure like others.
        let run = tokio::spawn(async move {
            let turn = Turn { services: &own, task: &known.task.name, stop: &until, lease: &mine };
            known.job.run(turn).await
        });
        let outcome = run.await.unwrap_or_else(|error| Err(anyhow::anyhow!("it broke off: {error}")));
        if outcome.is_err() && stop.is_asked() {
            return Ok(());
        }
        self.count(&outcome, began.elapsed());
        let took = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let next_at = self.task.next(&outcome, seen.failures, at, services.clock.millis());
        let error = outcome.err().map(|error| format!("{error:#}"));
        if let Some(error) = &error {
            tracing::warn!(task = seen.name, error, next = %from_millis(next_at), "a job failed");
        }
        let ended = Ended { at, took, next_at, error };
        lease.write(&services.store, move |db| schedules::ended(db, &seen, &ended)).await
    }

    fn count(&self, outcome: &anyhow::Result<Next>, took: Duration) {
        let label = if outcome.is_ok() { "done" } else { "failed" };
        metrics::counter!(JOB_RUNS, "job" => self.job.name(), "outcome" => label).increment(1);
        metrics::histogram!(JOB_SECONDS, "job" => self.job.name()).record(took.as_secs_f64());
    }
}

impl Task {
    /// The task's row before its first run: what is done every so often is due at once.
    fn first_row(&self, now: i64) -> (schedules::Wanted, i64) {
        let at = match &self.rhythm {
            crate::config::Rhythm::Every(_) => now,
            crate::config::Rhythm::Cron(_) => self.usual(now),
        };
        (schedules::Wanted { name: self.name.clone(), rhythm: self.rhythm.to_string(), about: self.about.clone() }, at)
    }

    /// When the task is due again after a run that began at `at` and ended at `now`.
    fn next(&self, outcome: &anyhow::Result<Next>, failures: i64, at: i64, now: i64) -> i64 {
        match outcome {
            Ok(Next::Usual) => self.usual(at),
            Ok(Next::At(sooner)) => self.usual(at).min(*sooner),
            Err(_) => {
                let doublings = u32::try_from(failures.clamp(0, 20)).unwrap_or(20);
                let wait = FIRST_WAIT.saturating_mul(1_i64 << doublings);
                now.saturating_add(wait).min(self.usual(now))
            }
        }
    }

    fn usual(&self, after: i64) -> i64 {
        self.rhythm.after(from_millis(after)).map_or(i64::MAX, |next| next.timestamp_millis())
    }
}
