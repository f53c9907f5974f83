//! Cargo: `.cargo/config.toml` of the project, the folders above it and the home;
//! replaced sources, further registries, and variables.

use super::{Manager, Place, Setting};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Cargo.
pub struct Cargo;

/// Longest chain of replaced sources that is followed.
const LONGEST_CHAIN: usize = 10;

#[derive(Default, Deserialize)]
#[serde(default)]
struct ConfigRaw {
    source: BTreeMap<String, SourceRaw>,
    registries: BTreeMap<String, RegistryRaw>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct SourceRaw {
    replace_with: Option<String>,
    registry: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RegistryRaw {
    index: Option<String>,
}

impl Manager for Cargo {
    fn ecosystem(&self) -> &'static str {
        "crates.io"
    }

    fn settings(&self, place: &Place) -> Vec<Setting> {
        let nearest = place.above(".cargo/config.toml").chain(place.above(".cargo/config"));
        let home = place.in_variable("CARGO_HOME", ".cargo", "config.toml");
        let mut settings = Vec::new();
        for file in nearest.chain(home) {
            let Ok(config) = toml::from_str::<ConfigRaw>(&file.text) else {
                continue;
            };
            let replaced = replacement(&config).and_then(|address| Setting::new(self, None, address, &file.name));
            settings.extend(replaced);
            for (name, registry) in &config.registries {
                // A variable has precedence over every file.
                let variable = format!("CARGO_REGISTRIES_{}_INDEX", name.to_uppercase().replace('-', "_"));
                let (index, source) = match place.environment.text(&variable) {
                    Some(index) => (Some(index), variable.as_str()),
                    None => (registry.index.clone(), file.name.as_str()),
                };
                settings.extend(index.and_then(|index| Setting::new(self, Some(name), &index, source)));
            }
        }
        settings
    }
}

/// Where the crates of the default registry come from instead.
fn replacement(config: &ConfigRaw) -> Option<&str> {
    let mut source = config.source.get("crates-io")?;
    for _ in 0..LONGEST_CHAIN {
        match &source.replace_with {
            Some(next) => source = config.source.get(next)?,
            None => return source.registry.as_deref(),
        }
    }
    None
}
