//! pip (variables and `pip.conf`) and uv (variables, `uv.toml` and the `tool.uv`
//! and `tool.poetry` tables of `pyproject.toml`).

use super::lines::lines;
use super::{Manager, Place, Setting};
use serde::Deserialize;

/// pip.
pub struct Pip;

/// uv and Poetry.
pub struct Uv;

#[derive(Default, Deserialize)]
#[serde(default)]
struct ProjectRaw {
    tool: ToolRaw,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ToolRaw {
    uv: UvRaw,
    poetry: PoetryRaw,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct UvRaw {
    index_url: Option<String>,
    extra_index_url: Vec<String>,
    index: Vec<IndexRaw>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PoetryRaw {
    source: Vec<IndexRaw>,
}

/// An index; one that is not `explicit` is asked for every package.
#[derive(Default, Deserialize)]
#[serde(default)]
struct IndexRaw {
    name: Option<String>,
    url: Option<String>,
    explicit: bool,
}

impl Manager for Pip {
    fn ecosystem(&self) -> &'static str {
        "PyPI"
    }

    fn settings(&self, place: &Place) -> Vec<Setting> {
        let mut settings = of_variables(self, place, &["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"]);
        let files = [
            place.named_by("PIP_CONFIG_FILE"),
            place.in_variable("VIRTUAL_ENV", ".no-environment", "pip.conf"),
            place.in_variable("XDG_CONFIG_HOME", ".config", "pip/pip.conf"),
            place.home(".pip/pip.conf"),
            place.machine("/etc/pip.conf"),
        ];
        for file in files.into_iter().flatten() {
            let named = lines(&file.text, '=').into_iter().filter(|line| matches!(line.key, "index-url" | "extra-index-url"));
            let values = named.flat_map(|line| line.value.split_whitespace());
            settings.extend(values.filter_map(|value| Setting::new(self, None, value, &file.name)));
        }
        settings
    }

    fn question(&self) -> Option<&'static [&'static str]> {
        // pip prints what is configured, never its own default; this is where it keeps it.
        Some(&["python3", "-I", "-c", "import pip._internal.models.index as index; print(index.PyPI.simple_url)"])
    }
}

impl Manager for Uv {
    fn ecosystem(&self) -> &'static str {
        "PyPI"
    }

    fn settings(&self, place: &Place) -> Vec<Setting> {
        let variables = ["UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL"];
        let mut settings = of_variables(self, place, &variables);
        for file in
            [place.project("uv.toml"), place.in_variable("XDG_CONFIG_HOME", ".config", "uv/uv.toml")].into_iter().flatten()
        {
            let raw: UvRaw = toml::from_str(&file.text).unwrap_or_default();
            settings.extend(self.of_uv(raw, &file.name));
        }
        if let Some(file) = place.project("pyproject.toml") {
            let raw: ProjectRaw = toml::from_str(&file.text).unwrap_or_default();
            settings.extend(self.of_uv(raw.tool.uv, &file.name));
            settings.extend(self.of_indexes(raw.tool.poetry.source, &file.name));
        }
        settings
    }
}

impl Uv {
    fn of_uv(&self, raw: UvRaw, source: &str) -> Vec<Setting> {
        let plain = raw.index_url.into_iter().chain(raw.extra_index_url);
        let mut settings: Vec<_> = plain.filter_map(|address| Setting::new(self, None, &address, source)).collect();
        settings.extend(self.of_indexes(raw.index, source));
        settings
    }

    fn of_indexes(&self, indexes: Vec<IndexRaw>, source: &str) -> Vec<Setting> {
        let setting = |index: IndexRaw| {
            let scope = index.name.filter(|_| index.explicit);
            Setting::new(self, scope.as_deref(), &index.url?, source)
        };
        indexes.into_iter().filter_map(setting).collect()
    }
}

/// The addresses in variables that hold one or several, with or without a `name=` before each.
fn of_variables(manager: &dyn Manager, place: &Place, variables: &[&str]) -> Vec<Setting> {
    let mut settings = Vec::new();
    for variable in variables {
        let value = place.environment.text(variable).unwrap_or_default();
        for word in value.split_whitespace() {
            let named = word.split_once('=').filter(|(name, _)| !name.contains([':', '/']));
            let address = named.map_or(word, |(_, address)| address);
            settings.extend(Setting::new(manager, None, address, variable));
        }
    }
    settings
}
