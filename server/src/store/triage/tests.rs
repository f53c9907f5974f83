//! What decisions do to findings and counts, what ends them, and what becomes of them
//! when problems turn out to be one; on both databases.

mod alerts;

use super::*;
use crate::clock::from_millis;
use crate::services::fresh::{self, Fresh};
use crate::store::schema::{audit, held, package, recount, release, triage};
use crate::store::{advisories, audit as audits, components, export, remarks, teams, uploads};
use bom::inventory::Identity;
use bom::origin::Origin;
use bom::remark::{Remark, Said};
use bom::triage::{Decision, Ending};
use bom::vex::Justification;
use serde_json::{Value, json};

/// A day, in milliseconds.
const DAY: i64 = 86_400_000;
/// When decisions of these tests are made.
const NOW: i64 = 1_764_000_000_000;

/// Two projects, each of a team of its own, that hold npm's `left` 1.0.0, in which `CVE-1` (also `GHSA-1`) is high.
struct House {
    fresh: Fresh,
    /// The keys of `shop` and `mill`.
    projects: [i64; 2],
}

fn record(id: &str, day: u32, aliases: &[&str], severity: &str) -> advisories::Record {
    let said = json!({"id": id, "modified": format!("2026-01-{day:02}T00:00:00Z"), "aliases": aliases,
        "database_specific": {"severity": severity},
        "affected": [{"package": {"ecosystem": "npm", "name": "left"}, "versions": ["1.0.0"]}]});
    crate::advisories::read(said.to_string().as_bytes()).expect("a record")
}

async fn house() -> House {
    let fresh = fresh::with(crate::config::Config::default());
    fresh.clock.set(from_millis(NOW));
    let made = fresh.services.store.write(|db| {
        let left = Identity {
            ecosystem: 2,
            name: "left".to_owned(),
            version: "1.0.0".to_owned(),
            qualifiers: String::new(),
            origin: Origin::Authority,
        };
        let resolved = components::resolve(db, &[&left], 1)?;
        crate::store::rematches::components(db, &resolved.new, 1)?;
        let mut projects = [0; 2];
        for (project, name) in projects.iter_mut().zip(["shop", "mill"]) {
            let team = teams::insert(db, name, 1)?.expect("a team");
            *project = uploads::project(db, team.id, name, 1)?.id;
            let (release, _) = uploads::release(db, *project, "main", 1)?;
            let slot = uploads::new_slot(db, release, "lock", 1)?;
            let row = (held::slot_id.eq(slot.id), held::component_id.eq(resolved.new[0]), held::since.eq(1), held::flags.eq(1));
            diesel::insert_into(held::table).values(row).execute(db)?;
        }
        Ok(projects)
    });
    let house = House { projects: made.await.expect("projects"), fresh };
    crate::rematch::drain(&house.fresh.services).await.expect("matched");
    house.feed(vec![record("CVE-1", 1, &["GHSA-1"], "HIGH")]).await;
    house
}

impl House {
    async fn ask<T: Send + 'static>(&self, work: impl Fn(&mut Db) -> Result<T, StoreError> + Send + 'static) -> T {
        self.fresh.services.store.write(work).await.expect("an answer")
    }

    /// Stores records, matches and counts.
    async fn feed(&self, records: Vec<advisories::Record>) {
        self.ask(move |db| advisories::store(db, "f", &records, NOW).map(drop)).await;
        crate::rematch::drain(&self.fresh.services).await.expect("matched");
        crate::counts::drain(&self.fresh.services).await.expect("counted");
    }

    /// Decides about a problem in `left`; `None`: everywhere.
    async fn decide(&self, problem: &'static str, project: Option<usize>, decision: Decision, at: i64) -> Decided {
        let project_id = project.map(|index| self.projects[index]);
        let decided = self.ask(move |db| {
            let place = place(db, problem, project_id)?;
            decide(db, place, &plain(decision), "person:alice", at)
        });
        let decided = decided.await;
        crate::counts::drain(&self.fresh.services).await.expect("counted");
        decided
    }

    /// High and worse findings of `shop` and `mill` by the counts of their releases.
    async fn open(&self) -> [i64; 2] {
        let projects = self.projects;
        self.ask(move |db| {
            let mut open = [0; 2];
            for (count, project) in open.iter_mut().zip(projects) {
                let all = release::high + release::critical + release::malicious;
                *count = release::table.filter(release::project_id.eq(project)).select(all).first(db)?;
            }
            Ok(open)
        })
        .await
    }

    /// Every decision: `status ending`, the oldest first.
    async fn all(&self) -> Vec<String> {
        self.ask(|db| {
            let rows: Vec<Triage> = triage::table.order(triage::id).select(Triage::as_select()).load(db)?;
            Ok(rows.iter().map(|row| format!("{} {}", row.status, row.ending.as_deref().unwrap_or("stands"))).collect())
        })
        .await
    }
}

fn place(db: &mut Db, problem: &str, project_id: Option<i64>) -> Result<Place, StoreError> {
    let problem_id = problem_named(db, problem)?.expect("a problem");
    let package_id = package_named(db, 2, "left")?.expect("a package");
    Ok(Place { problem_id, package_id, project_id })
}

fn plain(decision: Decision) -> NewDecision {
    NewDecision { decision, detail: "as we see it".to_owned(), source: None }
}

fn accepted(days: i64) -> Decision {
    Decision::Accepted(from_millis(NOW + days * DAY))
}

const UNREACHED: Decision = Decision::NotAffected(Some(Justification::CodeNotReachable));

#[tokio::test]
async fn a_projects_word_holds_for_it_alone_and_goes_before_the_one_for_everywhere() {
    let house = house().await;
    assert_eq!(house.open().await, [1, 1]);
    house.decide("GHSA-1", Some(0), UNREACHED, NOW).await;
    assert_eq!(house.open().await, [0, 1], "another project's word settles nothing");
    house.decide("CVE-1", None, Decision::FalsePositive, NOW + 1).await;
    assert_eq!(house.open().await, [0, 0]);
    house.decide("CVE-1", Some(1), Decision::Affected, NOW + 2).await;
    assert_eq!(house.open().await, [0, 1], "its own word goes first");
    let [shop, mill] = house.projects;
    let words = house.ask(move |db| {
        let Place { problem_id, package_id, .. } = place(db, "CVE-1", None)?;
        let words = standing::on(db, problem_id, package_id, NOW)?;
        let mine = standing::of_project(db, shop, &[problem_id], NOW)?;
        let said = |row: Option<&Triage>| row.map(|row| row.status.clone());
        Ok((said(words.of(shop)), said(words.of(mill)), said(words.of(99)), said(mine.of(problem_id, package_id))))
    });
    let word = |text: &str| Some(text.to_owned());
    assert_eq!(words.await, (word("not_affected"), word("affected"), word("false_positive"), word("not_affected")));
}

#[tokio::test]
async fn a_decision_is_replaced_or_taken_back_and_stays_as_history() {
    let house = house().await;
    assert!(matches!(house.decide("CVE-1", Some(0), Decision::InTriage, NOW).await, Decided::New(_)));
    assert_eq!(house.open().await, [1, 1], "being looked at settles nothing");
    let Decided::New(made) = house.decide("CVE-1", Some(0), UNREACHED, NOW + 1).await else { panic!("it is new") };
    assert_eq!(house.decide("CVE-1", Some(0), UNREACHED, NOW + 2).await, Decided::Same(made.clone()));
    let again = made.clone();
    assert!(house.ask(move |db| take_back(db, &again, "person:bob", NOW + 3)).await);
    let again = made.clone();
    assert!(!house.ask(move |db| take_back(db, &again, "person:bob", NOW + 4)).await, "once");
    crate::counts::drain(&house.fresh.services).await.expect("counted");
    assert_eq!(house.open().await, [1, 1]);
    assert_eq!(house.all().await, ["in_triage replaced", "not_affected taken_back"]);
    let shop = house.projects[0];
    let kept = house.ask(move |db| history(db, made.problem_id, made.package_id, shop)).await;
    assert_eq!(
        (kept[1].replaced_by, kept[0].ended_by.as_deref(), kept[0].ended_at),
        (Some(kept[0].id), Some("person:bob"), Some(NOW + 3))
    );
    let rows = house.ask(|db| Ok(audit::table.order(audit::id).load::<audits::Entry>(db)?)).await;
    let said: Vec<_> =
        rows.iter().map(|row| (row.actor.as_str(), row.action.as_str(), row.subject.as_str(), row.detail.as_str())).collect();
    assert_eq!(
        said,
        [
            ("person:alice", "triage_decided", "project:shop", "CVE-1 in left (npm): in_triage"),
            ("person:alice", "triage_decided", "project:shop", "CVE-1 in left (npm): not_affected"),
            ("person:bob", "triage_taken_back", "project:shop", "CVE-1 in left (npm): not_affected"),
        ]
    );
}

#[tokio::test]
async fn the_database_keeps_two_decisions_from_standing_in_one_place() {
    let house = house().await;
    for project in [None, Some(0)] {
        house.decide("CVE-1", project, Decision::Affected, NOW).await;
        let project_id = project.map(|index| house.projects[index]);
        let twice = house.fresh.services.store.write(move |db| {
            let place = place(db, "CVE-1", project_id)?;
            let row = (
                (triage::public_id.eq("x"), triage::problem_id.eq(place.problem_id), triage::package_id.eq(place.package_id)),
                (triage::project_id.eq(project_id), triage::status.eq("fixed"), triage::detail.eq("")),
                (triage::severity.eq(3), triage::exploited.eq(false), triage::decided_by.eq("x"), triage::decided_at.eq(1)),
            );
            Ok(diesel::insert_into(triage::table).values(row).execute(db)?)
        });
        let refused = twice.await.expect_err("two stand in one place").to_string();
        assert!(refused.to_lowercase().contains("unique"), "{refused}");
    }
}

#[tokio::test]
async fn an_accepted_risk_ends_with_its_date_when_it_is_graver_and_when_it_is_exploited() {
    let house = house().await;
    house.decide("CVE-1", Some(0), accepted(2), NOW).await;
    assert_eq!(house.open().await, [0, 1]);
    assert_eq!(house.ask(follow::next_date).await, Some(NOW + 2 * DAY));
    assert_eq!(house.ask(|db| follow::expire(db, 10, NOW + 2 * DAY - 1)).await, 0);
    assert_eq!(house.ask(|db| follow::expire(db, 10, NOW + 2 * DAY)).await, 1);
    assert_eq!(house.ask(|db| follow::expire(db, 10, NOW + 2 * DAY)).await, 0, "once");
    house.fresh.clock.set(from_millis(NOW + 2 * DAY));
    crate::counts::drain(&house.fresh.services).await.expect("counted");
    assert_eq!(house.open().await, [1, 1]);

    house.decide("CVE-1", Some(0), accepted(300), NOW + 3).await;
    house.decide("CVE-1", None, UNREACHED, NOW + 3).await;
    assert_eq!(house.open().await, [0, 0]);
    house.feed(vec![record("CVE-1", 2, &["GHSA-1"], "CRITICAL")]).await;
    assert_eq!(house.all().await, ["accepted expired", "accepted worse", "not_affected stands"]);

    house.decide("CVE-1", Some(0), accepted(300), NOW + 4).await;
    let kev = Remark {
        name: "CVE-1".to_owned(),
        at: from_millis(NOW),
        said: Said::Exploited { since: from_millis(NOW), ransomware: false },
    };
    house.ask(move |db| remarks::store(db, "kev", std::slice::from_ref(&kev), NOW).map(drop)).await;
    assert_eq!(house.all().await[3], "accepted exploited");
    house.decide("CVE-1", Some(0), accepted(300), NOW + 5).await;
    house.feed(vec![record("CVE-1", 3, &["GHSA-1"], "HIGH")]).await;
    assert_eq!(house.all().await[4], "accepted stands", "what was known when it was accepted ends nothing");
}

#[tokio::test]
async fn every_settling_decision_ends_when_a_record_says_malice() {
    let house = house().await;
    house.decide("CVE-1", Some(0), UNREACHED, NOW).await;
    house.decide("CVE-1", Some(1), Decision::Affected, NOW).await;
    house.decide("CVE-1", None, Decision::FalsePositive, NOW).await;
    assert_eq!(house.open().await, [0, 1]);
    house.feed(vec![record("MAL-1", 2, &["CVE-1"], "")]).await;
    assert_eq!(house.all().await, ["not_affected malicious", "affected stands", "false_positive malicious"]);
    assert_eq!(house.open().await, [1, 1]);
    house.decide("CVE-1", Some(0), Decision::FalsePositive, NOW + 1).await;
    house.feed(vec![record("MAL-1", 3, &["CVE-1", "X-9"], "")]).await;
    assert_eq!(house.open().await, [0, 1], "who knew of the malice is believed");
}

#[tokio::test]
async fn decisions_follow_problems_that_turn_out_to_be_one_and_the_newer_stands() {
    let house = house().await;
    house.feed(vec![record("PYSEC-1", 1, &[], "HIGH")]).await;
    assert_eq!(house.open().await, [2, 2]);
    house.decide("CVE-1", Some(0), UNREACHED, NOW).await;
    house.decide("PYSEC-1", Some(0), Decision::Fixed, NOW + 1).await;
    house.decide("PYSEC-1", None, Decision::FalsePositive, NOW + 1).await;
    assert_eq!(house.open().await, [0, 1]);
    house.feed(vec![record("X-1", 1, &["CVE-1", "PYSEC-1"], "HIGH")]).await;
    assert_eq!(house.all().await, ["not_affected joined", "fixed stands", "false_positive stands"]);
    assert_eq!(house.open().await, [0, 0], "one finding each, and the word for everywhere holds");
    let older = house.ask(|db| place(db, "PYSEC-1", None)).await;
    let rows = house.ask(|db| Ok(triage::table.order(triage::id).select(Triage::as_select()).load::<Triage>(db)?)).await;
    assert!(rows.iter().all(|row| row.problem_id == older.problem_id));
    assert_eq!((rows[0].replaced_by, rows[0].ending()), (Some(rows[1].id), Some(Ending::Joined)));
}

#[tokio::test]
async fn an_accepted_risk_ends_where_its_problem_is_one_with_a_graver_one() {
    let house = house().await;
    house.feed(vec![record("PYSEC-1", 1, &[], "CRITICAL")]).await;
    house.decide("CVE-1", Some(0), accepted(300), NOW).await;
    house.feed(vec![record("X-1", 1, &["CVE-1", "PYSEC-1"], "LOW")]).await;
    assert_eq!(house.all().await, ["accepted worse"]);
    assert_eq!(house.open().await, [1, 1]);
}

#[tokio::test]
async fn only_the_project_that_decided_is_counted_again() {
    let house = house().await;
    let shop = house.projects[0];
    let asked = house.ask(move |db| {
        let here = place(db, "CVE-1", Some(shop))?;
        decide(db, here, &plain(UNREACHED), "person:alice", NOW)?;
        let rows: Vec<Option<i64>> = recount::table.select(recount::project_id).load(db)?;
        let (releases, ids) = crate::store::counts::waiting(db, 10)?;
        crate::store::counts::counted(db, &ids)?;
        let everywhere = Place { project_id: None, ..here };
        decide(db, everywhere, &plain(UNREACHED), "person:alice", NOW)?;
        Ok((rows, releases.len(), crate::store::counts::waiting(db, 10)?.0.len()))
    });
    assert_eq!(asked.await, (vec![Some(shop)], 1, 2));
}

#[tokio::test]
async fn the_export_carries_decisions_with_their_history() {
    let house = house().await;
    house.decide("CVE-1", Some(0), UNREACHED, NOW).await;
    house.decide("CVE-1", Some(0), accepted(300), NOW + 1).await;
    house.decide("CVE-1", None, Decision::FalsePositive, NOW).await;
    let facts = house.ask(|db| {
        let mut facts: Vec<Value> = Vec::new();
        let mut keep = |fact: Value| {
            facts.extend((fact["kind"] == "triage").then_some(fact));
            Ok(())
        };
        export::all(db, &mut keep)?;
        Ok(facts)
    });
    let facts = facts.await;
    let said: Vec<_> = facts
        .iter()
        .map(|fact| json!([fact["project"], fact["problem"], fact["package"], fact["status"], fact["ending"]]))
        .collect();
    assert_eq!(
        said,
        [
            json!(["shop", "CVE-1", "left", "not_affected", "replaced"]),
            json!(["shop", "CVE-1", "left", "accepted", null]),
            json!([null, "CVE-1", "left", "false_positive", null]),
        ]
    );
    let first = &facts[0];
    assert_eq!(
        (&first["justification"], &first["by"], &first["detail"]),
        (&json!("code_not_reachable"), &json!("person:alice"), &json!("as we see it"))
    );
    let listed = house.ask(|db| Ok(package::table.count().get_result::<i64>(db)?)).await;
    assert_eq!(listed, 1);
}
