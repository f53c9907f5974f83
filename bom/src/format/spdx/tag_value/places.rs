//! The tags and lines at which warnings about a tag-value document point: readers
//! name places as in JSON, and a second pass finds what stands there.

use super::entries::Entries;
use crate::reading::{ReadError, Reading};
use std::collections::HashMap;

/// Names of a package's fields in JSON, and their tags.
const PACKAGE: &[(&str, &str)] = &[
    ("SPDXID", "SPDXID"),
    ("name", "PackageName"),
    ("versionInfo", "PackageVersion"),
    ("supplier", "PackageSupplier"),
    ("originator", "PackageOriginator"),
    ("downloadLocation", "PackageDownloadLocation"),
    ("homepage", "PackageHomePage"),
    ("checksums", "PackageChecksum"),
    ("licenseConcluded", "PackageLicenseConcluded"),
    ("licenseDeclared", "PackageLicenseDeclared"),
    ("copyrightText", "PackageCopyrightText"),
    ("summary", "PackageSummary"),
    ("description", "PackageDescription"),
    ("externalRefs", "ExternalRef"),
    ("primaryPackagePurpose", "PrimaryPackagePurpose"),
];

/// Names of the document's fields in JSON, and their tags.
const DOCUMENT: &[(&str, &str)] = &[
    ("spdxVersion", "SPDXVersion"),
    ("name", "DocumentName"),
    ("documentNamespace", "DocumentNamespace"),
    ("created", "Created"),
    ("creators", "Creator"),
    ("relationships", "Relationship"),
    ("hasExtractedLicensingInfos", "LicenseID"),
];

/// A tag: the `nth` of its name in the package, or in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Target {
    package: Option<usize>,
    tag: &'static str,
    nth: usize,
}

/// Whether `tag` says something of a package.
pub(super) fn is_of_package(tag: &str) -> bool {
    PACKAGE.iter().any(|(_, known)| *known == tag)
}

/// Gives warnings, or the error, their tags and lines.
pub(super) fn with_places<T>(reading: Result<Reading<T>, ReadError>, text: &str) -> Result<Reading<T>, ReadError> {
    let mut reading = reading.map_err(|refusal| error(refusal, text))?;
    let open: Vec<_> = reading.warnings.iter_mut().filter(|warning| warning.line.is_none()).collect();
    if open.is_empty() {
        return Ok(reading);
    }
    let targets: Vec<_> = open.iter().map(|warning| target(&warning.path)).collect();
    let lines = lines(text, &targets);
    for ((warning, target), line) in open.into_iter().zip(targets).zip(lines) {
        target.tag.clone_into(&mut warning.path);
        warning.line = Some(line);
    }
    Ok(reading)
}

/// Gives an error its tag and line.
pub(super) fn error(refusal: ReadError, text: &str) -> ReadError {
    if refusal.line.is_some() {
        return refusal;
    }
    let target = target(&refusal.path);
    let line = lines(text, &[target]).first().copied();
    ReadError::at(target.tag, line, refusal.text)
}

/// What `$.packages[3].externalRefs[1]` is called here.
fn target(path: &str) -> Target {
    let mut steps = path.split('.').skip(1).map(|step| match step.split_once('[') {
        Some((name, index)) => (name, index.trim_end_matches(']').parse().unwrap_or(0)),
        None => (step, 0),
    });
    let named = |list: &[(&str, &'static str)], name: &str| list.iter().find(|(known, _)| *known == name).map(|(_, tag)| *tag);
    match steps.next() {
        Some(("packages", index)) => {
            let (name, nth) = steps.next().unwrap_or(("name", 0));
            Target { package: Some(index), tag: named(PACKAGE, name).unwrap_or("PackageName"), nth }
        }
        Some((first, nth)) => {
            let (name, nth) = if first == "creationInfo" { steps.next().unwrap_or((first, nth)) } else { (first, nth) };
            Target { package: None, tag: named(DOCUMENT, name).unwrap_or("SPDXVersion"), nth }
        }
        None => Target { package: None, tag: "SPDXVersion", nth: 0 },
    }
}

/// The line of each target; of one that is not there, of its package, or the first.
fn lines(text: &str, targets: &[Target]) -> Vec<u32> {
    let mut wanted: HashMap<Target, u32> = targets.iter().map(|target| (*target, 0)).collect();
    let mut of_packages: HashMap<usize, u32> = targets.iter().filter_map(|target| Some((target.package?, 0))).collect();
    let (mut packages, mut in_package) = (0_usize, HashMap::<&str, usize>::new());
    let mut in_document = HashMap::<&str, usize>::new();
    for entry in Entries::new(text).flatten() {
        if entry.tag == "PackageName" {
            packages += 1;
            in_package.clear();
            if let Some(line) = of_packages.get_mut(&(packages - 1)) {
                *line = entry.line;
            }
        }
        let (list, counts, package) = match packages.checked_sub(1) {
            Some(at) if is_of_package(entry.tag) => (PACKAGE, &mut in_package, Some(at)),
            _ => (DOCUMENT, &mut in_document, None),
        };
        let Some((_, tag)) = list.iter().find(|(_, tag)| *tag == entry.tag) else { continue };
        let count = counts.entry(tag).or_default();
        if let Some(line) = wanted.get_mut(&Target { package, tag, nth: *count }) {
            *line = entry.line;
        }
        *count += 1;
    }
    let line = |target: &Target| {
        let own = wanted.get(target).copied().filter(|line| *line > 0);
        own.or_else(|| of_packages.get(&target.package?).copied().filter(|line| *line > 0)).unwrap_or(1)
    };
    targets.iter().map(line).collect()
}
