//! What people are told of what feeds bring: who is told at once, who with the next
//! day's work, who not at all, and what is taken back.

use super::{House, archive, house, record, records};
use crate::store::schema::{alert, component, share};
use diesel::prelude::*;

/// A record of npm's `left` with a severity.
fn graded(id: &str, day: usize, version: &str, severity: &str) -> String {
    record(id, day, version).replace("\"id\"", &format!("\"database_specific\": {{\"severity\": \"{severity}\"}}, \"id\""))
}

impl House {
    /// Brings the feed to these records.
    pub(super) async fn brings(&self, more: &[String]) {
        let mut files = records(20);
        files.extend(more.iter().enumerate().map(|(i, text)| (format!("more-{i}.json"), text.clone())));
        self.server.reply("200 OK", &archive(&files));
        self.fetch("all.zip").await.expect("a fetch");
    }

    /// The alerts: `kind state severity urgency revision versions`.
    pub(super) async fn alerts(&self) -> Vec<String> {
        let ask = |db: &mut crate::store::Db| {
            let rows = alert::table.order(alert::id).select(crate::store::alerts::Alert::as_select()).load(db)?;
            Ok(rows
                .into_iter()
                .map(|a| format!("{} {} {} {} {} {}", a.kind, a.state, a.severity().name(), a.urgency, a.revision, a.versions))
                .collect())
        };
        self.fresh.services.store.read(ask).await.expect("alerts")
    }
}

#[tokio::test]
async fn malice_is_told_at_once_and_taken_back_with_its_record() {
    let house = house();
    house.brings(&[]).await;
    house.hold(&["3.0.1", "3.0.2"]).await;
    crate::rematch::drain(&house.fresh.services).await.expect("matched");
    house.brings(&[record("MAL-2026-1", 20, "3.0.1")]).await;
    assert_eq!(house.alerts().await, [r#"malicious open malicious urgent 1 ["3.0.1"]"#]);
    house.brings(&[record("MAL-2026-1", 20, "3.0.1")]).await;
    house.brings(&[record("MAL-2026-1", 21, "3.0.1").replace("\"id\"", "\"summary\": \"\", \"id\"")]).await;
    assert_eq!(house.alerts().await.len(), 1, "the same is no second alert");
    let withdrawn = record("MAL-2026-1", 22, "3.0.1").replace("\"id\"", "\"withdrawn\": \"2026-01-22T00:00:00Z\", \"id\"");
    house.brings(&[withdrawn]).await;
    assert!(house.alerts().await[0].starts_with("malicious retracted"), "{:?}", house.alerts().await);
}

#[tokio::test]
async fn what_is_high_is_a_ticket_what_is_less_is_none_and_what_was_known_is_the_uploads_answer() {
    let house = house();
    house.brings(&[]).await;
    house.hold(&["3.0.1", "3.0.2"]).await;
    crate::rematch::drain(&house.fresh.services).await.expect("matched");
    house.brings(&[graded("X-H", 20, "3.0.1", "HIGH"), graded("X-M", 20, "3.0.2", "MODERATE")]).await;
    assert_eq!(house.alerts().await, [r#"vulnerable open high ticket 1 ["3.0.1"]"#]);
    // A problem that rises is told, one that was known before the component came is not.
    house.brings(&[graded("X-M", 21, "3.0.2", "CRITICAL"), graded("X-N", 21, "3.0.3", "CRITICAL")]).await;
    house.hold(&["3.0.3"]).await;
    crate::rematch::drain(&house.fresh.services).await.expect("matched");
    let told = house.alerts().await;
    assert_eq!(told[1..], [r#"vulnerable open critical ticket 1 ["3.0.2"]"#]);
}

#[tokio::test]
async fn a_problem_that_turns_out_to_be_malice_and_two_that_are_one_stay_one_alert() {
    let house = house();
    house.brings(&[]).await;
    house.hold(&["3.0.1"]).await;
    crate::rematch::drain(&house.fresh.services).await.expect("matched");
    house.brings(&[graded("GHSA-aaaa-bbbb-cccc", 20, "3.0.1", "HIGH")]).await;
    house.brings(&[record("MAL-2026-2", 21, "3.0.1")]).await;
    assert_eq!(house.alerts().await.len(), 2, "nobody knows yet that they are one");
    let joined = record("MAL-2026-2", 22, "3.0.1").replace("\"id\"", "\"aliases\": [\"GHSA-aaaa-bbbb-cccc\"], \"id\"");
    house.brings(&[joined]).await;
    let told = house.alerts().await;
    let open: Vec<&String> = told.iter().filter(|one| one.contains(" open ")).collect();
    assert_eq!(open.len(), 1, "{told:?}");
    assert!(open[0].starts_with("malicious open malicious urgent"), "{told:?}");
}

#[tokio::test]
async fn the_first_load_of_a_feed_is_one_digest_and_its_malice_is_told_at_once() {
    let house = house();
    house.hold(&["3.0.1", "3.0.2", "3.0.3"]).await;
    let high = |id: &str, version: &str| graded(id, 20, version, "HIGH");
    house.brings(&[high("X-1H", "3.0.1"), high("X-2H", "3.0.2"), record("MAL-2026-3", 20, "3.0.3")]).await;
    let told = house.alerts().await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0], r#"malicious open malicious urgent 1 ["3.0.3"]"#);
    assert_eq!(told[1], "operator open high digest 1 []");
    house.brings(&[high("X-1H", "3.0.1"), high("X-2H", "3.0.2"), record("MAL-2026-3", 20, "3.0.3")]).await;
    assert_eq!(house.alerts().await, told);
}

#[tokio::test]
async fn the_operator_is_told_of_a_feed_that_fails_until_it_works_again() {
    let house = house();
    house.brings(&[]).await;
    for (minutes, status, expect) in [
        (15, 503, vec![]),
        (20, 200, vec![]),
        (40, 503, vec![]),
        (55, 503, vec!["operator open high ticket 1 []"]),
        (70, 503, vec!["operator open high ticket 1 []"]),
        (85, 200, vec!["operator resolved high ticket 2 []"]),
    ] {
        let start = "2026-11-23T12:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().expect("a time");
        house.fresh.clock.set(start + chrono::Duration::minutes(minutes));
        let body = if status == 200 { archive(&records(20)) } else { Vec::new() };
        house.server.reply(&format!("{status} So"), &body);
        assert_eq!(house.fetch("all.zip").await.is_ok(), status == 200);
        assert_eq!(house.alerts().await, expect, "after {minutes} minutes");
    }
    let told = |db: &mut crate::store::Db| {
        let facts = alert::table.select((alert::subject, alert::facts, alert::todo)).first::<(String, String, String)>(db)?;
        Ok((facts, share::table.select(share::team_id).load::<i64>(db)?))
    };
    let ((subject, facts, todo), teams) = house.fresh.services.store.read(told).await.expect("an alert");
    assert_eq!((subject.as_str(), teams), ("feed `f`", vec![0]));
    assert!(facts.contains("503") && facts.contains("2026-11-23T12:20:00Z") && todo.contains("2026-11-23T13:"), "{facts} {todo}");
}

#[tokio::test]
async fn what_is_exploited_is_urgent_and_says_so_once_more() {
    let house = house();
    house.brings(&[]).await;
    house.hold(&["3.0.1"]).await;
    crate::rematch::drain(&house.fresh.services).await.expect("matched");
    let named = graded("X-K", 20, "3.0.1", "HIGH").replace("\"id\"", "\"aliases\": [\"CVE-2026-7\"], \"id\"");
    house.brings(&[named]).await;
    assert_eq!(house.alerts().await, [r#"vulnerable open high ticket 1 ["3.0.1"]"#]);
    let kev = house.fresh.folder.path().join("kev.json");
    let catalogue = serde_json::json!({"dateReleased": "2026-02-02T10:00:00Z", "count": 1, "vulnerabilities": [
        {"cveID": "CVE-2026-7", "dateAdded": "2026-02-01"}]});
    std::fs::write(&kev, catalogue.to_string()).expect("a file");
    super::import(&house.fresh.services, "kev", "kev", &[kev], &house.stop).await.expect("an import");
    assert_eq!(house.alerts().await, [r#"vulnerable open high urgent 2 ["3.0.1"]"#]);
    let seen = |db: &mut crate::store::Db| Ok(component::table.count().get_result::<i64>(db)?);
    assert_eq!(house.fresh.services.store.read(seen).await.expect("components"), 1);
}
