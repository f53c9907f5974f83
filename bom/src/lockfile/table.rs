//! The table of kinds in `docs/lockfiles.md`, made from the slice. A test fails
//! when the file says something else; `UPDATE_DOCS=1` writes it anew.

use super::{LOCKFILES, Origins};

const HEAD: &str = "# Lockfiles

Bomwarden reads these files. This page is made from the readers themselves: after a change run
`UPDATE_DOCS=1 cargo test -p bomwarden-bom lockfile::table`.

*Registry* says where the file tells which registry a package came from: *in the file*, package by package; *client's
default*: the file is silent and the package manager's configuration decides; *unknown*: neither the file nor its kind tells.

| kind | files | ecosystem | registry |
|---|---|---|---|
";

fn table() -> String {
    let mut table = HEAD.to_owned();
    for kind in LOCKFILES {
        let names: Vec<String> = kind.names().iter().map(|name| format!("`{name}`")).collect();
        let origins = match kind.origins() {
            Origins::InFile => "in the file",
            Origins::ClientDefault => "client's default",
            Origins::Unknown => "unknown",
        };
        table.push_str(&format!("| `{}` | {} | {} | {origins} |\n", kind.kind(), names.join(", "), kind.ecosystem()));
    }
    table
}

#[test]
fn the_page_of_kinds_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/lockfiles.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, table()).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(page == table(), "docs/lockfiles.md is not what the readers say; run with UPDATE_DOCS=1");
}
