//! What people are told of what the watch finds, beside what records say of the same.

use super::house::{House, PROTOCOLS, hour};
use crate::simulated::registry::{Protocol, Release};
use crate::store::alerts::Alert;
use crate::store::schema::alert;
use diesel::prelude::*;

impl House {
    async fn alerts(&self) -> Vec<Alert> {
        let ask = |db: &mut crate::store::Db| Ok(alert::table.order(alert::id).select(Alert::as_select()).load(db)?);
        self.fresh.services.store.read(ask).await.expect("alerts")
    }

    /// The alerts: `kind state severity urgency confirmed?`.
    async fn shown(&self) -> Vec<String> {
        let line = |a: Alert| format!("{} {} {} {} {}", a.kind, a.state, a.severity().name(), a.urgency, a.confirmed);
        self.alerts().await.into_iter().map(line).collect()
    }

    /// How many alerts of the operator are in a state.
    pub(super) async fn operators(&self, state: &str) -> i64 {
        let alerts = self.alerts().await;
        let found = alerts.iter().filter(|alert| alert.kind == "operator" && alert.state == state).count();
        i64::try_from(found).expect("a few")
    }

    /// A version that comes with a young dependency, five hours in.
    async fn takeover(&self) {
        self.look(0).await;
        self.registry.account(9, "mallory");
        self.registry.owners("fresh", &[9]);
        self.registry.publish("fresh", Release::new("1.0.0", hour(3), 9, &[]));
        self.registry.publish("wheel", Release::new("1.0.3", hour(4), 9, &["axle", "fresh"]));
        self.look(5).await;
    }

    /// A record from the feed, matched.
    async fn says(&self, at: &str, withdrawn: bool) {
        let mut record = serde_json::json!({
            "id": "MAL-2026-1", "modified": at, "published": "2026-06-01T07:27:00Z", "summary": "it was made to harm",
            "affected": [{"package": {"ecosystem": "npm", "name": "wheel"}, "versions": ["1.0.3"]}],
        });
        if withdrawn {
            record["withdrawn"] = at.into();
        }
        let record = crate::advisories::read(record.to_string().as_bytes()).expect("a record");
        crate::advisories::store(&self.fresh.services, "test", vec![record]).await.expect("stored");
        crate::rematch::drain(&self.fresh.services).await.expect("matched");
    }
}

#[tokio::test]
async fn a_replaced_owner_is_one_alert_that_is_confirmed() {
    for protocol in PROTOCOLS {
        let house = House::begin(protocol).await;
        house.registry.owners("wheel", &[1]);
        house.look(0).await;
        house.registry.account(9, "mallory");
        house.registry.owners("wheel", &[9]);
        house.look(48).await;
        assert_eq!(house.shown().await, ["ownership open high urgent false"]);
        let facts = house.alerts().await[0].facts().expect("facts");
        assert_eq!((facts[0].what.as_str(), facts[0].then.as_str(), facts[0].now.as_str()), ("owners", "alice", "mallory"));
        assert!(facts[0].source.starts_with("http") && facts[0].at == hour(48).timestamp_millis(), "{facts:?}");
        house.look_minutes(48 * 60 + 6).await;
        assert_eq!(house.shown().await, ["ownership open high urgent true"]);
        let confirmed = &house.alerts().await[0];
        assert_eq!(confirmed.headline, "its only owner was replaced");
        let unknown = confirmed.unknown().expect("unknown").join(" ");
        assert_eq!(unknown.contains("no lasting id"), protocol == Protocol::Npm, "{unknown}");
    }
}

#[tokio::test]
async fn what_the_second_look_does_not_see_is_taken_back() {
    let house = House::begin(Protocol::Crates).await;
    house.look(0).await;
    house.registry.account(9, "mallory");
    house.registry.owners("wheel", &[9]);
    house.look(48).await;
    house.registry.owners("wheel", &[1, 2]);
    house.look_minutes(48 * 60 + 6).await;
    assert_eq!(house.shown().await, ["ownership retracted high urgent false"]);
    assert!(house.alerts().await[0].reason.contains("did not bear it out"));
}

#[tokio::test]
async fn a_record_proves_what_was_told_and_says_how_much_later_it_came() {
    let house = House::begin(Protocol::Npm).await;
    house.takeover().await;
    assert_eq!(house.alerts().await.len(), 1);
    let before = house.alerts().await.remove(0);
    assert_eq!((before.kind.as_str(), before.problem_id), ("release", None));
    house.says("2026-06-01T07:30:00Z", false).await;
    assert_eq!(house.shown().await, ["malicious open malicious urgent true"], "one alert, not two");
    let proven = house.alerts().await.remove(0);
    assert_eq!((proven.id, proven.headline.as_str()), (before.id, "is malicious (MAL-2026-1)"));
    let facts = proven.facts().expect("facts");
    let lead = facts.iter().find(|fact| fact.what == "first told").expect("who was earlier");
    assert_eq!(lead.now, "2 h 27 min before the first record (2026-06-01T07:27:00Z)");
    assert!(facts.iter().any(|fact| fact.what == "dependency"), "the evidence stays: {facts:?}");
    // The watch sees the record, too, and has nothing to add but that.
    house.look(8).await;
    assert_eq!(house.shown().await, ["malicious open malicious urgent true"]);
    house.says("2026-06-01T09:00:00Z", true).await;
    assert_eq!(house.shown().await, ["malicious retracted malicious urgent true"]);
}

#[tokio::test]
async fn what_a_record_said_first_takes_in_what_the_watch_finds() {
    let house = House::begin(Protocol::Npm).await;
    house.look(0).await;
    house.registry.publish("wheel", Release::new("1.0.3", hour(4), 1, &["axle"]));
    house.says("2026-06-01T04:30:00Z", false).await;
    assert_eq!(house.shown().await, [""; 0], "nobody holds it");
    house.look(5).await;
    assert_eq!(house.shown().await, ["malicious open malicious urgent true"]);
}
