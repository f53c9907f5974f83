//! What storing records does to problems, packages and what waits to be matched.

use super::*;
use crate::services::fresh::{self, Fresh};
use crate::store::schema::{affected, alias, package, problem, rematch, triage};
use crate::store::triage as decisions;
use bom::triage::Decision;
use serde_json::{Value, json};

fn record(id: &str, modified: u32, aliases: &[&str], more: Value) -> Record {
    let mut said = json!({"id": id, "modified": format!("2026-01-{modified:02}T00:00:00Z"), "aliases": aliases,
        "affected": [{"package": {"ecosystem": "npm", "name": "left"}, "versions": ["1.0.0"]}]});
    for (key, value) in more.as_object().into_iter().flatten() {
        said[key] = value.clone();
    }
    crate::advisories::read(said.to_string().as_bytes()).unwrap_or_else(|error| panic!("{said}: {error}"))
}

fn plain(id: &str, modified: u32, aliases: &[&str]) -> Record {
    record(id, modified, aliases, json!({}))
}

fn house() -> Fresh {
    fresh::with(crate::config::Config::default())
}

impl Fresh {
    /// Stores records as one batch of `feed`: (new, changed, unchanged).
    async fn take(&self, feed: &'static str, records: Vec<Record>) -> (usize, usize, usize) {
        let stored = self.services.store.write(move |db| store(db, feed, &records, 7)).await.expect("stored");
        (stored.new, stored.changed, stored.unchanged)
    }

    async fn ask<T: Send + 'static>(&self, work: impl Fn(&mut Db) -> Result<T, StoreError> + Send + 'static) -> T {
        self.services.store.write(work).await.expect("an answer")
    }

    /// Every name and the problem it leads to, by the problem's name.
    async fn names(&self) -> Vec<(String, String)> {
        self.ask(|db| {
            let rows = alias::table.inner_join(problem::table.on(problem::id.eq(alias::problem_id)));
            Ok(rows.select((alias::name, problem::name)).order(alias::name).load(db)?)
        })
        .await
    }

    /// How many packages wait to be matched; they wait no more afterwards.
    async fn waiting(&self) -> usize {
        self.ask(|db| Ok(diesel::delete(rematch::table).execute(db)?)).await
    }
}

#[tokio::test]
async fn a_record_is_news_once_and_an_older_or_anothers_copy_never_is() {
    let house = house();
    let said = |day: u32, words: &str| vec![record("X-1", day, &[], json!({"summary": words}))];
    assert_eq!(house.take("a", said(5, "one")).await, (1, 0, 0));
    assert_eq!(house.take("a", said(5, "one")).await, (0, 0, 1));
    assert_eq!(house.take("b", said(5, "another's copy")).await, (0, 0, 1));
    assert_eq!(house.take("b", said(4, "an older one")).await, (0, 0, 1));
    assert_eq!(house.take("a", said(5, "put right")).await, (0, 1, 0));
    assert_eq!(house.take("b", said(6, "newer")).await, (0, 1, 0));
    assert_eq!(
        house.take("a", [said(7, "first"), said(9, "last"), said(8, "between")].into_iter().flatten().collect()).await,
        (0, 1, 2)
    );
    let summary = house.ask(|db| Ok(advisory::table.select(advisory::summary).first::<String>(db)?)).await;
    assert_eq!(summary, "last");
}

#[tokio::test]
async fn problems_join_in_a_batch_and_across_batches_and_the_older_stays() {
    let house = house();
    house.take("a", vec![plain("GHSA-1", 1, &["CVE-1"]), plain("RUSTSEC-1", 1, &["CVE-1"]), plain("MAL-1", 1, &[])]).await;
    let pair = |name: &str, best: &str| (name.to_owned(), best.to_owned());
    let before = house.ask(|db| Ok(problem::table.order(problem::id).select(problem::id).load::<i64>(db)?)).await;
    assert_eq!(before.len(), 2);
    house.take("a", vec![plain("PYSEC-1", 1, &["CVE-2"])]).await;
    house.take("a", vec![plain("GHSA-2", 1, &["CVE-2", "CVE-1", "X-9"])]).await;
    let names = ["CVE-1", "CVE-2", "GHSA-1", "GHSA-2"].map(|name| pair(name, "CVE-1"));
    let rest = [pair("MAL-1", "MAL-1"), pair("PYSEC-1", "CVE-1"), pair("RUSTSEC-1", "CVE-1"), pair("X-9", "CVE-1")];
    assert_eq!(house.names().await, [names, rest].concat());
    let merged = house.ask(|db| {
        let gone = problem::table.filter(problem::merged_into.is_not_null()).select(problem::merged_into);
        Ok(gone.load::<Option<i64>>(db)?)
    });
    let older = house.ask(|db| Ok(alias::table.find("CVE-1").select(alias::problem_id).first::<i64>(db)?)).await;
    assert_eq!(merged.await, [Some(older)]);
    assert!(before.contains(&older));
}

#[tokio::test]
async fn a_merge_takes_decisions_along_and_counts_everything_again() {
    let house = house();
    let other = json!({"affected": [{"package": {"ecosystem": "npm", "name": "right"}, "versions": ["1.0.0"]}]});
    house.take("a", vec![record("A-1", 1, &[], other), plain("B-1", 1, &[])]).await;
    let decide = |db: &mut Db| {
        let younger = alias::table.find("B-1").select(alias::problem_id).first::<i64>(db)?;
        let right = package::table.filter(package::name.eq("right")).select(package::id).first(db)?;
        let place = decisions::Place { problem_id: younger, package_id: right, project_id: None };
        let new = decisions::NewDecision { decision: Decision::Affected, detail: String::new(), source: None };
        decisions::decide(db, place, &new, "person:alice", 1).map(drop)
    };
    house.ask(decide).await;
    assert_eq!(house.waiting().await, 2);
    // It names neither package, yet both have a problem of another number now.
    house.take("a", vec![record("C-1", 1, &["A-1", "B-1"], json!({"affected": []}))]).await;
    assert_eq!(house.waiting().await, 2);
    let of = |name: &'static str| house.ask(move |db| Ok(alias::table.find(name).select(alias::problem_id).first::<i64>(db)?));
    let decided = house.ask(|db| Ok(triage::table.select(triage::problem_id).first::<i64>(db)?)).await;
    assert_eq!((of("A-1").await, of("B-1").await), (decided, decided));
}

#[tokio::test]
async fn only_what_changes_for_packages_is_matched_again() {
    let house = house();
    let words = |day, text| record("X-1", day, &[], json!({"summary": text}));
    house.take("a", vec![words(1, "one")]).await;
    assert_eq!(house.waiting().await, 1);
    house.take("a", vec![words(2, "other words")]).await;
    assert_eq!(house.waiting().await, 0, "words");
    let moved = json!({"affected": [{"package": {"ecosystem": "npm", "name": "right"}, "versions": ["1.0.0"]}]});
    house.take("a", vec![record("X-1", 3, &[], moved.clone())]).await;
    assert_eq!(house.waiting().await, 2, "from one package to another");
    let mut withdrawn = moved.clone();
    withdrawn["withdrawn"] = json!("2026-01-04T00:00:00Z");
    house.take("a", vec![record("X-1", 4, &[], withdrawn)]).await;
    assert_eq!(house.waiting().await, 1, "taken back");
    house.take("a", vec![record("X-1", 5, &[], moved)]).await;
    assert_eq!(house.waiting().await, 1, "and said again");
    let severe = json!({"affected": [], "database_specific": {"severity": "CRITICAL"}});
    house.take("a", vec![record("Y-1", 5, &["X-1"], severe)]).await;
    assert_eq!(house.waiting().await, 1, "worse by the word of a record that names no package");
    let severity = house.ask(|db| Ok(problem::table.select(problem::severity).first::<i16>(db)?)).await;
    assert_eq!(severity, 4);
}

#[tokio::test]
async fn packages_are_canonical_and_unknown_ecosystems_keep_their_words() {
    let house = house();
    let said = json!({"affected": [
        {"package": {"ecosystem": "PyPI", "name": "Left_Pad"}, "versions": ["1"]},
        {"package": {"ecosystem": "PyPI", "name": "left-pad"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "2"}]}]},
        {"package": {"ecosystem": "Erewhon:4", "name": "X"}, "versions": ["1"]}]});
    house.take("a", vec![record("X-1", 1, &[], said)]).await;
    let rows = house.ask(|db| {
        let rows = affected::table.inner_join(package::table.on(package::id.eq(affected::package_id)));
        let columns = (package::name, affected::ordinal, affected::release, affected::versions);
        Ok(rows.select(columns).order(affected::ordinal).load::<(String, i16, String, String)>(db)?)
    });
    let rows = rows.await;
    let names: Vec<_> = rows.iter().map(|(name, ordinal, ..)| (name.as_str(), *ordinal)).collect();
    assert_eq!(names, [("left-pad", 0), ("left-pad", 1), ("osv/Erewhon:4/X", 2)]);
}
