//! Reads OSV records (schema 1.x). What is needed to match must be well formed, or
//! the record is refused; anything else that is not understood becomes a warning.

mod raw;

use super::field::{Notes, names, references, time, vectors, withdrawn, word};
use raw::{RawAdvisory, RawAffected, RawPackage, RawRange};

use super::severity::{Rating, rate};
use super::{Advisory, Affected, Event, Range, RangeKind, Severity, Versions, malware};
use crate::ecosystem::{Ecosystem, Package};
use crate::purl::Purl;
use crate::reading::{ReadError, Reading};
use chrono::DateTime;
use serde_json::Value;

/// Bytes of an id, a package's name or a version. Longer ones are no such thing.
const TEXT: usize = 1024;

impl Advisory {
    /// Reads one OSV record.
    ///
    /// # Errors
    /// [`ReadError`] for what is no JSON object, has no usable `id`, or an `affected`
    /// that does not follow the schema, so that a part of it would be missed.
    pub fn from_osv(bytes: &[u8]) -> Result<Reading<Advisory>, ReadError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let raw: RawAdvisory = serde_json::from_slice(bytes).map_err(|error| {
            let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
            ReadError::at("", line, format!("this is no OSV record: {error}"))
        })?;
        let mut notes = Notes::default();
        let value = raw.understand(&mut notes)?;
        Ok(Reading { value, warnings: notes.0 })
    }
}

impl RawAdvisory {
    fn understand(self, notes: &mut Notes) -> Result<Advisory, ReadError> {
        let fit = |id: &str| !id.is_empty() && id.len() <= TEXT && !id.contains(|c: char| c.is_control() || c.is_whitespace());
        if !fit(&self.id) {
            return Err(ReadError::at("$.id", None, "the id is empty, too long or has spaces; give the record an id"));
        }
        let published = time(&self.published, "$.published", notes);
        let modified = time(&self.modified, "$.modified", notes).or(published).unwrap_or(DateTime::UNIX_EPOCH);
        let mut aliases = names(&self.aliases, "$.aliases", notes);
        aliases.retain(|alias| *alias != self.id && fit(alias));
        let entries = self.affected.unwrap_or_default();
        let specifics = || std::iter::once(&self.database_specific).chain(entries.iter().map(|e| &e.database_specific));
        let ids = std::iter::once(self.id.as_str()).chain(aliases.iter().map(String::as_str));
        let malicious = malware::is_malicious(ids, specifics());
        let informational = specifics().find_map(|s| s.get("informational")?.as_str()).map(str::to_owned);

        let record = Words { vectors: vectors(&self.severity), words: word(&self.database_specific) };
        let all = Words::gather(&record, &entries);
        let rating = if malicious { Rating { severity: Severity::Malicious, score: None } } else { all.rate() };
        let mut affected = Vec::with_capacity(entries.len());
        for (i, entry) in entries.into_iter().enumerate() {
            affected.extend(entry.understand(&record, i, notes)?);
        }
        if malicious {
            affected.iter_mut().for_each(|entry| entry.severity = Severity::Malicious);
            malware::settle(&mut affected);
        }
        Ok(Advisory {
            withdrawn: withdrawn(&self.withdrawn, modified, notes),
            related: names(&self.related, "$.related", notes),
            upstream: names(&self.upstream, "$.upstream", notes),
            summary: self.summary.as_str().unwrap_or_default().to_owned(),
            details: self.details.as_str().unwrap_or_default().to_owned(),
            references: references(&self.references),
            id: self.id,
            vectors: all.vectors,
            score: rating.score,
            severity: rating.severity,
            aliases,
            modified,
            published,
            malicious,
            informational,
            affected,
        })
    }
}

/// The vectors and words in which something's severity was stated.
#[derive(Clone, Default)]
struct Words {
    vectors: Vec<String>,
    words: Vec<String>,
}

impl Words {
    /// Those of a whole record and of all that it affects.
    fn gather(record: &Words, entries: &[RawAffected]) -> Words {
        let mut all = record.clone();
        for own in entries.iter().map(RawAffected::severity) {
            all.vectors.extend(own.vectors);
            all.words.extend(own.words);
        }
        all.vectors.sort_unstable();
        all.vectors.dedup();
        all
    }

    /// These, and where no vector or no word is among them, the record's.
    fn or(mut self, record: &Words) -> Words {
        if self.vectors.is_empty() {
            self.vectors.clone_from(&record.vectors);
        }
        if self.words.is_empty() {
            self.words.clone_from(&record.words);
        }
        self
    }

    fn rate(&self) -> Rating {
        rate(self.vectors.iter().map(String::as_str), self.words.iter().map(String::as_str))
    }
}

impl RawAffected {
    /// What it affects; `None` for commits of a repository without a package.
    fn understand(self, record: &Words, i: usize, notes: &mut Notes) -> Result<Option<Affected>, ReadError> {
        let own = self.severity();
        let rating = own.or(record).rate();
        let Some((ecosystem_text, name)) = self.package.as_ref().and_then(RawPackage::names) else {
            notes.add(format!("$.affected[{i}].package"), "it names no package; only commits can be compared with it");
            return Ok(None);
        };
        if name.len() > TEXT || ecosystem_text.len() > TEXT {
            let text = format!("the package's name has more than {TEXT} bytes");
            return Err(ReadError::at(format!("$.affected[{i}].package"), None, text));
        }
        let known = Ecosystem::of_osv(&ecosystem_text);
        if known.is_none() {
            notes.add(format!("$.affected[{i}].package.ecosystem"), format!("`{ecosystem_text}` is no known ecosystem"));
        }
        let versions = self.versions.unwrap_or_default().into_iter().map(|version| version.0).collect();
        let ranges = self.ranges.unwrap_or_default().into_iter().enumerate();
        let ranges: Result<Vec<Range>, ReadError> =
            ranges.map(|(j, range)| range.understand(&format!("$.affected[{i}].ranges[{j}]"), notes)).collect();
        let versions = Versions { listed: versions, ranges: ranges? };
        if versions == Versions::default() {
            notes.add(format!("$.affected[{i}]"), "it names a package and no version of it");
        }
        Ok(Some(Affected {
            ecosystem: known.map(|(ecosystem, _)| ecosystem),
            release: known.and_then(|(_, release)| release).map(str::to_owned),
            name: known.map_or(name.clone(), |(ecosystem, _)| Package::named(ecosystem, &name).name),
            ecosystem_text,
            versions,
            severity: rating.severity,
            incident: false,
        }))
    }

    /// What is said about this package alone.
    fn severity(&self) -> Words {
        let mut own = Words { vectors: vectors(&self.severity), words: word(&self.database_specific) };
        own.vectors.extend(self.database_specific.get("cvss").and_then(Value::as_str).map(str::to_owned));
        own.words.extend(word(&self.ecosystem_specific));
        own
    }
}

impl RawPackage {
    /// The ecosystem's and the package's name, from the purl where they are missing.
    fn names(&self) -> Option<(String, String)> {
        if let (Some(ecosystem), Some(name)) = (&self.ecosystem, &self.name)
            && !ecosystem.is_empty()
            && !name.is_empty()
        {
            return Some((ecosystem.clone(), name.clone()));
        }
        let package = Package::of_purl(&self.purl.as_ref()?.parse::<Purl>().ok()?)?;
        Some((package.ecosystem.name.to_owned(), package.name))
    }
}

impl RawRange {
    fn understand(self, path: &str, notes: &mut Notes) -> Result<Range, ReadError> {
        let kind = match self.kind.as_str() {
            "SEMVER" => RangeKind::Semver,
            "ECOSYSTEM" => RangeKind::Ecosystem,
            "GIT" => RangeKind::Git,
            other => {
                let text = format!("`{other}` is no kind of range; use SEMVER, ECOSYSTEM or GIT");
                return Err(ReadError::at(format!("{path}.type"), None, text));
            }
        };
        let mut events = Vec::new();
        for raw in self.events.unwrap_or_default() {
            let before = events.len();
            events.extend(raw.introduced.map(|at| Event::Introduced(at.0)));
            events.extend(raw.fixed.map(|at| Event::Fixed(at.0)));
            events.extend(raw.last_affected.map(|at| Event::LastAffected(at.0)));
            events.extend(raw.limit.map(|at| Event::Limit(at.0)));
            if events.len() != before + 1 {
                notes.add(format!("{path}.events"), "an event has none or several of the four points; each was taken");
            }
        }
        if !events.iter().any(|event| matches!(event, Event::Introduced(_))) {
            notes.add(format!("{path}.events"), "nothing was introduced, so the range affects no version");
        }
        Ok(Range { kind, events })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::Answer;
    use serde_json::json;

    fn read(record: &Value) -> Reading<Advisory> {
        Advisory::from_osv(record.to_string().as_bytes()).unwrap_or_else(|error| panic!("{record}: {error}"))
    }

    /// A record of one npm package with these versions and ranges.
    fn record(id: &str, versions: Value, ranges: Value) -> Value {
        json!({"id": id, "modified": "2024-06-28T02:53:15Z", "affected": [
            {"package": {"ecosystem": "npm", "name": "codashop"}, "versions": versions, "ranges": ranges}]})
    }

    fn bare() -> Value {
        json!([{"type": "SEMVER", "events": [{"introduced": "0"}]}])
    }

    #[test]
    fn a_record_is_read_whole() {
        let Reading { value, warnings } = read(&json!({
            "id": "GHSA-r9p9-mrjm-926w", "modified": "2021-03-08T16:02:43Z", "published": "2021-03-08",
            "aliases": ["CVE-2020-28498", "CVE-2020-28498", "GHSA-r9p9-mrjm-926w"], "related": null, "upstream": ["CVE-1"],
            "summary": "a key may leak", "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:N/A:N"}],
            "affected": [{"package": {"ecosystem": "npm", "name": "elliptic"}, "ranges":
                [{"type": "ECOSYSTEM", "events": [{"introduced": 0}, {"fixed": "6.5.4"}]}]}],
            "references": [{"type": "ADVISORY", "url": "https://advisories.example/1"}],
            "database_specific": {"severity": "MODERATE", "cwe_ids": ["CWE-327"]}}));
        assert_eq!(warnings, []);
        assert_eq!(value.aliases, ["CVE-2020-28498"]);
        assert_eq!((value.severity, value.score, value.malicious), (Severity::Medium, Some(6.8), false));
        assert_eq!(value.published.map(|time| time.to_rfc3339()).as_deref(), Some("2021-03-08T00:00:00+00:00"));
        assert_eq!(value.affected[0].versions.to_text(), "E\ni0\nf6.5.4");
        assert_eq!(value.references, [("ADVISORY".to_owned(), "https://advisories.example/1".to_owned())]);
    }

    #[test]
    fn a_list_wins_over_every_version_in_a_malicious_record_alone() {
        for (id, versions, ranges, text, incident) in [
            ("MAL-2022-1965", json!(["5.6.0"]), bare(), "v5.6.0", true),
            ("MAL-2022-1965", json!([]), bare(), "S\ni0", false),
            ("MAL-2022-1965", json!(["5.6.0"]), json!(null), "v5.6.0", false),
            ("PYSEC-2020-1", json!(["5.6.0"]), bare(), "v5.6.0\nS\ni0", false),
            (
                "MAL-2025-1",
                json!(["5.6.0"]),
                json!([{"type": "SEMVER", "events": [{"introduced": "0"}]}, {"type": "SEMVER",
                    "events": [{"introduced": "6.0.0"}, {"fixed": "6.0.2"}]}]),
                "v5.6.0\nS\ni6.0.0\nf6.0.2",
                true,
            ),
        ] {
            let advisory = read(&record(id, versions, ranges)).value;
            let affected = &advisory.affected[0];
            assert_eq!((affected.versions.to_text().as_str(), affected.incident), (text, incident), "{id}");
        }
    }

    #[test]
    fn the_list_wins_across_the_entries_of_one_package() {
        let mut record = record("MAL-2026-3463", json!(["1.161.9"]), json!(null));
        let mut second = record["affected"][0].clone();
        second["versions"] = json!([]);
        second["ranges"] = bare();
        record["affected"].as_array_mut().expect("a list").push(second);
        let advisory = read(&record).value;
        let answers: Vec<_> = advisory.affected.iter().map(|a| a.versions.affects(&crate::version::SEMVER, "1.162.0")).collect();
        assert_eq!(answers, [Answer::No, Answer::No]);
    }

    #[test]
    fn a_package_may_be_worse_off_than_the_record() {
        let own = json!([{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]);
        let advisory = read(&json!({"id": "X-1", "affected": [
            {"package": {"ecosystem": "npm", "name": "a"}, "versions": ["1"], "severity": own},
            {"package": {"ecosystem": "PyPI", "name": "B_c"}, "versions": ["1"], "database_specific": {"severity": "low"}}]}))
        .value;
        assert_eq!(advisory.severity, Severity::Critical);
        let each: Vec<_> = advisory.affected.iter().map(|a| (a.name.as_str(), a.severity)).collect();
        assert_eq!(each, [("a", Severity::Critical), ("b-c", Severity::Low)]);
    }

    #[test]
    fn doubts_are_noted_and_losses_refused() {
        let base = record("X-1", json!(["1"]), json!(null));
        for (path, value, warned) in [
            ("/id", json!(7), None),
            ("/id", json!("two words"), None),
            ("/affected/0/ranges", json!([{"type": "DATE", "events": []}]), None),
            ("/affected/0/ranges", json!([{"type": "SEMVER", "events": [{"introduced": 1.5}]}]), None),
            ("/affected/0/versions", json!("1"), None),
            ("/affected/0/versions", json!(["x".repeat(2000)]), None),
            ("/modified", json!("yesterday"), Some("$.modified")),
            ("/aliases", json!([7]), Some("$.aliases")),
            ("/affected/0/package", json!(null), Some("$.affected[0].package")),
            ("/affected/0/package/ecosystem", json!("Erewhon"), Some("$.affected[0].package.ecosystem")),
            (
                "/affected/0/ranges",
                json!([{"type": "SEMVER", "events": [{"fixed": "1"}]}]),
                Some("$.affected[0].ranges[0].events"),
            ),
        ] {
            let mut record = base.clone();
            record["aliases"] = json!(null);
            *record.pointer_mut(path).expect(path) = value.clone();
            let read = Advisory::from_osv(record.to_string().as_bytes());
            let paths = read.map(|reading| reading.warnings.iter().map(|w| w.path.clone()).collect::<Vec<_>>());
            assert_eq!(paths.ok(), warned.map(|path| vec![path.to_owned()]), "{path} {value}");
        }
        for broken in ["", "[]", "{\"id\": \"X-1\"", "\u{feff}"] {
            assert!(Advisory::from_osv(broken.as_bytes()).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_record_taken_back_says_so_even_at_an_unreadable_time() {
        for (withdrawn, year) in
            [(json!("2025-01-02T03:04:05Z"), Some("2025")), (json!("soon"), Some("2024")), (json!(null), None)]
        {
            let mut record = record("X-1", json!(["1"]), json!(null));
            record["withdrawn"] = withdrawn.clone();
            let advisory = read(&record).value;
            assert_eq!(advisory.withdrawn.map(|time| time.to_rfc3339()[..4].to_owned()).as_deref(), year, "{withdrawn}");
        }
    }
}
