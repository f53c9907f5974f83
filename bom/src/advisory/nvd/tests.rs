//! Tests of NVD's records: what they say, and a table of criteria beside components.

use super::*;
use crate::advisory::{Answer, Severity};
use crate::cvss::Scores;
use crate::document::Component;
use crate::matcher::Subject;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A record with these configurations.
fn record(configurations: Value) -> Value {
    json!({"id": "CVE-2026-1001", "vulnStatus": "Analyzed", "published": "2026-01-02T10:15:09.143",
        "lastModified": "2026-02-03T10:15:09.143", "configurations": configurations,
        "descriptions": [{"lang": "es", "value": "no"}, {"lang": "en", "value": "Left reads past\nthe end. And more."}]})
}

fn read(record: &Value) -> Reading<Advisory> {
    Advisory::from_nvd(record.to_string().as_bytes()).unwrap_or_else(|error| panic!("{record}: {error}"))
}

fn one(criterion: Value) -> Value {
    json!([{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": [criterion]}]}])
}

/// A criterion of `a:left:left` with these attributes behind the product, and bounds.
fn criterion(rest: &str, bounds: &[(&str, &str)]) -> Value {
    let mut criterion = json!({"vulnerable": true, "criteria": format!("cpe:2.3:a:left:left:{rest}"), "matchCriteriaId": "x"});
    for (bound, version) in bounds {
        criterion[*bound] = json!(version);
    }
    criterion
}

/// What the configurations mean for a component with this CPE: `yes`, `no`, or why nobody can tell.
fn answer(configurations: &Value, cpe: &str) -> String {
    let advisory = read(&record(configurations.clone())).value;
    let component = Component { cpes: [cpe.to_owned()].into(), ..Component::default() };
    let subject = Subject::of_component(&component).unwrap_or_else(|| panic!("{cpe}"));
    let mut answer = "no".to_owned();
    for affected in advisory.affected.iter().filter(|affected| affected.name == subject.package.name) {
        let release = affected.release.as_deref().unwrap_or_default();
        match subject.judge(release, crate::advisory::VersionsText(&affected.versions.to_text())) {
            Answer::Yes => return "yes".to_owned(),
            Answer::No => {}
            Answer::CannotTell(why) => answer = why,
        }
    }
    answer
}

/// Components of `a:left:left` by what stands behind the product, each with its answer; a
/// word of the reason where nobody can tell.
fn check(configurations: &Value, expect: &[(&str, &str)]) {
    for (rest, expect) in expect {
        let found = answer(configurations, &format!("cpe:2.3:a:left:left:{rest}"));
        let is_it = if ["yes", "no"].contains(expect) { found == *expect } else { found.contains(expect) };
        assert!(is_it, "{rest} in {configurations}: {found}, not {expect}");
    }
}

#[test]
fn bounds_are_kept_to_the_letter() {
    let range = |bounds: &[(&str, &str)]| one(criterion("*:*:*:*:*:*:*:*", bounds));
    let (si, sx, ei, ex) = ("versionStartIncluding", "versionStartExcluding", "versionEndIncluding", "versionEndExcluding");
    check(&range(&[(ex, "2.0")]), &[("1.9", "yes"), ("2.0", "no"), ("2.0.0", "no"), ("0.1", "yes"), ("2.0-rc1", "yes")]);
    check(&range(&[(ei, "2.0")]), &[("2.0", "yes"), ("2.0.1", "no")]);
    check(&range(&[(si, "1.0"), (ex, "2.0")]), &[("0.9", "no"), ("1.0", "yes"), ("1.5", "yes"), ("2.0", "no")]);
    check(&range(&[(sx, "1.0"), (ei, "2.0")]), &[("1.0", "no"), ("1.0.1", "yes"), ("2.0", "yes"), ("2.1", "no")]);
    check(&range(&[(sx, "1.0")]), &[("1.0", "no"), ("9.0", "yes")]);
    // What cannot be ordered, or is no version.
    check(&range(&[(ex, "2.0")]), &[("2.0-lts", "comparable"), ("unknown", "comparable"), ("1.9-lts", "yes"), ("2.1-lts", "no")]);
    check(&range(&[(ex, "2.0")]), &[("2.0:rc1", "comparable"), ("1.9:rc1", "yes"), ("*", "not known"), ("-", "not known")]);
}

#[test]
fn one_version_is_that_version() {
    let exact = |rest: &str| one(criterion(rest, &[]));
    check(&exact("1.0:*:*:*:*:*:*:*"), &[("1.0", "yes"), ("1.0:rc1", "yes"), ("1.0:-", "yes"), ("1.1", "no"), ("1.0-lts", "no")]);
    check(&exact("1.0:-:*:*:*:*:*:*"), &[("1.0", "yes"), ("1.0:-", "yes"), ("1.0:rc1", "no")]);
    check(
        &exact("1.0:rc1:*:*:*:*:*:*"),
        &[("1.0:rc1", "yes"), ("1.0:rc2", "no"), ("1.0:-", "no"), ("1.0", "update=rc1"), ("1.1", "no")],
    );
    check(&exact("12.2\\(18\\)sxf:*:*:*:*:*:*:*"), &[("12.2\\(18\\)sxf", "yes"), ("12.2\\(18\\)sxd", "no")]);
    check(&exact("-:*:*:*:*:*:*:*"), &[("1.0", "no"), ("-", "no")]);
}

#[test]
fn every_version_for_ever_is_never_a_yes() {
    for rest in ["*:*:*:*:*:*:*:*", "1.*:*:*:*:*:*:*:*", "*:sp1:*:*:*:*:*:*"] {
        check(&one(criterion(rest, &[])), &[("1.0", "depends on"), ("9.9", "depends on")]);
    }
    let [bare, pattern] = ["*:*:*:*:*:*:*:*", "1.*:*:*:*:*:*:*:*"].map(|rest| criterion(rest, &[]));
    let both = json!([{"nodes": [{"cpeMatch": [bare, pattern, criterion("1.0:*:*:*:*:*:*:*", &[])]}]}]);
    check(&both, &[("1.0", "yes"), ("1.1", "depends on")]);
}

#[test]
fn what_a_criterion_asks_besides_is_met_missed_or_open() {
    let of_wordpress = one(criterion("*:*:*:*:*:wordpress:*:*", &[("versionEndExcluding", "2.0")]));
    check(
        &of_wordpress,
        &[
            ("1.0:*:*:*:*:wordpress:*:*", "yes"),
            ("2.0:*:*:*:*:wordpress:*:*", "no"),
            ("1.0:*:*:*:*:drupal:*:*", "no"),
            ("1.0:*:*:*:*:-:*:*", "no"),
            ("1.0", "target_sw=wordpress"),
            ("2.0", "no"),
        ],
    );
    for rest in ["*:*:pro:*:*:*:*:*", "*:*:*:de:*:*:*:*", "*:*:*:*:pro:*:*:*", "*:*:*:*:*:*:x64:*", "*:*:*:*:*:*:*:x"] {
        check(&one(criterion(rest, &[("versionEndExcluding", "2.0")])), &[("1.0", "depends on"), ("2.0", "no")]);
    }
}

#[test]
fn what_must_be_there_too_is_never_a_yes() {
    let bad = criterion("*:*:*:*:*:*:*:*", &[("versionEndExcluding", "2.0")]);
    let platform = json!({"vulnerable": false, "criteria": "cpe:2.3:o:right:os:*:*:*:*:*:*:*:*"});
    let running = json!([{"operator": "AND", "nodes": [{"operator": "OR", "cpeMatch": [bad]}, {"operator": "OR", "cpeMatch": [platform]}]}]);
    check(&running, &[("1.0", "with o:right:os"), ("2.0", "no")]);
    assert_eq!(answer(&running, "cpe:2.3:o:right:os:1.0"), "no", "the platform itself is not vulnerable");
    let node = json!([{"nodes": [{"operator": "AND", "cpeMatch": [bad, platform]}]}]);
    check(&node, &[("1.0", "with o:right:os")]);
    for alone in [
        json!([{"operator": "AND", "nodes": [{"cpeMatch": [bad]}]}]),
        json!([{"nodes": [{"operator": "OR", "cpeMatch": [bad, platform]}]}]),
    ] {
        check(&alone, &[("1.0", "yes")]);
    }
    for negated in
        [json!([{"negate": true, "nodes": [{"cpeMatch": [bad]}]}]), json!([{"nodes": [{"negate": true, "cpeMatch": [bad]}]}])]
    {
        check(&negated, &[("1.0", "`not`"), ("2.0", "no")]);
    }
    let either = json!([running[0], {"nodes": [{"cpeMatch": [criterion("1.0:*:*:*:*:*:*:*", &[])]}]}]);
    check(&either, &[("1.0", "yes"), ("1.1", "with o:right:os")]);
}

#[test]
fn a_record_is_read_whole_and_named_apart_from_others() {
    let mut whole = record(one(criterion("1.0:*:*:*:*:*:*:*", &[])));
    whole["references"] =
        json!([{"url": "https://left.example/1", "tags": ["Patch"]}, {"tags": []}, {"url": "https://left.example/2"}]);
    let read = read(&json!({"cve": whole})).value;
    assert_eq!((read.id.as_str(), read.aliases.as_slice()), ("NVD-CVE-2026-1001", ["CVE-2026-1001".to_owned()].as_slice()));
    assert_eq!(
        (read.summary.as_str(), read.details.as_str()),
        ("Left reads past the end", "Left reads past\nthe end. And more.")
    );
    assert_eq!(read.published.map(|at| at.to_rfc3339()).as_deref(), Some("2026-01-02T10:15:09.143+00:00"));
    assert_eq!((read.modified.to_rfc3339().as_str(), read.withdrawn), ("2026-02-03T10:15:09.143+00:00", None));
    assert_eq!(
        read.references,
        [("FIX".to_owned(), "https://left.example/1".to_owned()), ("WEB".to_owned(), "https://left.example/2".to_owned())]
    );
    assert_eq!(Advisory::of_record(whole.to_string().as_bytes()).map(|reading| reading.value), Ok(read));
    whole["vulnStatus"] = json!("Rejected");
    let rejected = self::read(&whole).value;
    assert_eq!(rejected.withdrawn, Some(rejected.modified));
    assert_eq!(rejected.names().collect::<Vec<_>>(), ["NVD-CVE-2026-1001"]);
}

#[test]
fn the_newest_score_counts_and_of_it_the_primary_one() {
    const V31: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    const V30: &str = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N";
    const V2: &str = "AV:N/AC:L/Au:N/C:N/I:N/A:P";
    let metric = |kind: &str, vector: &str| json!({"type": kind, "cvssData": {"vectorString": vector}});
    for (metrics, severity, score) in [
        (
            json!({"cvssMetricV31": [metric("Secondary", V31), metric("Primary", &V30.replace("3.0", "3.1"))]}),
            Severity::Medium,
            Some(5.3),
        ),
        (
            json!({"cvssMetricV31": [metric("Secondary", V31)], "cvssMetricV2": [metric("Primary", V2)]}),
            Severity::Critical,
            Some(9.8),
        ),
        (json!({"cvssMetricV30": [metric("Primary", V30)]}), Severity::Medium, Some(5.3)),
        (
            json!({"cvssMetricV40": [7], "cvssMetricV2": [metric("Primary", V2)]}),
            Severity::Medium,
            Some(Scores::of(V2).expect("v2").base),
        ),
        (json!({"cvssMetricV2": [{"type": "Primary", "baseSeverity": "HIGH", "cvssData": {}}]}), Severity::High, None),
        (json!({}), Severity::Unknown, None),
    ] {
        let mut record = record(one(criterion("1.0:*:*:*:*:*:*:*", &[])));
        record["metrics"] = metrics.clone();
        let read = read(&record).value;
        assert_eq!((read.severity, read.score, read.affected[0].severity), (severity, score, severity), "{metrics}");
    }
}

#[test]
fn what_would_be_missed_is_refused_and_what_says_nothing_is_noted() {
    let good = record(one(criterion("1.0:*:*:*:*:*:*:*", &[])));
    for (path, value, warned) in [
        ("/id", json!("GHSA-1"), None),
        ("/id", json!("CVE-1 2"), None),
        ("/vulnStatus", json!(null), None),
        ("/configurations", json!({}), None),
        ("/configurations/0/nodes", json!(null), None),
        ("/configurations/0/operator", json!("XOR"), None),
        ("/configurations/0/nodes/0/cpeMatch/0/criteria", json!("left"), None),
        ("/configurations/0/nodes/0/cpeMatch/0/vulnerable", json!("yes"), None),
        ("/configurations/0/nodes/0/cpeMatch/0/versionEndExcluding", json!(2), None),
        ("/configurations/0/nodes/0/cpeMatch/0/versionEndExcluding", json!(""), None),
        (
            "/configurations/0/nodes/0/cpeMatch/0/criteria",
            json!("cpe:2.3:a:*:left:1.0"),
            Some("$.configurations[0].nodes[0].cpeMatch[0]"),
        ),
        ("/lastModified", json!("yesterday"), Some("$.lastModified")),
    ] {
        let mut record = good.clone();
        let (parent, key) = path.rsplit_once('/').expect(path);
        record.pointer_mut(parent).expect(path)[key] = value.clone();
        let read = Advisory::from_nvd(record.to_string().as_bytes());
        let paths = read.map(|reading| reading.warnings.iter().map(|w| w.path.clone()).collect::<Vec<_>>());
        assert_eq!(paths.ok(), warned.map(|path| vec![path.to_owned()]), "{path} {value}");
    }
    let mut without = good;
    without["configurations"] = json!(null);
    assert!(read(&without).value.affected.is_empty(), "not analysed yet");
}

proptest! {
    #[test]
    fn no_criteria_make_the_reader_panic(criteria in "cpe:2.3:[a-z0-9:*?\\\\.-]{0,40}", bound in "\\PC{0,12}", version in "[0-9a-z. *-]{0,12}") {
        let mut criterion = criterion("*:*:*:*:*:*:*:*", &[("versionStartExcluding", &bound)]);
        let _ = Advisory::from_nvd(record(one(criterion.clone())).to_string().as_bytes());
        criterion["criteria"] = json!(criteria);
        if let Ok(reading) = Advisory::from_nvd(record(one(criterion)).to_string().as_bytes()) {
            for affected in &reading.value.affected {
                let _ = affected.versions.affects(&crate::version::CPE, &version);
            }
        }
    }
}
