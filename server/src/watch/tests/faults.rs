//! Faults of each registry: nothing is concluded from them, what is known is shown as
//! old, and the operator hears of each row of failures once.

use super::house::{House, PROTOCOLS, hour};
use crate::simulated::registry::{Fault, Protocol, Release};

/// The fault, what the package's page says of it, and whether the registry as such is at fault.
fn faults() -> Vec<(&'static str, Fault)> {
    vec![
        ("busy", Fault::Status(503, None)),
        ("not there", Fault::Status(404, None)),
        ("too many", Fault::Status(429, Some(600))),
        ("no owners", Fault::NoOwners),
        ("cut off", Fault::Truncated),
        ("says nothing", Fault::Hangs(0)),
        ("another type", Fault::Says(b"{\"name\": 7, \"users\": {}, \"versions\": \"all\"}".to_vec())),
        ("garbage", Fault::Says(vec![0, 159, 146, 150])),
        ("a page", Fault::Says(b"<!doctype html><title>sign in</title>".to_vec())),
        ("redirect", Fault::Redirect("https://elsewhere.example/wheel".to_owned())),
        ("mirror", Fault::Mirror(hour(40))),
    ]
}

#[tokio::test]
async fn a_day_of_any_fault_changes_nothing_that_is_known_and_is_told_once() {
    for protocol in PROTOCOLS {
        for (name, fault) in faults() {
            let house = House::begin(protocol).await;
            house.look(0).await;
            let before = house.owners("wheel").await;
            house.registry.fault(Some(fault.clone()));
            // What changes meanwhile is the truth behind the fault.
            house.registry.publish("wheel", Release::new("1.0.3", hour(2), 1, &["axle"]));
            for minutes in (60..=1500).step_by(60) {
                house.look_minutes(minutes).await;
            }
            assert_eq!(house.told().await, [""; 0], "{protocol:?} {name}");
            assert_eq!(house.owners("wheel").await, before, "{protocol:?} {name}");
            let notices = house.events("registry-silent").await + house.events("look-failed").await;
            let partly = fault == Fault::NoOwners || (protocol == Protocol::Crates && matches!(fault, Fault::Mirror(_)));
            assert!(notices == 1 || (partly && notices <= 1), "{protocol:?} {name}: {notices} notices");
            let silent = house.events("registry-silent").await;
            assert_eq!(house.operators("open").await, silent, "{protocol:?} {name}");
            house.registry.fault(None);
            house.look(49).await;
            house.look(50).await;
            assert_eq!((house.operators("open").await, house.operators("resolved").await), (0, silent), "{protocol:?} {name}");
            assert_eq!(house.told().await, [""; 0], "{protocol:?} {name}");
            assert_eq!(house.staleness("wheel").await, (None, Some(50)), "{protocol:?} {name}");
            assert_eq!(house.events("version-published").await, 1, "{protocol:?} {name}");
        }
    }
}

#[tokio::test]
async fn how_old_an_answer_is_stays_known() {
    let house = House::begin(Protocol::Npm).await;
    house.look(3).await;
    house.registry.fault(Some(Fault::Says(b"{}".to_vec())));
    house.look(5).await;
    let (why, at) = house.staleness("wheel").await;
    assert!(why.is_some_and(|why| why.contains("cannot be read")));
    assert_eq!(at, Some(3));
}

#[tokio::test]
async fn who_asks_to_be_left_alone_is_left_alone() {
    let house = House::begin(Protocol::Crates).await;
    house.look(0).await;
    house.registry.fault(Some(Fault::Status(429, Some(7200))));
    house.look(1).await;
    let asked = house.registry.asked().len();
    house.look_minutes(170).await;
    assert_eq!(house.registry.asked().len(), asked);
    house.registry.fault(None);
    house.look_minutes(190).await;
    assert!(house.registry.asked().len() > asked);
}

#[tokio::test]
async fn a_redirect_to_another_host_is_proposed_and_not_followed() {
    let house = House::begin(Protocol::Crates).await;
    house.registry.fault(Some(Fault::Redirect("https://elsewhere.example/index/wh/ee/wheel".to_owned())));
    house.look(0).await;
    let all = house.fresh.services.store.read(crate::store::registries::all).await.expect("registries");
    let proposed = all.iter().find(|registry| registry.address == "https://elsewhere.example").expect("a proposal");
    assert_eq!((proposed.contact, proposed.believe), (0, 0));
    assert!(proposed.proposed_by.starts_with("redirect of http://127.0.0.1"));
}

#[tokio::test]
async fn a_registry_that_hangs_is_given_up_in_time() {
    for said in [0, 100] {
        let house = House::begin(Protocol::Crates).await;
        house.look(0).await;
        house.registry.fault(Some(Fault::Hangs(said)));
        house.look(1).await;
        let health = house.health().await;
        assert!(health.last_error.as_ref().is_some_and(|why| why.contains("too long")), "{said}: {:?}", health.last_error);
        assert_eq!(health.answered_at, Some(hour(0).timestamp_millis()), "how old the last answer is stays known");
    }
}

#[tokio::test]
async fn a_registry_on_a_private_address_is_not_asked_unless_allowed() {
    let house = House::begin(Protocol::Crates).await;
    house.look(0).await;
    let private = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    house.decide_at(true, "crates", &format!("http://{}", private.local_addr().expect("an address"))).await;
    house.look(1).await;
    assert_eq!((house.told().await.len(), house.events("owner-removed").await), (0, 0));
    let health = house.health().await;
    // Its port is not in `outbound.allow`, so it is refused before a byte goes out.
    assert!(health.last_error.is_some_and(|why| why.contains("private address")));
    private.set_nonblocking(true).expect("a listener");
    assert!(private.accept().is_err(), "nobody knocked");
}

#[tokio::test]
async fn a_clock_that_is_ahead_makes_nothing_young_or_old() {
    for protocol in PROTOCOLS {
        let house = House::begin(protocol).await;
        house.look(0).await;
        house.registry.publish("wheel", Release::new("1.0.3", hour(5000), 1, &["axle"]));
        house.look(1).await;
        house.look(2).await;
        assert_eq!(house.told().await, [""; 0]);
    }
}
