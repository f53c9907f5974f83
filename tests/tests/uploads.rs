//! What an upload does to the inventory, as its sender and its readers see it.

mod order;
mod refused;
mod slots;

use anyhow::{Context as _, Result};
use bomwarden_tests::people::Town;
use serde_json::Value;

/// The components of the project named `project`, `name@version`, sorted, as Alice sees them.
pub fn inventory(town: &Town, project: &str) -> Result<Vec<String>> {
    let id = project_id(town, project)?;
    let items = town.alice.all(&format!("/v1/projects/{id}/components"), 7)?;
    let mut names: Vec<String> =
        items.iter().map(|item| format!("{}@{}", word(&item["package"]["name"]), word(&item["version"]))).collect();
    names.sort();
    Ok(names)
}

pub fn project_id(town: &Town, project: &str) -> Result<String> {
    let projects = town.alice.all("/v1/projects", 50)?;
    let found =
        projects.iter().find(|item| item["name"] == project).with_context(|| format!("there is no project `{project}`"))?;
    Ok(word(&found["id"]).to_owned())
}

pub fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The first slot of an upload's answer: state, components, added, removed.
fn told(answer: &Value) -> (String, u64, u64, u64) {
    let slot = &answer["slots"][0];
    let figure = |name: &str| slot[name].as_u64().unwrap_or(u64::MAX);
    (word(&slot["state"]).to_owned(), figure("components"), figure("added"), figure("removed"))
}
