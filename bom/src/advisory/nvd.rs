//! Reads CVE records as NVD's API 2.0 publishes them (`cve_api_json_2.0.schema`): one
//! object `cve`, bare or as an item of `vulnerabilities`. They name products by CPE; see
//! `criteria` for what is made of that. What matching needs must be well formed, or the
//! record is refused.
//!
//! The id becomes `NVD-CVE-…` with the CVE as its alias: OSV publishes records that are
//! called `CVE-…` too, and one would replace the other.

mod criteria;
mod raw;

use super::Advisory;
use super::field::{Notes, time};
use super::severity::rate;
use crate::reading::{ReadError, Reading};
use chrono::DateTime;
use raw::{CveRaw, ItemRaw, MetricRaw, ReferenceRaw};

/// What stands before a CVE in the id of NVD's record about it.
const PREFIX: &str = "NVD-";
/// Characters of a summary, which NVD does not have: the first sentence of the text.
const SUMMARY: usize = 200;

impl Advisory {
    /// Reads one record of NVD.
    ///
    /// # Errors
    /// [`ReadError`] for what is no such record, has no usable id, or configurations that
    /// do not follow the schema, so that a part of them would be missed.
    pub fn from_nvd(bytes: &[u8]) -> Result<Reading<Advisory>, ReadError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let wrong = |error: serde_json::Error| {
            let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
            ReadError::at("", line, format!("this is no CVE record of NVD: {error}"))
        };
        let item: ItemRaw = serde_json::from_slice(bytes).map_err(wrong)?;
        let cve: CveRaw = item.cve.map_or_else(|| serde_json::from_slice(bytes).map_err(wrong), Ok)?;
        let mut notes = Notes::default();
        let value = cve.understand(&mut notes)?;
        Ok(Reading { value, warnings: notes.0 })
    }

    /// Reads a record of OSV or of NVD, whichever it is.
    ///
    /// # Errors
    /// As [`Advisory::from_osv`].
    pub fn of_record(bytes: &[u8]) -> Result<Reading<Advisory>, ReadError> {
        match Self::from_osv(bytes) {
            Ok(reading) if !reading.value.affected.is_empty() => Ok(reading),
            // A CVE record of NVD has an `id`, too, and nothing else that OSV knows.
            other => Self::from_nvd(bytes).or(other),
        }
    }

    /// What a record of NVD about this CVE is called here.
    pub fn nvd_id(cve: &str) -> String {
        format!("{PREFIX}{cve}")
    }
}

impl CveRaw {
    fn understand(self, notes: &mut Notes) -> Result<Advisory, ReadError> {
        let plain = |id: &str| id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !self.id.starts_with("CVE-") || self.id.len() > 64 || !plain(&self.id) {
            return Err(ReadError::at("$.id", None, "it is no CVE id"));
        }
        let published = time(&self.published, "$.published", notes);
        let modified = time(&self.last_modified, "$.lastModified", notes).or(published).unwrap_or(DateTime::UNIX_EPOCH);
        let rejected = self.vuln_status.eq_ignore_ascii_case("rejected");
        let (vectors, words) = self.metrics.said();
        let rating = rate(vectors.iter().map(String::as_str), words.iter().map(String::as_str));
        let affected = criteria::affected(self.configurations.unwrap_or_default(), rating.severity, notes)?;
        let details = self.descriptions.into_iter().find(|text| text.lang == "en").map(|text| text.value).unwrap_or_default();
        Ok(Advisory {
            id: Advisory::nvd_id(&self.id),
            aliases: vec![self.id],
            related: Vec::new(),
            upstream: Vec::new(),
            summary: summary(&details),
            details,
            modified,
            published,
            withdrawn: rejected.then_some(modified),
            vectors,
            score: rating.score,
            severity: rating.severity,
            malicious: false,
            informational: None,
            affected,
            references: self.references.into_iter().map(ReferenceRaw::link).collect(),
        })
    }
}

impl raw::MetricsRaw {
    /// Vectors of the newest version of CVSS that somebody gave, and the words beside
    /// them: what NVD says itself (primary) goes before what others say.
    fn said(&self) -> (Vec<String>, Vec<String>) {
        for of_version in [&self.v40, &self.v31, &self.v30, &self.v2] {
            let primary = |metric: &&MetricRaw| metric.kind.eq_ignore_ascii_case("primary");
            let mut chosen: Vec<&MetricRaw> = of_version.iter().filter(primary).collect();
            if chosen.is_empty() {
                chosen = of_version.iter().collect();
            }
            let vectors: Vec<String> = chosen.iter().map(|metric| metric.data.vector.clone()).filter(|v| !v.is_empty()).collect();
            let words = chosen.iter().flat_map(|metric| [&metric.severity, &metric.data.severity]);
            let words: Vec<String> = words.filter(|word| !word.is_empty()).cloned().collect();
            if !vectors.is_empty() || !words.is_empty() {
                return (vectors, words);
            }
        }
        Default::default()
    }
}

/// The first sentence of a text, on one line.
fn summary(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = line.split_once(". ").map_or(line.as_str(), |(sentence, _)| sentence);
    match sentence.char_indices().nth(SUMMARY) {
        Some((end, _)) => format!("{}…", sentence.get(..end).unwrap_or_default().trim_end()),
        None => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests;
