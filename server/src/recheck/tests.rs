//! A full re-check finds what stands wrongly, repairs it once, and tells how far it is.

use super::*;
use crate::advisories;
use crate::config::Config;
use crate::services::fresh::{self, Fresh};
use crate::stop;
use crate::store::schema::{event, matched, rematch as waiting};
use bom::inventory::Identity;
use bom::origin::Origin;
use diesel::prelude::*;
use std::sync::Mutex;

async fn house() -> Fresh {
    let fresh = fresh::with(Config::default());
    let identities: Vec<Identity> = (0..50)
        .map(|number| Identity {
            ecosystem: 2,
            name: format!("package-{}", number % 10),
            version: format!("{number}.0.0"),
            qualifiers: String::new(),
            origin: Origin::Authority,
        })
        .collect();
    let hold = move |db: &mut Db| {
        let made = crate::store::components::resolve(db, &identities.iter().collect::<Vec<_>>(), 1)?;
        rematches::components(db, &made.new, 1)
    };
    fresh.services.store.write(hold).await.expect("held");
    let records = (0..5).map(|number| {
        let record = serde_json::json!({"id": format!("X-{number}"), "modified": "2026-01-01T00:00:00Z", "affected": [
            {"package": {"ecosystem": "npm", "name": format!("package-{number}")},
             "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "25.0.0"}]}]}]});
        advisories::read(record.to_string().as_bytes()).expect("a record")
    });
    advisories::store(&fresh.services, "f", records.collect()).await.expect("stored");
    rematch::drain(&fresh.services).await.expect("matched");
    fresh
}

async fn open(fresh: &Fresh) -> i64 {
    let count = |db: &mut Db| Ok(matched::table.filter(matched::gone_at.is_null()).count().get_result(db)?);
    fresh.services.store.read(count).await.expect("a count")
}

#[tokio::test]
async fn what_stands_wrongly_is_repaired_once_and_nothing_else_is_written() {
    let fresh = house().await;
    let (_stopper, stop) = stop::stop();
    let told = Mutex::new(Vec::new());
    let listener = |seen: &Recheck| told.lock().expect("a list").push(seen.percent());
    assert_eq!(open(&fresh).await, 15);
    let seen = run(&fresh.services, &stop, &listener).await.expect("a re-check");
    assert_eq!((seen.components, seen.pairs, seen.matches, seen.differing, seen.percent()), (25, 25, 15, 0, 100));
    let spoil = |db: &mut Db| {
        let first: i64 = matched::table.select(matched::component_id).order(matched::component_id).first(db)?;
        diesel::delete(matched::table.filter(matched::component_id.eq(first))).execute(db)?;
        let last = matched::table.select(matched::component_id).order(matched::component_id.desc()).first::<i64>(db)?;
        diesel::update(matched::table.filter(matched::component_id.eq(last))).set(matched::fixed.eq("never")).execute(db)?;
        Ok(())
    };
    fresh.services.store.write(spoil).await.expect("spoilt");
    let seen = run(&fresh.services, &stop, &listener).await.expect("a re-check");
    assert_eq!((seen.matches, seen.differing), (15, 2));
    assert_eq!(open(&fresh).await, 15);
    assert_eq!(run(&fresh.services, &stop, &listener).await.expect("a re-check").differing, 0);
    let state = |db: &mut Db| {
        let events: i64 = event::table.count().get_result(db)?;
        let left: i64 = waiting::table.count().get_result(db)?;
        Ok((events, left, rechecks::latest(db, 10)?.len()))
    };
    assert_eq!(fresh.services.store.read(state).await.expect("a state"), (15, 0, 3), "an event comes once");
    assert_eq!(told.lock().expect("a list").last(), Some(&100));
}

#[tokio::test]
async fn one_runs_at_a_time_and_a_stop_ends_it() {
    let fresh = house().await;
    let (stopper, stop) = stop::stop();
    let held = Held::take(&fresh.services.store, LANE).await.expect("a lease").expect("free");
    assert_eq!(alone(&fresh.services, &stop, &|_| ()).await.expect("an answer"), None);
    held.give_back().await.expect("given back");
    stopper.ask();
    assert!(matches!(alone(&fresh.services, &stop, &|_| ()).await, Err(StoreError::Stopping)));
    let kept = fresh.services.store.read(|db| rechecks::latest(db, 1)).await.expect("rows");
    assert_eq!(kept.first().and_then(|row| row.error.as_deref()), Some("the server is stopping"));
}
