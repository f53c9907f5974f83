//! What a scan found, told in the forms that people and other tools read, one file
//! each.

mod json;
mod junit;
mod openvex;
mod sarif;
mod table;
mod vex;

use crate::scan::{Hit, Scanned, Why};
use crate::{Failure, Screen};
use bom::advisory::Severity;
use chrono::{DateTime, Utc};

/// The forms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
    /// SARIF 2.1.0, which code hosts show beside the code.
    Sarif,
    /// CycloneDX 1.6 with its vulnerabilities, to be triaged.
    Vex,
    /// OpenVEX 0.2.0, to be triaged.
    Openvex,
    /// JUnit XML, which every CI shows.
    Junit,
}

/// A scan of one or more documents.
pub struct Report<'a> {
    /// The documents.
    pub scanned: &'a [Scanned],
    /// When it was made.
    pub at: DateTime<Utc>,
}

impl Report<'_> {
    /// Prints the report.
    ///
    /// # Errors
    /// [`Failure`] when standard output cannot be written.
    pub fn tell(&self, format: Format, screen: &Screen) -> Result<(), Failure> {
        match format {
            Format::Table => table::tell(self, screen),
            Format::Json => screen.say_json(&json::report(self)),
            Format::Sarif => screen.say_json(&sarif::report(self)),
            Format::Openvex => screen.say_bytes(&openvex::report(self)?),
            Format::Vex => screen.say_json(&vex::report(self)),
            Format::Junit => screen.say_bytes(junit::report(self).as_bytes()),
        }
    }

    /// What VEX documents settle.
    fn settled(&self) -> impl Iterator<Item = (&Scanned, &Hit, &Why)> {
        self.scanned.iter().flat_map(|scanned| scanned.settled.iter().map(move |(hit, why)| (scanned, hit, why)))
    }

    fn hits(&self) -> impl Iterator<Item = (&Scanned, &Hit)> {
        self.scanned.iter().flat_map(|scanned| scanned.hits.iter().map(move |hit| (scanned, hit)))
    }
}

/// What a finding is, in one word: its severity, or what it is instead of a vulnerability.
fn word(hit: &Hit) -> &str {
    hit.finding.informational.as_deref().unwrap_or(hit.finding.severity.name())
}

/// One sentence on a finding: what, where, what to do.
fn sentence(hit: &Hit) -> String {
    let finding = &hit.finding;
    let about = if finding.summary.is_empty() { String::new() } else { format!(": {}", finding.summary) };
    let advice = match (finding.severity, finding.fixed.first()) {
        (Severity::Malicious, _) => "; it is malicious: remove it and rotate what it could read".to_owned(),
        (_, Some(fixed)) => format!("; upgrade to {fixed}"),
        (_, None) => "; no fixed version is known".to_owned(),
    };
    let way = if hit.way.len() > 1 { format!(" (by way of {})", hit.way.join(" > ")) } else { String::new() };
    let weak = if finding.weak { " (weak: found by a CPE)" } else { "" };
    format!("{} has {}{weak}{about}{advice}{way}", hit.component, finding.id)
}

#[cfg(test)]
mod tests;
