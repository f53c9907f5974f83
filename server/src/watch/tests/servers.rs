//! Two servers on one database.

use super::house::{House, hour};
use crate::simulated::registry::Protocol;
use crate::store::leases::Held;
use crate::store::watched;
use crate::watch;

#[tokio::test]
async fn two_servers_at_once_ask_a_package_once() {
    let house = House::begin(Protocol::Npm).await;
    house.fresh.clock.set(hour(0));
    let services = &house.fresh.services;
    let (one, two) = tokio::join!(watch::run(services, &house.stop), watch::run(services, &house.stop));
    assert_eq!(one.expect("a run").asked + two.expect("a run").asked, 1);
    assert_eq!(house.registry.asked().len(), 1);
}

#[tokio::test]
async fn a_server_that_dies_between_claim_and_answer_leaves_the_interval_to_pass() {
    let house = House::begin(Protocol::Npm).await;
    house.look(0).await;
    let asked = house.registry.asked().len();
    // The other server took the package at one o'clock, and died.
    let until = hour(2).timestamp_millis();
    let claim = move |db: &mut crate::store::Db| watched::claim(db, 1, hour(1).timestamp_millis(), until, 10);
    assert_eq!(house.fresh.services.store.write(claim).await.expect("a claim").len(), 1);
    house.look_minutes(90).await;
    assert_eq!(house.registry.asked().len(), asked);
    house.look(2).await;
    assert_eq!(house.registry.asked().len(), asked + 1);
}

#[tokio::test]
async fn who_holds_the_lane_is_not_disturbed() {
    let house = House::begin(Protocol::Npm).await;
    let lane = Held::take(&house.fresh.services.store, "watch:1").await.expect("a lease").expect("the lane");
    house.look(0).await;
    assert_eq!(house.registry.asked(), [""; 0]);
    lane.give_back().await.expect("given back");
    house.look(0).await;
    assert_eq!(house.registry.asked().len(), 1);
}
