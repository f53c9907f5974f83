//! What VEX documents say about findings: what they settle leaves the verdict and is
//! told as settled, by whom and why. A malicious package is never settled by a document.

use crate::limits::limits;
use crate::{Failure, Screen};
use bom::advisory::Severity;
use bom::document::{Component, Document};
use bom::offline::{Finding, Verdict};
use bom::purl::Purl;
use bom::vex::{self, Justification, Said, Statements, Status, Thing};
use serde::Serialize;
use std::path::PathBuf;

/// The statements of all documents of a scan.
#[derive(Default)]
pub struct Stated(Statements);

/// A finding that a document settles.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The finding.
    pub finding: Finding,
    /// What is said of it.
    pub why: Why,
}

/// What a document says of a finding.
#[derive(Clone, Debug, Serialize)]
pub struct Why {
    /// Its status.
    #[serde(serialize_with = "as_word")]
    pub status: Status,
    /// Why not affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub justification: Option<Justification>,
    /// The same in words for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The document, by its id, or its file's name.
    pub document: String,
}

fn as_word<S: serde::Serializer>(status: &Status, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(word(*status))
}

/// A settling status, in words for people and programs.
fn word(status: Status) -> &'static str {
    match status {
        Status::NotAffected => "not affected",
        Status::Fixed => "fixed",
        Status::FalsePositive => "false positive",
        Status::Affected => "affected",
        Status::InTriage => "under investigation",
    }
}

impl Stated {
    /// Reads the documents at `paths`.
    ///
    /// # Errors
    /// [`Failure`] for the first that cannot be read: a verdict without it would be another one.
    pub fn read(paths: &[PathBuf], screen: &Screen) -> Result<Self, Failure> {
        let limits = limits()?;
        let mut documents = Vec::with_capacity(paths.len());
        for path in paths {
            let name = path.display().to_string();
            let bytes = crate::files::read_capped(path, limits.bytes as u64).map_err(|error| Failure::of_file(path, &error))?;
            let reading = vex::read(&bytes, &limits).map_err(|error| Failure::of_reading(&name, &error))?;
            for warning in &reading.warnings {
                screen.note(&format!("{name}: {}: {}", warning.path, warning.text));
            }
            let mut document = reading.value;
            document.id.get_or_insert(name);
            documents.push(document);
        }
        Ok(Self(Statements::of(documents)))
    }

    /// Takes out of a verdict what is settled for a purl that stands alone.
    pub fn settle(&self, purl: &Purl, verdict: &mut Verdict) -> Vec<Settled> {
        let part = Thing { purl: Some(purl), ..Thing::default() };
        self.settle_in(None, &part, verdict)
    }

    /// The same for a component of a document, which may have no purl.
    pub fn settle_part(
        &self,
        document: &Document,
        component: &Component,
        purl: Option<&Purl>,
        verdict: &mut Verdict,
    ) -> Vec<Settled> {
        let sbom = document.identity.as_deref();
        let whole = document.subject.as_ref().map(|subject| thing(subject, subject.purl.as_ref(), sbom));
        self.settle_in(whole.as_ref(), &thing(component, purl, sbom), verdict)
    }

    fn settle_in(&self, whole: Option<&Thing<'_>>, part: &Thing<'_>, verdict: &mut Verdict) -> Vec<Settled> {
        let mut settled = Vec::new();
        verdict.findings.retain(|finding| {
            let names = std::iter::once(&finding.id).chain(&finding.aliases).map(String::as_str);
            let said = self.0.said(names, whole, part).filter(|said| settles(finding, said));
            settled.extend(said.map(|said| Settled { finding: finding.clone(), why: Why::of(&said) }));
            said.is_none()
        });
        settled
    }
}

fn thing<'a>(component: &'a Component, purl: Option<&'a Purl>, sbom: Option<&'a str>) -> Thing<'a> {
    Thing {
        purl,
        cpes: &component.cpes,
        name: &component.name,
        version: component.version.as_deref(),
        iri: None,
        listed: sbom.map(|sbom| (sbom, component.reference.as_str())),
    }
}

fn settles(finding: &Finding, said: &Said<'_>) -> bool {
    let settling = matches!(said.statement.status, Status::NotAffected | Status::Fixed | Status::FalsePositive);
    settling && finding.severity != Severity::Malicious
}

impl Why {
    fn of(said: &Said<'_>) -> Self {
        Self {
            status: said.statement.status,
            justification: said.statement.justification,
            detail: said.statement.detail.clone(),
            author: said.vex.author.clone(),
            document: said.vex.id.clone().unwrap_or_default(),
        }
    }

    /// One line: `not affected (code_not_reachable), says Alice: it is never called`.
    pub fn sentence(&self) -> String {
        let justification = self.justification.map(|why| format!(" ({})", why.openvex().0)).unwrap_or_default();
        let by = self.author.as_ref().unwrap_or(&self.document);
        let detail =
            self.detail.as_ref().map(|detail| format!(": {}", detail.lines().collect::<Vec<_>>().join(" "))).unwrap_or_default();
        format!("{}{justification}, says {by}{detail}", word(self.status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_settles_what_it_names_and_nothing_malicious() {
        let finding = |id: &str, severity| Finding {
            id: id.to_owned(),
            aliases: vec![format!("{id}-alias")],
            fixed: Vec::new(),
            severity,
            informational: None,
            summary: String::new(),
            weak: false,
        };
        let read = |text: &str| vex::read(text.as_bytes(), &bom::reading::Limits::DEFAULT).unwrap().value;
        let statement = |id: &str, status: &str| {
            format!(
                r#"{{"vulnerability": "{id}", "products": ["pkg:npm/left@1.0.0"], "status": "{status}", "justification": "component_not_present"}}"#
            )
        };
        let all = [statement("A-alias", "not_affected"), statement("B", "affected"), statement("C", "fixed")].join(",");
        let stated = Stated(Statements::of(vec![read(&format!(
            r#"{{"@context": "openvex", "author": "Alice", "statements": [{all}]}}"#
        ))]));
        let findings = [("A", Severity::High), ("B", Severity::High), ("C", Severity::Malicious), ("D", Severity::Low)];
        let verdict = Verdict { findings: findings.map(|(id, severity)| finding(id, severity)).to_vec(), ..Verdict::default() };
        for (purl, left, settled) in [("pkg:npm/left@1.0.0", "B C D", "A"), ("pkg:npm/left@1.0.1", "A B C D", "")] {
            let mut verdict = verdict.clone();
            let found = stated.settle(&purl.parse().unwrap(), &mut verdict);
            let ids = |findings: Vec<&Finding>| findings.iter().map(|f| f.id.clone()).collect::<Vec<_>>().join(" ");
            assert_eq!(ids(verdict.findings.iter().collect()), left);
            assert_eq!(ids(found.iter().map(|settled| &settled.finding).collect()), settled);
            assert!(found.iter().all(|settled| settled.why.sentence() == "not affected (component_not_present), says Alice"));
        }
    }
}
