//! SBOMs as builds send them: names, versions, purls, hashes, licences and edges.

use bomwarden_tests::organisation::{self, VERSIONS};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What an SBOM lists: names, and which version of each.
pub struct Sbom {
    components: Vec<(String, String)>,
}

impl Sbom {
    /// `size` components, `new` of which nobody but `project` has; the same at each call.
    pub fn drawn(project: &str, size: u32, new: u32) -> Self {
        let seed = project.bytes().fold(17_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mut random = StdRng::seed_from_u64(seed);
        let mut known = BTreeSet::new();
        while known.len() < (size - new) as usize {
            known.insert(organisation::chosen(&mut random));
        }
        let own = (0..new).map(|n| format!("{project}-{n}"));
        let names = known.into_iter().map(organisation::package).chain(own);
        Self { components: names.map(|name| (name, VERSIONS[0].to_owned())).collect() }
    }

    /// Changes the version of `count` components.
    pub fn change(&mut self, count: u32, random: &mut StdRng) {
        for _ in 0..count {
            let at = random.random_range(0..self.components.len());
            let version = &mut self.components[at].1;
            *version = VERSIONS[usize::from(version == VERSIONS[0])].to_owned();
        }
    }

    /// The document; `serial` makes twins differ as nightly builds do.
    pub fn bytes(&self, serial: u32) -> Vec<u8> {
        let components: Vec<Value> = self.components.iter().map(|(name, version)| component(name, version)).collect();
        let edges: Vec<Value> = self
            .components
            .windows(3)
            .map(|three| {
                let [of, on @ ..] = three else { return Value::Null };
                let on: Vec<String> = on.iter().map(|(name, version)| purl(name, version)).collect();
                json!({ "ref": purl(&of.0, &of.1), "dependsOn": on })
            })
            .collect();
        let document = json!({
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": format!("urn:uuid:00000000-0000-4000-8000-{serial:012x}"),
            "version": 1,
            "metadata": { "timestamp": format!("2026-03-02T10:{:02}:{:02}Z", serial / 60 % 60, serial % 60) },
            "components": components,
            "dependencies": edges,
        });
        document.to_string().into_bytes()
    }
}

fn purl(name: &str, version: &str) -> String {
    format!("pkg:npm/{name}@{version}")
}

fn component(name: &str, version: &str) -> Value {
    let hash = name
        .bytes()
        .chain(version.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    json!({
        "type": "library",
        "bom-ref": purl(name, version),
        "name": name,
        "version": version,
        "purl": purl(name, version),
        "scope": "required",
        "hashes": [{ "alg": "SHA-512", "content": format!("{hash:016x}").repeat(8) }],
        "licenses": [{ "license": { "id": "MIT" } }],
    })
}
