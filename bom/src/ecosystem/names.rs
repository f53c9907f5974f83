//! How ecosystems spell the names of packages: canonically, and as one text where
//! a purl has a namespace and a name.

use std::borrow::Cow;

/// The name as it is.
pub(super) fn same(name: &str) -> Cow<'_, str> {
    Cow::Borrowed(name)
}

/// Names of any case are the same.
pub(crate) fn lower(name: &str) -> Cow<'_, str> {
    if name.chars().any(char::is_uppercase) { Cow::Owned(name.to_lowercase()) } else { Cow::Borrowed(name) }
}

/// PEP 503: lower case, every run of `-`, `_` and `.` one `-`.
pub(crate) fn pep503(name: &str) -> Cow<'_, str> {
    let canonical = |c: char| !c.is_uppercase() && !matches!(c, '_' | '.');
    if name.chars().all(canonical) && !name.contains("--") && !name.starts_with('-') && !name.ends_with('-') {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    let mut separated = false;
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            separated = true;
            continue;
        }
        if separated && !out.is_empty() {
            out.push('-');
        }
        separated = false;
        out.extend(c.to_lowercase());
    }
    Cow::Owned(out)
}

/// Dart: lower case, everything but letters and digits an underscore.
pub(super) fn pub_name(name: &str) -> Cow<'_, str> {
    let fold = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    if name.chars().all(|c| fold(c) == c) { Cow::Borrowed(name) } else { Cow::Owned(name.chars().map(fold).collect()) }
}

/// Go: module paths are told apart by more than case nowhere, and purls have them in
/// lower case; the module cache writes `!a` for `A` (golang.org/ref/mod, "Module cache");
/// `std` is what some generators call the standard library, OSV's `stdlib`.
pub(super) fn go(name: &str) -> Cow<'_, str> {
    match name {
        "std" => Cow::Borrowed("stdlib"),
        _ if name.contains('!') => Cow::Owned(name.replace('!', "").to_lowercase()),
        _ => lower(name),
    }
}

/// Swift: the repository without scheme and `.git`, in lower case.
pub(super) fn swift(name: &str) -> Cow<'_, str> {
    let bare = name.split_once("://").map_or(name, |(_, rest)| rest);
    let bare = bare.trim_end_matches('/');
    lower(bare.strip_suffix(".git").unwrap_or(bare))
}

/// The name alone; the namespace says something else, such as the distribution.
pub(super) fn name_only(_namespace: Option<&str>, name: &str) -> String {
    name.to_owned()
}

/// `namespace/name`.
pub(super) fn slash(namespace: Option<&str>, name: &str) -> String {
    joined(namespace, '/', name)
}

/// `group:artifact`.
pub(super) fn colon(namespace: Option<&str>, name: &str) -> String {
    joined(namespace, ':', name)
}

/// `publisher.name`.
pub(super) fn dot(namespace: Option<&str>, name: &str) -> String {
    joined(namespace, '.', name)
}

fn joined(namespace: Option<&str>, separator: char, name: &str) -> String {
    match namespace {
        Some(namespace) if !namespace.is_empty() => format!("{namespace}{separator}{name}"),
        _ => name.to_owned(),
    }
}
