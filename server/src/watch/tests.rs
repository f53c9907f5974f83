//! The watch against simulated registries, and what it must not conclude from their faults.

mod alerts;
mod faults;
mod house;
mod servers;

use crate::simulated::registry::{Protocol, Release};
use house::{House, PROTOCOLS, hour};

#[tokio::test]
async fn a_takeover_is_seen_within_the_hour_by_each_protocol() {
    for protocol in PROTOCOLS {
        let house = House::begin(protocol).await;
        house.look(0).await;
        assert_eq!(house.told().await, [""; 0], "first sight is quiet");
        house.registry.account(9, "mallory");
        house.registry.owners("fresh", &[9]);
        house.registry.publish("fresh", Release::new("1.0.0", hour(3), 9, &[]));
        house.registry.publish("wheel", Release::new("1.0.3", hour(4), 1, &["axle", "fresh"]));
        if protocol == Protocol::Crates {
            house.registry.yank("wheel", "1.0.1", 1, hour(4));
            house.registry.yank("wheel", "1.0.2", 1, hour(4));
        }
        house.look(5).await;
        let told = house.told().await;
        let signals = match protocol {
            Protocol::Crates => "young-dependency,old-versions-vanished",
            Protocol::Npm => "young-dependency",
        };
        assert_eq!(told, [format!("verdict wheel 1.0.3 urgent {signals}")], "{protocol:?}");
        house.look(6).await;
        assert_eq!(house.told().await, told, "the same is told once");
        // The evidence outlives what it came from.
        house.registry.remove_package("fresh");
        house.registry.remove("wheel", "1.0.3");
        house.look(7).await;
        house.look(8).await;
        assert_eq!(house.told().await, told);
    }
}

#[tokio::test]
async fn a_sole_owner_replaced_in_two_steps_is_told_unconfirmed_and_then_confirmed() {
    for protocol in PROTOCOLS {
        let house = House::begin(protocol).await;
        house.registry.owners("wheel", &[1]);
        house.look(0).await;
        house.registry.account(9, "mallory");
        house.registry.owners("wheel", &[1, 9]);
        house.look(48).await;
        assert_eq!(house.told().await, [""; 0]);
        house.registry.owners("wheel", &[9]);
        house.look(96).await;
        assert_eq!(house.told().await, ["verdict wheel  urgent owners-replaced"]);
        assert!(house.next_minutes("wheel").await <= 10, "what is missing is asked again soon");
        house.look_minutes(96 * 60 + 6).await;
        assert_eq!(house.told().await[1..], ["verdict-confirmed wheel  urgent owners-replaced"]);
        let owners = house.owners("wheel").await;
        // npm's own record also knows whom each version was published beside.
        let since: Vec<_> = owners.iter().filter(|owner| !owner.starts_with("bob")).collect();
        assert_eq!(since, ["alice 0-96", "mallory 48-"]);
    }
}

#[tokio::test]
async fn a_replacement_that_the_second_look_does_not_see_is_taken_back() {
    let house = House::begin(Protocol::Crates).await;
    house.look(0).await;
    house.registry.account(9, "mallory");
    house.registry.owners("wheel", &[9]);
    house.look(48).await;
    house.registry.owners("wheel", &[1, 2]);
    house.look_minutes(48 * 60 + 6).await;
    assert_eq!(house.told().await, ["verdict wheel  urgent owners-replaced", "verdict-taken-back wheel  "]);
    assert_eq!(house.owners("wheel").await, ["alice 0-", "bob 0-"]);
}

#[tokio::test]
async fn a_renamed_login_is_the_same_owner() {
    let house = House::begin(Protocol::Crates).await;
    house.look(0).await;
    house.registry.account(1, "alice-of-wheels");
    house.look(48).await;
    house.look(49).await;
    assert_eq!(house.told().await, [""; 0]);
    assert_eq!(house.events("owner-renamed").await, 1);
}

#[tokio::test]
async fn nothing_is_asked_before_approval_nor_of_what_is_not_the_authoritys() {
    let house = House::begin(Protocol::Crates).await;
    house.decide(false).await;
    house.look(0).await;
    assert_eq!(house.registry.asked(), [""; 0]);
    house.decide(true).await;
    house.look(1).await;
    let asked = house.registry.asked();
    assert!(asked.iter().any(|path| path.contains("/wheel")), "{asked:?}");
    assert!(!asked.iter().any(|path| path.contains("forked")), "{asked:?}");
}

#[tokio::test]
async fn what_is_here_already_costs_one_short_answer() {
    for protocol in PROTOCOLS {
        let house = House::begin(protocol).await;
        house.look(0).await;
        let before = house.registry.asked().len();
        house.look(1).await;
        let asked = house.registry.asked().split_off(before);
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert!(asked.iter().all(|one| one.ends_with(" 304")), "{asked:?}");
        house.look_minutes(61).await;
        assert_eq!(house.registry.asked().len(), before + 1, "not before its time");
    }
}

#[tokio::test]
async fn an_advisory_on_a_new_version_makes_it_certain() {
    let house = House::begin(Protocol::Npm).await;
    house.look(0).await;
    house.registry.publish("wheel", Release::new("1.0.3", hour(4), 1, &["axle"]));
    house.advise("MAL-2026-1", "wheel", "1.0.3").await;
    house.look(5).await;
    assert_eq!(house.told().await, ["verdict wheel 1.0.3 urgent known-malicious"]);
}
