//! Which installed package a name means, seen from a folder: Node.js looks into
//! `node_modules` there and in every folder above.

use std::collections::HashMap;

/// The entry that `name` means in `folder`; `places` maps folders to entries.
pub(in crate::lockfile) fn find(places: &HashMap<&str, usize>, folder: &str, name: &str, path: &mut String) -> Option<usize> {
    let mut at = folder;
    loop {
        if !at.ends_with("node_modules") {
            path.clear();
            path.push_str(at);
            if !at.is_empty() {
                path.push('/');
            }
            path.push_str("node_modules/");
            path.push_str(name);
            if let Some(&found) = places.get(path.as_str()) {
                return Some(found);
            }
        }
        if at.is_empty() {
            return None;
        }
        at = at.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

/// The package's name that a folder tells: what follows the last `node_modules`,
/// or the folder's own name.
pub(super) fn name_of(folder: &str) -> &str {
    match folder.rsplit_once("node_modules/") {
        Some((_, name)) => name,
        None => folder.rsplit('/').next().unwrap_or(folder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_folder_wins() {
        let folders =
            ["node_modules/a", "node_modules/a/node_modules/b", "node_modules/b", "node_modules/@s/c", "lib/node_modules/b"];
        let places: HashMap<&str, usize> = folders.iter().enumerate().map(|(i, f)| (*f, i)).collect();
        for (from, name, found) in [
            ("", "a", Some(0)),
            ("node_modules/a", "b", Some(1)),
            ("node_modules/@s/c", "b", Some(2)),
            ("node_modules/b", "@s/c", Some(3)),
            ("lib", "b", Some(4)),
            ("lib", "a", Some(0)),
            ("lib/node_modules/b", "x", None),
        ] {
            assert_eq!(find(&places, from, name, &mut String::new()), found, "{name} from {from}");
        }
        assert_eq!(name_of("node_modules/a/node_modules/@s/c"), "@s/c");
        assert_eq!(name_of("packages/tool"), "tool");
    }
}
