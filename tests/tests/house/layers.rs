//! The layers of docs/ARCHITECTURE.md: a file of the server imports from rows
//! below its own, from its own row only as long as no circle comes about, and a
//! foreign crate is spoken to in one place only.

use super::{must_be_empty, rust, tree};
use std::collections::BTreeSet;

/// The server's top-level modules and the row each stands in.
const ROWS: &[(u8, &[&str])] = &[
    (6, &["main", "app", "commands", "demo", "simulated"]),
    (5, &["http", "jobs"]),
    (4, &["advisories", "ingest", "inventory", "rematch", "recheck", "counts", "triage", "watch", "exposure", "outbox"]),
    (3, &["services", "feeds", "registries", "alerts", "auth"]),
    (2, &["store", "net", "mailer"]),
    (1, &["config", "clock", "error", "fact", "logs", "metrics", "parcel", "stop", "wake"]),
];

/// Modules whose files are pure plug-ins: they see rows 0 and 1 only.
const PLUG_INS: &[&str] = &["feeds", "registries", "alerts"];

/// Foreign crates that live in one place, and the place.
const HOMES: &[(&[&str], &[&str])] = &[
    (&["diesel", "diesel_migrations"], &["server/src/store"]),
    (&["actix_web", "actix_multipart", "askama", "utoipa"], &["server/src/http"]),
    (&["tokio_cron_scheduler"], &["server/src/jobs"]),
    (&["argon2", "totp_rs", "openidconnect"], &["server/src/auth"]),
    (&["reqwest"], &["server/src/net", "cli/src/send"]),
    (&["lettre"], &["server/src/mailer"]),
    (&["cyclonedx_bom", "spdx_rs"], &["bom/src/format"]),
];

/// What `bom` never names: it reads no clock and does no I/O.
const NOT_IN_BOM: &[(&str, &str)] = &[
    ("Utc::now", "reads the clock; take the time as a parameter"),
    ("Local::now", "reads the clock; take the time as a parameter"),
    ("SystemTime", "reads the clock; take the time as a parameter"),
    ("Instant::now", "reads the clock; take the time as a parameter"),
    ("std::fs", "does I/O; take bytes, or a `Files`"),
    ("std::net", "does I/O; return a `Request`"),
    ("std::env", "reads the surroundings; take a parameter"),
    ("std::process", "does I/O; that is a driver's work"),
    ("tokio", "is asynchronous; `bom` computes on values"),
];

#[test]
fn every_file_imports_only_from_rows_below_its_own() {
    let mut faults = Vec::new();
    for (path, text) in product_files() {
        let code = rust::without_tests(&rust::code(&text));
        for (line, names) in rust::paths(&code) {
            faults.extend(judge(&path, &names).map(|fault| format!("{path}:{line}: {fault}")));
        }
    }
    must_be_empty("the layers of docs/ARCHITECTURE.md are broken:", &faults);
}

fn product_files() -> Vec<(String, String)> {
    let ours = |path: &str| ["bom/src/", "server/src/", "cli/src/"].iter().any(|folder| path.starts_with(folder));
    let mut files: Vec<(String, String)> = tree::rust_files().into_iter().filter(|(path, _)| ours(path)).collect();
    let for_tests: Vec<String> = files.iter().flat_map(|(path, text)| test_files(path, text)).collect();
    let inside = |path: &str, file: &String| path == file || path.starts_with(&file.replace(".rs", "/"));
    files.retain(|(path, _)| !for_tests.iter().any(|file| inside(path, file)));
    files
}

/// The files that the one at `path` declares as modules for tests only.
fn test_files(path: &str, text: &str) -> Vec<String> {
    let folder = path.trim_end_matches(".rs");
    let folder = folder.strip_suffix("/lib").or(folder.strip_suffix("/main")).unwrap_or(folder);
    rust::test_modules(&rust::code(text)).iter().map(|name| format!("{folder}/{name}.rs")).collect()
}

/// What is wrong with the file at `path` naming `names`, as a sentence.
fn judge(path: &str, names: &[String]) -> Option<String> {
    let full = names.join("::");
    let first = names.first().map_or("", String::as_str);
    foreign(path, first).or_else(|| match path.split('/').next() {
        Some("bom") => impure(&full),
        Some("cli") => (first == "bomwarden_server").then(|| "`cli` imports `bom` only; move what both need there".to_owned()),
        _ => clock(path, &full).or_else(|| upward(path, names)),
    })
}

fn foreign(path: &str, name: &str) -> Option<String> {
    let (_, homes) = HOMES.iter().find(|(crates, _)| crates.contains(&name))?;
    let at_home = |home: &&str| path.strip_prefix(*home).is_some_and(|rest| rest.starts_with('/') || rest == ".rs");
    let spoken = homes.iter().any(at_home);
    (!spoken).then(|| format!("`{name}` is spoken to in {} only; ask that module instead", homes.join(" and ")))
}

fn impure(full: &str) -> Option<String> {
    let hit = |name: &str| format!("::{full}::").contains(&format!("::{name}::"));
    NOT_IN_BOM.iter().find(|(name, _)| hit(name)).map(|(name, why)| format!("`bom` is pure, and `{name}` {why}"))
}

fn clock(path: &str, full: &str) -> Option<String> {
    let reads = full.ends_with("Utc::now") || full.ends_with("Local::now") || full.ends_with("SystemTime::now");
    let home = path == "server/src/clock.rs" || path.starts_with("server/src/clock/");
    (reads && !home).then(|| format!("`{full}` reads the clock; ask the `Clock` that the services hold"))
}

fn upward(path: &str, names: &[String]) -> Option<String> {
    let here = module_of(path);
    let target = resolve(&here, names)?;
    let (from, to) = (here.first().map_or("main", String::as_str), target.as_str());
    if from == to || !is_module(to) {
        return None;
    }
    let Some(own_row) = row(from) else {
        return Some(format!("`{from}` stands in no row; give it one in docs/ARCHITECTURE.md and in this test"));
    };
    let row = row(to)?;
    if PLUG_INS.contains(&from) && row > 1 {
        return Some(format!(
            "`{from}` holds pure plug-ins, which see rows 0 and 1 only, not `{to}`; let a driver of row 4 do that"
        ));
    }
    (row > own_row).then(|| format!("`{from}` is in row {own_row} and names `{to}` of row {row}; import only from rows below"))
}

/// The module path of a file below `server/src`; empty for the crate's roots.
fn module_of(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("server/src/").trim_end_matches(".rs");
    let names: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if names == ["main"] || names == ["lib"] { Vec::new() } else { names }
}

/// The top-level module of the server that `names`, written in module `here`, leads to.
fn resolve(here: &[String], names: &[String]) -> Option<String> {
    let climbed = names.iter().take_while(|name| *name == "super").count();
    match names.first()?.as_str() {
        "crate" | "bomwarden_server" => names.get(1).cloned(),
        "super" if climbed >= here.len() => names.get(climbed).cloned(),
        "super" | "self" => here.first().cloned(),
        _ => None,
    }
}

fn row(module: &str) -> Option<u8> {
    ROWS.iter().find(|(_, modules)| modules.contains(&module)).map(|(row, _)| *row)
}

fn is_module(name: &str) -> bool {
    let folder = tree::root().join("server/src");
    folder.join(format!("{name}.rs")).is_file() || folder.join(name).is_dir() || row(name).is_some()
}

#[test]
fn modules_of_one_row_do_not_go_round_in_a_circle() {
    let mut uses: BTreeSet<(String, String)> = BTreeSet::new();
    for (path, text) in product_files().iter().filter(|(path, _)| path.starts_with("server/src/")) {
        let here = module_of(path);
        let code = rust::without_tests(&rust::code(text));
        let targets = rust::paths(&code).into_iter().filter_map(|(_, names)| resolve(&here, &names));
        let Some(from) = here.first() else { continue };
        uses.extend(targets.filter(|to| to != from && row(to) == row(from)).map(|to| (from.clone(), to)));
    }
    let faults: Vec<String> = uses
        .iter()
        .filter(|(from, to)| reaches(&uses, to, from))
        .map(|(from, to)| format!("`{from}` uses `{to}`, which leads back to `{from}`; move what both need below them"))
        .collect();
    must_be_empty("modules of one row go round in a circle:", &faults);
}

/// Whether one can come from `from` to `to` by way of `uses`.
fn reaches(uses: &BTreeSet<(String, String)>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        for (_, next) in uses.iter().filter(|(module, _)| module == at) {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

#[test]
fn every_top_level_module_of_the_server_has_a_row() {
    let mut faults = Vec::new();
    for (path, _) in product_files().iter().filter(|(path, _)| path.starts_with("server/src/")) {
        if let Some(module) = module_of(path).first()
            && row(module).is_none()
        {
            faults.push(format!("{path}: `{module}` stands in no row; give it one in docs/ARCHITECTURE.md and in this test"));
        }
    }
    must_be_empty("the layers of docs/ARCHITECTURE.md are incomplete:", &faults);
}

#[test]
fn a_wrong_import_is_told_with_what_to_do() {
    for (path, named, expect) in [
        ("server/src/ingest/slot.rs", "crate::http::Page", "import only from rows below"),
        ("server/src/ingest/slot.rs", "crate::store::Db", ""),
        ("server/src/ingest/slot.rs", "super::super::jobs::run", "import only from rows below"),
        ("server/src/store/held.rs", "crate::ingest::accept", "import only from rows below"),
        ("server/src/feeds/osv.rs", "crate::store::Db", "pure plug-ins"),
        ("server/src/feeds/osv.rs", "crate::error::AppError", ""),
        ("server/src/http/pages/x.rs", "diesel::prelude", "server/src/store only"),
        ("server/src/store/held.rs", "diesel::prelude", ""),
        ("server/src/storehouse.rs", "diesel::prelude", "server/src/store only"),
        ("server/src/rematch.rs", "chrono::Utc::now", "ask the `Clock`"),
        ("bom/src/purl.rs", "Utc::now", "take the time as a parameter"),
        ("bom/src/purl.rs", "std::fs::read", "does I/O"),
        ("bom/src/format/x.rs", "cyclonedx_bom::models", ""),
        ("cli/src/upload.rs", "reqwest::blocking", "cli/src/send only"),
        ("cli/src/send.rs", "reqwest::blocking", ""),
        ("cli/src/send.rs", "bomwarden_server::store", "imports `bom` only"),
    ] {
        let names: Vec<String> = named.split("::").map(str::to_owned).collect();
        let said = judge(path, &names).unwrap_or_default();
        assert!(said.contains(expect) && said.is_empty() == expect.is_empty(), "{path} naming {named}: {said:?}");
    }
}
