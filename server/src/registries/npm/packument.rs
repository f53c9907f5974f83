//! The document of a package, understood.

use super::super::{MOST_VERSIONS, json, version};
use bom::ask::{Fact, LookError};
use bom::plain::plain;
use bom::snapshot::{Need, Owner, OwnersAt, Release, Snapshot, Trust};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct PackumentRaw {
    name: String,
    #[serde(default)]
    versions: BTreeMap<String, VersionRaw>,
    time: BTreeMap<String, Value>,
    #[serde(default)]
    maintainers: Vec<Value>,
    repository: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VersionRaw {
    #[serde(rename = "_npmUser")]
    publisher: Option<PublisherRaw>,
    #[serde(default)]
    maintainers: Vec<Value>,
    dist: Option<DistRaw>,
    #[serde(default)]
    scripts: Option<Value>,
    has_install_script: Option<bool>,
    gypfile: Option<Value>,
    dependencies: Option<Value>,
    optional_dependencies: Option<Value>,
    peer_dependencies: Option<Value>,
    license: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublisherRaw {
    name: String,
    trusted_publisher: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DistRaw {
    integrity: Option<String>,
    shasum: Option<String>,
    unpacked_size: Option<u64>,
    attestations: Option<AttestationsRaw>,
}

#[derive(Deserialize)]
struct AttestationsRaw {
    provenance: Option<Value>,
}

/// Scripts that run when a package is installed.
const HOOKS: &[&str] = &["preinstall", "install", "postinstall"];

/// Reads the document of a package.
///
/// # Errors
/// [`LookError`] when it is not what the protocol promises.
pub(super) fn read(package: &str, body: &[u8]) -> Result<Snapshot, LookError> {
    let raw: PackumentRaw = json("document of the package", body)?;
    if raw.name != package {
        return Err(LookError(format!("the document speaks of `{}`", plain(&raw.name))));
    }
    let times: BTreeMap<&str, DateTime<Utc>> =
        raw.time.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?.parse().ok()?))).collect();
    if raw.versions.len().max(times.len()) > MOST_VERSIONS {
        return Err(LookError(format!("it has more than {MOST_VERSIONS} versions")));
    }
    let mut releases: Vec<Release> = raw
        .versions
        .iter()
        .map(|(number, raw)| release(number, raw, times.get(number.as_str()).copied()))
        .collect::<Result<_, _>>()?;
    // A time without a version is what is left of one that was taken away.
    let gone = times.iter().filter(|(name, _)| !raw.versions.contains_key(**name) && !matches!(**name, "created" | "modified"));
    for (number, at) in gone {
        releases.push(Release { version: version(number)?, published_at: Some(*at), removed: true, ..Release::default() });
    }
    if releases.is_empty() {
        return Err(LookError("the document has neither versions nor times".to_owned()));
    }
    let repository = raw.repository.as_ref().and_then(address).map_or(Fact::Absent, Fact::Known);
    Ok(Snapshot { owners: owners(&raw), owners_before: owners_before(&raw, &times), versions: Fact::Known(releases), repository })
}

fn release(number: &str, raw: &VersionRaw, at: Option<DateTime<Utc>>) -> Result<Release, LookError> {
    let dist = raw.dist.as_ref();
    let provenance = dist.and_then(|dist| dist.attestations.as_ref()).is_some_and(|said| said.provenance.is_some());
    let trust = match &raw.publisher {
        Some(PublisherRaw { trusted_publisher: Some(_), .. }) => Trust::TrustedPublisher,
        _ if provenance => Trust::Provenance,
        _ => Trust::None,
    };
    let digest = dist.and_then(|dist| dist.integrity.as_deref().or(dist.shasum.as_deref()));
    Ok(Release {
        version: version(number)?,
        published_at: at,
        publisher: raw.publisher.as_ref().map(|publisher| id(&publisher.name)),
        publisher_login: raw.publisher.as_ref().map(|publisher| plain(&publisher.name)),
        trust: Some(trust),
        install_hook: Some(has_hook(raw)),
        dependencies: Some(needs(raw)),
        digest: digest.map(plain),
        size: dist.and_then(|dist| dist.unpacked_size),
        licence: raw.license.as_ref().and_then(Value::as_str).map(plain),
        ..Release::default()
    })
}

fn has_hook(raw: &VersionRaw) -> bool {
    let scripts = raw.scripts.as_ref();
    let named = HOOKS.iter().any(|hook| scripts.is_some_and(|scripts| scripts.get(hook).is_some()));
    named || raw.has_install_script == Some(true) || raw.gypfile == Some(Value::Bool(true))
}

fn needs(raw: &VersionRaw) -> Vec<Need> {
    let kinds = [(&raw.dependencies, "normal"), (&raw.optional_dependencies, "optional"), (&raw.peer_dependencies, "peer")];
    let mut needs: BTreeMap<String, Need> = BTreeMap::new();
    for (listed, kind) in kinds {
        for (name, requirement) in listed.as_ref().and_then(Value::as_object).into_iter().flatten() {
            let need = need(name, requirement.as_str().unwrap_or_default(), kind);
            needs.insert(need.name.clone(), need);
        }
    }
    needs.into_values().collect()
}

fn need(name: &str, requirement: &str, kind: &str) -> Need {
    // `npm:other@^1` installs another package under this name.
    let alias = requirement.strip_prefix("npm:").map(|real| match real.char_indices().skip(1).find(|(_, c)| *c == '@') {
        Some((at, _)) => real.get(..at).unwrap_or(real),
        None => real,
    });
    // A range has none of these; an address, a folder and `user/repository` do.
    let elsewhere = alias.is_none() && (requirement.contains('/') || requirement.contains(':'));
    Need { name: plain(alias.unwrap_or(name)), requirement: plain(requirement), kind: kind.to_owned(), from_registry: !elsewhere }
}

/// The owners now. What is no list of accounts is what somebody wrote about himself.
fn owners(raw: &PackumentRaw) -> Fact<Vec<Owner>> {
    if raw.versions.values().all(|version| version.publisher.is_none()) {
        return Fact::Unknown("no version names who published it: this is no authority's document".to_owned());
    }
    match accounts(&raw.maintainers) {
        Some(owners) if !owners.is_empty() => Fact::Known(owners),
        _ => Fact::Unknown("the registry names no owner at all".to_owned()),
    }
}

/// Who owned the package as each version was published, oldest first.
fn owners_before(raw: &PackumentRaw, times: &BTreeMap<&str, DateTime<Utc>>) -> Vec<OwnersAt> {
    let sample = |(number, version): (&String, &VersionRaw)| {
        Some(OwnersAt { at: *times.get(number.as_str())?, owners: accounts(&version.maintainers)? })
    };
    let mut samples: Vec<OwnersAt> = raw.versions.iter().filter_map(sample).collect();
    samples.sort_by_key(|sample| sample.at);
    samples
}

fn accounts(listed: &[Value]) -> Option<Vec<Owner>> {
    let account = |value: &Value| {
        let name = value.get("name")?.as_str()?;
        Some(Owner { id: id(name), login: plain(name), ..Owner::default() })
    };
    listed.iter().map(account).collect()
}

/// The registry shows no other id than the name.
fn id(name: &str) -> String {
    format!("login:{}", plain(name))
}

fn address(repository: &Value) -> Option<String> {
    let text = repository.as_str().or_else(|| repository.get("url")?.as_str())?;
    let cleaned = bom::origin::clean_git(text)?;
    (cleaned.starts_with("http") || cleaned.starts_with("ssh") || cleaned.starts_with("git")).then(|| plain(&cleaned))
}
