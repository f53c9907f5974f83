//! The mistakes of `tests/mutants/` still fit the code they are made in; whether a test
//! notices them, `make mutants` says.

use super::{must_be_empty, tree};

#[test]
fn every_mistake_still_fits() {
    let mut faults = Vec::new();
    let patches: Vec<String> = tree::files().into_iter().filter(|path| path.starts_with("tests/mutants/")).collect();
    assert!(!patches.is_empty(), "tests/mutants/ holds no patch");
    for path in patches {
        let hunks = hunks(&tree::text(&path).unwrap_or_default());
        if hunks.is_empty() {
            faults.push(format!("{path}: it makes no mistake"));
        }
        for (file, before) in hunks {
            if tree::text(&file).is_none_or(|text| !text.contains(&before)) {
                faults.push(format!("{path}: `{file}` has changed where it makes its mistake; make it anew"));
            }
        }
    }
    must_be_empty("a mistake that fits no more is never made:", &faults);
}

/// Of each hunk of a patch the file and the lines it expects there.
fn hunks(patch: &str) -> Vec<(String, String)> {
    let (mut hunks, mut file) = (Vec::<(String, String)>::new(), "");
    for line in patch.lines() {
        if let Some(path) = line.strip_prefix("--- a/") {
            file = path;
        } else if line.starts_with("@@ ") {
            hunks.push((file.to_owned(), String::new()));
        } else if let (Some((_, before)), Some(kept)) = (hunks.last_mut(), line.strip_prefix([' ', '-'])) {
            before.push_str(kept);
            before.push('\n');
        }
    }
    hunks
}
