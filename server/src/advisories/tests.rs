//! Feeds over a real server on loopback and from folders: what they bring, and what
//! they must not take away.

mod nvd;
mod told;
mod traps;
mod vex;

use super::*;
use crate::config::{Allowed, Config, Outbound};
use crate::net::loopback::Loopback;
use crate::services::fresh::{self, Fresh};
use crate::stop;
use crate::store::schema::{advisory, feed_refusal, matched};
use bom::inventory::Identity;
use bom::origin::Origin;
use diesel::prelude::*;
use std::io::{Cursor, Write};
use std::time::Duration;
use zip::write::SimpleFileOptions;

struct House {
    fresh: Fresh,
    server: Loopback,
    _stopper: stop::Stopper,
    stop: Stop,
}

/// What is known: (records, open matches, records of the feed, refused, failures, last error).
type Known = (i64, i64, i64, i64, i64, Option<String>);

fn house() -> House {
    let server = Loopback::start();
    let allow = vec![Allowed::Host("127.0.0.1".to_owned(), server.address.port())];
    // Long enough for any reply over loopback, short for the one that never comes.
    let outbound = Outbound { allow, read_timeout: Duration::from_millis(1500), ..Outbound::default() };
    let fresh = fresh::with(Config { outbound, ..Config::default() });
    let (stopper, stop) = stop::stop();
    House { fresh, server, _stopper: stopper, stop }
}

impl House {
    async fn fetch(&self, path: &str) -> Result<Tally, FeedError> {
        let from = self.server.url(path).to_string();
        fetch(&self.fresh.services, &FeedConfig { name: "f".to_owned(), from, ..FeedConfig::default() }, &self.stop).await
    }

    async fn import(&self, paths: &[&std::path::Path]) -> Result<Tally, FeedError> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
        import(&self.fresh.services, "by hand", "osv", &paths, &self.stop).await
    }

    /// Holds npm's `left` at these versions.
    async fn hold(&self, versions: &[&str]) {
        self.hold_of("left", versions).await;
    }

    /// Holds a package of npm at these versions.
    async fn hold_of(&self, name: &str, versions: &[&str]) {
        let identities: Vec<Identity> = versions
            .iter()
            .map(|version| Identity {
                ecosystem: 2,
                name: name.to_owned(),
                version: (*version).to_owned(),
                qualifiers: String::new(),
                origin: Origin::Authority,
            })
            .collect();
        let work = move |db: &mut crate::store::Db| {
            let wanted: Vec<&Identity> = identities.iter().collect();
            let made = crate::store::components::resolve(db, &wanted, 1)?;
            crate::store::rematches::components(db, &made.new, 1)
        };
        self.fresh.services.store.write(work).await.expect("held");
    }

    async fn known(&self) -> Known {
        let ask = |db: &mut crate::store::Db| {
            let feed = kept::all(db)?.pop().expect("a feed");
            let records = advisory::table.count().get_result(db)?;
            let open = matched::table.filter(matched::gone_at.is_null()).count().get_result(db)?;
            Ok((records, open, feed.records, feed.refused, feed.failures, feed.last_error))
        };
        self.fresh.services.store.read(ask).await.expect("an answer")
    }
}

fn record(id: &str, day: usize, version: &str) -> String {
    serde_json::json!({"id": id, "modified": format!("2026-01-{day:02}T00:00:00Z"), "affected": [
        {"package": {"ecosystem": "npm", "name": "left"}, "versions": [version]}]})
    .to_string()
}

/// Records `X-0` to `X-(n-1)`, each about the version of its number.
fn records(n: usize) -> Vec<(String, String)> {
    (0..n).map(|i| (format!("npm/X-{i}.json"), record(&format!("X-{i}"), 1, &format!("{i}.0.0")))).collect()
}

fn archive(files: &[(String, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).expect("an entry");
        archive.write_all(text.as_bytes()).expect("bytes");
    }
    archive.finish().expect("an archive").into_inner()
}

#[tokio::test]
async fn a_feed_brings_records_and_findings_and_then_nothing() {
    let house = house();
    house.hold(&["3.0.0", "99.0.0"]).await;
    house.server.reply("200 OK\r\netag: \"1\"", &archive(&records(20)));
    let tally = house.fetch("all.zip").await.expect("a fetch");
    assert_eq!(tally.to_string(), "20 new, 0 changed, 0 as they were, 0 refused");
    assert_eq!(house.known().await, (20, 1, 20, 0, 0, None));
    house.server.reply("304 Not Modified", b"");
    assert_eq!(house.fetch("all.zip").await.expect("a fetch"), Tally::default());
    house.server.reply("200 OK", &archive(&records(20)));
    assert_eq!(house.fetch("all.zip").await.expect("a fetch").unchanged, 20);
    let withdrawn = record("X-3", 2, "3.0.0").replace("\"id\"", "\"withdrawn\":\"2026-01-02T00:00:00Z\",\"id\"");
    let mut changed = records(20);
    changed[3].1 = withdrawn;
    house.server.reply("200 OK", &archive(&changed));
    assert_eq!(house.fetch("all.zip").await.expect("a fetch").changed, 1);
    assert_eq!(house.known().await, (20, 0, 20, 0, 0, None));
}

#[tokio::test]
async fn a_bad_fetch_takes_nothing_away_and_is_told() {
    let house = house();
    house.hold(&["3.0.0"]).await;
    let good = archive(&records(20));
    house.server.reply("200 OK\r\netag: \"1\"", &good);
    house.fetch("all.zip").await.expect("a fetch");
    let whole = |body: &[u8]| [format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes(), body].concat();
    let half = good.get(..good.len() / 2).expect("half").to_vec();
    let broken_off = [format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", good.len()).as_bytes(), &half].concat();
    let faults: Vec<(Vec<u8>, &str)> = vec![
        (b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n".to_vec(), "answered 503"),
        (b"HTTP/1.1 404 Gone\r\ncontent-length: 0\r\n\r\n".to_vec(), "answered 404"),
        (b"HTTP/1.1 301 Moved\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n".to_vec(), "redirects are not followed"),
        (Vec::new(), "cannot be reached"),
        (broken_off, "broke off after"),
        (whole(&half), "damaged or cut off"),
        (whole(b"<html>we are moving house</html>"), "neither a zip archive nor a record"),
        (whole(b""), "it is empty"),
        (whole(&archive(&[])), "it has no records"),
        (whole(&archive(&[("README.md".into(), "words".into())])), "it has no records"),
        (whole(&archive(&records(17))), "it had 20 records and has 17"),
        (whole(&archive(&dated("2025"))), "an older copy of it"),
        (whole(&archive(&dated("2099"))), "none of its 20 records can be read; the first: it is dated 2099-01-01"),
        (whole(&archive(&[("bomb.json".into(), " ".repeat(80 << 20))])), "which no feed does"),
    ];
    for (count, (bytes, words)) in (1..).zip(faults) {
        house.server.raw(bytes);
        let error = house.fetch("all.zip").await.expect_err(words).to_string();
        assert!(error.contains(words), "{words}: {error}");
        assert_eq!(house.known().await, (20, 1, 20, 0, count, Some(error)), "{words}");
    }
    house.server.silence();
    let error = house.fetch("all.zip").await.expect_err("silence").to_string();
    assert!(error.contains("it took too long"), "{error}");
    let (known, open, of_feed, _, _, told) = house.known().await;
    assert_eq!((known, open, of_feed, told), (20, 1, 20, Some(error)));
    // The entity tag is still that of the good fetch.
    assert!(house.server.asked().last().is_some_and(|asked| asked.contains("if-none-match: \"1\"")));
    house.server.reply("200 OK", &archive(&records(18)));
    house.fetch("all.zip").await.expect("a fetch");
    assert_eq!(house.known().await, (20, 1, 18, 0, 0, None), "a few less are no fault, and what is known stays");
}

/// The records of another year.
fn dated(year: &str) -> Vec<(String, String)> {
    records(20).into_iter().map(|(name, text)| (name, text.replace("2026-01", &format!("{year}-01")))).collect()
}

#[tokio::test]
async fn the_operator_is_told_once_and_only_of_what_lasts() {
    let house = house();
    house.server.reply("200 OK", &archive(&records(20)));
    house.fetch("all.zip").await.expect("a fetch");
    let mut told = Vec::new();
    // Two failures within the rhythm, a good try, and then failures that last.
    for (minutes, status) in [(15, 503), (20, 503), (25, 200), (40, 503), (50, 503), (55, 503), (70, 503), (85, 503)] {
        house.fresh.clock.set(
            "2026-11-23T12:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().expect("a time") + chrono::Duration::minutes(minutes),
        );
        house.server.reply(&format!("{status} So"), if status == 200 { archive(&records(20)) } else { Vec::new() }.as_slice());
        assert_eq!(house.fetch("all.zip").await.is_ok(), status == 200);
        let events = |db: &mut crate::store::Db| {
            use crate::store::schema::event;
            Ok(event::table.filter(event::kind.eq("feed-failing")).select(event::detail).load::<String>(db)?)
        };
        told = house.fresh.services.store.read(events).await.expect("events");
        assert_eq!(told.len(), usize::from(minutes >= 55), "after {minutes} minutes");
    }
    let detail: serde_json::Value = serde_json::from_str(told.first().expect("one")).expect("JSON");
    assert_eq!((detail["feed"].as_str(), detail["records_before"].as_i64()), (Some("f"), Some(20)), "{detail}");
    assert!(detail["in_use_since"].is_i64() && detail["next_try_by"].is_i64(), "{detail}");
}

#[tokio::test]
async fn what_is_exploited_is_said_of_the_problem_and_makes_it_worse_once() {
    let house = house();
    house.hold(&["3.0.0"]).await;
    let mut files = records(5);
    files[3].1 = record("X-3", 1, "3.0.0").replace("\"id\"", "\"aliases\": [\"CVE-2026-3\"], \"id\"");
    house.server.reply("200 OK", &archive(&files));
    house.fetch("all.zip").await.expect("a fetch");
    let (kev, epss) = (house.fresh.folder.path().join("kev.json"), house.fresh.folder.path().join("epss.csv"));
    let catalogue = serde_json::json!({"dateReleased": "2026-02-02T10:00:00Z", "count": 2, "vulnerabilities": [
        {"cveID": "CVE-2026-3", "dateAdded": "2026-02-01"}, {"cveID": "CVE-2026-99", "dateAdded": "2026-02-01"}]});
    std::fs::write(&kev, catalogue.to_string()).expect("a file");
    std::fs::write(&epss, "#score_date:2026-02-02\ncve,epss,percentile\nCVE-2026-3,0.5,0.9\n").expect("a file");
    for (kind, path, words) in [
        ("kev", &kev, "2 new, 0 changed, 0 as they were, 0 refused"),
        ("kev", &kev, "0 new, 0 changed, 2 as they were, 0 refused"),
        ("epss", &epss, "0 new, 1 changed, 0 as they were, 0 refused"),
    ] {
        let tally = import(&house.fresh.services, kind, kind, std::slice::from_ref(path), &house.stop).await.expect("an import");
        assert_eq!(tally.to_string(), words, "{kind}");
    }
    // A record that brings the name later is marked like one that had it before.
    files[4].1 = record("X-4", 2, "4.0.0").replace("\"id\"", "\"aliases\": [\"CVE-2026-99\"], \"id\"");
    house.server.reply("200 OK", &archive(&files));
    house.fetch("all.zip").await.expect("a fetch");
    let seen = |db: &mut crate::store::Db| {
        use crate::store::schema::{event, problem};
        let marked = problem::table.filter(problem::exploited_at.is_not_null()).order(problem::name);
        let marked: Vec<(String, Option<i64>)> = marked.select((problem::name, problem::likelihood)).load(db)?;
        let worse = event::table.filter(event::kind.eq("finding-worse")).select(event::detail).load::<String>(db)?;
        Ok((marked, worse))
    };
    let (marked, worse) = house.fresh.services.store.read(seen).await.expect("an answer");
    assert_eq!(marked, [("CVE-2026-3".to_owned(), Some(50_000)), ("CVE-2026-99".to_owned(), None)]);
    assert_eq!(worse, [r#"{"exploited":true}"#]);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_spoils_no_other_and_its_old_version_stays() {
    let house = house();
    house.hold(&["3.0.0"]).await;
    house.server.reply("200 OK", &archive(&records(5)));
    house.fetch("all.zip").await.expect("a fetch");
    let mut files = records(6);
    files[3].1 = "{\"id\": \"X-3\", \"modified\":".to_owned();
    files.push(("npm/nul.json".to_owned(), record("X-\u{0}", 1, "1")));
    files.push(("npm/list.json".to_owned(), "{\"list\": []}".to_owned()));
    house.server.reply("200 OK", &archive(&files));
    let tally = house.fetch("all.zip").await.expect("a fetch");
    assert_eq!(tally.to_string(), "1 new, 0 changed, 4 as they were, 3 refused");
    assert_eq!(house.known().await, (6, 1, 8, 3, 0, None));
    let refused =
        house.fresh.services.store.read(|db| Ok(feed_refusal::table.select(feed_refusal::record).load::<String>(db)?));
    let mut refused = refused.await.expect("an answer");
    refused.sort();
    assert_eq!(refused, ["X-3", "list", "nul"]);
}

#[tokio::test]
async fn a_web_folder_is_read_by_its_index() {
    let house = house();
    let index = |days: &[(&str, usize)]| {
        days.iter().map(|(id, day)| format!("2026-01-{day:02}T00:00:00Z,{id}\n")).collect::<String>().into_bytes()
    };
    house.server.reply("200 OK\r\netag: \"i1\"", &index(&[("X-0", 1), ("X-1", 1)]));
    house.server.reply("200 OK", &archive(&records(2)));
    assert_eq!(house.fetch("npm/").await.expect("a fetch").new, 2);
    house.server.reply("304 Not Modified", b"");
    assert!(house.fetch("npm/").await.expect("a fetch").is_unchanged());
    house.server.reply("200 OK\r\netag: \"i2\"", &index(&[("X-2", 3), ("X-1", 2), ("X-0", 1)]));
    house.server.reply("200 OK", record("X-2", 3, "2").as_bytes());
    house.server.reply("200 OK", record("X-1", 2, "7").as_bytes());
    let tally = house.fetch("npm/").await.expect("a fetch");
    assert_eq!(tally.to_string(), "1 new, 1 changed, 0 as they were, 0 refused");
    let asked: Vec<String> = house.server.asked().iter().filter_map(|head| head.lines().next().map(str::to_owned)).collect();
    let paths = ["modified_id.csv", "all.zip", "modified_id.csv", "modified_id.csv", "X-2.json", "X-1.json"];
    assert_eq!(asked, paths.map(|path| format!("GET /npm/{path} HTTP/1.1")));
    // One record of the change fails: nothing is kept as fetched, so it is asked again.
    house.server.reply("200 OK\r\netag: \"i3\"", &index(&[("X-3", 4), ("X-2", 3), ("X-1", 2), ("X-0", 1)]));
    house.server.reply("503 Busy", b"");
    assert!(house.fetch("npm/").await.is_err());
    assert_eq!(house.known().await.2, 3);
    house.server.reply("304 Not Modified", b"");
    house.fetch("npm/").await.expect("a fetch");
    assert!(house.server.asked().last().is_some_and(|asked| asked.contains("if-none-match: \"i2\"")));
}

#[tokio::test]
async fn a_record_that_an_index_names_and_the_place_lacks_spoils_no_other() {
    let house = house();
    let index = b"2026-01-04T00:00:00Z,X-4\n2026-01-03T00:00:00Z,X-3\n2026-01-01T00:00:00Z,X-1\n2026-01-01T00:00:00Z,X-0\n";
    house.server.reply(
        "200 OK\r\netag: \"i1\"",
        index.split_inclusive(|byte| *byte == b'\n').skip(2).collect::<Vec<_>>().concat().as_slice(),
    );
    house.server.reply("200 OK", &archive(&records(2)));
    assert_eq!(house.fetch("npm/").await.expect("a fetch").new, 2);
    house.server.reply("200 OK\r\netag: \"i2\"", index);
    house.server.reply("404 Not Found", b"");
    house.server.reply("200 OK", record("X-3", 3, "2").as_bytes());
    let tally = house.fetch("npm/").await.expect("a fetch");
    assert_eq!(tally.to_string(), "1 new, 0 changed, 0 as they were, 1 refused");
    assert_eq!(tally.refusals[0].record, "X-4");
    assert!(tally.refusals[0].reason.ends_with("/npm/X-4.json` answered 404"), "{}", tally.refusals[0].reason);
    // It is asked for again, whatever the index says of itself: an index may be ahead of its records.
    house.server.reply("200 OK\r\netag: \"i2\"", index);
    house.server.reply("410 Gone", b"");
    assert_eq!(house.fetch("npm/").await.expect("a fetch").to_string(), "0 new, 0 changed, 0 as they were, 1 refused");
    house.server.reply("200 OK\r\netag: \"i2\"", index);
    house.server.reply("200 OK", record("X-4", 4, "3").as_bytes());
    assert_eq!(house.fetch("npm/").await.expect("a fetch").to_string(), "1 new, 0 changed, 0 as they were, 0 refused");
    house.server.reply("304 Not Modified", b"");
    house.fetch("npm/").await.expect("a fetch");
    assert!(house.server.asked().last().is_some_and(|asked| asked.contains("if-none-match: \"i2\"")));
}

#[tokio::test]
async fn folders_are_walked_and_may_be_taken_in_twice_at_once() {
    let house = house();
    let folder = house.fresh.folder.path().join("clone");
    for (path, bytes) in [
        ("a/b/X-1.json", record("X-1", 1, "1.0.0").into_bytes()),
        ("a/c/all.zip", archive(&records(300))),
        ("README.md", b"words".to_vec()),
        (".git/X-9.json", b"no record".to_vec()),
    ] {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    let paths = [folder.as_path()];
    let (one, other) = tokio::join!(house.import(&paths), house.import(&paths));
    let (one, other) = (one.expect("an import"), other.expect("an import"));
    assert_eq!((one.new + other.new, one.unchanged + other.unchanged), (300, 302));
    std::fs::remove_file(folder.join("a/c/all.zip")).expect("a file");
    assert_eq!(house.import(&paths).await.expect("fewer by hand are no mistake").unchanged, 1);
    let missing = house.import(&[&folder.join("nowhere")]).await.expect_err("a missing folder").to_string();
    assert!(missing.contains("nowhere` cannot be read"), "{missing}");
}

#[tokio::test]
async fn a_record_that_names_no_package_is_taken_and_told() {
    let house = house();
    let nobody = |id: &str, rest: &str| {
        (format!("{id}.json"), format!("{{\"id\": \"{id}\", \"modified\": \"2026-01-01T00:00:00Z\"{rest}}}"))
    };
    let mut files = records(2);
    files.extend([nobody("Y-1", ""), nobody("Y-2", ", \"withdrawn\": \"2026-01-01T00:00:00Z\"")]);
    house.server.reply("200 OK", &archive(&files));
    let told = house.fetch("all.zip").await.expect("a fetch").to_string();
    let nameless = "1 names no package (`affected` is missing) and matches nothing";
    assert_eq!(told, format!("4 new, 0 changed, 0 as they were, 0 refused; {nameless}"));
}

#[tokio::test]
async fn an_unknown_kind_is_told() {
    let house = house();
    let config = FeedConfig { name: "f".into(), kind: "rumours".into(), from: "/".into(), ..FeedConfig::default() };
    let error = fetch(&house.fresh.services, &config, &house.stop).await.expect_err("a kind");
    assert!(error.to_string().starts_with("`rumours` is no kind of feed"), "{error}");
    assert_eq!(house.known().await.4, 1);
}
