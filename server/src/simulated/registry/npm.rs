//! npm's protocol: one document for each package at `/NAME`, a scope's slash as `%2F`.
//! The times of versions that were taken away stay in it.

use super::{Fault, Release, State};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

pub(super) fn body(path: &str, state: &State) -> Option<Vec<u8>> {
    let name = path.strip_prefix('/')?.replace("%2F", "/");
    let package = state.packages.get(&name)?;
    let mirror = match &state.fault {
        Some(Fault::Mirror(now)) => Some(*now),
        _ => None,
    };
    let mut times = Map::new();
    for release in &package.releases {
        times.insert(release.version.clone(), json!(mirror.unwrap_or(release.at)));
    }
    times.insert("created".to_owned(), json!(package.releases.first().map(|release| release.at)));
    let offered = package.releases.iter().filter(|release| !release.removed);
    let versions: Map<String, Value> =
        offered.map(|release| (release.version.clone(), version(state, &name, release, mirror.is_some()))).collect();
    let owners: Vec<Value> =
        state.named_owners(package).iter().map(|owner| json!({"name": owner.login, "email": "x@mail.example"})).collect();
    let document = json!({"name": name, "time": times, "versions": versions, "maintainers": owners});
    Some(document.to_string().into_bytes())
}

fn version(state: &State, name: &str, release: &Release, mirrored: bool) -> Value {
    let people = |ids: &BTreeSet<u32>| -> Vec<Value> { ids.iter().map(|id| json!({"name": state.account(*id).login})).collect() };
    let needs: Map<String, Value> = release.needs.iter().map(|name| (name.clone(), json!("^1.0.0"))).collect();
    let mut version = json!({
        "name": name, "version": release.version, "dependencies": needs, "maintainers": people(&release.owners),
        "dist": {"integrity": "sha512-0", "unpackedSize": 1000}, "license": "MIT",
    });
    if !mirrored {
        version["_npmUser"] = json!({"name": state.account(release.by).login});
    }
    version
}
