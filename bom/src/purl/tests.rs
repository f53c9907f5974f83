//! Cases of our own, and the specification's test suite where it is at hand
//! (`BOMWARDEN_DATA/purl`).

use super::further::Further;
use super::{Purl, judged, parse, plain};
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn a_purl_is_spelled_canonically() {
    for (given, canonical) in [
        ("pkg:cargo/serde@1.0.0", "pkg:cargo/serde@1.0.0"),
        ("pkg:npm/%40angular/core@17.0.0", "pkg:npm/%40angular/core@17.0.0"),
        ("pkg:npm/@angular/core@17.0.0", "pkg:npm/%40angular/core@17.0.0"),
        ("pkg:npm/@angular/core", "pkg:npm/%40angular/core"),
        ("pkg:npm/%40angular%2Fcore@17", "pkg:npm/%40angular/core@17"),
        ("pkg:pypi/Django_X@1.0", "pkg:pypi/django-x@1.0"),
        ("pkg:cargo/libgit2-sys@0.18.7+1.9.6", "pkg:cargo/libgit2-sys@0.18.7%2B1.9.6"),
        ("pkg:/git/a%2Fge:n/le3Bf0%ti.n3", "pkg:git/a/ge:n/le3Bf0%25ti.n3"),
        ("PKG:GitHub/A/B@C#/x//./../y/", "pkg:github/a/b@C#x/y"),
        ("pkg://generic///a//b/?k=&j=1%2f2", "pkg:generic/a/b?j=1%2F2"),
        ("pkg:golang/github.com/BurntSushi/toml@v1.0.0", "pkg:golang/github.com/BurntSushi/toml@v1.0.0"),
        ("pkg:generic/100%25%zz@1%", "pkg:generic/100%25%25zz@1%25"),
        // Found by fuzzing: an encoded slash made empty segments that were lost when read again.
        ("pkg:npm/a#b%2F%2Fc%2F..%2Fd/e", "pkg:npm/a#b/c/d/e"),
        ("pkg:generic/a%2F%2Fb/c", "pkg:generic/a/b/c"),
    ] {
        assert_eq!(given.parse::<Purl>().map(|p| p.to_string()).as_deref(), Ok(canonical), "{given}");
    }
}

#[test]
fn what_is_no_purl_is_refused() {
    for text in [
        "",
        "pkg:",
        "pkg:npm",
        "pkg:npm/",
        "pkg:npm/@1",
        "npm/a@1",
        "pkg:1a/b",
        "pkg:a b/c",
        "pkg:npm/a?b c=1",
        "pkg:npm/a?B=1",
        "pkg:npm/%40a%2F@1",
    ] {
        assert!(text.parse::<Purl>().is_err(), "{text}");
    }
}

#[test]
fn a_tolerant_reader_keeps_what_a_strict_one_refuses() {
    for (given, canonical) in [("pkg:gem/a@1?Platform=java", "pkg:gem/a@1?platform=java"), ("pkg:swift/a@1", "pkg:swift/a@1")] {
        let (purl, offence) = Purl::tolerant(given).expect(given);
        assert_eq!((purl.to_string().as_str(), offence.is_some(), given.parse::<Purl>().is_err()), (canonical, true, true));
    }
}

#[test]
fn conformance_of_purls_with_the_specifications_suite() {
    let Ok(data) = std::env::var("BOMWARDEN_DATA") else {
        return println!("skipped: BOMWARDEN_DATA does not name the test data");
    };
    let (mut count, mut wrong) = (0, Vec::new());
    for folder in ["spec", "types"] {
        let folder = std::path::Path::new(&data).join("purl").join(folder);
        for entry in std::fs::read_dir(&folder).expect("the suite's folder").flatten() {
            let suite: Value = serde_json::from_slice(&std::fs::read(entry.path()).expect("readable")).expect("JSON");
            for test in suite["tests"].as_array().expect("tests") {
                wrong.extend(judge(test));
                count += 1;
            }
        }
    }
    println!("conformance: purl                {count:4} tests {:4} wrong", wrong.len());
    assert!(count > 500, "only {count} tests were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong in one test of the suite.
fn judge(test: &Value) -> Option<String> {
    let (input, expected) = (&test["input"], &test["expected_output"]);
    let found = match test["test_type"].as_str() {
        Some("parse") => input.as_str().and_then(|text| text.parse::<Purl>().ok()).map(|purl| parts(&purl)),
        Some("build") => build(input).map(|purl| Value::from(purl.to_string())),
        Some("validate") => {
            input.as_str().and_then(|text| Purl::tolerant(text).ok()).map(|(purl, _)| Value::from(purl.to_string()))
        }
        other => panic!("{other:?} is no kind of test"),
    };
    let good = match (test["expected_failure"] == true, expected) {
        (true, _) => found.is_none(),
        (false, Value::Null) => found.is_some(),
        (false, expected) => found.as_ref() == Some(expected),
    };
    (!good).then(|| format!("{found:?}: {test}"))
}

fn parts(purl: &Purl) -> Value {
    let qualifiers = (!purl.qualifiers().is_empty()).then_some(purl.qualifiers());
    serde_json::json!({
        "type": purl.kind.as_str(), "namespace": purl.namespace, "name": purl.name, "version": purl.version,
        "qualifiers": qualifiers, "subpath": purl.subpath(),
    })
}

fn build(input: &Value) -> Option<Purl> {
    let text = |key: &str| input[key].as_str();
    let mut purl = Purl::new(text("type")?, text("namespace"), text("name")?, text("version"));
    let qualifiers = input["qualifiers"].as_object().into_iter().flatten();
    let qualifiers = qualifiers.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect();
    purl.further = Further::of(qualifiers, text("subpath").map(str::to_owned));
    purl.checked().ok()
}

proptest! {
    #[test]
    fn a_plain_spelling_means_the_same_both_ways(
        text in "pkg:(npm|pypi|deb|golang|git|julia|swift|x)/(%40)?[a-zA-Z_.:+~%]{0,4}(/[a-z@:%]{0,3}){0,3}(@[0-9a-z.@/+]{0,4}){0,2}[?#/]?"
    ) {
        if let Some(purl) = plain::parse(&text) {
            prop_assert_eq!(parse(&text), Ok(judged(purl)));
        }
    }
}
