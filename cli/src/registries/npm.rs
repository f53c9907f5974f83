//! npm, pnpm, Yarn and Bun: `.npmrc` of the project and the home, `.yarnrc`,
//! `.yarnrc.yml`, and variables.

use super::lines::{expanded, lines};
use super::place::File;
use super::{Manager, Place, Setting};

/// npm and those that read its configuration.
pub struct Npm;

impl Manager for Npm {
    fn ecosystem(&self) -> &'static str {
        "npm"
    }

    fn settings(&self, place: &Place) -> Vec<Setting> {
        let mut settings = Vec::new();
        for variable in ["npm_config_registry", "NPM_CONFIG_REGISTRY", "YARN_NPM_REGISTRY_SERVER"] {
            let value = place.environment.text(variable);
            settings.extend(value.and_then(|value| Setting::new(self, None, &value, variable)));
        }
        let user = place.named_by("npm_config_userconfig").or_else(|| place.named_by("NPM_CONFIG_USERCONFIG"));
        for file in [place.project(".npmrc"), user.or_else(|| place.home(".npmrc"))].into_iter().flatten() {
            settings.extend(self.npmrc(&file, place));
        }
        for file in [place.project(".yarnrc"), place.home(".yarnrc")].into_iter().flatten() {
            settings.extend(self.yarnrc(&file));
        }
        for file in place.above(".yarnrc.yml") {
            settings.extend(self.yarnrc_yml(&file, place));
        }
        settings
    }

    fn question(&self) -> Option<&'static [&'static str]> {
        Some(&["npm", "config", "get", "registry"])
    }
}

impl Npm {
    /// `registry=…` and `@scope:registry=…`.
    fn npmrc(&self, file: &File, place: &Place) -> Vec<Setting> {
        let setting = |line: super::lines::Line| {
            let scope = match line.key {
                "registry" => None,
                key => Some(key.strip_suffix(":registry").filter(|scope| scope.starts_with('@'))?),
            };
            Setting::new(self, scope, &expanded(line.value, place.environment), &file.name)
        };
        lines(&file.text, '=').into_iter().filter_map(setting).collect()
    }

    /// Yarn 1: `registry "…"` and `"@scope:registry" "…"`.
    fn yarnrc(&self, file: &File) -> Vec<Setting> {
        let setting = |line: &str| {
            let (key, value) = line.trim().split_once(' ')?;
            let scope = match key.trim_matches('"') {
                "registry" => None,
                key => Some(key.strip_suffix(":registry").filter(|scope| scope.starts_with('@'))?),
            };
            Setting::new(self, scope, value, &file.name)
        };
        file.text.lines().filter_map(setting).collect()
    }

    /// Yarn 2 and later: `npmRegistryServer`, at the top or below a scope of `npmScopes`.
    fn yarnrc_yml(&self, file: &File, place: &Place) -> Vec<Setting> {
        let mut settings = Vec::new();
        let (mut scopes, mut scope) = (false, None);
        for line in file.text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            let Some((key, value)) = line.trim().split_once(':') else {
                continue;
            };
            let (key, depth) = (key.trim_matches(['"', '\'']), line.len() - line.trim_start().len());
            match (depth, key) {
                (0, _) => (scopes, scope) = (key == "npmScopes", None),
                (_, "npmRegistryServer") => {}
                _ if scopes && value.trim().is_empty() => scope = Some(format!("@{key}")),
                _ => {}
            }
            if key == "npmRegistryServer" && (depth == 0 || scope.is_some()) {
                let value = expanded(value.trim().trim_matches(['"', '\'']), place.environment);
                settings.extend(Setting::new(self, scope.as_deref(), &value, &file.name));
            }
        }
        settings
    }
}
