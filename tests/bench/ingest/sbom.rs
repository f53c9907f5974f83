//! SBOMs as builds send them: names, versions, purls, hashes, licences and edges.
//! Written ahead as texts, so that eight clients cost the machine little.

use bomwarden_tests::organisation::{self, VERSIONS};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use std::collections::BTreeSet;

/// What an SBOM lists: each component in two versions, and which of them it is.
pub struct Sbom {
    components: Vec<([String; 2], usize)>,
    edges: String,
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
        let names: Vec<String> = known.into_iter().map(organisation::package).chain(own).collect();
        let edges: Vec<String> =
            names.windows(3).map(|three| json!({ "ref": three[0], "dependsOn": [three[1], three[2]] }).to_string()).collect();
        let components = names.iter().map(|name| (VERSIONS.map(|version| component(name, version)), 0)).collect();
        Self { components, edges: edges.join(",") }
    }

    /// Changes the version of `count` components.
    pub fn change(&mut self, count: u32, random: &mut StdRng) {
        for _ in 0..count {
            let at = random.random_range(0..self.components.len());
            self.components[at].1 ^= 1;
        }
    }

    /// The document; `serial` makes twins differ as nightly builds do.
    pub fn bytes(&self, serial: u32) -> Vec<u8> {
        let (minute, second) = (serial / 60 % 60, serial % 60);
        let mut text = format!(
            "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\
             \"serialNumber\":\"urn:uuid:00000000-0000-4000-8000-{serial:012x}\",\"version\":1,\
             \"metadata\":{{\"timestamp\":\"2026-03-02T10:{minute:02}:{second:02}Z\"}},\"components\":["
        );
        for (n, (versions, which)) in self.components.iter().enumerate() {
            text.push_str(if n > 0 { "," } else { "" });
            text.push_str(&versions[*which]);
        }
        text.push_str("],\"dependencies\":[");
        text.push_str(&self.edges);
        text.push_str("]}");
        text.into_bytes()
    }
}

fn component(name: &str, version: &str) -> String {
    let hash = name
        .bytes()
        .chain(version.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let component = json!({
        "type": "library",
        "bom-ref": name,
        "name": name,
        "version": version,
        "purl": format!("pkg:npm/{name}@{version}"),
        "scope": "required",
        "hashes": [{ "alg": "SHA-512", "content": format!("{hash:016x}").repeat(8) }],
        "licenses": [{ "license": { "id": "MIT" } }],
    });
    component.to_string()
}
