//! The protocol of Rust's registry: `/index/…` one JSON line for each version,
//! `/api/v1/crates/NAME/owners`, and versions in pages.

use super::{Fault, Release, State};
use serde_json::{Value, json};

pub(super) fn body(path: &str, state: &State) -> Option<Vec<u8>> {
    if let Some(place) = path.strip_prefix("/index/") {
        let name = place.rsplit('/').next()?;
        let (name, package) = state.packages.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        let offered = package.releases.iter().filter(|release| !release.removed);
        let lines: String = offered.map(|release| format!("{}\n", line(name, release))).collect();
        return Some(lines.into_bytes());
    }
    let (name, what) = path.strip_prefix("/api/v1/crates/")?.split_once('/')?;
    let package = state.packages.get(name)?;
    let answer = match what.split_once('?').unwrap_or((what, "")) {
        ("owners", _) => {
            let owners: Vec<Value> = state
                .named_owners(package)
                .iter()
                .map(|owner| json!({"id": owner.id, "login": owner.login, "kind": "user", "name": null, "avatar": null}))
                .collect();
            json!({"users": owners})
        }
        ("versions", query) => page(state, &package.releases, query),
        _ => return None,
    };
    Some(answer.to_string().into_bytes())
}

fn line(name: &str, release: &Release) -> Value {
    let needs: Vec<Value> = release
        .needs
        .iter()
        .map(|name| {
            json!({"name": name, "req": "^1.0", "features": [], "optional": false, "default_features": true, "target": null,
                "kind": "normal"})
        })
        .collect();
    json!({
        "name": name, "vers": release.version, "deps": needs, "cksum": "00", "features": {},
        "yanked": release.withdrawn.is_some(), "pubtime": release.at,
    })
}

/// A page of versions, newest first; the rest is behind `seek`.
fn page(state: &State, releases: &[Release], query: &str) -> Value {
    let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok());
    // Small pages, so that even a few versions need more than one.
    let size: usize = value("per_page").unwrap_or(10).min(5);
    let start: usize = value("seek").unwrap_or(0);
    let offered: Vec<&Release> = releases.iter().rev().filter(|release| !release.removed).collect();
    let shown = offered.iter().skip(start).take(size);
    let versions: Vec<Value> = shown.map(|release| version(state, release)).collect();
    let next = (start + size < offered.len()).then(|| format!("?per_page={size}&seek={}", start + size));
    json!({"versions": versions, "meta": {"total": offered.len(), "next_page": next}})
}

fn version(state: &State, release: &Release) -> Value {
    let user = |id: u32| {
        let account = state.account(id);
        json!({"id": account.id, "login": account.login})
    };
    let mirrored = matches!(state.fault, Some(Fault::Mirror(_)));
    let yanks: Vec<Value> =
        release.withdrawn.iter().map(|(by, at)| json!({"action": "yank", "user": user(*by), "time": at})).collect();
    json!({
        "num": release.version, "created_at": release.at, "published_by": (!mirrored).then(|| user(release.by)),
        "trustpub_data": null, "yanked": release.withdrawn.is_some(), "crate_size": 1000, "license": "MIT", "audit_actions": yanks,
    })
}
