//! Installed npm packages: `node_modules/name`, or pnpm's store
//! `node_modules/.pnpm/name@version/node_modules/name`.

use super::{Facts, Installed, below, licence, text};
use crate::files::Folder;
use bom::document::{Component, Licence};
use serde::Deserialize;

/// Packages in a `node_modules`.
struct Modules {
    at: String,
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
    folder.has(&at).then(|| Box::new(Modules { at }) as Box<dyn Installed>)
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
        places.iter().find_map(|place| facts(place, version, folder))
    }
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
