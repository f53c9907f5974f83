//! What the `Cargo.toml` beside a lockfile adds: the package's name, and which
//! of its dependencies are for development only.

use crate::document::Scope;
use crate::lockfile::tolerant::{Either, Pairs, Record, Text};
use crate::lockfile::{Files, place};
use serde::Deserialize;
use std::collections::HashMap;

/// What is taken from a manifest.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Manifest {
    /// The package's name; `None` for a workspace alone.
    pub(super) name: Option<String>,
    scopes: HashMap<String, Scope>,
}

impl Manifest {
    /// What the package needs the crate `name` for.
    pub(super) fn scope(&self, name: &str) -> Scope {
        self.scopes.get(name).copied().unwrap_or_default()
    }
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
    let raw: ManifestRaw<'_> = toml::from_str(&text).ok()?;
    let mut manifest = Manifest { name: raw.package.value.and_then(|p| p.name.get().map(str::to_owned)), ..Manifest::default() };
    let targets = raw.target.items.into_iter().filter_map(|(_, tables)| tables.value.map(|tables| *tables));
    let own = Tables {
        dependencies: raw.dependencies,
        build_dependencies: raw.build_dependencies,
        dev_dependencies: raw.dev_dependencies,
    };
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
                    let kept = manifest.scopes.entry(name.to_owned()).or_insert(scope);
                    *kept = scope.min(*kept);
                }
            }
        }
    }
    Some(manifest)
}
