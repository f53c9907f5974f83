//! Composer: the `repositories` of `composer.json` and of the user's `config.json`.

use super::{Manager, Place, Setting};
use serde_json::Value;

/// Composer.
pub struct Composer;

impl Manager for Composer {
    fn ecosystem(&self) -> &'static str {
        "Packagist"
    }

    fn settings(&self, place: &Place) -> Vec<Setting> {
        let files = [place.project("composer.json"), place.in_variable("COMPOSER_HOME", ".config/composer", "config.json")];
        let mut settings = Vec::new();
        for file in files.into_iter().flatten() {
            let config: Value = serde_json::from_str(&file.text).unwrap_or_default();
            let repositories: Vec<&Value> = match config.get("repositories") {
                Some(Value::Array(list)) => list.iter().collect(),
                Some(Value::Object(named)) => named.values().collect(),
                _ => Vec::new(),
            };
            let ours = repositories.into_iter().filter(|one| one.get("type").and_then(Value::as_str) == Some("composer"));
            let addresses = ours.filter_map(|one| one.get("url").and_then(Value::as_str));
            settings.extend(addresses.filter_map(|address| Setting::new(self, None, address, &file.name)));
        }
        settings
    }
}
