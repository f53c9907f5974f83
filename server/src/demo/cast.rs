//! Who plays in the demo: packages of a simulated registry, their people, and the
//! records of a simulated feed. Names end with the seed's suffix; times are those of
//! the case of `arrayref` in August 2026, as its advisories tell them.

use crate::simulated::osv::{OsvFeed, RECORDS};
use crate::simulated::registry::{Protocol, Release, SimulatedRegistry};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::sync::Mutex;

/// Where the samples' lockfiles say that their packages come from.
const ADDRESS: &str = "https://crates.example/index";

/// The neighbours, and what is called how.
pub struct Cast {
    /// The registry.
    pub registry: SimulatedRegistry,
    /// The feed.
    pub feed: OsvFeed,
    suffix: String,
    /// Records published in the course of the story.
    records: Mutex<Vec<(String, String)>>,
}

/// A time of the story.
pub fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_default()
}

impl Cast {
    /// The neighbours as they are before anything happens.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn enter(suffix: &str) -> anyhow::Result<Self> {
        let registry = SimulatedRegistry::start(Protocol::Crates).await?;
        let cast = Self { registry, feed: OsvFeed::start().await?, suffix: suffix.to_owned(), records: Mutex::new(Vec::new()) };
        let people =
            [(11, "d-slot"), (21, "m-kessel"), (22, "north-works"), (31, "t-pebble"), (41, "lena"), (42, "harbour-crew")];
        people.iter().for_each(|(id, login)| cast.registry.account(*id, login));
        for (name, owners, versions) in [
            ("slotref", &[11][..], &["0.3.6", "0.3.7", "0.3.8", "0.3.9"][..]),
            ("millwheel", &[21], &["0.7.0", "0.7.1", "0.8.0"]),
            ("pebblecache", &[31], &["1.1.0", "1.2.0", "1.2.1"]),
            ("harbourlight", &[41, 42], &["2.1.0", "2.2.0", "2.2.1"]),
        ] {
            cast.found(&cast.name(name), owners, versions);
        }
        for (name, version) in [("rustdecimal", "1.23.1"), ("smallvec", "1.6.0"), ("time", "0.3.20"), ("deranged", "0.3.11")] {
            cast.found(name, &[1], &[version]);
        }
        Ok(cast)
    }

    /// A package as it was found: one version in a year, by its first owner.
    fn found(&self, name: &str, owners: &[u32], versions: &[&str]) {
        self.registry.owners(name, owners);
        for (year, version) in (2021..).zip(versions) {
            let by = owners.first().copied().unwrap_or_default();
            self.registry.publish(name, Release::new(version, time(&format!("{year}-05-04T09:00:00Z")), by, &[]));
        }
    }

    /// A name with the suffix.
    pub fn name(&self, stem: &str) -> String {
        format!("{stem}-{}", self.suffix)
    }

    /// The file by which an administrator approves the registry.
    pub fn approval(&self) -> String {
        let at = self.registry.url();
        format!(
            "[[registry]]\necosystem = \"crates.io\"\nprotocol = \"crates\"\naddress = \"{ADDRESS}\"\nresolve = true\n\
             contact = true\nbelieve = \"authority\"\n[registry.endpoints]\nindex = \"{at}/index\"\napi = \"{at}/api/v1\"\n\
             [registry.pace]\nindex = 0\napi = 0\n"
        )
    }

    /// Publishes a record, or a new version of it, in the feed.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub fn record(&self, id: &str, stem: &str, version: &str, at: &str, withdrawn: Option<&str>) -> anyhow::Result<()> {
        let mut record = json!({
            "schema_version": "1.7.0", "id": id, "modified": withdrawn.unwrap_or(at), "published": at,
            "summary": format!("{} {version} was made to harm", self.name(stem)),
            "affected": [{"package": {"ecosystem": "crates.io", "name": self.name(stem)}, "versions": [version]}],
        });
        if let Some(withdrawn) = withdrawn {
            record["withdrawn"] = json!(withdrawn);
        }
        let mut records = self.records.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        records.retain(|(name, _)| *name != format!("{id}.json"));
        records.push((format!("{id}.json"), record.to_string()));
        let all = records.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        self.feed.publish(&RECORDS.iter().copied().chain(all).collect::<Vec<_>>())
    }

    /// What the watch must know at the end: owners now and gone, and what was told by
    /// which signal of which version.
    pub fn watched(&self, quiet: bool) -> Value {
        let one = |stem: &str, now: &[&str], gone: &[&str], told: Value| json!({"ecosystem": "crates.io", "name": self.name(stem), "now": now, "gone": gone, "told": told});
        let told = |version: &str, signal: &str| json!({"version": version, "signal": signal});
        let (owner, before, slot, mill): (&[&str], &[&str], Value, Value) = match quiet {
            true => (&["m-kessel"], &[], json!([]), json!([])),
            false => {
                let signals = ["known-malicious", "old-versions-vanished", "young-dependency"];
                let slot = signals.map(|signal| told("0.3.10", signal));
                (&["north-works"], &["m-kessel"], json!(slot), json!([told("", "owners-replaced")]))
            }
        };
        json!([
            one("slotref", &["d-slot"], &[], slot),
            one("millwheel", owner, before, mill),
            one("pebblecache", &["tomasz-of-pebbles"], &[], json!([])),
            one("harbourlight", &["harbour-crew", "lena"], &[], json!([])),
        ])
    }
}
