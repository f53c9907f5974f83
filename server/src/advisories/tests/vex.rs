//! What suppliers state: taken in, replaced by its own later state, shown, and settling
//! nothing, whatever it says.

use super::*;
use crate::store::statements::{self, Stated};

fn csaf(id: &str, day: usize, group: &str) -> String {
    serde_json::json!({
        "document": {"category": "csaf_vex", "csaf_version": "2.0", "title": "t", "publisher": {"name": "Left Ltd", "namespace": "https://left.example"},
            "tracking": {"id": id, "version": "1", "status": "final", "initial_release_date": "2026-01-01T00:00:00Z",
                "current_release_date": format!("2026-01-{day:02}T00:00:00Z")}},
        "product_tree": {"full_product_names": [{"name": "left", "product_id": "L",
            "product_identification_helper": {"purl": "pkg:npm/left@3.0.0"}}]},
        "vulnerabilities": [{"cve": "CVE-2026-1", "product_status": {group: ["L"]}}]})
    .to_string()
}

fn openvex(status: &str) -> String {
    format!(
        "{{\"@context\": \"https://openvex.dev/ns/v0.2.0\", \"@id\": \"urn:open\", \"author\": \"Right Ltd\", \"timestamp\": \"2026-01-02T00:00:00Z\",
        \"statements\": [{{\"vulnerability\": {{\"name\": \"X-3\"}}, \"products\": [{{\"@id\": \"pkg:npm/left@3.0.0\"}}], \"status\": \"{status}\"}}]}}"
    )
}

/// The index of a provider: documents and the days of January on which they changed.
fn index(days: &[(&str, usize)]) -> Vec<u8> {
    days.iter().map(|(id, day)| format!("\"2026/{id}.json\",\"2026-01-{day:02}T00:00:00Z\"\n")).collect::<String>().into_bytes()
}

impl House {
    async fn fetch_vex(&self, path: &str) -> Result<Tally, FeedError> {
        let from = self.server.url(path).to_string();
        let config = FeedConfig { name: "suppliers".to_owned(), kind: "vex".to_owned(), from, ..FeedConfig::default() };
        fetch(&self.fresh.services, &config, &self.stop).await
    }

    /// What is stated of npm's `left`: vulnerability, status, author.
    async fn stated(&self) -> Vec<String> {
        let npm = bom::ecosystem::Ecosystem::of_osv("npm").expect("npm").0.code;
        let stated =
            self.fresh.services.store.read(move |db| statements::of_package(db, npm, "left", 100)).await.expect("an answer");
        let line = |Stated { line, author, .. }: &Stated| format!("{} {} {author}", line.vulnerability, line.status);
        let mut lines: Vec<String> = stated.iter().map(line).collect();
        lines.sort();
        lines
    }
}

#[tokio::test]
async fn what_suppliers_state_is_kept_and_settles_nothing() {
    let house = house();
    house.hold(&["3.0.0"]).await;
    house.server.reply("200 OK", &archive(&records(5)));
    house.fetch("all.zip").await.expect("a fetch");
    let files =
        [("L-1.json", csaf("L-1", 2, "fixed")), ("deep/open.json", openvex("not_affected")), ("none.json", "{}".to_owned())];
    let files: Vec<(String, String)> = files.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    house.server.reply("200 OK", &archive(&files));
    let tally = house.fetch_vex("vex.zip").await.expect("a fetch");
    assert_eq!(tally.to_string(), "2 new, 0 changed, 0 as they were, 1 refused");
    assert_eq!(house.stated().await, ["CVE-2026-1 fixed Left Ltd", "X-3 not_affected Right Ltd"]);
    let open = |db: &mut crate::store::Db| Ok(matched::table.filter(matched::gone_at.is_null()).count().get_result::<i64>(db)?);
    assert_eq!(house.fresh.services.store.read(open).await.expect("an answer"), 1, "the finding stands");
    house.server.reply("200 OK", &archive(&files));
    assert_eq!(house.fetch_vex("vex.zip").await.expect("a fetch").to_string(), "0 new, 0 changed, 2 as they were, 1 refused");
}

#[tokio::test]
async fn a_document_replaces_its_own_earlier_state_alone() {
    let house = house();
    let folder = house.fresh.folder.path().join("vex");
    std::fs::create_dir_all(&folder).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
    let take = || import(&house.fresh.services, "suppliers", "vex", std::slice::from_ref(&folder), &house.stop);
    write("a.json", &csaf("L-1", 2, "known_affected"));
    write("b.json", &openvex("affected"));
    assert_eq!(take().await.expect("an import").new, 2);
    write("a.json", &csaf("L-1", 3, "fixed"));
    assert_eq!(take().await.expect("an import").to_string(), "0 new, 1 changed, 1 as they were, 0 refused");
    assert_eq!(house.stated().await, ["CVE-2026-1 fixed Left Ltd", "X-3 affected Right Ltd"]);
    for (text, words) in [
        (csaf("L-1", 2, "known_not_affected"), "an older copy"),
        ("{\"document\":".to_owned(), "a broken one"),
        (csaf("L-1", 3, "fixed").replace("CVE-2026-1", "CVE-\\u0000"), "one with a NUL"),
    ] {
        write("a.json", &text);
        take().await.expect(words);
        assert_eq!(house.stated().await, ["CVE-2026-1 fixed Left Ltd", "X-3 affected Right Ltd"], "{words}");
    }
    write("a.json", &csaf("L-1", 4, "fixed").replace("csaf_vex", "csaf_withdrawn"));
    assert_eq!(take().await.expect("an import").changed, 1);
    assert_eq!(house.stated().await, ["X-3 affected Right Ltd"]);
}

#[tokio::test]
async fn a_provider_is_read_by_its_index() {
    let house = house();
    let point = || house.server.reply("200 OK", &signpost(&house));
    point();
    house.server.reply("200 OK\r\netag: \"i1\"", &index(&[("l-1", 2), ("l-2", 1)]));
    house.server.reply("200 OK", csaf("L-1", 2, "fixed").as_bytes());
    house.server.reply("200 OK", csaf("L-2", 1, "known_affected").as_bytes());
    assert_eq!(house.fetch_vex("provider-metadata.json").await.expect("a fetch").new, 2);
    point();
    house.server.reply("304 Not Modified", b"");
    assert!(house.fetch_vex("provider-metadata.json").await.expect("a fetch").is_unchanged());
    point();
    house.server.reply("200 OK\r\netag: \"i2\"", &index(&[("l-2", 3), ("l-1", 2)]));
    house.server.reply("200 OK", csaf("L-2", 3, "fixed").as_bytes());
    assert_eq!(house.fetch_vex("provider-metadata.json").await.expect("a fetch").changed, 1);
    let asked: Vec<String> = house.server.asked().iter().filter_map(|head| head.split(' ').nth(1).map(str::to_owned)).collect();
    let (metadata, index_file) = ("/provider-metadata.json", "/csaf/changes.csv");
    let expected = [
        metadata,
        index_file,
        "/csaf/2026/l-1.json",
        "/csaf/2026/l-2.json",
        metadata,
        index_file,
        metadata,
        index_file,
        "/csaf/2026/l-2.json",
    ];
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn what_goes_wrong_with_a_provider_takes_nothing_away_and_is_told() {
    let house = house();
    let point = || house.server.reply("200 OK", &signpost(&house));
    point();
    house.server.reply("200 OK", &index(&[("l-1", 2), ("l-2", 1)]));
    house.server.reply("200 OK", csaf("L-1", 2, "fixed").as_bytes());
    house.server.reply("200 OK", csaf("L-2", 1, "known_affected").as_bytes());
    assert_eq!(house.fetch_vex("provider-metadata.json").await.expect("a fetch").new, 2);
    let stated = house.stated().await;
    for (replies, words) in [
        (vec![("503 Busy", Vec::new())], "answered 503"),
        (vec![("200 OK", b"<html>".to_vec())], "no description of a provider"),
        (vec![("200 OK", b"{\"distributions\": [{\"rolie\": {}}]}".to_vec())], "ROLIE"),
        (vec![("200 OK", signpost(&house)), ("200 OK", b"../../x.json,2026-01-01T00:00:00Z".to_vec())], "changes.csv, line 1"),
        (vec![("200 OK", signpost(&house)), ("200 OK", Vec::new())], "it has no records"),
        (
            vec![("200 OK", signpost(&house)), ("200 OK", index(&[("l-2", 9), ("l-1", 2)])), ("500 No", Vec::new())],
            "answered 500",
        ),
    ] {
        replies.iter().for_each(|(head, body)| house.server.reply(head, body));
        let error = house.fetch_vex("provider-metadata.json").await.expect_err(words).to_string();
        assert!(error.contains(words), "{words}: {error}");
        assert_eq!(house.stated().await, stated, "{words}");
    }
    let ask = |db: &mut crate::store::Db| Ok(kept::all(db)?.pop().expect("a feed"));
    let feed = house.fresh.services.store.read(ask).await.expect("an answer");
    assert_eq!((feed.failures, feed.records), (6, 2));
}

fn signpost(house: &House) -> Vec<u8> {
    serde_json::json!({"distributions": [{"directory_url": house.server.url("csaf/").to_string()}]}).to_string().into_bytes()
}

#[tokio::test]
async fn a_provider_of_many_documents_is_taken_in_part_by_part() {
    let house = house();
    let lines: String = (0..250).map(|i| format!("d-{i}.json,2026-01-02T00:00:00Z\n")).collect();
    for part in [0..200, 200..250] {
        house.server.reply("200 OK\r\netag: \"i1\"", lines.as_bytes());
        part.for_each(|i| house.server.reply("200 OK", csaf(&format!("D-{i}"), 2, "fixed").as_bytes()));
    }
    assert_eq!(house.fetch_vex("csaf/").await.expect("a fetch").new, 250);
    house.server.reply("304 Not Modified", b"");
    assert!(house.fetch_vex("csaf/").await.expect("a fetch").is_unchanged());
}

#[tokio::test]
async fn a_provider_that_lacks_many_documents_is_fetched_and_says_so() {
    let house = house();
    let lines: String = (0..250).map(|i| format!("d-{i}.json,2026-01-02T00:00:00Z\n")).collect();
    for etag in ["i1", "i2"] {
        house.server.reply(&format!("200 OK\r\netag: \"{etag}\""), lines.as_bytes());
        (0..200).for_each(|_| house.server.reply("404 Not Found", b""));
        assert_eq!(house.fetch_vex("csaf/").await.expect("a fetch").refused, 200);
    }
    let ask = |db: &mut crate::store::Db| Ok(kept::all(db)?.pop().expect("a feed"));
    let feed = house.fresh.services.store.read(ask).await.expect("an answer");
    assert_eq!((feed.failures, feed.records, feed.refused, feed.etag), (0, 250, 200, None));
}
