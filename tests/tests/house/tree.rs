//! The project's own files: what git tracks or would, or, in an unpacked
//! archive, everything but what building leaves behind.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().expect("the tests' crate lies in the workspace").to_path_buf()
}

/// The project's files as paths from [`root`], with `/`, sorted.
pub fn files() -> Vec<String> {
    let root = root();
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&root)
        .output()
        .ok()
        .filter(|output| output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let mut files: Vec<String> = match listed {
        Some(list) => list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect(),
        None => walk(&root, &root),
    };
    files.retain(|path| root.join(path).is_file());
    files.sort();
    files.dedup();
    assert!(files.len() > 20, "only {} files were found below {}", files.len(), root.display());
    files
}

/// The text of one of [`files`]; `None` where it is not UTF-8.
pub fn text(path: &str) -> Option<String> {
    let bytes = std::fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    String::from_utf8(bytes).ok()
}

/// The Rust files among [`files`], each with its text.
pub fn rust_files() -> Vec<(String, String)> {
    files().into_iter().filter(|path| path.ends_with(".rs")).filter_map(|path| text(&path).map(|text| (path, text))).collect()
}

fn walk(folder: &Path, root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" && name != ".git" && name != "bomwarden-data" {
            found.extend(walk(&path, root));
        } else if path.is_file()
            && let Ok(below) = path.strip_prefix(root)
        {
            found.push(below.to_string_lossy().replace('\\', "/"));
        }
    }
    found
}
