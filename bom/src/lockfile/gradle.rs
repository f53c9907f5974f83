//! Gradle's dependency lockfiles ("Locking versions" in Gradle's
//! documentation): `group:name:version=configuration,…`. They hold no graph.

use super::draft::{Draft, component, unnamed_subject};
use super::place::Source;
use super::{Files, Lockfile, Origins, place};
use crate::document::{Document, Scope};
use crate::origin::Origin;
use crate::purl::Purl;
use crate::reading::{ReadError, Reading};

/// Reads `gradle.lockfile`.
pub static GRADLE: Gradle = Gradle;

/// The kind of Gradle's lockfiles.
pub struct Gradle;

impl Lockfile for Gradle {
    fn kind(&self) -> &'static str {
        "gradle-lockfile"
    }

    fn ecosystem(&self) -> &'static str {
        "Maven"
    }

    fn names(&self) -> &'static [&'static str] {
        &["gradle.lockfile", "buildscript-gradle.lockfile"]
    }

    fn origins(&self) -> Origins {
        Origins::Unknown
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        read(&text, path).map_err(|e| e.in_file(path))
    }
}

fn read(text: &Source, path: &str) -> Result<Reading<Document>, ReadError> {
    let mut draft = Draft::new("gradle.lockfile".to_owned(), unnamed_subject(path), text.limits);
    let build_script = path.rsplit('/').next().is_some_and(|name| name.starts_with("buildscript"));
    for (at, raw) in text.lines().enumerate() {
        let line = raw.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (coordinates, configurations) = line.split_once('=').unwrap_or((line, ""));
        if coordinates == "empty" {
            continue;
        }
        let parts: Vec<&str> = coordinates.split(':').collect();
        let [group, name, version] = parts.as_slice() else {
            let number = u32::try_from(at + 1).ok();
            draft.warn(path, number, "this is no `group:name:version`; the line is passed over");
            continue;
        };
        let mut names = configurations.split(',').map(str::trim).filter(|name| !name.is_empty()).peekable();
        let building = names.peek().is_some() && names.all(for_building);
        let scope = if build_script || building { Scope::Development } else { Scope::Required };
        draft.add(component(Purl::new("maven", Some(group), name, Some(version)), Origin::Authority, scope))?;
    }
    Ok(draft.finish())
}

/// Whether nothing of a configuration is in what is built: tests, and what the compiler runs.
fn for_building(configuration: &str) -> bool {
    let name = configuration.to_lowercase();
    name.contains("test") || name.ends_with("annotationprocessor")
}
