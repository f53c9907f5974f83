//! From a raised alert to the mailbox and the webhook, on both databases.

use super::*;
use crate::clock::Clock as _;
use crate::config::{Allowed, Config, Secret, TargetConfig};
use crate::fact::Fact;
use crate::services::fresh::{self, Fresh};
use crate::simulated::mailbox::{MailFault, Mailbox};
use crate::simulated::slack::SlackHook;
use crate::stop::{Stopper, stop};
use crate::store::alerts::{self, Kind, NewAlert};
use crate::store::{Db, components, deliveries::claims, inventory, teams, uploads};
use bom::advisory::Severity;
use bom::inventory::{Flags, Identity};
use bom::origin::Origin;
use bom::signal::Urgency;
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// A server with two targets, and projects of two teams that hold `wheel`.
struct House {
    fresh: Fresh,
    mailbox: Mailbox,
    hook: SlackHook,
    package: i64,
    stop: crate::stop::Stop,
    _stopper: Stopper,
    _folder: tempfile::TempDir,
}

fn identity() -> Identity {
    let ecosystem = bom::ecosystem::Ecosystem::of_osv("crates.io").expect("an ecosystem").0.code;
    Identity { ecosystem, name: "wheel".into(), version: "1.0.0".into(), qualifiers: String::new(), origin: Origin::Authority }
}

/// A team with a project that holds `wheel`; answers the key of the package.
fn holder(db: &mut Db, team: &str, project: &str) -> Result<i64, StoreError> {
    let team = match teams::insert(db, team, 0)? {
        Some(team) => team,
        None => teams::find(db, &crate::store::viewer::Viewer::server(), team)?.expect("a team"),
    };
    let project = uploads::project(db, team.id, project, 0)?.id;
    let (release, _) = uploads::release(db, project, "main", 0)?;
    let slot = uploads::new_slot(db, release, "lock", 0)?;
    let resolved = components::resolve(db, &[&identity()], 0)?;
    let flags: BTreeMap<i64, Flags> = resolved.ids.values().map(|id| (*id, Flags(0))).collect();
    inventory::hold(db, slot.id, 1, &flags)?;
    let component = *flags.keys().next().expect("a component");
    use crate::store::schema::component as row;
    use diesel::prelude::*;
    Ok(row::table.find(component).select(row::package_id).first(db)?)
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mailbox = Mailbox::start(&folder.path().join("mail")).await.expect("a mailbox");
        let hook = SlackHook::start(folder.path()).await.expect("a webhook");
        let target = |name: &str, channel: &str, address: String| TargetConfig {
            name: name.to_owned(),
            channel: channel.to_owned(),
            address: Secret::new(address),
            ..TargetConfig::default()
        };
        let security = TargetConfig { operator: true, last_resort: true, ..target("security", "email", "s@example.org".into()) };
        let payments = TargetConfig { teams: vec!["payments".into()], ..target("payments", "slack", hook.url()) };
        let mut config = Config { targets: vec![security, payments], ..Config::default() };
        config.mail = crate::simulated::mailbox::tests::settings(&mailbox);
        config.outbound.allow.push(Allowed::Host("127.0.0.1".into(), hook.address().port()));
        let fresh = fresh::with(config);
        let made = fresh.services.store.write(|db| {
            holder(db, "payments", "ledger")?;
            holder(db, "other", "website")
        });
        let package = made.await.expect("projects");
        let (stopper, stop) = stop();
        Self { fresh, mailbox, hook, package, stop, _stopper: stopper, _folder: folder }
    }

    fn alert(&self, episode: &str) -> NewAlert {
        NewAlert {
            kind: Kind::Ownership,
            subject: "wheel (crates.io)".to_owned(),
            episode: episode.to_owned(),
            package_id: Some(self.package),
            problem_id: None,
            versions: Vec::new(),
            severity: Severity::High,
            urgency: Urgency::Urgent,
            confirmed: false,
            headline: format!("its only owner was replaced ({episode})"),
            todo: "Decide.".to_owned(),
            unknown: Vec::new(),
            facts: vec![Fact { what: "owner".into(), then: "a".into(), now: "b".into(), source: "list".into(), at: 5 }],
        }
    }

    async fn raise(&self, episode: &str) {
        let (new, now) = (self.alert(episode), self.fresh.clock.millis());
        self.fresh.services.store.write(move |db| alerts::raise(db, &new, now)).await.expect("raised");
    }

    async fn drain(&self) {
        drain(&self.fresh.services, &self.stop).await.expect("sent");
    }

    async fn later(&self, minutes: i64) {
        self.fresh.clock.set(self.fresh.clock.now() + TimeDelta::minutes(minutes));
        self.drain().await;
    }

    /// The subjects of the mails.
    fn mails(&self) -> Vec<String> {
        let raw = self.mailbox.mails().into_iter().map(|mail| String::from_utf8_lossy(&mail.raw).replace("\r\n ", " "));
        raw.filter_map(|raw| raw.lines().find_map(|line| line.strip_prefix("Subject: ").map(str::to_owned))).collect()
    }

    async fn deliveries(&self) -> Vec<(String, i64)> {
        use crate::store::schema::delivery;
        use diesel::prelude::*;
        let ask = |db: &mut Db| Ok(delivery::table.order(delivery::id).select((delivery::state, delivery::attempts)).load(db)?);
        self.fresh.services.store.read(ask).await.expect("deliveries")
    }
}

#[tokio::test]
async fn each_team_is_told_of_its_own_projects_once_and_what_is_wrong_is_taken_back_there() {
    let house = House::new().await;
    house.raise("1").await;
    house.drain().await;
    house.drain().await;
    let (mails, posts) = (house.mailbox.mails(), house.hook.posts());
    assert_eq!((mails.len(), posts.len()), (1, 1), "the team without a target is told at the last resort");
    assert!(posts[0].contains("ledger") && !posts[0].contains("website"), "{}", posts[0]);
    let mail = String::from_utf8_lossy(&mails[0].raw).into_owned();
    assert!(mail.contains("website") && !mail.contains("ledger"), "{mail}");
    assert!(mail.contains("Subject: [HIGH, unconfirmed] wheel (crates.io)"), "{mail}");
    let (dedupe, now) = (house.alert("1").dedupe(), house.fresh.clock.millis());
    house.fresh.services.store.write(move |db| alerts::retract(db, &dedupe, "the list was wrong", now)).await.expect("retracted");
    house.drain().await;
    assert_eq!((house.mails().len(), house.hook.posts().len()), (2, 2));
    assert!(house.mails()[1].starts_with("[HIGH, taken back]"), "{:?}", house.mails());
    assert!(house.hook.posts()[1].contains("the list was wrong"));
}

#[tokio::test]
async fn a_confirmation_is_an_update_and_what_nobody_was_told_is_not_taken_back() {
    let house = House::new().await;
    house.raise("1").await;
    house.drain().await;
    house.raise("2").await;
    let (first, second, now) = (house.alert("1").dedupe(), house.alert("2").dedupe(), house.fresh.clock.millis());
    let work = move |db: &mut Db| {
        alerts::retract(db, &second, "at once", now)?;
        alerts::confirm(db, &first, now)
    };
    house.fresh.services.store.write(work).await.expect("confirmed");
    house.drain().await;
    assert_eq!(house.mails().len(), 2);
    assert!(house.mails()[1].starts_with("[HIGH, update] wheel"), "{:?}", house.mails());
    assert!(house.hook.posts()[1].contains("Confirmed.") && !house.hook.posts().concat().contains("at once"));
}

#[tokio::test]
async fn a_burst_is_gathered_into_one_message() {
    let house = House::new().await;
    for episode in ["1", "2", "3", "4", "5"] {
        house.raise(episode).await;
        house.drain().await;
    }
    assert_eq!(house.mails().len(), 2, "two as they come");
    house.later(6).await;
    assert_eq!(house.mails().len(), 3);
    assert!(house.mails()[2].contains("and 2 more alerts"), "{:?}", house.mails());
    house.later(6).await;
    assert_eq!(house.mails().len(), 3, "nothing is sent twice");
}

#[tokio::test]
async fn a_target_that_wants_rest_has_it_and_one_that_is_gone_is_told_to_the_operator() {
    let house = House::new().await;
    house.hook.fault(429, Some(600));
    house.raise("1").await;
    house.drain().await;
    house.later(1).await;
    assert_eq!((house.hook.asked(), house.hook.posts().len()), (1, 0), "it is left alone");
    house.later(10).await;
    assert_eq!((house.hook.asked(), house.hook.posts().len()), (2, 1));
    house.hook.fault(404, None);
    house.raise("2").await;
    house.later(7).await;
    house.later(7).await;
    let told = house.mails().concat();
    assert!(told.contains("target `payments`") || told.contains("more alert"), "{told}");
    assert!(house.deliveries().await.iter().any(|(state, _)| state == "dead"));
}

#[tokio::test]
async fn a_failure_is_tried_again_with_the_same_id() {
    let house = House::new().await;
    for fault in [MailFault::Says(451), MailFault::KeepsAndBreaksOff, MailFault::Refuses] {
        house.mailbox.fault(Some(fault));
        if fault == MailFault::Says(451) {
            house.raise("1").await;
        }
        house.later(2).await;
    }
    house.mailbox.fault(None);
    house.later(5).await;
    let mails = house.mailbox.mails();
    let id = |raw: &[u8]| String::from_utf8_lossy(raw).lines().find(|line| line.starts_with("Message-ID:")).map(str::to_owned);
    assert_eq!(mails.len(), 2, "one arrived without a word, and one after it");
    assert_eq!(id(&mails[0].raw), id(&mails[1].raw));
}

#[tokio::test]
async fn a_message_that_a_dead_server_was_sending_is_sent_again() {
    let house = House::new().await;
    house.raise("1").await;
    route(&house.fresh.services, &house.stop).await.expect("handed over");
    let now = house.fresh.clock.millis();
    let taken = move |db: &mut Db| {
        let target = deliveries::know(db, "security", "email")?;
        Ok(matches!(claims::claim(db, target.id, 0, now)?, claims::Claim::Message(_)))
    };
    assert!(house.fresh.services.store.write(taken).await.expect("claimed"));
    house.drain().await;
    assert_eq!((house.mails().len(), house.hook.posts().len()), (1, 1));
    assert!(house.deliveries().await.contains(&("sent".to_owned(), 2)));
}

#[tokio::test]
async fn silence_is_told_to_the_owner_of_last_resort_once() {
    let house = House::new().await;
    house.raise("1").await;
    house.drain().await;
    house.later(31).await;
    house.later(31).await;
    let escalated: Vec<String> = house.mails().into_iter().filter(|subject| subject.contains("unanswered")).collect();
    assert_eq!(escalated.len(), 1, "{:?}", house.mails());
    assert!(String::from_utf8_lossy(&house.mailbox.mails().last().expect("a mail").raw).contains("ledger"));
}
