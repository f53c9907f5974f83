//! What decisions do to alerts: who is left alone, what resolves, and that it comes back.

use super::*;
use crate::store::alerts::{Alert, shares};
use crate::store::schema::{alert, alert_project, share};
use crate::store::views::alerts as views;

impl House {
    /// The alert: its state, the shares of `shop`'s and `mill`'s team as (wanted, told), and
    /// which of the projects are settled.
    async fn alert(&self) -> (String, Vec<(i64, i64)>, Vec<bool>) {
        self.ask(|db| {
            let marks = alert_project::table.order(alert_project::project_id).select(alert_project::settled);
            Ok((
                alert::table.select(alert::state).first(db)?,
                share::table.order(share::team_id).select((share::wanted, share::told)).load(db)?,
                marks.load(db)?,
            ))
        })
        .await
    }

    /// Says that the outbox has told everything.
    async fn told(&self) {
        self.ask(|db| Ok(diesel::update(share::table).set(share::told.eq(share::wanted)).execute(db)?)).await;
    }

    async fn take_back(&self, of: Decided) {
        let (Decided::New(made) | Decided::Same(made)) = of;
        self.ask(move |db| take_back(db, &made, "person:alice", NOW + 9)).await;
    }
}

fn state(word: &str, shares: &[(i64, i64)], settled: &[bool]) -> (String, Vec<(i64, i64)>, Vec<bool>) {
    (word.to_owned(), shares.to_vec(), settled.to_vec())
}

#[tokio::test]
async fn who_settled_it_is_left_alone_and_it_resolves_when_all_have() {
    let house = house().await;
    assert_eq!(house.alert().await, state("open", &[(1, 0), (1, 0)], &[false, false]));
    let mine = house.decide("CVE-1", Some(0), UNREACHED, NOW).await;
    assert_eq!(house.alert().await, state("open", &[(0, 0), (1, 0)], &[true, false]), "it is not even told");
    house.told().await;
    let silent = house.ask(|db| Ok(shares::silent(db, i64::MAX, 9)?.len())).await;
    assert_eq!(silent, 1, "the silence of who settled it is nobody's business");
    house.feed(vec![record("CVE-1", 2, &["GHSA-1"], "CRITICAL")]).await;
    assert_eq!(house.alert().await, state("open", &[(0, 0), (2, 1)], &[true, false]), "it is graver for the other");
    house.told().await;
    let others = house.decide("CVE-1", Some(1), Decision::Fixed, NOW + 1).await;
    assert_eq!(house.alert().await.0, "resolved");
    house.take_back(others).await;
    assert_eq!(house.alert().await, state("open", &[(0, 0), (4, 2)], &[true, false]), "it comes back for the other");
    house.told().await;
    house.take_back(mine).await;
    assert_eq!(house.alert().await, state("open", &[(5, 0), (4, 4)], &[false, false]), "and for who settled it");
}

#[tokio::test]
async fn it_comes_back_when_the_date_of_an_accepted_risk_comes() {
    let house = house().await;
    house.told().await;
    house.decide("CVE-1", None, accepted(2), NOW).await;
    assert_eq!(house.alert().await, state("resolved", &[(1, 1), (1, 1)], &[true, true]));
    house.fresh.clock.set(from_millis(NOW + DAY));
    let early = crate::triage::run(&house.fresh.services).await.expect("a run");
    assert_eq!(early, (0, Some(NOW + 2 * DAY)));
    house.fresh.clock.set(from_millis(NOW + 2 * DAY));
    assert_eq!(crate::triage::run(&house.fresh.services).await.expect("a run"), (1, None));
    assert_eq!(house.alert().await, state("open", &[(3, 1), (3, 1)], &[false, false]));
    assert_eq!(house.open().await, [1, 1]);
}

#[tokio::test]
async fn what_is_settled_when_it_becomes_news_tells_nobody_until_the_decision_ends() {
    let house = house().await;
    house.ask(|db| Ok((diesel::delete(share::table).execute(db)?, diesel::delete(alert_project::table).execute(db)?))).await;
    house.ask(|db| Ok(diesel::delete(alert::table).execute(db)?)).await;
    let said = house.decide("CVE-1", None, Decision::FalsePositive, NOW).await;
    house.feed(vec![record("CVE-1", 2, &["GHSA-1"], "CRITICAL")]).await;
    assert_eq!(house.alert().await, state("resolved", &[], &[true, true]));
    house.take_back(said).await;
    let (state, shares, settled) = house.alert().await;
    assert_eq!((state.as_str(), settled), ("open", vec![false, false]));
    assert!(shares.len() == 2 && shares.iter().all(|(wanted, told)| wanted > told), "{shares:?}");
}

#[tokio::test]
async fn pages_and_messages_say_who_settled_it() {
    let house = house().await;
    house.decide("CVE-1", Some(0), UNREACHED, NOW).await;
    let line = house.ask(|db| {
        let code = alert::table.select(Alert::as_select()).first(db)?.code;
        Ok(views::one(db, &crate::store::viewer::Viewer::server(), &code)?.expect("an alert"))
    });
    let line = line.await;
    let said: Vec<_> = line.projects.iter().map(|one| (one.name.as_str(), one.settled.as_ref().map(Triage::sentence))).collect();
    let words = "does not affect us: the vulnerable code is never run".to_owned();
    assert_eq!(said, [("mill", None), ("shop", Some(words))]);
    assert_eq!(line.affected(), 1);
}
