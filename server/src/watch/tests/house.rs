//! A server with a project that holds `wheel` (and a fork of `forked`), and a simulated
//! registry that is approved.

use crate::clock::{Clock as _, SteppedClock};
use crate::config::{Allowed, Config, Outbound};
use crate::services::fresh::{self, Fresh};
use crate::simulated::registry::{Protocol, Release, SimulatedRegistry};
use crate::stop::{Stop, Stopper, stop};
use crate::store::registries::{self as stored, Belief, Decision, Endpoint, Health, decide};
use crate::store::schema::{event, package, tenure, watched};
use crate::store::{components, inventory};
use crate::{advisories, registries, watch};
use bom::inventory::{Flags, Identity};
use bom::origin::Origin;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::time::Duration;

pub(super) const PROTOCOLS: [Protocol; 2] = [Protocol::Crates, Protocol::Npm];

pub(super) struct House {
    pub(super) fresh: Fresh,
    pub(super) registry: SimulatedRegistry,
    protocol: Protocol,
    pub(super) stop: Stop,
    _stopper: Stopper,
}

/// So many hours after the house was begun.
pub(super) fn hour(hours: i64) -> DateTime<Utc> {
    minute(hours * 60)
}

fn minute(minutes: i64) -> DateTime<Utc> {
    "2026-06-01T00:00:00Z".parse::<DateTime<Utc>>().expect("a time") + TimeDelta::minutes(minutes)
}

impl House {
    pub(super) async fn begin(protocol: Protocol) -> Self {
        let registry = SimulatedRegistry::start(protocol).await.expect("a registry");
        registry.account(1, "alice");
        registry.account(2, "bob");
        registry.owners("wheel", &[1, 2]);
        for (hours, version) in [(-4000, "0.9.0"), (-3000, "1.0.0"), (-2000, "1.0.1"), (-1500, "1.0.2")] {
            registry.publish("wheel", Release::new(version, hour(hours), 1, &["axle"]));
        }
        let address = registry.address();
        let allow = vec![Allowed::Host(address.ip().to_string(), address.port())];
        let outbound = Outbound { allow, timeout: Duration::from_millis(500), ..Outbound::default() };
        let fresh = fresh::with(Config { outbound, ..Config::default() });
        let (stopper, stop) = stop();
        let house = Self { fresh, registry, protocol, stop, _stopper: stopper };
        house.clock().set(hour(-1));
        house
            .hold(&[("wheel", "1.0.2", Origin::Authority), ("forked", "1.0.0", Origin::Git("https://code.example/f".into()))])
            .await;
        house.decide(true).await;
        house
    }

    fn clock(&self) -> &SteppedClock {
        &self.fresh.clock
    }

    fn ecosystem(&self) -> &'static bom::ecosystem::Ecosystem {
        let name = if self.protocol == Protocol::Crates { "crates.io" } else { "npm" };
        bom::ecosystem::Ecosystem::of_osv(name).expect("an ecosystem").0
    }

    async fn hold(&self, held: &[(&str, &str, Origin)]) {
        let ecosystem = self.ecosystem().code;
        let identity = |(name, version, origin): &(&str, &str, Origin)| Identity {
            ecosystem,
            name: (*name).to_owned(),
            version: (*version).to_owned(),
            qualifiers: String::new(),
            origin: origin.clone(),
        };
        let identities: Vec<Identity> = held.iter().map(identity).collect();
        let work = move |db: &mut crate::store::Db| {
            let resolved = components::resolve(db, &identities.iter().collect::<Vec<_>>(), 0)?;
            let flags: BTreeMap<i64, Flags> = resolved.ids.values().map(|id| (*id, Flags(0))).collect();
            inventory::hold(db, 1, 1, &flags)
        };
        self.fresh.services.store.write(work).await.expect("an inventory");
    }

    /// Approves the registry, or lets it be known only.
    pub(super) async fn decide(&self, contact: bool) {
        let base = self.registry.url();
        let protocol = if self.protocol == Protocol::Crates { "crates" } else { "npm" };
        self.decide_at(contact, protocol, &base).await;
    }

    pub(super) async fn decide_at(&self, contact: bool, protocol: &'static str, base: &str) {
        let (ecosystem, base) = (self.ecosystem(), base.to_owned());
        let speaks = registries::of_name(protocol).expect("a protocol");
        let endpoints = speaks.endpoints().iter().map(|(name, path)| {
            let address = format!("{base}/{path}").trim_end_matches('/').to_owned();
            Endpoint { name: (*name).to_owned(), address, pace: Some(0) }
        });
        let decision = Decision {
            ecosystem,
            address: self.registry.url(),
            protocol,
            resolve: true,
            contact,
            believe: Some(Belief::Authority),
            endpoints: endpoints.collect(),
        };
        self.fresh.services.store.write(move |db| decide(db, &decision, "person:alice", 0)).await.expect("a decision");
    }

    pub(super) async fn look(&self, hours: i64) {
        self.look_minutes(hours * 60).await;
    }

    pub(super) async fn look_minutes(&self, minutes: i64) {
        self.clock().set(minute(minutes));
        watch::run(&self.fresh.services, &self.stop).await.expect("a run");
    }

    /// What became of verdicts: kind, package, version, urgency, signals.
    pub(super) async fn told(&self) -> Vec<String> {
        use diesel::prelude::*;
        let read = self.fresh.services.store.read(|db| {
            let rows = event::table
                .inner_join(package::table.on(package::id.nullable().eq(event::package_id)))
                .filter(event::kind.like("verdict%"))
                .order(event::id)
                .select((event::kind, package::name, event::detail));
            Ok(rows.load::<(String, String, String)>(db)?)
        });
        let shown = |(kind, name, detail): (String, String, String)| {
            let detail: serde_json::Value = serde_json::from_str(&detail).expect("JSON");
            let signals: Vec<_> = detail["signals"].as_array().into_iter().flatten().filter_map(|one| one.as_str()).collect();
            let (version, urgency) = (detail["version"].as_str().unwrap_or(""), detail["urgency"].as_str().unwrap_or(""));
            format!("{kind} {name} {version} {urgency} {}", signals.join(",")).trim_end_matches(' ').to_owned()
                + if signals.is_empty() { "  " } else { "" }
        };
        read.await.expect("events").into_iter().map(shown).collect()
    }

    pub(super) async fn events(&self, kind: &'static str) -> i64 {
        use diesel::prelude::*;
        let count =
            self.fresh.services.store.read(move |db| Ok(event::table.filter(event::kind.eq(kind)).count().get_result(db)?));
        count.await.expect("events")
    }

    /// The owners of a package: login, since which hour, until which.
    pub(super) async fn owners(&self, name: &'static str) -> Vec<String> {
        use diesel::prelude::*;
        let read = self.fresh.services.store.read(move |db| {
            let rows = tenure::table
                .inner_join(package::table.on(package::id.eq(tenure::package_id)))
                .filter(package::name.eq(name))
                .order(tenure::login)
                .select((tenure::login, tenure::from_at, tenure::until_at));
            Ok(rows.load::<(String, i64, Option<i64>)>(db)?)
        });
        // What is known from before the watch is shown as hour 0.
        let hours = |at: i64| ((at - hour(0).timestamp_millis()) / 3_600_000).max(0).to_string();
        let shown = |(login, from, until): (String, i64, Option<i64>)| {
            format!("{login} {}-{}", hours(from), until.map(hours).unwrap_or_default())
        };
        read.await.expect("owners").into_iter().map(shown).collect()
    }

    /// In how many minutes a package is asked next.
    pub(super) async fn next_minutes(&self, name: &'static str) -> i64 {
        use diesel::prelude::*;
        let now = self.clock().millis();
        let read = self.fresh.services.store.read(move |db| {
            let rows = watched::table.inner_join(package::table.on(package::id.eq(watched::package_id)));
            Ok(rows.filter(package::name.eq(name)).select(watched::next_at).first::<i64>(db)?)
        });
        (read.await.expect("a package") - now) / 60_000
    }

    /// Why the last look at a package brought nothing, and when the last good one was.
    pub(super) async fn staleness(&self, name: &'static str) -> (Option<String>, Option<i64>) {
        use diesel::prelude::*;
        let read = self.fresh.services.store.read(move |db| {
            let rows = watched::table.inner_join(package::table.on(package::id.eq(watched::package_id)));
            let columns = (watched::last_error, watched::looked_at);
            Ok(rows.filter(package::name.eq(name)).select(columns).first::<(Option<String>, Option<i64>)>(db)?)
        });
        let (error, at) = read.await.expect("a package");
        (error, at.map(|at| (at - hour(0).timestamp_millis()) / 3_600_000))
    }

    /// How the registry fares.
    pub(super) async fn health(&self) -> Health {
        let read = self.fresh.services.store.read(|db| {
            let registry = stored::asked(db)?.remove(0);
            stored::health(db, registry.id)
        });
        read.await.expect("a health")
    }

    pub(super) async fn advise(&self, id: &str, name: &str, version: &str) {
        let ecosystem = self.ecosystem().name;
        let record = serde_json::json!({
            "id": id, "modified": "2026-06-01T00:00:00Z", "summary": "it was made to harm",
            "affected": [{"package": {"ecosystem": ecosystem, "name": name}, "versions": [version]}],
        });
        let record = advisories::read(record.to_string().as_bytes()).expect("a record");
        advisories::store(&self.fresh.services, "test", vec![record]).await.expect("stored");
    }
}
