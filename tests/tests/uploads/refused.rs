//! What is refused, with which words, and that nothing is touched by it.

use super::{inventory, project_id};
use anyhow::Result;
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::people::Town;
use reqwest::Method;
use serde_json::json;

#[test]
fn what_is_no_sbom_is_refused_and_leaves_the_inventory_as_it_was() -> Result<()> {
    let town = Town::new()?;
    let slot = "Cargo.lock";
    town.uploader.upload(&run("1", 10), &[(slot, sbom(1, &["pkg:cargo/a@1.0.0"]))])?.must(201)?;
    let whole = sbom(2, &["pkg:cargo/a@2.0.0"]);
    for (id, what, bytes) in [
        ("2", "nothing", Vec::new()),
        ("3", "text", b"hello".to_vec()),
        ("4", "other JSON", b"{\"name\":\"x\"}".to_vec()),
        ("5", "truncated JSON", whole[..whole.len() / 2].to_vec()),
        ("6", "bytes", vec![0xff; 512]),
        ("7", "deep JSON", [b"[".repeat(100_000), b"]".repeat(100_000)].concat()),
    ] {
        let answer = town.uploader.upload(&run(id, 20), &[(slot, bytes)])?;
        assert!(matches!(answer.status, 400 | 422), "{what}: {} {}", answer.status, answer.text());
        answer.must_be_problem(answer.status, "")?;
        assert_eq!(inventory(&town, "shop")?, ["a@1.0.0"], "{what}");
    }
    Ok(())
}

#[test]
fn a_body_past_the_limit_is_refused_before_it_is_read() -> Result<()> {
    let town = Town::new()?;
    // A gigabyte that nobody has to hold: the server must answer long before the end.
    let body = reqwest::blocking::Body::sized(std::io::Read::take(std::io::repeat(b' '), 1 << 30), 1 << 30);
    let kind = "multipart/form-data; boundary=x";
    let sent = town.uploader.request(Method::POST, "/v1/uploads").header("content-type", kind).body(body).send();
    if let Ok(response) = sent {
        assert_eq!(response.status().as_u16(), 413);
    }
    assert_eq!(town.stranger.get("/healthz")?.status, 200, "the server lives on");
    Ok(())
}

#[test]
fn a_wrong_token_or_a_wrong_project_is_told_apart() -> Result<()> {
    let town = Town::new()?;
    let document = || vec![("Cargo.lock", sbom(1, &["pkg:cargo/a@1.0.0"]))];
    for token in ["", "bwt_x", "bwt_0000_0000000000000000000000"] {
        town.stranger.with(token).upload(&run("1", 10), &document())?.must_be_problem(401, "")?;
    }
    town.stranger.upload(&run("1", 10), &document())?.must_be_problem(401, "")?;
    town.alice.upload(&run("1", 10), &document())?.must_be_problem(403, "token")?;

    town.uploader.upload(&run("1", 10), &document())?.must(201)?;
    let only =
        town.alice.post("/v1/tokens", &json!({ "name": "shop", "scope": "upload", "project": project_id(&town, "shop")? }))?;
    let bound = town.stranger.with(only.must(201)?["token"].as_str().unwrap_or_default());
    let mut other = run("2", 20);
    other["project"] = json!("elsewhere");
    let refused = bound.upload(&other, &document())?;
    assert!(matches!(refused.status, 403 | 404), "{} {}", refused.status, refused.text());
    refused.must_be_problem(refused.status, "elsewhere")?;
    town.alice.get("/v1/projects/0198c0de-0000-7000-8000-000000000000/components")?.must_be_problem(404, "")?;
    Ok(())
}

#[test]
fn a_wrong_request_is_told_what_is_wrong() -> Result<()> {
    let town = Town::new()?;
    let good = || vec![("Cargo.lock", sbom(1, &["pkg:cargo/a@1.0.0"]))];
    for (what, member, value, words) in [
        ("no project", "project", json!(""), "project"),
        ("no release", "release", json!(""), "release"),
        ("a number for a project", "project", json!(7), "string"),
        ("a run that is none", "run", json!("yes"), "string"),
    ] {
        let mut meta = run("1", 10);
        meta[member] = value;
        let answer = town.uploader.upload(&meta, &good())?;
        assert!(matches!(answer.status, 400 | 422), "{what}: {} {}", answer.status, answer.text());
        answer.must_be_problem(answer.status, words)?;
    }
    town.uploader.upload(&run("1", 10), &[])?.must_be_problem(400, "document")?;
    let twice = [("s", sbom(1, &["pkg:cargo/a@1.0.0"])), ("s", sbom(2, &["pkg:cargo/a@1.0.0"]))];
    town.uploader.upload(&run("1", 10), &twice)?.must_be_problem(400, "`s`")?;
    Ok(())
}
