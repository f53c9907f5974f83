//! NVD, page by page from a simulated service: everything, what changed, and what a
//! service that is busy, half or hostile must not take away.

use super::*;
use crate::config::Secret;
use crate::simulated::http::Answered;
use crate::simulated::nvd::NvdFeed;
use crate::store::schema::{affected, package};
use serde_json::{Value, json};

/// A house with a service of its own.
struct Watched {
    house: House,
    nvd: NvdFeed,
}

async fn watched() -> Watched {
    let nvd = NvdFeed::start().await.expect("a service");
    let mut house = house();
    let allow = vec![Allowed::Host("127.0.0.1".to_owned(), nvd.address().port())];
    let outbound = Outbound { allow, read_timeout: Duration::from_millis(1500), ..Outbound::default() };
    house.fresh = fresh::with(Config { outbound, ..Config::default() });
    Watched { house, nvd }
}

fn cve(n: usize, day: usize, fixed: &str) -> Value {
    json!({"id": format!("CVE-2026-{n:04}"), "vulnStatus": "Analyzed", "lastModified": format!("2026-01-{day:02}T00:00:00.000"),
        "descriptions": [{"lang": "en", "value": "left reads past the end"}], "configurations": [{"nodes": [{"operator": "OR",
            "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:a:left:left:*:*:*:*:*:*:*:*", "versionEndExcluding": fixed}]}]}]})
}

fn cves(n: usize) -> Vec<Value> {
    (0..n).map(|i| cve(i, 1, &format!("{i}.0"))).collect()
}

impl Watched {
    async fn fetch(&self) -> Result<Tally, FeedError> {
        self.fetch_with("").await
    }

    async fn fetch_with(&self, key: &str) -> Result<Tally, FeedError> {
        let pause = Duration::from_millis(1);
        let (name, kind) = ("nvd".to_owned(), "nvd".to_owned());
        let config = FeedConfig { name, kind, from: self.nvd.url(), pause, key: Secret::new(key), ..FeedConfig::default() };
        super::super::fetch(&self.house.fresh.services, &config, &self.house.stop).await
    }

    /// Holds `a:left:left` at a version.
    async fn hold(&self, version: &str) {
        let identity = Identity {
            ecosystem: bom::ecosystem::Ecosystem::of_osv("CPE").expect("CPE").0.code,
            name: "a:left:left".to_owned(),
            version: version.to_owned(),
            qualifiers: String::new(),
            origin: Origin::Authority,
        };
        let work = move |db: &mut crate::store::Db| {
            let made = crate::store::components::resolve(db, &[&identity], 1)?;
            crate::store::rematches::components(db, &made.new, 1)
        };
        self.house.fresh.services.store.write(work).await.expect("held");
    }
}

#[tokio::test]
async fn everything_comes_in_pages_and_then_what_changed() {
    let watched = watched().await;
    watched.hold("18.5").await;
    let mut all = cves(20);
    all[0] = cve(0, 5, "0.0");
    watched.nvd.publish(all.clone());
    watched.nvd.cut_pages(8);
    assert_eq!(watched.fetch().await.expect("a fetch").to_string(), "20 new, 0 changed, 0 as they were, 0 refused");
    assert_eq!(watched.house.known().await, (20, 1, 20, 0, 0, None));
    let starts: Vec<bool> = [0, 8, 16]
        .iter()
        .map(|at| format!("?resultsPerPage=2000&startIndex={at}"))
        .zip(watched.nvd.asked())
        .map(|(query, asked)| asked.ends_with(&query))
        .collect();
    assert_eq!(starts, [true; 3]);

    // One request for the number, and one for the window since then.
    let mut next = all;
    next[19] = cve(19, 9, "18.0");
    next.push(cve(20, 9, "19.0"));
    watched.nvd.publish(next.clone());
    assert_eq!(watched.fetch().await.expect("a fetch").to_string(), "1 new, 1 changed, 1 as they were, 0 refused");
    assert_eq!(watched.house.known().await, (21, 1, 21, 0, 0, None), "one ended and one began");
    let asked = watched.nvd.asked();
    assert!(asked.len() == 2 && asked[0].ends_with("?resultsPerPage=1&startIndex=0"), "{asked:?}");
    assert!(asked[1].contains("&lastModStartDate=2026-01-04T12%3A00%3A00.000%2B00%3A00&lastModEndDate=2026-01-09T"), "{asked:?}");

    // What NVD rejects is taken back.
    next[20]["vulnStatus"] = json!("Rejected");
    next[20]["lastModified"] = json!("2026-01-10T00:00:00.000");
    watched.nvd.publish(next);
    assert_eq!(watched.fetch().await.expect("a fetch").changed, 1);
    assert_eq!(watched.house.known().await, (21, 0, 21, 0, 0, None));
}

#[tokio::test]
async fn a_bad_walk_takes_nothing_away() {
    let watched = watched().await;
    watched.hold("18.5").await;
    watched.nvd.publish(cves(20));
    watched.fetch().await.expect("a fetch");
    let busy = |status| Answered { headers: vec![("retry-after", "0".to_owned())], ..Answered::status(status) };
    let says = |body: &str| Answered { body: body.as_bytes().to_vec(), ..Answered::status(200) };
    let half = says(r#"{"totalResults":20,"resultsPerPage":1,"vulnerabilities":[{"cve":"#);
    let nothing = says(r#"{"totalResults":20,"resultsPerPage":0,"vulnerabilities":[]}"#);
    let few =
        says(r#"{"totalResults":2,"resultsPerPage":1,"timestamp":"2026-01-01T00:00:00.000","vulnerabilities":[{"cve":{}}]}"#);
    let late = Answered { headers: vec![("retry-after", "3600".to_owned())], ..Answered::status(503) };
    let number =
        says(r#"{"totalResults":20,"resultsPerPage":1,"timestamp":"2026-01-01T00:00:00.000","vulnerabilities":[{"cve":{}}]}"#);
    for (count, (answers, words)) in (1..).zip([
        (vec![busy(503), busy(403), busy(429)], "answered 429"),
        (vec![late], "answered 503"),
        (vec![busy(404)], "answered 404"),
        (vec![half.clone()], "cut off"),
        (vec![says("<html>moved</html>")], "no list of CVE records"),
        (vec![says("{}")], "no page of the API 2.0"),
        (vec![few], "it had 20 records and has 2"),
        (vec![number.clone(), half], "cut off"),
        (vec![number, nothing], "20 records and handed out 0"),
    ]) {
        answers.into_iter().for_each(|answer| watched.nvd.answer_once(answer));
        let error = watched.fetch().await.expect_err(words).to_string();
        assert!(error.contains(words), "{words}: {error}");
        assert_eq!(watched.house.known().await, (20, 1, 20, 0, count, Some(error)), "{words}");
    }
    // Busy for a moment only.
    [busy(503), busy(403)].into_iter().for_each(|answer| watched.nvd.answer_once(answer));
    watched.fetch().await.expect("the third try");
    assert_eq!(watched.house.known().await, (20, 1, 20, 0, 0, None));
}

#[tokio::test]
async fn a_key_goes_into_its_header_and_nowhere_else() {
    let watched = watched().await;
    watched.nvd.publish(cves(2));
    watched.nvd.want_key("s3cret");
    let error = watched.fetch().await.expect_err("no key").to_string();
    assert!(error.contains("answered 403"), "{error}");
    let error = watched.fetch_with("s3cret\n").await.expect_err("no value").to_string();
    assert!(error.contains("is no value of the header") && !error.contains("s3cret"), "{error}");
    watched.fetch_with("s3cret").await.expect("a fetch");
    assert!(watched.nvd.asked().iter().all(|asked| !asked.contains("s3cret")));
}

#[tokio::test]
async fn a_record_of_osv_that_bears_the_name_of_a_cve_replaces_none_of_nvd() {
    let watched = watched().await;
    watched.hold("0.5").await;
    watched.nvd.publish(vec![cve(1, 1, "1.0")]);
    watched.fetch().await.expect("a fetch");
    let (path, osv) = (watched.house.fresh.folder.path().join("CVE-2026-0001.json"), record("CVE-2026-0001", 20, "3.0.0"));
    std::fs::write(&path, osv).expect("a file");
    watched.house.import(&[path.as_path()]).await.expect("an import");
    let names = |db: &mut crate::store::Db| {
        let of_package = affected::table
            .inner_join(package::table.on(package::id.eq(affected::package_id)))
            .inner_join(advisory::table.on(advisory::id.eq(affected::advisory_id)));
        let rows: Vec<(String, String, i64)> =
            of_package.order(advisory::name).select((advisory::name, package::name, advisory::problem_id)).load(db)?;
        let open: i64 = matched::table.filter(matched::gone_at.is_null()).count().get_result(db)?;
        Ok((rows, open))
    };
    let (rows, open) = watched.house.fresh.services.store.read(names).await.expect("an answer");
    let said: Vec<_> = rows.iter().map(|(name, package, _)| format!("{name} {package}")).collect();
    assert_eq!(said, ["CVE-2026-0001 left", "NVD-CVE-2026-0001 a:left:left"]);
    assert!(rows[0].2 == rows[1].2 && open == 1, "one problem: {rows:?}");
}
