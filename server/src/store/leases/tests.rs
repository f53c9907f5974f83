//! One holder at a time, and none that writes after its end.

use super::*;
use crate::services::fresh;
use crate::stop;

#[tokio::test]
async fn a_lane_has_one_holder_and_the_next_one_a_higher_fence() {
    let house = fresh::with(crate::config::Config::default());
    let store = &house.services.store;
    let first = Held::take(store, "lane").await.expect("an answer").expect("the lane");
    assert!(Held::take(store, "lane").await.expect("an answer").is_none());
    assert!(Held::take(store, "another lane").await.expect("an answer").is_some());
    let lease = first.lease().clone();
    first.give_back().await.expect("an answer");
    let second = Held::take(store, "lane").await.expect("an answer").expect("the lane");
    assert!(second.lease().fence > lease.fence);
    let late = store.write(move |db| lease.guard(db)).await;
    assert!(matches!(late, Err(StoreError::Overtaken)), "{late:?}");
    let mine = second.lease().clone();
    assert!(store.write(move |db| mine.guard(db)).await.is_ok());
}

#[tokio::test]
async fn one_who_waits_gets_the_lane_or_the_stop() {
    let house = fresh::with(crate::config::Config::default());
    let store = house.services.store.clone();
    let held = Held::take(&store, "lane").await.expect("an answer").expect("the lane");
    let (stopper, stop) = stop::stop();
    let waiting = tokio::spawn({
        let (store, stop) = (store.clone(), stop.clone());
        async move { Held::wait(&store, "lane", &stop).await.map(drop) }
    });
    held.give_back().await.expect("an answer");
    assert!(waiting.await.expect("no panic").is_ok());
    // The holder is gone without a word; its lease still holds.
    stopper.ask();
    assert!(matches!(Held::wait(&store, "lane", &stop).await.map(drop), Err(StoreError::Stopping)));
}
