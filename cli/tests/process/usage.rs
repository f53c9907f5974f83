//! Exit codes, what goes to which stream, and what the commands that only look
//! say.

use crate::tool::{folder, run};

/// A lockfile of a project that needs one crate, which needs another.
const CARGO_LOCK: &str = r#"version = 4

[[package]]
name = "itoa"
version = "1.0.0"
source = "registry+https://crates.example/index"
checksum = "8f42a60cbdf9a97f5d2305f08a87dc4e09308d1276d28c869c684d7777685682"

[[package]]
name = "shop"
version = "0.1.0"
dependencies = ["stamp"]

[[package]]
name = "stamp"
version = "0.3.0"
source = "registry+https://crates.example/index"
checksum = "92ecc6618181def0457392ccd0ee51198e065e016d1d527a7ac1b6dc7c1f09d2"
dependencies = ["itoa"]
"#;

#[test]
fn wrong_usage_is_one_line_and_exit_code_2() {
    let folder = folder(&[]);
    for (arguments, told) in [
        (vec![], "error: no command was named; `bomwarden --help` lists them\n"),
        (vec!["nonsense"], "error: unrecognized subcommand `nonsense`; run `bomwarden --help` or `bomwarden COMMAND --help`\n"),
        (vec!["inspect", "missing.json"], "error: `missing.json` does not exist; check the path\n"),
        (vec!["generate", "missing"], "error: `missing` does not exist; check the path\n"),
        (
            vec!["inspect", "--as", "nonsense", "x"],
            "error: `nonsense` is no kind of file; `bomwarden inspect --kinds` lists them\n",
        ),
    ] {
        let done = run(folder.path(), &arguments);
        assert_eq!((done.code, done.err.as_str(), done.out.as_str()), (2, told, ""), "{arguments:?}");
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    let folder = folder(&[]);
    for arguments in [["--help"], ["--version"]] {
        let done = run(folder.path(), &arguments);
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{arguments:?}");
        assert!(done.out.to_lowercase().contains("bomwarden"), "{}", done.out);
    }
}

#[test]
fn nothing_found_is_an_error_and_never_an_empty_document() {
    let folder = folder(&[("package.json", "{}")]);
    let done = run(folder.path(), &["generate"]);
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    assert!(done.err.contains("`package.json` is there: run `npm install --package-lock-only` first"), "{}", done.err);
}

#[test]
fn inspect_lists_one_object_for_each_file_even_for_one_that_is_unreadable() {
    let folder = folder(&[("Cargo.lock", CARGO_LOCK), ("broken.json", "{")]);
    let done = run(folder.path(), &["inspect", "--json", "--packages", "broken.json", "Cargo.lock"]);
    assert_eq!(done.code, 2);
    let rows: Vec<serde_json::Value> = done.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[0]["error"].is_string(), "{}", rows[0]);
    assert_eq!(
        (&rows[1]["kind"], &rows[1]["format"], &rows[1]["version"]),
        (&"lockfile".into(), &"cargo-lock".into(), &"4".into())
    );
    assert_eq!(
        (&rows[1]["components"], &rows[1]["with_purl"], &rows[1]["edges"]),
        (&3.into(), &3.into(), &2.into()),
        "with the project itself"
    );
    assert_eq!(rows[1]["packages"][0]["purl"], "pkg:cargo/itoa@1.0.0");
    assert_eq!(rows[1]["packages"].as_array().map(Vec::len), Some(3));
    let judged: Vec<_> =
        rows[1]["quality"]["elements"].as_array().unwrap().iter().map(|e| (&e["element"], &e["verdict"])).collect();
    assert!(judged.contains(&(&"component-version".into(), &"met".into())), "{judged:?}");
    assert!(judged.contains(&(&"supplier".into(), &"missing".into())), "{judged:?}");
    assert!(judged.contains(&(&"format".into(), &"cannot_tell".into())), "{judged:?}");
    let told = run(folder.path(), &["inspect", "Cargo.lock"]);
    assert!(told.out.contains("missing supplier: none of 3 has a supplier"), "{}", told.out);
}

#[test]
fn a_folder_is_inspected_as_one() {
    let folder = folder(&[("a/Cargo.lock", CARGO_LOCK), ("b/Cargo.lock", CARGO_LOCK)]);
    let done = run(folder.path(), &["inspect", "--json", "."]);
    let row: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!((done.code, &row["kind"], &row["format"]), (0, &"directory".into(), &"2 lockfiles".into()));
}

#[test]
fn differences_are_exit_code_1() {
    let newer = CARGO_LOCK.replace("version = \"1.0.0\"", "version = \"1.1.0\"");
    let folder = folder(&[("a/Cargo.lock", CARGO_LOCK), ("b/Cargo.lock", &newer)]);
    let same = run(folder.path(), &["diff", "a/Cargo.lock", "a/Cargo.lock"]);
    assert_eq!((same.code, same.out.as_str()), (0, "no difference\n"));
    let other = run(folder.path(), &["diff", "a/Cargo.lock", "b/Cargo.lock"]);
    assert_eq!((other.code, other.err.as_str()), (1, ""));
    assert!(other.out.contains("upgraded itoa (crates.io) 1.0.0 to 1.1.0 from https://crates.example/index\n"), "{}", other.out);
    let json = run(folder.path(), &["diff", "--json", "a/Cargo.lock", "b/Cargo.lock"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["upgraded"][0]["to"]["version"], "1.1.0");
}

#[test]
fn upload_says_what_is_missing_before_it_reads_anything() {
    let folder = folder(&[]);
    for (arguments, told) in [
        (vec!["upload"], "no server was named; give `--server ADDRESS`, or set BOMWARDEN_SERVER_URL"),
        (vec!["upload", "--server", "http://127.0.0.1:9"], "no token was named; give `--token TOKEN`, or set BOMWARDEN_TOKEN"),
        (vec!["upload", "--server", "127.0.0.1:9", "--token", "bwt_1_s3cret"], "the server's address"),
    ] {
        let done = run(folder.path(), &arguments);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{arguments:?}");
        assert!(done.err.contains(told) && !done.err.contains("s3cret"), "{}", done.err);
    }
}

#[test]
fn registries_are_shown_without_secrets() {
    let folder = folder(&[(".npmrc", "registry=https://u:s3cret@npm.example/?token=s3cret\n//npm.example/:_authToken=s3cret\n")]);
    for arguments in [vec!["registries", "show", "--no-run"], vec!["registries", "show", "--no-run", "--json"]] {
        let done = run(folder.path(), &arguments);
        assert_eq!(done.code, 0, "{}", done.err);
        assert!(done.out.contains("https://npm.example") && !done.out.contains("s3cret"), "{}", done.out);
    }
}
