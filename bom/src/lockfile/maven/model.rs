//! The part of Maven's project model that names dependencies, and how a
//! project inherits and fills in what it leaves out (Maven's documentation,
//! "Introduction to the POM").

use super::element::Element;
use crate::reading::ReadError;
use std::collections::HashMap;

/// Properties within properties.
const DEPTH: usize = 20;
/// Bytes of a text whose properties were filled in; no name or version has as many.
const FILLED: usize = 4 << 10;

/// A project.
#[derive(Debug, Default)]
pub(super) struct Pom {
    group: Option<String>,
    pub(super) artifact: Option<String>,
    version: Option<String>,
    pub(super) parent: Option<Parent>,
    properties: HashMap<String, String>,
    managed: Vec<Dependency>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) profiles: Vec<Profile>,
    pub(super) licences: Vec<String>,
}

/// What a project inherits from.
#[derive(Clone, Debug, Default)]
pub(super) struct Parent {
    group: Option<String>,
    pub(super) artifact: String,
    version: Option<String>,
    /// Where its file may lie, seen from the project's folder; empty for nowhere.
    pub(super) relative: String,
}

/// Dependencies that are added on a condition.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// Whether it applies unless another one is asked for.
    pub(super) active: bool,
    pub(super) dependencies: Vec<Dependency>,
}

/// One dependency, as written.
#[derive(Debug, Default)]
pub(super) struct Dependency {
    pub(super) group: Option<String>,
    pub(super) artifact: Option<String>,
    pub(super) version: Option<String>,
    /// Its `type`; `jar` where nothing is said.
    pub(super) kind: Option<String>,
    pub(super) classifier: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) optional: Option<String>,
    pub(super) system_path: Option<String>,
    pub(super) line: u32,
}

impl Pom {
    /// The project of a `project` element.
    ///
    /// # Errors
    /// [`ReadError`] for any other element.
    pub(super) fn of(root: &Element) -> Result<Pom, ReadError> {
        if root.name != "project" {
            return Err(ReadError::at("", Some(root.line), format!("`{}` is no Maven project", root.name)));
        }
        Ok(Pom {
            group: root.text_of("groupId"),
            artifact: root.text_of("artifactId"),
            version: root.text_of("version"),
            parent: root.child("parent").map(parent),
            properties: children_of(root.child("properties")).iter().map(|p| (p.name.clone(), p.text.clone())).collect(),
            managed: root.child("dependencyManagement").map(dependencies).unwrap_or_default(),
            dependencies: dependencies(root),
            profiles: children_of(root.child("profiles")).iter().map(profile).collect(),
            licences: children_of(root.child("licenses")).iter().filter_map(|licence| licence.text_of("name")).collect(),
        })
    }

    /// Adds what the parent `above` says and this project does not.
    pub(super) fn inherit(&mut self, above: Pom) {
        let (group, version) = (above.group(), above.version());
        self.group = self.group.take().or(group);
        self.version = self.version.take().or(version);
        for (name, value) in above.properties {
            self.properties.entry(name).or_insert(value);
        }
        let known = |list: &[Dependency], one: &Dependency| list.iter().any(|other| other.same(one));
        for dependency in above.dependencies {
            if !known(&self.dependencies, &dependency) {
                self.dependencies.push(dependency);
            }
        }
        self.managed.extend(above.managed);
        if self.licences.is_empty() {
            self.licences = above.licences;
        }
    }

    /// The project's group, its own or its parent's.
    pub(super) fn group(&self) -> Option<String> {
        self.group.clone().or_else(|| self.parent.as_ref()?.group.clone())
    }

    /// The project's version, its own or its parent's.
    pub(super) fn version(&self) -> Option<String> {
        self.version.clone().or_else(|| self.parent.as_ref()?.version.clone())
    }

    /// What `dependencyManagement` says about `dependency`; the nearest comes first.
    pub(super) fn managed(&self, dependency: &Dependency) -> Option<&Dependency> {
        let resolved = |text: &Option<String>| text.as_deref().map(|text| self.resolve(text));
        let key = |d: &Dependency| {
            let kind = resolved(&d.kind).unwrap_or_else(|| "jar".to_owned());
            (resolved(&d.group), resolved(&d.artifact), kind, resolved(&d.classifier))
        };
        let wanted = key(dependency);
        self.managed.iter().find(|managed| key(managed) == wanted)
    }

    /// `text` with each `${name}` that is known filled in.
    pub(super) fn resolve(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..DEPTH {
            let filled = self.fill_in(&text);
            if filled == text || filled.len() > FILLED {
                break;
            }
            text = filled;
        }
        text
    }

    /// `text` with each name filled in once.
    fn fill_in(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, behind)) = after.split_once('}') else { break };
            out.push_str(before);
            match self.property(name) {
                Some(value) if out.len() + value.len() <= FILLED => out.push_str(&value),
                _ => {
                    out.push_str("${");
                    out.push_str(name);
                    out.push('}');
                }
            }
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    fn property(&self, name: &str) -> Option<String> {
        let bare = name.strip_prefix("project.").or(name.strip_prefix("pom.")).unwrap_or(name);
        let parent = self.parent.as_ref();
        let own = match bare {
            "groupId" => self.group(),
            "artifactId" => self.artifact.clone(),
            "version" => self.version(),
            "parent.groupId" => parent.and_then(|parent| parent.group.clone()),
            "parent.artifactId" => parent.map(|parent| parent.artifact.clone()),
            "parent.version" => parent.and_then(|parent| parent.version.clone()),
            _ => None,
        };
        let stated = || self.properties.get(name).cloned();
        if name == bare { stated().or(own) } else { own.or_else(stated) }
    }
}

impl Dependency {
    /// Whether both declare the same dependency.
    fn same(&self, other: &Dependency) -> bool {
        let kind = |d: &Dependency| d.kind.clone().unwrap_or_else(|| "jar".to_owned());
        self.group == other.group
            && self.artifact == other.artifact
            && kind(self) == kind(other)
            && self.classifier == other.classifier
    }
}

fn parent(element: &Element) -> Parent {
    Parent {
        group: element.text_of("groupId"),
        artifact: element.text_of("artifactId").unwrap_or_default(),
        version: element.text_of("version"),
        relative: element.text_of("relativePath").unwrap_or_else(|| "../pom.xml".to_owned()),
    }
}

fn profile(element: &Element) -> Profile {
    let default = element.child("activation").and_then(|activation| activation.text_of("activeByDefault"));
    Profile { active: default.as_deref() == Some("true"), dependencies: dependencies(element) }
}

fn children_of(element: Option<&Element>) -> &[Element] {
    element.map(|element| element.children.as_slice()).unwrap_or_default()
}

/// The `dependencies` of an element.
fn dependencies(element: &Element) -> Vec<Dependency> {
    let list = children_of(element.child("dependencies"));
    list.iter()
        .filter(|child| child.name == "dependency")
        .map(|child| Dependency {
            group: child.text_of("groupId"),
            artifact: child.text_of("artifactId"),
            version: child.text_of("version"),
            kind: child.text_of("type"),
            classifier: child.text_of("classifier"),
            scope: child.text_of("scope"),
            optional: child.text_of("optional"),
            system_path: child.text_of("systemPath"),
            line: child.line,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::element;
    use super::*;
    use crate::reading::Limits;

    #[test]
    fn properties_are_filled_in_and_never_without_end() {
        let text = "<project><artifactId>a</artifactId><parent><version>2</version></parent><properties><x>${y}-${version}</x>\
                    <y>1</y><loop>${loop}${loop}</loop></properties></project>";
        let pom = Pom::of(&element::read(text, &Limits::DEFAULT).unwrap()).unwrap();
        for (text, filled) in [("${x}", "1-2"), ("${project.artifactId}:${unknown}", "a:${unknown}"), ("${open", "${open")] {
            assert_eq!(pom.resolve(text), filled, "{text}");
        }
        assert!(pom.resolve("${loop}").len() <= 2 * FILLED);
        assert!(Pom::of(&element::read("<settings/>", &Limits::DEFAULT).unwrap()).is_err());
    }
}
