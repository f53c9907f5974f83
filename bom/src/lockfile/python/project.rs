//! `pyproject.toml`: the project's name and version, and what it needs for
//! itself, as PEP 621, PEP 735, Poetry and PDM spell it.

use super::{Requirement, canonical, component};
use crate::document::{Component, Scope};
use crate::lockfile::tolerant::{Either, Flag, List, Pairs, Record, Text};
use crate::lockfile::{Files, draft, licences, place};
use crate::origin::Origin;
use serde::Deserialize;

/// What is taken from `pyproject.toml`.
#[derive(Debug, Default)]
pub(in crate::lockfile) struct Project {
    name: Option<String>,
    version: Option<String>,
    licence: Option<String>,
    /// Canonical names and what each is needed for.
    pub(in crate::lockfile) needs: Vec<(String, Scope)>,
    /// Canonical names of the optional groups.
    pub(in crate::lockfile) extras: Vec<String>,
}

type Requirements<'a> = List<Text<'a>>;
type Groups<'a> = Pairs<Text<'a>, Requirements<'a>>;
type Table<'a> = Pairs<Text<'a>, Either<'a, PoetryDependencyRaw>>;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct FileRaw<'a> {
    #[serde(borrow)]
    project: Record<ProjectRaw<'a>>,
    dependency_groups: Groups<'a>,
    tool: Record<ToolRaw<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct ProjectRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    license: Text<'a>,
    dependencies: Requirements<'a>,
    optional_dependencies: Groups<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ToolRaw<'a> {
    #[serde(borrow)]
    poetry: Record<PoetryRaw<'a>>,
    pdm: Record<PdmRaw<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct PoetryRaw<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    license: Text<'a>,
    dependencies: Table<'a>,
    dev_dependencies: Table<'a>,
    group: Pairs<Text<'a>, Record<PoetryGroupRaw<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PoetryGroupRaw<'a> {
    #[serde(borrow)]
    dependencies: Table<'a>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct PoetryDependencyRaw {
    optional: Flag,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct PdmRaw<'a> {
    #[serde(borrow)]
    dev_dependencies: Groups<'a>,
}

/// Reads the `pyproject.toml` beside the lockfile at `path`; an empty one where there is none.
pub(in crate::lockfile) fn read(path: &str, files: &dyn Files) -> Project {
    let text = place::optional_text(&place::beside(path, "pyproject.toml"), files).unwrap_or_default();
    toml::from_str::<FileRaw<'_>>(&text).map(project).unwrap_or_default()
}

impl Project {
    /// The project as the subject of a document.
    pub(in crate::lockfile) fn subject(&self, path: &str) -> Component {
        let mut subject = match &self.name {
            Some(name) => {
                let origin = Origin::Path(place::join(place::folder(path), "."));
                component(name, self.version.as_deref(), origin, Scope::Required)
            }
            None => Component { version: self.version.as_deref().map(Into::into), ..draft::unnamed_subject(path) },
        };
        subject.licences = self.licence.as_deref().and_then(licences::of_text).into_iter().collect();
        subject
    }
}

fn project(raw: FileRaw<'_>) -> Project {
    let own = raw.project.value.unwrap_or_default();
    let tool = raw.tool.value.unwrap_or_default();
    let poetry = tool.poetry.value.unwrap_or_default();
    let text = |own: &Text<'_>, poetry: &Text<'_>| own.get().or(poetry.get()).map(str::to_owned);
    let mut project = Project {
        name: text(&own.name, &poetry.name),
        version: text(&own.version, &poetry.version),
        licence: text(&own.license, &poetry.license),
        needs: Vec::new(),
        extras: own
            .optional_dependencies
            .items
            .iter()
            .filter_map(|(name, _)| name.get())
            .map(|name| canonical(name).into_owned())
            .collect(),
    };
    project.require(&own.dependencies, Scope::Required);
    let pdm = tool.pdm.value.unwrap_or_default();
    let kinds = [
        (&own.optional_dependencies, Scope::Optional),
        (&raw.dependency_groups, Scope::Development),
        (&pdm.dev_dependencies, Scope::Development),
    ];
    for (groups, scope) in kinds {
        for (_, requirements) in &groups.items {
            project.require(requirements, scope);
        }
    }
    project.table(&poetry.dependencies, Scope::Required);
    project.table(&poetry.dev_dependencies, Scope::Development);
    for (name, group) in &poetry.group.items {
        let scope = if name.get() == Some("main") { Scope::Required } else { Scope::Development };
        if let Some(group) = &group.value {
            project.table(&group.dependencies, scope);
        }
    }
    project
}

impl Project {
    fn require(&mut self, requirements: &Requirements<'_>, scope: Scope) {
        let read = requirements.items.iter().filter_map(Text::get).filter_map(Requirement::of);
        self.needs.extend(read.map(|requirement| (canonical(requirement.name).into_owned(), scope)));
    }

    /// Poetry's own tables; `python` there is the interpreter.
    fn table(&mut self, table: &Table<'_>, scope: Scope) {
        for (name, value) in &table.items {
            let Some(name) = name.get().filter(|name| *name != "python") else { continue };
            let optional = matches!(value, Either::Record(raw) if raw.optional.0);
            let scope = if optional && scope == Scope::Required { Scope::Optional } else { scope };
            self.needs.push((canonical(name).into_owned(), scope));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_need_is_read() {
        let text = r#"
            [project]
            name = "Demo_App"
            version = "1.0"
            license = { text = "MIT" }
            dependencies = ["Requests[socks]>=2 ; python_version > '3'", true]
            optional-dependencies = { cli = ["click"] }
            [dependency-groups]
            test = ["pytest", { include-group = "x" }]
            [tool.poetry.dependencies]
            python = "^3.10"
            rich = { version = "^13", optional = true }
            [tool.poetry.group.docs.dependencies]
            mkdocs = "*"
            [tool.pdm.dev-dependencies]
            lint = ["ruff"]
        "#;
        let project = project(toml::from_str(text).unwrap());
        let needs: Vec<_> = project.needs.iter().map(|(name, scope)| (name.as_str(), *scope)).collect();
        use Scope::{Development, Optional, Required};
        assert_eq!(
            needs,
            [
                ("requests", Required),
                ("click", Optional),
                ("pytest", Development),
                ("ruff", Development),
                ("rich", Optional),
                ("mkdocs", Development)
            ]
        );
        assert_eq!(project.subject("x.lock").purl.unwrap().to_string(), "pkg:pypi/demo-app@1.0");
    }
}
