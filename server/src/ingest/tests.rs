//! Uploads against a real database file: which presences each sort of upload opens
//! and closes, and how much it writes.

mod cost;

use super::{Caller, Receipt, Sent, Submission, accept};
use crate::clock::SteppedClock;
use crate::config::Config;
use crate::services::Services;
use crate::services::fresh::{self, Fresh};
use crate::store::schema::{held, held_before, held_once, upload};
use crate::store::uploads::NewRun;
use crate::store::{Db, teams};
use diesel::prelude::*;

struct House {
    services: Services,
    clock: SteppedClock,
    team_id: i64,
    _folder: tempfile::TempDir,
}

const HOUR: i64 = 3_600_000;

async fn house() -> House {
    let Fresh { services, clock, folder } = fresh::with(Config::default());
    let team_id = services.store.write(|db| Ok(teams::insert(db, "team", 0)?.unwrap().id)).await.unwrap();
    House { services, clock, team_id, _folder: folder }
}

/// A run's facts; what is `None` is unknown.
#[derive(Clone, Copy, Default)]
struct Run<'a> {
    id: &'a str,
    committed: Option<i64>,
    pull_request: Option<&'a str>,
    complete: bool,
}

impl House {
    async fn send(&self, run: Run<'_>, slots: &[(&str, &[&str])]) -> Receipt {
        self.clock.set(crate::clock::from_millis(self.services_now() + 60_000));
        let now = self.services_now();
        let submission = Submission {
            project: "shop".to_owned(),
            release: "main".to_owned(),
            complete: run.complete,
            run: NewRun {
                provider: "test".to_owned(),
                external_id: run.id.to_owned(),
                attempt: 1,
                committed_at: run.committed.map(|hours| now + hours * HOUR),
                pull_request: run.pull_request.map(str::to_owned),
                ..NewRun::default()
            },
            documents: slots.iter().map(|(slot, purls)| Sent { slot: (*slot).to_owned(), bytes: document(purls) }).collect(),
        };
        let caller = Caller { team_id: self.team_id, project_id: None, token_id: None, name: "test".to_owned() };
        accept(&self.services, caller, submission).await.unwrap()
    }

    fn services_now(&self) -> i64 {
        self.services.clock.millis()
    }

    async fn rows(&self) -> Rows {
        let count = |db: &mut Db| {
            Ok(Rows {
                open: held::table.count().get_result(db)?,
                closed: held_before::table.count().get_result(db)?,
                once: held_once::table.count().get_result(db)?,
                uploads: upload::table.count().get_result(db)?,
            })
        };
        self.services.store.read(count).await.unwrap()
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Rows {
    open: i64,
    closed: i64,
    once: i64,
    uploads: i64,
}

fn rows(open: i64, closed: i64, once: i64, uploads: i64) -> Rows {
    Rows { open, closed, once, uploads }
}

fn document(purls: &[&str]) -> Vec<u8> {
    let component = |purl: &&str| {
        let parsed: bom::purl::Purl = purl.parse().unwrap();
        serde_json::json!({"type": "library", "bom-ref": purl, "name": parsed.name, "version": parsed.version, "purl": purl})
    };
    let components: Vec<_> = purls.iter().map(component).collect();
    serde_json::json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components})
        .to_string()
        .into_bytes()
}

fn states(receipt: &Receipt) -> Vec<&'static str> {
    receipt.slots.iter().map(|slot| slot.state).collect()
}

const A: &str = "pkg:npm/a@1";
const B: &str = "pkg:npm/b@1";
const C: &str = "pkg:npm/c@1";

#[tokio::test]
async fn only_the_difference_is_written() {
    let house = house().await;
    let first = house.send(Run { id: "1", ..Run::default() }, &[("app", &[A, B])]).await;
    assert_eq!((states(&first), house.rows().await), (vec!["new"], rows(2, 0, 0, 1)));
    let second = house.send(Run { id: "2", ..Run::default() }, &[("app", &[A, B])]).await;
    assert_eq!((states(&second), house.rows().await), (vec!["unchanged"], rows(2, 0, 0, 2)));
    let third = house.send(Run { id: "3", ..Run::default() }, &[("app", &[A, C])]).await;
    assert_eq!((states(&third), house.rows().await), (vec!["changed"], rows(2, 1, 0, 3)));
    assert_eq!((third.slots[0].added, third.slots[0].removed), (1, 1));
}

#[tokio::test]
async fn a_repeated_upload_is_answered_and_adds_nothing() {
    let house = house().await;
    let run = Run { id: "1", ..Run::default() };
    let first = house.send(run, &[("app", &[A])]).await;
    let again = house.send(run, &[("app", &[A])]).await;
    assert!(!first.repeated && again.repeated);
    assert_eq!((&first.upload, states(&first)), (&again.upload, states(&again)));
    assert_eq!(house.rows().await, rows(1, 0, 0, 1));
}

#[tokio::test]
async fn a_late_run_counts_for_ever_held_and_changes_nothing_open() {
    let house = house().await;
    house.send(Run { id: "1", committed: Some(-10), ..Run::default() }, &[("app", &[A])]).await;
    house.send(Run { id: "3", committed: Some(-1), ..Run::default() }, &[("app", &[A, B])]).await;
    let late = house.send(Run { id: "2", committed: Some(-5), ..Run::default() }, &[("app", &[A, C])]).await;
    assert_eq!((states(&late), house.rows().await), (vec!["late"], rows(2, 0, 1, 3)));
    // The same commit once more, by another run: what it has is covered or known.
    let again = house.send(Run { id: "2b", committed: Some(-5), ..Run::default() }, &[("app", &[A])]).await;
    assert_eq!((states(&again), house.rows().await), (vec!["late"], rows(2, 0, 1, 4)));
}

#[tokio::test]
async fn a_clock_that_runs_ahead_does_not_win_for_ever() {
    let house = house().await;
    house.send(Run { id: "1", committed: Some(1000), ..Run::default() }, &[("app", &[A])]).await;
    let next = house.send(Run { id: "2", ..Run::default() }, &[("app", &[B])]).await;
    assert_eq!(states(&next), ["changed"]);
}

#[tokio::test]
async fn a_pull_request_is_exposure_and_never_inventory() {
    let house = house().await;
    house.send(Run { id: "1", ..Run::default() }, &[("app", &[A])]).await;
    let request = house.send(Run { id: "2", pull_request: Some("7"), ..Run::default() }, &[("app", &[A, B])]).await;
    assert_eq!((states(&request), house.rows().await), (vec!["pull_request"], rows(1, 0, 1, 2)));
}

#[tokio::test]
async fn slots_of_one_release_never_close_each_others() {
    let house = house().await;
    house.send(Run { id: "1", ..Run::default() }, &[("app", &[A, B]), ("image", &[B, C])]).await;
    house.send(Run { id: "2", ..Run::default() }, &[("image", &[C])]).await;
    assert_eq!(house.rows().await, rows(3, 1, 0, 3));
}

#[tokio::test]
async fn a_complete_run_closes_the_slots_it_does_not_name() {
    let house = house().await;
    house.send(Run { id: "1", ..Run::default() }, &[("old/lock", &[A, B])]).await;
    house.send(Run { id: "2", complete: true, ..Run::default() }, &[("new/lock", &[A, B])]).await;
    assert_eq!(house.rows().await, rows(2, 2, 0, 3));
    // An older run that was complete in its time does not close what came later.
    house.send(Run { id: "0", committed: Some(-50), complete: true, ..Run::default() }, &[("old/lock", &[A])]).await;
    assert_eq!(house.rows().await.open, 2);
}

#[tokio::test]
async fn one_unreadable_document_does_not_spoil_the_others() {
    let house = house().await;
    let submission = Submission {
        project: "shop".to_owned(),
        release: "main".to_owned(),
        complete: false,
        run: NewRun { provider: "test".to_owned(), external_id: "1".to_owned(), attempt: 1, ..NewRun::default() },
        documents: vec![
            Sent { slot: "bad".to_owned(), bytes: b"{\"bomFormat\":\"CycloneDX\",".to_vec() },
            Sent { slot: "good".to_owned(), bytes: document(&[A]) },
        ],
    };
    let caller = Caller { team_id: house.team_id, project_id: None, token_id: None, name: "test".to_owned() };
    let receipt = accept(&house.services, caller, submission).await.unwrap();
    assert_eq!(states(&receipt), ["new", "refused"]);
    assert!(receipt.slots[1].error.is_some());
}
