//! What the `Cargo.toml` beside a lockfile adds: the package's name, and which
//! of its dependencies are for development only.

use super::lines::Lines;
use crate::document::Scope;
use crate::lockfile::tolerant::{Either, Pairs, Record, Text};
use crate::lockfile::{Files, place};
use memchr::memmem;
use serde::Deserialize;
use std::collections::HashMap;

/// The manifest beside a lockfile.
pub(super) struct Manifest {
    text: String,
    /// The package's name; `None` for a workspace alone.
    pub(super) name: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct ManifestRaw<'a> {
    #[serde(borrow)]
    package: Record<PackageRaw<'a>>,
    // Not a flattened `Tables`: that would copy all of the manifest first.
    dependencies: Dependencies<'a>,
    build_dependencies: Dependencies<'a>,
    dev_dependencies: Dependencies<'a>,
    target: Pairs<Text<'a>, Record<Tables<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PackageRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
}

type Dependencies<'a> = Pairs<Text<'a>, Either<'a, DependencyRaw<'a>>>;

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Tables<'a> {
    #[serde(borrow)]
    dependencies: Dependencies<'a>,
    build_dependencies: Dependencies<'a>,
    dev_dependencies: Dependencies<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DependencyRaw<'a> {
    #[serde(borrow)]
    package: Text<'a>,
}

/// Reads the manifest beside the lockfile at `path`; `None` where there is none.
pub(super) fn read(path: &str, files: &dyn Files) -> Option<Manifest> {
    let text = place::optional_text(&place::beside(path, "Cargo.toml"), files)?;
    let name = match plain_name(&text) {
        Some(name) => name.map(str::to_owned),
        None => toml::from_str::<ManifestRaw<'_>>(&text).ok()?.package.value.and_then(|p| p.name.get().map(str::to_owned)),
    };
    Some(Manifest { text, name })
}

/// The package's name in a manifest written as nearly all are, without reading the rest:
/// a line `[package]` and soon a line `name = "…"`. `None` for any other way of writing.
fn plain_name(text: &str) -> Option<Option<&str>> {
    // In a text of several lines anything may stand at the beginning of one.
    if memmem::find(text.as_bytes(), br#"""""#).or_else(|| memmem::find(text.as_bytes(), b"'''")).is_some() {
        return None;
    }
    let mut inside = false;
    for line in Lines::of(text) {
        match line.as_bytes() {
            _ if line == "[package]" => inside = true,
            [b'[', ..] if inside => return None,
            _ if inside => {
                if let Some(name) = line.strip_prefix("name = ") {
                    let name = name.strip_prefix('"')?.strip_suffix('"')?;
                    return (!name.contains(['"', '\\'])).then_some(Some(name));
                }
            }
            // The same table in another spelling.
            _ if line.trim_start_matches(['[', ' ', '\t', '"', '\'']).starts_with("package") => return None,
            _ => {}
        }
    }
    (!inside).then_some(None)
}

impl Manifest {
    /// What the package needs each crate for, by its name; nothing where the manifest is broken.
    pub(super) fn scopes(&self) -> HashMap<String, Scope> {
        let Ok(raw) = toml::from_str::<ManifestRaw<'_>>(&self.text) else { return HashMap::new() };
        let targets = raw.target.items.into_iter().filter_map(|(_, tables)| tables.value.map(|tables| *tables));
        let own = Tables {
            dependencies: raw.dependencies,
            build_dependencies: raw.build_dependencies,
            dev_dependencies: raw.dev_dependencies,
        };
        let mut scopes = HashMap::new();
        for tables in std::iter::once(own).chain(targets) {
            let kinds = [
                (tables.dependencies, Scope::Required),
                (tables.build_dependencies, Scope::Required),
                (tables.dev_dependencies, Scope::Development),
            ];
            for (dependencies, scope) in kinds {
                for (key, dependency) in &dependencies.items {
                    let renamed = match dependency {
                        Either::Record(raw) => raw.package.get(),
                        _ => None,
                    };
                    if let Some(name) = renamed.or(key.get()) {
                        let kept = scopes.entry(name.to_owned()).or_insert(scope);
                        *kept = scope.min(*kept);
                    }
                }
            }
        }
        scopes
    }
}

#[cfg(test)]
mod tests {
    use super::{ManifestRaw, plain_name};

    #[test]
    fn a_plain_name_is_the_one_that_toml_tells() {
        for (text, plain) in [
            ("[package]\nname = \"a\"\n\n[dependencies]\npackage = \"1\"\n", Some(Some("a"))),
            ("cargo-features = []\n[package]\nversion = \"1\"\r\nname = \"a\"\r\n", Some(Some("a"))),
            ("[workspace]\nmembers = [\n  \"a\",\n]\n", Some(None)),
            ("[workspace.package]\nname = \"no\"\n", Some(None)),
            ("", Some(None)),
            ("[package]\nname = \"a\\u0062\"\n", None),
            ("[package]\nname = \"a\" # not b\n", None),
            ("[package]\nname=\"a\"\n", None),
            ("[package]\nedition = \"2024\"\n[lib]\nname = \"no\"\n", None),
            ("[package]\nkeywords = [\n[\n]]\nname = \"a\"\n", None),
            (" [ package ]\nname = \"a\"\n", None),
            ("[\"package\"]\nname = \"a\"\n", None),
            ("package.name = \"a\"\n", None),
            ("package = { name = \"a\" }\n", None),
            ("x = \"\"\"\n[package]\nname = \"no\"\n\"\"\"\n[package]\nname = \"a\"\n", None),
            ("x = '''\n[package]\nname = \"no\"\n'''\n", None),
        ] {
            assert_eq!(plain_name(text), plain, "{text}");
            let told = toml::from_str::<ManifestRaw<'_>>(text).expect(text).package.value;
            let told = told.as_ref().and_then(|package| package.name.get());
            plain.into_iter().for_each(|plain| assert_eq!(plain, told, "{text}"));
        }
    }
}
