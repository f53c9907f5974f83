//! `pom.xml` of Maven: what a project declares, since Maven locks nothing. The
//! versions that it inherits from a parent in the same folder tree are filled
//! in; what only a repository could tell (parents elsewhere, imported bills of
//! materials, dependencies of dependencies) is not known here.

mod element;
mod model;

use super::draft::{Draft, component, unnamed_subject};
use super::{Files, Lockfile, Origins, licences, place};
use crate::document::{Component, Document, Node, Scope};
use crate::origin::Origin;
use crate::purl::Purl;
use crate::reading::{Limits, ReadError, Reading};
use model::{Dependency, Pom};

/// Parents above one another.
const PARENTS: usize = 10;

/// Reads `pom.xml`.
pub static MAVEN: Maven = Maven;

/// The kind of `pom.xml`.
pub struct Maven;

impl Lockfile for Maven {
    fn kind(&self) -> &'static str {
        "maven-pom"
    }

    fn ecosystem(&self) -> &'static str {
        "Maven"
    }

    fn names(&self) -> &'static [&'static str] {
        &["pom.xml"]
    }

    fn origins(&self) -> Origins {
        Origins::Unknown
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let (text, limits) = text(path, files)?;
        let pom = element::read(&text, &limits).and_then(|root| Pom::of(&root)).map_err(|e| e.in_file(path))?;
        let pom = with_parents(pom, path, files);
        read(&pom, path, limits).map_err(|e| e.in_file(path))
    }
}

/// The file's text and what it may ask for; what is not UTF-8 is taken for Latin-1, XML's other common encoding.
fn text(path: &str, files: &dyn Files) -> Result<(String, Limits), ReadError> {
    let (bytes, limits) = place::bytes(path, files)?;
    let text = String::from_utf8(bytes).unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
    Ok((text.trim_start_matches('\u{feff}').to_owned(), limits))
}

/// `pom` with what it inherits from parents in the same folder tree.
fn with_parents(mut pom: Pom, path: &str, files: &dyn Files) -> Pom {
    let mut at = path.to_owned();
    let mut wanted = pom.parent.clone();
    for _ in 0..PARENTS {
        let Some(parent) = wanted.filter(|parent| !parent.relative.is_empty()) else { break };
        let mut beside = place::join(place::folder(&at), &parent.relative);
        if !beside.ends_with(".xml") {
            beside.push_str("/pom.xml");
        }
        let read = text(&beside, files).and_then(|(text, limits)| element::read(&text, &limits)).and_then(|root| Pom::of(&root));
        let Ok(above) = read else { break };
        // What lies there may be another project: then the repository has the parent.
        if above.artifact != Some(parent.artifact) {
            break;
        }
        wanted = above.parent.clone();
        pom.inherit(above);
        at = beside;
    }
    pom
}

fn read(pom: &Pom, path: &str, limits: Limits) -> Result<Reading<Document>, ReadError> {
    let folder = place::folder(path);
    let artifact = pom.artifact.as_deref().map(|artifact| pom.resolve(artifact));
    let mut subject = match &artifact {
        Some(artifact) => {
            let group = pom.group().map(|group| pom.resolve(&group));
            let version = pom.version().map(|version| pom.resolve(&version)).filter(|version| !version.contains("${"));
            let purl = Purl::new("maven", group.as_deref(), artifact, version.as_deref());
            component(purl, Origin::Path(place::join(folder, ".")), Scope::Required)
        }
        None => unnamed_subject(path),
    };
    subject.licences = pom.licences.iter().filter_map(|licence| licences::of_text(licence)).collect();
    let mut draft = Draft::new("pom.xml 4.0.0".to_owned(), subject, limits);
    let declared = pom.dependencies.iter().map(|dependency| (dependency, true));
    let in_profiles = pom.profiles.iter().flat_map(|profile| profile.dependencies.iter().map(|d| (d, profile.active)));
    for (dependency, active) in declared.chain(in_profiles) {
        let line = Some(dependency.line);
        match of_dependency(pom, dependency, folder) {
            Some(mut component) => {
                if component.version.is_none() {
                    let text = format!("`{}` names no single version here", component.name);
                    draft.warn(path, line, text);
                }
                if !active && component.scope == Scope::Required {
                    component.scope = Scope::Optional;
                }
                let node = draft.add(component)?;
                draft.edge(Node::Subject, node)?;
            }
            None => draft.warn(path, line, "a dependency without a group or an artifact is passed over"),
        }
    }
    Ok(draft.finish())
}

fn of_dependency(pom: &Pom, dependency: &Dependency, folder: &str) -> Option<Component> {
    let text = |text: &Option<String>| text.as_deref().map(|text| pom.resolve(text)).filter(|text| !text.is_empty());
    let (group, artifact) = (text(&dependency.group)?, text(&dependency.artifact)?);
    let managed = pom.managed(dependency);
    let version = text(&dependency.version).or_else(|| text(&managed?.version));
    let version = version.as_deref().and_then(single_version);
    let scope = text(&dependency.scope).or_else(|| text(&managed?.scope)).unwrap_or_default();
    let mut purl = Purl::new("maven", Some(&group), &artifact, version);
    let kind = text(&dependency.kind).filter(|kind| kind != "jar");
    for (key, value) in [("type", kind), ("classifier", text(&dependency.classifier))] {
        purl.qualify(value.map(|value| (key.to_owned(), value)));
    }
    let optional = text(&dependency.optional).as_deref() == Some("true");
    let origin = text(&dependency.system_path).filter(|_| scope == "system").map(|at| {
        let at = at.replace("${project.basedir}", ".").replace("${basedir}", ".");
        Origin::Path(place::join(folder, &at))
    });
    let scope = match scope.as_str() {
        "test" => Scope::Development,
        _ if optional => Scope::Optional,
        _ => Scope::Required,
    };
    Some(component(purl, origin.unwrap_or_default(), scope))
}

/// The version that `text` names; `None` for a range or what could not be filled in.
fn single_version(text: &str) -> Option<&str> {
    let exact = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text).trim();
    let open = exact.contains(['[', ']', '(', ')', ',']) || exact.contains("${");
    (!exact.is_empty() && !open && exact != "LATEST" && exact != "RELEASE").then_some(exact)
}
