//! Finds the lockfiles below a folder, as a monorepo has them. What `.gitignore`
//! excludes is passed over, links are not followed, and so are the folders where
//! other people's code lies.

use crate::Failure;
use bom::lockfile::{self, LOCKFILES, Lockfile};
use ignore::{DirEntry, WalkBuilder};
use std::path::{Path, PathBuf};

/// Deepest folder that is entered, counted from the root.
const DEEPEST: usize = 64;
/// Most lockfiles that one run takes.
const MOST: usize = 10_000;

/// Folders that hold other people's code or none, by their names.
const SKIPPED: &[&str] = &[".git", ".hg", ".svn", "node_modules", "bower_components", "target", "__pycache__", ".tox", ".nox"];
/// Files that mark a folder as a copy of other people's code: a vendored crate, a virtual environment, a cache.
const MARKERS: &[&str] = &[".cargo-checksum.json", "pyvenv.cfg", "CACHEDIR.TAG"];
/// The same in a folder `vendor`: Go modules, an installation of Composer.
const VENDOR_MARKERS: &[&str] = &["modules.txt", "composer/installed.json"];

/// A lockfile below the root.
pub struct Found {
    /// Its path below the root, with `/`.
    pub path: String,
    /// What it is.
    pub kind: &'static dyn Lockfile,
}

/// Which lockfiles are looked for.
#[derive(Clone, Default)]
pub struct Wanted {
    /// Only these kinds; empty for all.
    pub kinds: Vec<&'static dyn Lockfile>,
    /// What `.gitignore` excludes too.
    pub ignored: bool,
}

impl Wanted {
    fn of_name(&self, name: &str) -> Option<&'static dyn Lockfile> {
        if self.kinds.is_empty() {
            return lockfile::of_name(name);
        }
        self.kinds.iter().copied().find(|kind| kind.claims(name))
    }
}

/// The lockfiles below `root`, sorted by path.
///
/// # Errors
/// [`Failure`] when there are none, too many, or a folder cannot be read.
pub fn lockfiles(root: &Path, wanted: &Wanted) -> Result<Vec<Found>, Failure> {
    let found = walk(root, wanted)?;
    if !found.is_empty() {
        return Ok(found);
    }
    Err(nothing_found(root, wanted))
}

fn walk(root: &Path, wanted: &Wanted) -> Result<Vec<Found>, Failure> {
    let mut builder = WalkBuilder::new(root);
    builder.standard_filters(!wanted.ignored).hidden(false).ignore(false).require_git(false).follow_links(false);
    builder.max_depth(Some(DEEPEST)).filter_entry(|entry| entry.depth() == 0 || !is_foreign(entry));
    let mut found = Vec::new();
    for entry in builder.build() {
        let entry = entry.map_err(|error| unreadable(root, &error))?;
        let name = entry.file_name().to_str();
        let Some(kind) =
            name.filter(|_| entry.file_type().is_some_and(|kind| kind.is_file())).and_then(|name| wanted.of_name(name))
        else {
            continue;
        };
        found.push(Found { path: relative(root, entry.path()).ok_or_else(|| unnamable(entry.path()))?, kind });
        check_count(root, found.len(), "lockfiles")?;
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The SBOMs below `root` by their names, as paths below it; what `.gitignore` excludes too,
/// since it excludes what builds make.
///
/// # Errors
/// [`Failure`] when a folder cannot be read, or there are too many.
pub fn sboms(root: &Path) -> Result<Vec<String>, Failure> {
    let mut builder = WalkBuilder::new(root);
    builder.standard_filters(false).follow_links(false).max_depth(Some(DEEPEST));
    builder.filter_entry(|entry| entry.depth() == 0 || !is_foreign(entry));
    let mut found = Vec::new();
    for entry in builder.build() {
        let entry = entry.map_err(|error| unreadable(root, &error))?;
        let name = entry.file_name().to_string_lossy();
        if entry.file_type().is_some_and(|kind| kind.is_file()) && SBOM_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            found.push(relative(root, entry.path()).ok_or_else(|| unnamable(entry.path()))?);
        }
        check_count(root, found.len(), "SBOMs")?;
    }
    found.sort();
    Ok(found)
}

/// How names of SBOMs end.
const SBOM_ENDINGS: &[&str] =
    &[".cdx.json", ".cdx.xml", "bom.json", "bom.xml", ".spdx.json", ".spdx.yaml", ".spdx.yml", ".spdx", ".spdx3.json"];

fn unreadable(root: &Path, error: &ignore::Error) -> Failure {
    Failure::new(format!("`{}` cannot be looked through: {error}", root.display())).next("check its permissions")
}

fn unnamable(path: &Path) -> Failure {
    Failure::new(format!("`{}` has a name that is not UTF-8", path.display())).next("rename it or a folder above it")
}

fn check_count(root: &Path, count: usize, what: &str) -> Result<(), Failure> {
    match count > MOST {
        true => Err(Failure::new(format!("there are more than {MOST} {what} below `{}`", root.display()))
            .next("run the command on its subfolders")),
        false => Ok(()),
    }
}

/// Whether a folder holds other people's code.
fn is_foreign(entry: &DirEntry) -> bool {
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return false;
    }
    let marked = |markers: &[&str]| markers.iter().any(|marker| entry.path().join(marker).exists());
    match entry.file_name().to_str() {
        Some(name) if SKIPPED.contains(&name) => true,
        Some("vendor") => marked(VENDOR_MARKERS) || marked(MARKERS),
        _ => marked(MARKERS),
    }
}

/// `path` below `root`, with `/`; `None` when it is not UTF-8.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.strip_prefix(root).ok()?.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

/// Says what could be done where no lockfile was found.
fn nothing_found(root: &Path, wanted: &Wanted) -> Failure {
    let failure = Failure::new(format!("there is no lockfile below `{}`", root.display()));
    if !wanted.ignored {
        let all = Wanted { ignored: true, ..wanted.clone() };
        if let Some(ignored) = walk(root, &all).ok().and_then(|found| found.into_iter().next()) {
            return failure.next(format!("`.gitignore` excludes `{}`: name it, or add `--no-ignore`", ignored.path));
        }
    }
    let manifest = MANIFESTS.iter().find(|(manifest, _)| root.join(manifest).is_file());
    match manifest {
        Some((manifest, command)) => failure.next(format!("`{manifest}` is there: run `{command}` first")),
        None => {
            let kinds = if wanted.kinds.is_empty() { LOCKFILES } else { &wanted.kinds };
            let names: Vec<_> = kinds.iter().flat_map(|kind| kind.names()).map(|name| format!("`{name}`")).collect();
            failure.next(format!("name another folder, a lockfile with `--kind`, or an SBOM; looked for {}", names.join(", ")))
        }
    }
}

/// Manifests, and the command that makes a lockfile of each.
const MANIFESTS: &[(&str, &str)] = &[
    ("Cargo.toml", "cargo generate-lockfile"),
    ("package.json", "npm install --package-lock-only"),
    ("pyproject.toml", "uv lock"),
    ("Pipfile", "pipenv lock"),
    ("Gemfile", "bundle lock"),
    ("composer.json", "composer update --no-install"),
    ("build.gradle", "gradle dependencies --write-locks"),
];

/// Splits the path of a lockfile into its folder and its name.
pub fn folder_and_name(path: &Path) -> (PathBuf, String) {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    (parent.to_owned(), name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bom::document::Document;
    use bom::lockfile::{Files, Origins};
    use bom::reading::{ReadError, Reading};
    use std::fs;

    /// A kind of lockfile whose name no real one has.
    struct Locked;

    impl Lockfile for Locked {
        fn kind(&self) -> &'static str {
            "locked"
        }
        fn ecosystem(&self) -> &'static str {
            "npm"
        }
        fn names(&self) -> &'static [&'static str] {
            &["it.locked"]
        }
        fn origins(&self) -> Origins {
            Origins::Unknown
        }
        fn read(&self, _: &str, _: &dyn Files) -> Result<Reading<Document>, ReadError> {
            Ok(Reading { value: Document::default(), warnings: vec![] })
        }
    }

    /// A folder with these files; a name before `=` has the content behind it.
    fn folder(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let (path, content) = file.split_once('=').unwrap_or((file, ""));
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        root
    }

    fn found(files: &[&str], ignored: bool) -> Result<Vec<String>, String> {
        let root = folder(files);
        let found = lockfiles(root.path(), &Wanted { kinds: vec![&Locked], ignored });
        let root = root.path().display().to_string();
        found
            .map(|found| found.into_iter().map(|found| found.path).collect())
            .map_err(|failure| failure.to_string().replace(&root, "ROOT"))
    }

    #[test]
    fn every_lockfile_of_a_monorepo_is_found_in_order() {
        let files = ["b/it.locked", "it.locked", "a/x/it.locked", ".hidden/it.locked", "a/other"];
        let expected = [".hidden/it.locked", "a/x/it.locked", "b/it.locked", "it.locked"];
        assert_eq!(found(&files, false), Ok(expected.map(str::to_owned).to_vec()));
    }

    #[test]
    fn other_peoples_code_is_passed_over() {
        for foreign in ["node_modules/x", "target/debug", ".git/x", "vendor/serde", "env"] {
            let lock = format!("{foreign}/it.locked");
            let files =
                ["it.locked", lock.as_str(), "vendor/serde/.cargo-checksum.json={}", "env/pyvenv.cfg", "vendor/ours/it.locked"];
            let expected = ["it.locked", "vendor/ours/it.locked"];
            assert_eq!(found(&files, true), Ok(expected.map(str::to_owned).to_vec()), "{foreign}");
        }
    }

    #[test]
    fn what_gitignore_excludes_is_passed_over_and_told() {
        let files = [".gitignore=old/\n", "old/it.locked", "new/it.locked"];
        assert_eq!(found(&files, false), Ok(vec!["new/it.locked".to_owned()]));
        assert_eq!(found(&files, true).map(|found| found.len()), Ok(2));
        let told = "there is no lockfile below `ROOT`; `.gitignore` excludes `it.locked`: name it, or add `--no-ignore`";
        assert_eq!(found(&[".gitignore=*.locked", "it.locked"], false), Err(told.to_owned()));
    }

    #[test]
    fn nothing_found_says_what_to_do() {
        assert_eq!(found(&["README"], false), Err("there is no lockfile below `ROOT`; name another folder, a lockfile with `--kind`, or an SBOM; looked for `it.locked`".to_owned()));
        let told = "there is no lockfile below `ROOT`; `Cargo.toml` is there: run `cargo generate-lockfile` first";
        assert_eq!(found(&["Cargo.toml"], false), Err(told.to_owned()));
    }
}
