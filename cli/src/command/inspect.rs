//! `bomwarden inspect`: says what is in SBOMs, lockfiles and VEX documents. One object per line
//! with `--json`; a file that cannot be read is one of them, with its error, and
//! makes the exit code 2 after all others were told.

use crate::limits::limits;
use crate::screen::Tone;
use crate::subject::{self, Detect, Sort};
use crate::{Failure, Outcome, Screen};
use bom::document::{Component, Document, Scope, Status};
use bom::ecosystem::Package;
use bom::lockfile::{self, Lockfile};
use bom::quality::{Quality, Verdict, quality};
use bom::reading::{Limits, Reading, Warning};
use bom::vex::Vex;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Say what is in SBOMs, lockfiles and VEX documents.
#[derive(clap::Args)]
pub struct Arguments {
    /// SBOMs, lockfiles and VEX documents.
    #[arg(value_name = "FILE", required_unless_present = "kinds")]
    files: Vec<PathBuf>,
    /// List every package too.
    #[arg(long)]
    packages: bool,
    /// Read the files as this kind, whatever their names are.
    #[arg(long = "as", value_name = "KIND")]
    kind: Option<String>,
    /// List the kinds that `--as` takes.
    #[arg(long, exclusive = true)]
    kinds: bool,
}

/// What is in one file.
#[derive(Serialize, Default)]
struct Summary {
    file: String,
    kind: Option<&'static str>,
    format: Option<String>,
    version: Option<String>,
    components: usize,
    with_purl: usize,
    edges: usize,
    /// What is stated about vulnerabilities, counted by status.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    statements: BTreeMap<&'static str, usize>,
    with_licence: usize,
    with_hash: usize,
    quality: Option<Quality>,
    warnings: Vec<Warning>,
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    packages: Option<Vec<Row>>,
}

/// One package of a file.
#[derive(Serialize)]
struct Row {
    ecosystem: Option<&'static str>,
    name: String,
    version: Option<String>,
    purl: Option<String>,
    direct: Option<bool>,
    scope: &'static str,
}

/// Runs the command.
///
/// # Errors
/// [`Failure`] when a file could not be read; the others are told before.
pub fn run(arguments: Arguments, screen: &Screen) -> Result<Outcome, Failure> {
    if arguments.kinds {
        return list_kinds(screen);
    }
    let detect = arguments.kind.as_deref().map_or(Ok(Detect::Itself), Detect::of_kind)?;
    let limits = limits()?;
    let mut unreadable = None;
    for read in arguments.files.iter().flat_map(|path| look(path, detect, &limits, arguments.packages)) {
        let summary = match read {
            Ok(summary) => summary,
            Err((path, failure)) => {
                let (file, error) = (path.display().to_string(), Some(failure.to_string()));
                if let Some(earlier) = unreadable.replace(failure) {
                    Failure::report(&earlier);
                }
                Summary { file, error, ..Summary::default() }
            }
        };
        if screen.json() {
            screen.say_json(&summary)?;
        } else if summary.error.is_none() {
            tell(&summary, screen)?;
        }
    }
    unreadable.map_or(Ok(Outcome::Done), Err)
}

/// What is at `path`; of a folder also each lockfile that cannot be read.
fn look(path: &Path, detect: Detect, limits: &Limits, packages: bool) -> Vec<Result<Summary, (PathBuf, Failure)>> {
    let file = path.display().to_string();
    let found = match vex(path, detect, limits) {
        Ok(Some(reading)) => return vec![Ok(summarise_vex(file, reading))],
        Ok(None) => subject::read_what_can_be(path, detect, limits),
        Err(failure) => Err(failure),
    };
    match found {
        Ok(found) => {
            let unread = found.unread.into_iter().map(Err);
            std::iter::once(Ok(summarise(file, found.sort, found.reading, packages))).chain(unread).collect()
        }
        Err(failure) => vec![Err((path.to_owned(), failure))],
    }
}

/// The VEX document at `path`, if it is one. What has a lockfile's name is one.
fn vex(path: &Path, detect: Detect, limits: &Limits) -> Result<Option<Reading<Vex>>, Failure> {
    let named = path.file_name().is_some_and(|name| lockfile::of_name(&name.to_string_lossy()).is_some());
    match detect {
        Detect::Itself if path.is_file() && !named => subject::read_vex(path, limits),
        _ => Ok(None),
    }
}

fn summarise_vex(file: String, reading: Reading<Vex>) -> Summary {
    let Reading { value: vex, warnings } = reading;
    let (name, version) = named(&vex.format);
    let statements = count_by_status(vex.statements.iter().map(|statement| Some(statement.status)));
    Summary { file, kind: Some("vex"), format: Some(name), version, statements, warnings, ..Summary::default() }
}

/// A format's name and version.
fn named(format: &str) -> (String, Option<String>) {
    let found = format.rsplit_once(' ').filter(|(_, version)| version.starts_with(|c: char| c.is_ascii_digit() || c == 'v'));
    found.map_or((format.to_owned(), None), |(name, version)| (name.to_owned(), Some(version.to_owned())))
}

fn count_by_status(statuses: impl Iterator<Item = Option<Status>>) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for status in statuses {
        let word = match status {
            Some(Status::InTriage) => "under investigation",
            Some(Status::Affected) => "affected",
            Some(Status::NotAffected) => "not affected",
            Some(Status::Fixed) => "fixed",
            Some(Status::FalsePositive) => "false positive",
            None => "listed only",
        };
        *counts.entry(word).or_default() += 1;
    }
    counts
}

fn list_kinds(screen: &Screen) -> Result<Outcome, Failure> {
    for (sort, name) in subject::kinds() {
        match screen.json() {
            true => screen.say_json(&serde_json::json!({"kind": sort, "name": name}))?,
            false => screen.say(&format!("{name:<24} {}", screen.paint(Tone::Faint, sort)))?,
        }
    }
    Ok(Outcome::Done)
}

fn summarise(file: String, sort: Sort, reading: Reading<Document>, packages: bool) -> Summary {
    let Reading { value: document, warnings } = reading;
    let (name, version) = named(&document.format);
    let (kind, format, version) = match sort {
        Sort::Lockfile(kind) => ("lockfile", kind.to_owned(), version),
        Sort::Sbom => ("sbom", name, version),
        Sort::Folder(1) => ("directory", "1 lockfile".to_owned(), None),
        Sort::Folder(count) => ("directory", format!("{count} lockfiles"), None),
    };
    let counts = document.counts();
    let own = own_package(sort, &document);
    let count = |has: fn(&Component) -> bool| document.components.iter().chain(own).filter(|component| has(component)).count();
    Summary {
        file,
        kind: Some(kind),
        format: Some(format),
        version,
        components: counts.components + usize::from(own.is_some()),
        with_purl: counts.with_purl + usize::from(own.is_some()),
        edges: counts.edges,
        statements: count_by_status(document.statements.iter().map(|statement| statement.status)),
        with_licence: count(|c| !c.licences.is_empty()),
        with_hash: count(|c| !c.hashes.is_empty()),
        quality: Some(quality(&document)),
        warnings,
        error: None,
        packages: packages.then(|| rows(&document, own)),
    }
}

/// The project itself, where its lockfile lists it like any other package.
fn own_package(sort: Sort, document: &Document) -> Option<&Component> {
    let Sort::Lockfile(kind) = sort else { return None };
    let listed = lockfile::of_kind(kind).is_some_and(Lockfile::lists_project);
    document.subject.as_ref().filter(|subject| listed && subject.purl.is_some())
}

fn rows(document: &Document, own: Option<&Component>) -> Vec<Row> {
    let direct = document.direct();
    let needed = document.components.iter().zip(direct).map(|(component, direct)| row(component, direct));
    needed.chain(own.map(|own| row(own, None))).collect()
}

fn row(component: &Component, direct: Option<bool>) -> Row {
    let package = component.purl.as_ref().and_then(Package::of_purl);
    let written = || match &component.group {
        Some(group) => format!("{group}/{}", component.name),
        None => component.name.to_string(),
    };
    Row {
        ecosystem: package.as_ref().map(|package| package.ecosystem.name),
        name: package.map_or_else(written, |package| package.name),
        version: component.version.as_ref().map(ToString::to_string),
        purl: component.purl.as_ref().map(ToString::to_string),
        direct,
        scope: match component.scope {
            Scope::Required => "required",
            Scope::Optional => "optional",
            Scope::Development => "development",
        },
    }
}

fn tell(summary: &Summary, screen: &Screen) -> Result<(), Failure> {
    let format = summary.format.as_deref().unwrap_or_default();
    let version = summary.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    screen.say(&format!("{}: {format}{version}", screen.paint(Tone::Strong, &summary.file)))?;
    if summary.kind != Some("vex") {
        screen.say(&format!(
            "  {} components ({} with purl, {} with licence, {} with hash), {} edges",
            summary.components, summary.with_purl, summary.with_licence, summary.with_hash, summary.edges
        ))?;
    }
    if !summary.statements.is_empty() || summary.kind == Some("vex") {
        let parts: Vec<String> = summary.statements.iter().map(|(word, count)| format!("{count} {word}")).collect();
        let all: usize = summary.statements.values().sum();
        screen.say(&format!("  {all} statements about vulnerabilities ({})", parts.join(", ")))?;
    }
    if let Some(quality) = &summary.quality {
        tell_quality(quality, screen)?;
    }
    for row in summary.packages.iter().flatten() {
        let ecosystem = row.ecosystem.unwrap_or("-");
        let direct = if row.direct == Some(true) { ", direct" } else { "" };
        let version = row.version.as_deref().unwrap_or("-");
        let about = screen.paint(Tone::Faint, &format!("({ecosystem}, {}{direct})", row.scope));
        screen.say(&format!("  {} {version} {about}", row.name))?;
    }
    for warning in &summary.warnings {
        let line = warning.line.map(|line| format!(" line {line}")).unwrap_or_default();
        screen.say(&format!("  {} {}{line}: {}", screen.paint(Tone::Warn, "warning"), warning.path, warning.text))?;
    }
    Ok(())
}

fn tell_quality(quality: &Quality, screen: &Screen) -> Result<(), Failure> {
    let percent = |score: Option<u8>| score.map_or_else(|| "cannot tell".to_owned(), |score| format!("{score} %"));
    let (score, ntia, bsi) = (percent(quality.score), percent(quality.ntia), percent(quality.bsi));
    screen.say(&format!("  quality {} (NTIA {ntia}, BSI {bsi})", screen.paint(Tone::Strong, &score)))?;
    for answer in &quality.elements {
        let word = match answer.verdict {
            Verdict::Met => continue,
            Verdict::Partly { .. } => "partly",
            Verdict::Missing => "missing",
            Verdict::CannotTell => "cannot tell",
        };
        screen.say(&format!("    {word} {}: {}", answer.element, screen.paint(Tone::Faint, &answer.reason)))?;
    }
    Ok(())
}
