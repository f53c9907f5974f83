//! Which installed package a name means, seen from a folder: Node.js looks into
//! `node_modules` there and in every folder above.

use crate::reading::ReadError;
use foldhash::fast::RandomState;
use std::cmp::Ordering;
use std::collections::HashMap;

/// Levels of `node_modules` in each other; a path of a file system holds fewer.
pub(super) const DEPTH: usize = 100;

/// The folders in which packages are installed.
pub(in crate::lockfile) struct Folders<'a> {
    /// A number for each folder that has a `node_modules`.
    numbers: HashMap<&'a str, u32, RandomState>,
    /// By that number, the next such folder above.
    above: Vec<Option<u32>>,
    /// By the folder's number and the package's name, the place among the keys.
    installed: HashMap<(u32, &'a str), usize, RandomState>,
    /// Places of keys that are in no `node_modules`.
    others: HashMap<&'a str, usize, RandomState>,
    /// By the place of a key, the folder in which a search from there begins.
    starts: Vec<Option<u32>>,
}

impl<'a> Folders<'a> {
    /// The folders that `keys` are the paths of.
    ///
    /// # Errors
    /// [`ReadError`] when they lie too deep in each other.
    pub(in crate::lockfile) fn new(keys: &[&'a str]) -> Result<Self, ReadError> {
        let mut folders = Self {
            numbers: HashMap::default(),
            above: Vec::new(),
            installed: HashMap::with_capacity_and_hasher(keys.len(), RandomState::default()),
            others: HashMap::default(),
            starts: vec![None; keys.len()],
        };
        for (at, key) in keys.iter().enumerate() {
            match split(key) {
                Some((folder, name)) => {
                    let number = folders.number(folder);
                    folders.installed.insert((number, name), at);
                }
                None => {
                    folders.others.insert(key, at);
                }
            }
        }
        folders.link(keys)?;
        Ok(folders)
    }

    fn number(&mut self, folder: &'a str) -> u32 {
        let next = u32::try_from(self.above.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(folder).or_insert(next);
        if number == next {
            self.above.push(None);
        }
        number
    }

    /// Finds for each folder and key the folder above: in the order of paths those
    /// that hold a path are the ones last met.
    fn link(&mut self, keys: &[&'a str]) -> Result<(), ReadError> {
        let folders = self.numbers.iter().map(|(folder, number)| (*folder, None, *number));
        let mut paths: Vec<(&str, Option<usize>, u32)> = folders.collect();
        paths.extend(keys.iter().enumerate().map(|(at, key)| (*key, Some(at), 0)));
        // A folder comes before the key of the same path.
        paths.sort_by(|a, b| by_parts(a.0, b.0).then(a.1.cmp(&b.1)));
        let mut open: Vec<(&str, u32)> = Vec::new();
        for (path, key, number) in paths {
            while open.last().is_some_and(|(above, _)| !is_in(path, above)) {
                open.pop();
            }
            let last = open.last().map(|(_, number)| *number);
            match key {
                Some(at) => self.starts.iter_mut().skip(at).take(1).for_each(|start| *start = last),
                None if open.len() >= DEPTH => {
                    return Err(ReadError::whole(format!("packages are installed more than {DEPTH} deep in each other")));
                }
                None => {
                    self.above.iter_mut().skip(number as usize).take(1).for_each(|above| *above = last);
                    open.push((path, number));
                }
            }
        }
        Ok(())
    }

    /// The place of the key `path`.
    pub(in crate::lockfile) fn place(&self, path: &str) -> Option<usize> {
        match split(path) {
            Some((folder, name)) => self.installed.get(&(*self.numbers.get(folder)?, name)),
            None => self.others.get(path),
        }
        .copied()
    }

    /// The place of what `name` means, seen from the key at `place`.
    pub(in crate::lockfile) fn find(&self, place: usize, name: &str) -> Option<usize> {
        let mut folder = self.starts.get(place).copied().flatten();
        while let Some(number) = folder {
            if let Some(found) = self.installed.get(&(number, name)) {
                return Some(*found);
            }
            folder = self.above.get(number as usize).copied().flatten();
        }
        None
    }

    /// The place of what `name` means, seen from the root.
    pub(in crate::lockfile) fn find_at_root(&self, name: &str) -> Option<usize> {
        self.installed.get(&(*self.numbers.get("")?, name)).copied()
    }
}

/// The folder that has the last `node_modules` of `key`, and the name in there.
fn split(key: &str) -> Option<(&str, &str)> {
    let (before, name) = key.rsplit_once("node_modules/")?;
    let folder = before.strip_suffix('/').or(before.is_empty().then_some(""))?;
    (!folder.ends_with("node_modules")).then_some((folder, name))
}

/// Whether `path` is `folder` or in it.
fn is_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The order of paths part by part: what is in a folder follows it.
fn by_parts(a: &str, b: &str) -> Ordering {
    let rank = |byte: u8| if byte == b'/' { 0 } else { byte };
    a.bytes().map(rank).cmp(b.bytes().map(rank))
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
        let keys = [
            "",
            "node_modules/a",
            "node_modules/a/node_modules/b",
            "node_modules/b",
            "node_modules/@s/c",
            "lib/node_modules/b",
            "lib",
            "lib-x",
        ];
        let folders = Folders::new(&keys).unwrap();
        for (from, name, found) in [
            ("", "a", Some("node_modules/a")),
            ("", "x", None),
            ("node_modules/a", "b", Some("node_modules/a/node_modules/b")),
            ("node_modules/@s/c", "b", Some("node_modules/b")),
            ("node_modules/b", "@s/c", Some("node_modules/@s/c")),
            ("lib", "b", Some("lib/node_modules/b")),
            ("lib", "a", Some("node_modules/a")),
            ("lib-x", "b", Some("node_modules/b")),
            ("lib/node_modules/b", "x", None),
        ] {
            let place = folders.place(from).unwrap();
            assert_eq!(folders.find(place, name).map(|at| keys[at]), found, "{name} from {from}");
        }
        assert_eq!((folders.find_at_root("b"), folders.find_at_root("x")), (Some(3), None));
        assert_eq!((folders.place("lib/node_modules/b"), folders.place("nowhere")), (Some(5), None));
        assert_eq!(name_of("node_modules/a/node_modules/@s/c"), "@s/c");
        assert_eq!(name_of("packages/tool"), "tool");
    }

    #[test]
    fn folders_too_deep_in_each_other_are_refused() {
        let key = "node_modules/a/".repeat(DEPTH + 1);
        let keys: Vec<&str> = (1..=DEPTH + 1).map(|level| &key[..level * 15 - 1]).collect();
        assert!(Folders::new(&keys[..DEPTH]).is_ok());
        let Err(error) = Folders::new(&keys) else { panic!("read") };
        assert!(error.text.contains("more than 100 deep"), "{error}");
    }
}
