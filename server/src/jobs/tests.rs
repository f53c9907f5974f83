//! Each task once at its time, whatever the number of servers; missed times are caught
//! up, failures tried again after longer and longer waits.

use super::runner::Runner;
use super::*;
use crate::services::fresh::{self, Fresh};
use crate::stop;
use crate::store::schedules::{self, Schedule};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// A job of which a test sees the runs and says how they end.
struct Seen {
    name: &'static str,
    rhythm: &'static str,
    at_start: bool,
    runs: AtomicUsize,
    fails: AtomicUsize,
    /// What a run takes one of before it ends.
    leave: Semaphore,
}

const PLENTY: usize = 1000;

impl Seen {
    fn named(name: &'static str, rhythm: &'static str, at_start: bool) -> &'static Self {
        let (runs, fails, leave) = (AtomicUsize::new(0), AtomicUsize::new(0), Semaphore::new(PLENTY));
        Box::leak(Box::new(Self { name, rhythm, at_start, runs, fails, leave }))
    }

    fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }
}

impl Job for Seen {
    fn name(&self) -> &'static str {
        self.name
    }

    fn rhythm(&self) -> &'static str {
        self.rhythm
    }

    fn at_start(&self) -> bool {
        self.at_start
    }

    fn run<'a>(&'a self, _turn: Turn<'a>) -> Running<'a> {
        Box::pin(async move {
            self.runs.fetch_add(1, Ordering::SeqCst);
            self.leave.acquire().await?.forget();
            let left = self.fails.load(Ordering::SeqCst);
            anyhow::ensure!(left == 0, "it was told to");
            Ok(Next::Usual)
        })
    }
}

fn house() -> Fresh {
    fresh::with(Config::default())
}

fn runner(house: &Fresh, job: &'static Seen) -> (Runner, stop::Stopper) {
    let (stopper, stop) = stop::stop();
    (Runner::new(house.services.clone(), stop, &[job]).expect("a runner"), stopper)
}

fn step(house: &Fresh, seconds: i64) {
    let now = house.services.clock.now();
    house.clock.set(now + chrono::TimeDelta::seconds(seconds));
}

async fn row(house: &Fresh, name: &'static str) -> Schedule {
    house.services.store.read(move |db| schedules::find(db, name)).await.expect("an answer").expect("a row")
}

async fn look(runner: &mut Runner) {
    runner.look().await;
    runner.settle().await;
}

#[test]
fn every_job_has_a_name_of_its_own_and_a_rhythm() {
    let names: BTreeSet<_> = JOBS.iter().map(|job| job.name()).collect();
    assert_eq!(names.len(), JOBS.len());
    for job in JOBS {
        assert!(Rhythm::parse(job.rhythm()).is_ok(), "{}: {}", job.name(), job.rhythm());
    }
}

#[tokio::test]
async fn a_task_runs_at_its_times_and_once_for_all_it_missed() {
    let house = house();
    let job = Seen::named("test", "1h", false);
    let (mut runner, _stopper) = runner(&house, job);
    look(&mut runner).await;
    assert_eq!(job.runs(), 1, "what is done every so often is due at once");
    look(&mut runner).await;
    step(&house, 3599);
    look(&mut runner).await;
    assert_eq!(job.runs(), 1);
    step(&house, 1);
    look(&mut runner).await;
    assert_eq!(job.runs(), 2);
    step(&house, 36_000);
    look(&mut runner).await;
    look(&mut runner).await;
    assert_eq!(job.runs(), 3, "ten times were missed and are caught up by one run");
}

#[tokio::test]
async fn a_cron_task_waits_for_its_time() {
    let house = house();
    let job = Seen::named("test", "30 12 * * *", false);
    let (mut first, _stopper) = runner(&house, job);
    look(&mut first).await;
    assert_eq!(job.runs(), 0);
    step(&house, 1800);
    look(&mut first).await;
    assert_eq!(job.runs(), 1);
    step(&house, 2 * 86_400);
    let (mut restarted, _stopper) = runner(&house, job);
    look(&mut restarted).await;
    assert_eq!(job.runs(), 2, "a time that passed while no server was up is caught up");
}

#[tokio::test]
async fn failures_wait_longer_and_longer_up_to_the_usual_rhythm() {
    let house = house();
    let job = Seen::named("test", "10m", false);
    let (mut runner, _stopper) = runner(&house, job);
    job.fails.store(1, Ordering::SeqCst);
    for (run, wait) in [60, 120, 240, 480, 600, 600].into_iter().enumerate() {
        look(&mut runner).await;
        assert_eq!(job.runs(), run + 1);
        let row = row(&house, "test").await;
        assert_eq!(row.last_error.as_deref(), Some("it was told to"));
        assert_eq!(row.next_at - house.services.clock.millis(), wait * 1000);
        step(&house, wait);
    }
    job.fails.store(0, Ordering::SeqCst);
    look(&mut runner).await;
    let row = row(&house, "test").await;
    assert_eq!((row.last_error, row.failures), (None, 0));
    assert_eq!(row.next_at - house.services.clock.millis(), 600_000);
}

#[tokio::test]
async fn two_servers_run_a_task_once() {
    let house = house();
    let job = Seen::named("test", "1h", false);
    let ((mut one, _first), (mut other, _second)) = (runner(&house, job), runner(&house, job));
    for run in 1..=5 {
        one.look().await;
        other.look().await;
        tokio::join!(one.settle(), other.settle());
        assert_eq!(job.runs(), run);
        step(&house, 3600);
    }
}

#[tokio::test]
async fn what_is_asked_for_while_another_server_runs_it_is_run_again() {
    let house = house();
    let job = Seen::named("test", "1h", false);
    job.leave.forget_permits(PLENTY);
    let ((mut one, _first), (mut other, _second)) = (runner(&house, job), runner(&house, job));
    one.look().await;
    while job.runs() == 0 {
        tokio::task::yield_now().await;
    }
    step(&house, 1);
    other.ask("test");
    other.settle().await;
    assert_eq!(job.runs(), 1, "the lane is taken");
    job.leave.add_permits(PLENTY);
    one.settle().await;
    look(&mut one).await;
    assert_eq!(job.runs(), 2);
    look(&mut one).await;
    assert_eq!(job.runs(), 2);
}

#[tokio::test]
async fn a_start_and_a_wake_run_it_at_once_and_a_stop_ends_all() {
    let house = house();
    let job = Seen::named("test", "30 2 * * *", true);
    let (runner, stopper) = runner(&house, job);
    let running = tokio::spawn(runner.run(std::sync::Arc::default()));
    while job.runs() < 1 {
        tokio::task::yield_now().await;
    }
    house.services.wake.ask("test");
    house.services.wake.ask("nobody's");
    while job.runs() < 2 {
        tokio::task::yield_now().await;
    }
    stopper.ask();
    running.await.expect("an orderly end");
}
