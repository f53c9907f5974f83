//! The vers specification's own tests, from the data folder that `BOMWARDEN_DATA`
//! names (`vers/*.json`): comparisons, containment, canonical spelling, parsing, and
//! the ranges of package managers.

use super::{SCHEMES, Vers, VersError};
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::path::PathBuf;

/// Tests that an ecosystem's own rule contradicts, (scheme, input), and the rule:
/// npm's `~0.8.0-pre` is `>=0.8.0-pre <0.9.0` (node-semver, "Tilde Ranges"), not less;
/// in Conan no expression is every version, and the specification itself asks for a
/// constraint at least; Maven since 3.8.7 has a qualifier before a number whatever
/// stands before it (MNG-7644), and its own tests `2.0.a` before `2-1`.
const CONTRADICTED: &[(&str, &str)] =
    &[("npm", ">= 0.2.0 <= 0.9.6 || ~0.8.0-pre"), ("conan", ""), ("maven", "2-1 2.0.a"), ("maven", "2-1 2.0.0.a")];

#[test]
fn every_test_of_the_specification_in_the_data_folder_passes() {
    let Some(folder) = std::env::var_os("BOMWARDEN_DATA").map(|data| PathBuf::from(data).join("vers")) else {
        println!("skipped: BOMWARDEN_DATA names no data folder");
        return;
    };
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let tests = file["tests"].as_array().unwrap();
        let contradicted = |test: &Value| {
            let input = &test["input"];
            let scheme = input["scheme"].as_str().or(input["input_scheme"].as_str()).unwrap_or("?");
            let compared = || input["versions"].as_array().map(|all| all.iter().filter_map(Value::as_str).collect::<Vec<_>>());
            let given = input["native_range"].as_str().map(str::to_owned);
            let given = given.or_else(|| compared().map(|all| all.join(" "))).unwrap_or_default();
            CONTRADICTED.contains(&(scheme, given.as_str()))
        };
        let ours: Vec<_> = tests.iter().filter(|test| !contradicted(test)).collect();
        let failed: Vec<String> = ours.iter().filter_map(|test| failure(test)).collect();
        let others = tests.len() - ours.len();
        println!("{}: {} of {}, {others} contradicted", path.display(), ours.len() - failed.len(), ours.len());
        wrong.extend(failed);
    }
    assert!(wrong.is_empty(), "{} tests\n{}", wrong.len(), wrong.join("\n"));
}

fn failure(test: &Value) -> Option<String> {
    let (input, expect) = (&test["input"], &test["expected_output"]);
    let found = match test["test_type"].as_str().unwrap() {
        "comparison" => sorted(input),
        "equality" => equal(input),
        "containment" => {
            let range = Vers::of(input["vers"].as_str().unwrap());
            range.and_then(|range| range.contains(input["version"].as_str().unwrap())).map(Value::from)
        }
        "from_native" => {
            let text = |key: &str| input[key].as_str().unwrap();
            Vers::of_native(text("scheme"), text("native_range")).map(|range| range.to_string().into())
        }
        "validate" => Vers::of(input.as_str().unwrap()).map(|range| range.to_string().into()),
        "parse" => Vers::of_canonical(input.as_str().unwrap()).map(|range| parsed(&range)),
        other => panic!("{other}"),
    };
    let agrees = match &found {
        Ok(Value::Array(found)) => same(input, found, expect),
        Ok(found) => test["expected_failure"] != true && found == expect,
        Err(VersError::Unreadable { reason, .. }) => test["expected_message"] == *reason,
        Err(_) => false,
    };
    (!agrees).then(|| format!("{input}: {found:?}, not {expect}"))
}

/// Whether two lists hold the same versions; the specification spells some in lower case.
fn same(input: &Value, found: &[Value], expect: &Value) -> bool {
    let pair = |(a, b): (&Value, &Value)| compare(input, a.as_str().unwrap(), b.as_str().unwrap());
    let expect = expect.as_array().unwrap();
    found.len() == expect.len() && found.iter().zip(expect).all(|both| pair(both) == Ok(Ordering::Equal))
}

fn parsed(range: &Vers) -> Value {
    let constraints: Vec<_> = range.constraints.iter().map(|c| json!([c.comparator.sign(), c.version])).collect();
    json!({"scheme": range.scheme, "version_constraints": constraints})
}

fn versions(input: &Value) -> Vec<&str> {
    input["versions"].as_array().unwrap().iter().map(|version| version.as_str().unwrap()).collect()
}

fn compare(input: &Value, a: &str, b: &str) -> Result<Ordering, VersError> {
    let name = input["input_scheme"].as_str().unwrap();
    let (_, scheme) = SCHEMES.iter().find(|(known, _)| *known == name).ok_or(VersError::UnknownScheme(name.to_owned()))?;
    Ok(scheme.compare(a, b)?)
}

fn sorted(input: &Value) -> Result<Value, VersError> {
    let mut list = versions(input);
    for _ in 0..list.len() {
        for i in 1..list.len() {
            if compare(input, list[i - 1], list[i])?.is_gt() {
                list.swap(i - 1, i);
            }
        }
    }
    Ok(json!(list))
}

fn equal(input: &Value) -> Result<Value, VersError> {
    let list = versions(input);
    Ok(compare(input, list[0], list[1])?.is_eq().into())
}
