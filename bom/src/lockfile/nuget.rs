//! `packages.lock.json` of NuGet, versions 1 and 2. The file lists the packages
//! of each target framework; a package in several of them is one component.

use super::draft::{Draft, component, unnamed_subject};
use super::place::Source;
use super::tolerant::{Pairs, Record, Text};
use super::{Files, Lockfile, Origins, hashes, json_text, place};
use crate::document::{Document, Node, Scope};
use crate::ecosystem::lower;
use crate::origin::Origin;
use crate::purl::Purl;
use crate::reading::{ReadError, Reading};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::HashMap;

/// Reads `packages.lock.json`.
pub static NUGET: Nuget = Nuget;

/// The kind of `packages.lock.json`.
pub struct Nuget;

impl Lockfile for Nuget {
    fn kind(&self) -> &'static str {
        "nuget-packages-lock"
    }

    fn ecosystem(&self) -> &'static str {
        "NuGet"
    }

    fn names(&self) -> &'static [&'static str] {
        &["packages.lock.json", "packages.*.lock.json"]
    }

    fn origins(&self) -> Origins {
        Origins::ClientDefault
    }

    fn read(&self, path: &str, files: &dyn Files) -> Result<Reading<Document>, ReadError> {
        let text = place::text(path, files)?;
        read(&text, path).map_err(|e| e.in_file(path))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LockRaw<'a> {
    #[serde(borrow)]
    version: Text<'a>,
    dependencies: Pairs<Text<'a>, Pairs<Text<'a>, Record<PackageRaw<'a>>>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PackageRaw<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    resolved: Text<'a>,
    content_hash: Text<'a>,
    dependencies: Pairs<Text<'a>, IgnoredAny>,
}

fn read(text: &Source, path: &str) -> Result<Reading<Document>, ReadError> {
    let raw: LockRaw<'_> = json_text::read(text)?;
    if raw.version.get().is_none() && raw.dependencies.items.is_empty() {
        return Err(ReadError::whole("there is neither `version` nor `dependencies`; this is no packages.lock.json"));
    }
    let folder = place::folder(path);
    let mut draft =
        Draft::new(format!("packages.lock.json {}", raw.version.get().unwrap_or("1")), unnamed_subject(path), text.limits);
    for (framework, packages) in &raw.dependencies.items {
        let mut by_name: HashMap<String, Node> = HashMap::new();
        for (name, record) in &packages.items {
            let (Some(name), Some(package)) = (name.get(), &record.value) else {
                let at = format!("$.dependencies[\"{}\"]", framework.or_empty());
                draft.warn_near(text, framework.or_empty(), at, "a package that is no object is passed over");
                continue;
            };
            // Another project of the solution; where it lies is not said.
            let project = package.kind.get() == Some("Project");
            let origin = if project { Origin::Path(place::join(folder, name)) } else { Origin::Authority };
            let mut component = component(Purl::new("nuget", None, name, package.resolved.get()), origin, Scope::Required);
            component.hashes.extend(package.content_hash.get().and_then(|hash| hashes::base64_digest("sha512", hash)));
            let node = draft.add(component)?;
            if package.kind.get() == Some("Direct") || project {
                draft.edge(Node::Subject, node)?;
            }
            by_name.insert(lower(name).into_owned(), node);
        }
        for (name, record) in &packages.items {
            let (Some(&from), Some(package)) = (by_name.get(lower(name.or_empty()).as_ref()), &record.value) else { continue };
            for need in package.dependencies.items.iter().filter_map(|(need, _)| need.get()) {
                match by_name.get(lower(need).as_ref()) {
                    Some(&to) => draft.edge(from, to)?,
                    None => {
                        let at = format!("$.dependencies[\"{}\"]", framework.or_empty());
                        let text_of = format!("`{}` needs `{need}`, which is not in the file", name.or_empty());
                        draft.warn_near(text, &format!("\"{}\"", name.or_empty()), at, text_of);
                    }
                }
            }
        }
    }
    Ok(draft.finish())
}
