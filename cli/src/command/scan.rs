//! `bomwarden scan`: says which components have known problems, without a network,
//! from the local advisory database.

use crate::limits::limits;
use crate::report::{Format, Report};
use crate::scan::{Judged, Lines, Scanned, Scanner, Stated, answer};
use crate::subject::{self, Detect, Sort};
use crate::{Failure, Outcome, Screen, advisories, walk};
use bom::advisory::Severity;
use bom::offline::Finding;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Say which components have known problems, from the local advisory database.
#[derive(clap::Args)]
#[command(after_help = "A component whose ecosystem the database does not cover is told as unknown, never as sound.
Exit codes: 0 nothing reached `--fail-on`, 1 something did, 2 could not run.")]
pub struct Arguments {
    /// SBOMs, lockfiles, or folders of them.
    #[arg(value_name = "PATH", required_unless_present = "purls")]
    paths: Vec<PathBuf>,
    /// Read one purl a line from FILE, or from standard input with `-`.
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    purls: Option<PathBuf>,
    /// The database, when not the one in the user's cache folder.
    #[arg(long, value_name = "PATH")]
    db: Option<PathBuf>,
    /// A VEX document (OpenVEX, CSAF, CycloneDX) whose word counts: what it says is not affected, fixed or matched
    /// wrongly leaves the verdict, and is told as settled. May be given several times.
    #[arg(long, value_name = "FILE")]
    vex: Vec<PathBuf>,
    /// How to tell it.
    #[arg(long, value_enum, default_value_t, conflicts_with = "json")]
    format: Format,
    /// Exit with 1 when a vulnerability is at least this severe, a package is malicious,
    /// or anything is found at all: unknown, low, medium, high, critical, malicious, any.
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
}

/// From when on a finding makes the scan fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Vulnerabilities and malicious packages of this severity or a worse one.
    Severity(Severity),
    /// Anything, also what is no vulnerability (an unmaintained package).
    Any,
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, Severity::of_name(text)) {
            ("any", _) => Ok(Self::Any),
            (_, Some(severity)) => Ok(Self::Severity(severity)),
            _ => Err("use unknown, low, medium, high, critical, malicious or any".to_owned()),
        }
    }
}

impl FailOn {
    fn is_reached(self, finding: &Finding) -> bool {
        match self {
            Self::Any => true,
            Self::Severity(least) => finding.severity >= least && finding.informational.is_none(),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// [`Failure`] when the database or a file cannot be read.
pub fn run(arguments: Arguments, screen: &Screen) -> Result<Outcome, Failure> {
    let mut scanner = Scanner::open(advisories::path_or_default(arguments.db)?, Stated::read(&arguments.vex, screen)?)?;
    let json = screen.json() || arguments.format == Format::Json;
    let mut failures = Vec::new();
    let (scanned, failed) = match &arguments.purls {
        Some(file) => {
            let (whole, failed) = scan_purls(file, &mut scanner, json, arguments.fail_on)?;
            (whole.map(|whole| vec![whole]), failed)
        }
        None => {
            let scanned = scan_paths(&arguments.paths, &mut scanner, screen, &mut failures)?;
            let mut findings = scanned.iter().flat_map(|scanned| &scanned.hits).map(|hit| &hit.finding);
            let failed = arguments.fail_on.is_some_and(|fail_on| findings.any(|finding| fail_on.is_reached(finding)));
            (Some(scanned), failed)
        }
    };
    if let Some(scanned) = scanned {
        let format = if json { Format::Json } else { arguments.format };
        Report { scanned: &scanned, at: chrono::Utc::now() }.tell(format, screen)?;
    }
    if !failures.is_empty() {
        return Err(Failure::of_part(&failures, "file", "scanned"));
    }
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}

/// Scans each file; one of several that cannot be read is told, and kept among `failures`.
fn scan_paths(
    paths: &[PathBuf],
    scanner: &mut Scanner,
    screen: &Screen,
    failures: &mut Vec<Failure>,
) -> Result<Vec<Scanned>, Failure> {
    let limits = limits()?;
    let mut all = Vec::new();
    let mut all_files = Vec::new();
    for path in paths {
        all_files.extend(files(path)?);
    }
    let several = all_files.len() > 1;
    for file in all_files {
        let (sort, reading) = match subject::read(&file, Detect::Itself, &limits) {
            Ok(read) => read,
            Err(failure) if several => {
                failure.report();
                failures.push(failure);
                continue;
            }
            Err(failure) => return Err(failure),
        };
        let name = file.display().to_string();
        for warning in reading.warnings.iter().filter(|_| matches!(sort, Sort::Lockfile(_))) {
            screen.note(&format!("{name}: {}: {}", warning.path, warning.text));
        }
        all.push(scanner.document(name, &reading.value)?);
        if !several {
            // To give it back piece by piece would be a tenth of the scan, and all that is left
            // to do is to tell and to end.
            std::mem::forget(reading);
        }
    }
    Ok(all)
}

/// The file itself, or the lockfiles and SBOMs below a folder.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files: Vec<PathBuf> = walk::sboms(path)?.into_iter().map(|file| path.join(file)).collect();
    match walk::lockfiles(path, &walk::Wanted::default()) {
        Ok(found) => files.extend(found.into_iter().map(|found| path.join(found.path))),
        Err(failure) if files.is_empty() => return Err(failure),
        Err(_) => {}
    }
    files.sort();
    Ok(files)
}

/// Answers each line as JSON as it comes, or collects all for a report.
fn scan_purls(
    file: &Path,
    scanner: &mut Scanner,
    json: bool,
    fail_on: Option<FailOn>,
) -> Result<(Option<Scanned>, bool), Failure> {
    let mut lines = Lines::open(file)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut whole = Scanned { name: file.display().to_string(), ..Scanned::default() };
    let mut failed = false;
    while let Some(line) = lines.next()? {
        let judged = line.purl.map(|purl| scanner.judge(&purl)).map_or_else(|error| Ok(Err(error)), |judged| judged.map(Ok))?;
        if let Ok(Judged::Known(verdict, _)) = &judged {
            failed |= verdict.findings.iter().any(|finding| fail_on.is_some_and(|fail_on| fail_on.is_reached(finding)));
        }
        if json {
            answer::write(&line.text, &judged, &mut out).map_err(written)?;
            if lines.is_waiting() {
                out.flush().map_err(written)?;
            }
        } else {
            whole.take(&line.text, judged);
        }
    }
    out.flush().map_err(written)?;
    whole.sort();
    Ok(((!json).then_some(whole), failed))
}

fn written(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::Closed,
        _ => Failure::new(format!("standard output cannot be written: {error}")),
    }
}
