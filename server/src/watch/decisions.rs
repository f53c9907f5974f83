//! What an administrator decided about registries, as a file says it
//! (docs/registries.md). Nothing of a file is taken where something in it is wrong.

use crate::config;
use crate::registries;
use crate::store::registries::{Belief, Decision, Endpoint};
use anyhow::{Context, anyhow, bail};
use bom::ecosystem::Ecosystem;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRaw {
    registry: Vec<RegistryRaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistryRaw {
    ecosystem: String,
    protocol: String,
    address: String,
    #[serde(default)]
    resolve: bool,
    #[serde(default)]
    contact: bool,
    #[serde(default)]
    believe: BelieveRaw,
    #[serde(default)]
    endpoints: BTreeMap<String, String>,
    #[serde(default)]
    pace: BTreeMap<String, u32>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum BelieveRaw {
    #[default]
    No,
    Mirror,
    Authority,
}

/// The decisions that a file holds.
///
/// # Errors
/// What is wrong with it; nothing of it is taken then.
pub fn read(text: &str) -> anyhow::Result<Vec<Decision>> {
    let file: FileRaw = toml::from_str(text)?;
    file.registry.into_iter().map(decision).collect()
}

fn decision(raw: RegistryRaw) -> anyhow::Result<Decision> {
    let protocol = registries::of_name(&raw.protocol)
        .with_context(|| format!("`{}` is no protocol; docs/registries.md lists them", raw.protocol))?;
    let (ecosystem, _) =
        Ecosystem::of_osv(&raw.ecosystem).with_context(|| format!("`{}` is no known ecosystem", raw.ecosystem))?;
    if protocol.ecosystem() != ecosystem.name {
        bail!("the protocol `{}` serves packages of {}, not of {}", protocol.name(), protocol.ecosystem(), ecosystem.name);
    }
    let names: Vec<&str> = protocol.endpoints().iter().map(|(name, _)| *name).collect();
    if let Some(other) = raw.endpoints.keys().chain(raw.pace.keys()).find(|name| !names.contains(&name.as_str())) {
        bail!("`{other}` is no endpoint of `{}`; it has {}", protocol.name(), names.join(", "));
    }
    let address = clean(&raw.address)?;
    let endpoint = |(name, path): &(&str, &str)| {
        let usual = || format!("{address}/{path}").trim_end_matches('/').to_owned();
        let at = raw.endpoints.get(*name).map_or_else(|| Ok(usual()), |given| clean(given))?;
        Ok(Endpoint { name: (*name).to_owned(), address: at, pace: raw.pace.get(*name).map(|pace| i64::from(*pace)) })
    };
    let endpoints = protocol.endpoints().iter().map(endpoint).collect::<anyhow::Result<_>>()?;
    let believe = match raw.believe {
        BelieveRaw::Authority => Some(Belief::Authority),
        BelieveRaw::Mirror => Some(Belief::Mirror),
        BelieveRaw::No => None,
    };
    let (resolve, contact) = (raw.resolve, raw.contact);
    Ok(Decision { ecosystem, address, protocol: protocol.name(), resolve, contact, believe, endpoints })
}

fn clean(address: &str) -> anyhow::Result<String> {
    let url = config::web_address(address).map_err(|why| anyhow!("`address`: {why}"))?;
    bom::origin::clean_address(url.as_str()).with_context(|| format!("`{url}` is no base address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[[registry]]\necosystem = \"crates.io\"\nprotocol = \"crates\"\naddress = \"https://packages.example/\"\n\
        contact = true\nbelieve = \"authority\"\n[registry.endpoints]\nindex = \"https://index.example\"\n[registry.pace]\napi = 0\n";

    #[test]
    fn a_file_says_where_a_registry_is_and_what_is_decided() {
        let decision = read(GOOD).expect("a decision").remove(0);
        assert_eq!((decision.contact, decision.resolve, decision.believe), (true, false, Some(Belief::Authority)));
        let places: Vec<_> = decision.endpoints.iter().map(|e| (e.name.as_str(), e.address.as_str(), e.pace)).collect();
        assert_eq!(places, [("index", "https://index.example", None), ("api", "https://packages.example/api/v1", Some(0))]);
    }

    #[test]
    fn what_is_wrong_is_told_and_secrets_are_not() {
        for (from, to, words) in [
            ("\"crates\"", "\"pigeon\"", "no protocol"),
            ("\"crates.io\"", "\"npm\"", "serves packages of crates.io"),
            ("index =", "indexes =", "no endpoint of `crates`"),
            ("contact =", "contct =", "unknown field"),
            ("https://packages", "ftp://packages", "`http` or `https`"),
            ("https://packages", "https://me:s3cret@packages", "user name or a password"),
        ] {
            let said = format!("{:#}", read(&GOOD.replace(from, to)).expect_err(words));
            assert!(said.contains(words) && !said.contains("s3cret"), "{said}");
        }
    }
}
