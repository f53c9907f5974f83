//! `bomwarden upload` as a process, against a server of a few lines: the request
//! it sends and what it makes of the answer.

use crate::tool::{Done, folder, run_with};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

const CARGO_LOCK: &str = "version = 4\n\n[[package]]\nname = \"shop\"\nversion = \"0.1.0\"\n";
const SBOM: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "metadata": {"component":
    {"type": "container", "name": "registry.example/shop:1.2.3"}}, "components": []}"#;

/// The parts of a request by name.
type Parts = BTreeMap<String, Vec<u8>>;

/// Takes one upload and answers as a server would, with `gate` for the verdict.
fn serve(gate: Value) -> (String, JoinHandle<Parts>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let served = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let parts = request(&stream);
        let meta: Value = serde_json::from_slice(&parts["meta"]).unwrap();
        let slot = |document: &Value| {
            let sha256 = hex::encode(Sha256::digest(&parts[document["part"].as_str().unwrap()]));
            json!({"slot": document["slot"], "sha256": sha256, "state": "new", "components": 3, "added": 3, "removed": 0,
                "findings": {"malicious": 1, "critical": 0, "high": 2, "medium": 0, "low": 0, "unknown": 0}, "warnings": []})
        };
        let slots: Vec<_> = meta["documents"].as_array().unwrap().iter().map(slot).collect();
        let answer = json!({"upload": "u", "project": "p", "release": "r", "slots": slots, "gate": gate, "url": "/projects/p"})
            .to_string();
        write!(&stream, "HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{answer}", answer.len()).unwrap();
        parts
    });
    (address, served)
}

fn request(stream: &TcpStream) -> Parts {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "the request ends early");
    }
    assert!(head.starts_with("POST /v1/uploads HTTP/1.1\r\n") && head.contains("Bearer bwt_1_s3cret"), "{head}");
    let field = |name: &str| {
        head.lines().find_map(|line| Some(line.split_once(": ")?.1).filter(|_| line.to_lowercase().starts_with(name)))
    };
    let mut body = vec![0; field("content-length").unwrap().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    let boundary = format!("--{}", field("content-type").unwrap().split_once("boundary=").unwrap().1);
    let body = String::from_utf8(body).unwrap();
    let parts = body.split(&boundary).filter_map(|part| part.split_once("\r\n\r\n"));
    parts
        .map(|(head, content)| {
            let name = head.split_once("name=\"").unwrap().1.split('"').next().unwrap();
            (name.to_owned(), content.strip_suffix("\r\n").unwrap().as_bytes().to_vec())
        })
        .collect()
}

/// Uploads in a folder with these files; answers what the tool left and what was sent.
fn upload(files: &[(&str, &str)], arguments: &[&str], gate: Value) -> (Done, Parts) {
    let folder = folder(files);
    let (address, served) = serve(gate);
    let variables =
        [("BOMWARDEN_SERVER_URL", address.as_str()), ("BOMWARDEN_TOKEN", "bwt_1_s3cret"), ("HTTP_PROXY", "http://127.0.0.1:9")];
    let arguments: Vec<_> = ["upload", "--project", "shop", "--release", "main"].iter().chain(arguments).copied().collect();
    let done = run_with(folder.path(), &arguments, &variables);
    assert!(!done.out.contains("s3cret") && !done.err.contains("s3cret"), "{} {}", done.out, done.err);
    assert!(done.err.is_empty(), "{}", done.err);
    (done, served.join().unwrap())
}

fn open() -> Value {
    json!({"failed": false, "reasons": []})
}

fn slots(parts: &Parts) -> Vec<String> {
    let meta: Value = serde_json::from_slice(&parts["meta"]).unwrap();
    meta["documents"].as_array().unwrap().iter().map(|document| document["slot"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn without_a_file_the_lockfiles_here_are_sent_as_one_run() {
    let (done, parts) = upload(&[("a/Cargo.lock", CARGO_LOCK), ("Cargo.lock", CARGO_LOCK)], &["--complete"], open());
    assert_eq!(done.code, 0, "{}", done.err);
    let meta: Value = serde_json::from_slice(&parts["meta"]).unwrap();
    assert_eq!((&meta["project"], &meta["release"], &meta["complete"]), (&"shop".into(), &"main".into(), &true.into()));
    assert_eq!((&meta["run"]["provider"], &meta["run"]["attempt"]), (&"local".into(), &1.into()));
    assert!(meta["run"]["id"].as_str().is_some_and(|id| !id.is_empty()) && meta["run"]["pull_request"].is_null());
    assert_eq!(slots(&parts), ["Cargo.lock", "a/Cargo.lock"]);
    let document: Value = serde_json::from_slice(&parts["doc0"]).unwrap();
    assert_eq!(document["bomFormat"], "CycloneDX");
    assert!(
        done.out.contains("shop main\n")
            && done.out.contains("Cargo.lock: 3 components, new (+3 -0), findings: 1 malicious, 2 high")
    );
}

#[test]
fn an_sbom_is_sent_byte_for_byte_to_the_slot_of_its_image() {
    let (done, parts) = upload(&[("out/image.cdx.json", SBOM)], &["out/image.cdx.json", "--pull-request", "42"], open());
    assert_eq!(
        (done.code, parts["doc0"].as_slice(), slots(&parts)),
        (0, SBOM.as_bytes(), vec!["registry.example/shop".to_owned()])
    );
    let meta: Value = serde_json::from_slice(&parts["meta"]).unwrap();
    assert_eq!(meta["run"]["pull_request"], "42");
}

#[test]
fn slots_can_be_named() {
    let (_, parts) =
        upload(&[("a.json", SBOM), ("b.json", SBOM)], &["a.json", "b.json", "--slot", "one", "--slot", "two"], open());
    assert_eq!(slots(&parts), ["one", "two"]);
}

#[test]
fn a_folder_without_lockfiles_sends_its_sboms() {
    let plain = SBOM.replace("container", "application");
    let (_, parts) =
        upload(&[("out/x/a.cdx.json", &plain), ("out/b.spdx.json", &plain), ("out/readme.json", "{}")], &["out"], open());
    assert_eq!(slots(&parts), ["b.spdx.json", "x/a.cdx.json"]);
}

#[test]
fn a_failed_gate_is_exit_code_1() {
    let gate = json!({"failed": true, "reasons": ["`left` is malicious"]});
    let (done, _) = upload(&[("Cargo.lock", CARGO_LOCK)], &[], gate);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("policy: `left` is malicious\n"), "{}", done.out);
}

#[test]
fn the_answer_is_passed_on_as_json() {
    let (done, _) = upload(&[("Cargo.lock", CARGO_LOCK)], &["--json"], open());
    let answer: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!((done.code, &answer["upload"], &answer["slots"][0]["slot"]), (0, &"u".into(), &"Cargo.lock".into()));
}

#[test]
fn two_documents_for_one_slot_are_refused_before_anything_is_sent() {
    let folder = folder(&[("a.json", SBOM), ("b.json", SBOM)]);
    let variables = [("BOMWARDEN_SERVER_URL", "http://127.0.0.1:9"), ("BOMWARDEN_TOKEN", "bwt_1_s3cret")];
    let done = run_with(folder.path(), &["upload", "--project", "p", "--release", "r", "a.json", "b.json"], &variables);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("two documents belong to the slot `registry.example/shop`; name a `--slot`"), "{}", done.err);
}
