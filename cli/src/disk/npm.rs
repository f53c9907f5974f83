//! Installed npm packages: `node_modules/name`, in pnpm's store
//! `node_modules/.pnpm/name@version/node_modules/name`, or in the `node_modules` of another
//! package. Hashes are in `node_modules/.package-lock.json`, where npm left it.

use super::{Facts, Installed, below, licence, text};
use crate::files::Folder;
use bom::document::{Component, Hash, Licence};
use serde::Deserialize;
use std::cell::OnceCell;
use std::collections::HashMap;

/// Levels of `node_modules` in each other that are looked through.
const DEEPEST: usize = 8;
/// Most entries of one folder, and most packages within others, that are looked at.
const MOST: usize = 20_000;

/// Packages in a `node_modules`.
struct Modules {
    at: String,
    /// The places of packages within others, by name: looked for only when one is missed.
    nested: OnceCell<HashMap<String, Vec<String>>>,
    /// What npm noted of what it installed, by purl.
    hashes: OnceCell<HashMap<String, Vec<Hash>>>,
}

#[derive(Deserialize)]
struct ManifestRaw {
    version: Option<String>,
    license: Option<LicenceRaw>,
    licenses: Option<Vec<LicenceRaw>>,
}

/// A licence in the new and the old ways.
#[derive(Deserialize)]
#[serde(untagged)]
enum LicenceRaw {
    Text(String),
    Object {
        #[serde(rename = "type")]
        kind: String,
    },
    Other(serde::de::IgnoredAny),
}

/// The packages installed beside a lockfile.
pub fn find(beside: &str, folder: &Folder) -> Option<Box<dyn Installed>> {
    let at = below(beside, "node_modules");
    let modules = Modules { at, nested: OnceCell::new(), hashes: OnceCell::new() };
    folder.has(&modules.at).then(|| Box::new(modules) as Box<dyn Installed>)
}

impl Installed for Modules {
    fn purl_type(&self) -> &'static str {
        "npm"
    }

    fn facts(&self, component: &Component, folder: &Folder) -> Option<Facts> {
        let purl = component.purl.as_ref()?;
        let version = purl.version.as_deref()?;
        let (name, stored) = match &purl.namespace {
            Some(scope) => (format!("{scope}/{}", purl.name), format!("{scope}+{}", purl.name)),
            None => (purl.name.to_string(), purl.name.to_string()),
        };
        let places = [format!("{}/{name}", self.at), format!("{}/.pnpm/{stored}@{version}/node_modules/{name}", self.at)];
        let within = |name: &str| self.nested(folder).get(name).into_iter().flatten().find_map(|at| facts(at, version, folder));
        let mut found = places.iter().find_map(|place| facts(place, version, folder)).or_else(|| within(&name))?;
        if component.hashes.is_empty() {
            found.hashes = self.hashes(folder).get(&purl.to_string()).cloned().unwrap_or_default();
        }
        Some(found)
    }
}

impl Modules {
    fn nested(&self, folder: &Folder) -> &HashMap<String, Vec<String>> {
        self.nested.get_or_init(|| {
            let mut nested: HashMap<String, Vec<String>> = HashMap::new();
            let (mut open, mut count) = (vec![(self.at.clone(), 0)], 0);
            while let Some((modules, depth)) = open.pop() {
                for name in names(&modules, folder) {
                    let place = format!("{modules}/{name}");
                    let inner = format!("{place}/node_modules");
                    if depth < DEEPEST && folder.has(&inner) {
                        open.push((inner, depth + 1));
                    }
                    if depth > 0 && count < MOST {
                        count += 1;
                        nested.entry(name).or_default().push(place);
                    }
                }
            }
            nested
        })
    }

    fn hashes(&self, folder: &Folder) -> &HashMap<String, Vec<Hash>> {
        self.hashes.get_or_init(|| {
            let noted = bom::lockfile::of_kind("npm-package-lock");
            let noted = noted.and_then(|kind| kind.read(&format!("{}/.package-lock.json", self.at), folder).ok());
            let components = noted.map(|reading| reading.value.components).unwrap_or_default();
            components
                .into_iter()
                .filter_map(|component| Some((component.purl?.to_string(), component.hashes.into_vec())))
                .collect()
        })
    }
}

/// The packages in a `node_modules`, those of a scope as `@scope/name`.
fn names(modules: &str, folder: &Folder) -> Vec<String> {
    let own = folder.list(modules, MOST).into_iter().filter(|name| !name.starts_with('.'));
    own.flat_map(|name| match name.starts_with('@') {
        true => folder.list(&format!("{modules}/{name}"), MOST).iter().map(|inner| format!("{name}/{inner}")).collect(),
        false => vec![name],
    })
    .collect()
}

fn facts(place: &str, version: &str, folder: &Folder) -> Option<Facts> {
    let manifest: ManifestRaw = serde_json::from_str(&text(folder, &format!("{place}/package.json"))?).ok()?;
    if manifest.version.as_deref() != Some(version) {
        return None;
    }
    let stated = manifest.license.into_iter().chain(manifest.licenses.into_iter().flatten());
    Some(Facts { licences: stated.flat_map(|stated| of_raw(&stated)).collect(), hashes: Vec::new() })
}

fn of_raw(stated: &LicenceRaw) -> Vec<Licence> {
    match stated {
        LicenceRaw::Text(text) | LicenceRaw::Object { kind: text } => licence(text),
        LicenceRaw::Other(_) => Vec::new(),
    }
}
