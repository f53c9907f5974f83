//! What goes wrong around a scan: input that is none, a database that is damaged,
//! replaced meanwhile, or updated twice at once.

use super::{answers, database, record, told, update};
use anyhow::Result;
use bomwarden_tests::cli::run;
use bomwarden_tests::programs;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

fn left(id: &str) -> Value {
    record(id, "npm", "left", &[("introduced", "0"), ("fixed", "2.0.0")])
}

#[test]
fn lines_that_are_no_purl_are_told_in_their_place() -> Result<()> {
    let folder = database(&[left("X-1")])?;
    let mut lines: Vec<u8> = b"pkg:npm/left@1.0.0\r\n\n".to_vec();
    lines.extend(b"\xff\xfe\n");
    lines.extend(vec![b'a'; 10 << 20]);
    lines.extend(b"\npkg:npm/\0@1\npkg:\nnpm/left@1.0.0\n{}\n  pkg:npm/left@1.0.0  \npkg:npm/left@");
    lines.extend([b"1".repeat(5_000), b"\npkg:npm/left@1.0.0".to_vec()].concat());
    let answers = answers(folder.path(), &lines)?;
    let told: Vec<String> = answers.iter().map(|answer| told(answer).chars().take(18).collect()).collect();
    let expect = [
        "X-1",
        "error: the line is",
        "error: the line is",
        "error: the line ha",
        "error: the line ha",
        "error: `pkg:` is n",
        "error: `npm/left@1",
        "error: `{}` is no ",
        "X-1",
        "",
        "X-1",
    ];
    assert_eq!(told, expect);
    assert!(answers.iter().all(|answer| answer.to_string().len() < 20_000), "no answer repeats what is endless");
    Ok(())
}

#[test]
fn a_database_that_is_not_as_it_was_written_never_answers() -> Result<()> {
    let folder = database(&[left("X-1")])?;
    let path = folder.path().join("all.db");
    let sound = std::fs::read(&path)?;
    let changed = |at: usize| {
        let mut bytes = sound.clone();
        bytes[at] ^= 1;
        bytes
    };
    let block = sound.windows(3).position(|three| three == b"X-1").expect("the id");
    std::fs::write(folder.path().join("purls.txt"), "pkg:npm/left@1.0.0\n")?;
    for (what, bytes, words) in [
        ("empty", Vec::new(), "no advisory database"),
        ("something else", b"my notes".repeat(40), "no advisory database"),
        ("cut in its header", sound[..60].to_vec(), "no advisory database"),
        ("cut in its content", sound[..sound.len() - 1].to_vec(), "damaged"),
        ("longer", [sound.clone(), vec![0]].concat(), "damaged"),
        ("another version", changed(8), "version"),
        ("a damaged size", changed(20), "damaged"),
        ("a damaged record", changed(block), "damaged"),
    ] {
        std::fs::write(&path, bytes)?;
        for arguments in [&["scan", "--purls", "purls.txt", "--json", "--db", "all.db"][..], &["db", "show", "--db", "all.db"]] {
            let ran = run(folder.path(), None, arguments)?.with_code(2)?;
            assert!(ran.err.contains(words) && ran.err.lines().count() == 1, "{what}: {}", ran.err);
            assert!(!ran.out.contains("\"matches\""), "{what}: {}", ran.out);
        }
        let before = std::fs::read(&path)?;
        update(folder.path(), "records.ndjson")?.with_code(2)?;
        assert_eq!(std::fs::read(&path)?, before, "{what}: it is not replaced unasked");
    }
    Ok(())
}

#[test]
fn updates_at_once_lose_nothing() -> Result<()> {
    let folder = database(&[left("X-0")])?;
    let mut updates = Vec::new();
    for n in 1..6 {
        std::fs::write(folder.path().join(format!("{n}.json")), left(&format!("X-{n}")).to_string())?;
        let mut command = Command::new(programs::cli()?);
        let from = format!("{n}.json");
        command.current_dir(folder.path()).args(["db", "update", "--quiet", "--from", &from, "--db", "all.db"]);
        updates.push(command.stdout(Stdio::null()).spawn()?);
    }
    // A scan that runs meanwhile reads the old database or a new one, whole.
    for _ in 0..5 {
        let seen = answers(folder.path(), b"pkg:npm/left@1.0.0\n")?;
        assert!(told(&seen[0]).starts_with("X-0"), "{seen:?}");
    }
    for mut update in updates {
        assert!(update.wait()?.success());
    }
    assert_eq!(told(&answers(folder.path(), b"pkg:npm/left@1.0.0\n")?[0]), "X-0 X-1 X-2 X-3 X-4 X-5");
    Ok(())
}

#[test]
fn a_source_that_is_broken_takes_nothing_away() -> Result<()> {
    let folder = database(&[left("X-1")])?;
    let before = std::fs::read(folder.path().join("all.db"))?;
    for (name, bytes) in [("half.zip", b"PK\x03\x04half".as_slice()), ("page.html", b"<html>"), ("empty.json", b"")] {
        std::fs::write(folder.path().join(name), bytes)?;
        let ran = update(folder.path(), name)?.with_code(2)?;
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
        assert_eq!(std::fs::read(folder.path().join("all.db"))?, before, "{name}");
    }
    let older = record("X-1", "npm", "left", &[("introduced", "0"), ("fixed", "9.0.0")]);
    let mut older = older;
    older["modified"] = "2025-01-01T00:00:00Z".into();
    std::fs::write(folder.path().join("older.json"), older.to_string())?;
    update(folder.path(), "older.json")?.with_code(0)?;
    assert_eq!(told(&answers(folder.path(), b"pkg:npm/left@3.0.0\n")?[0]), "", "an older snapshot changes nothing");
    assert!(Path::new(&folder.path().join("all.db.lock")).exists());
    Ok(())
}
