//! CISA's catalogue of known exploited vulnerabilities: one JSON file
//! (`known_exploited_vulnerabilities_schema.json` of the catalogue). What it lists is
//! exploited; what it does not list may be, too.

use super::{Entry, Fact, Feed, Sink, Source, rewind, whole_text};
use bom::reading::ReadError;
use bom::remark::{Remark, Said};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// The most bytes of a catalogue; the one of 2026 has about 1.5 MB.
const LONGEST: u64 = 64 << 20;

/// The feed.
pub(super) struct Kev;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CatalogueRaw {
    date_released: DateTime<Utc>,
    count: Option<usize>,
    vulnerabilities: Vec<serde_json::Value>,
}

#[derive(Deserialize, Serialize)]
struct EntryRaw {
    #[serde(rename = "cveID")]
    id: String,
    #[serde(rename = "dateAdded")]
    added: NaiveDate,
    #[serde(rename = "knownRansomwareCampaignUse", default)]
    ransomware: String,
    /// The catalogue's own time, set beside the entry when it is handed over.
    #[serde(rename = "dateReleased")]
    released: DateTime<Utc>,
}

impl Feed for Kev {
    fn kind(&self) -> &'static str {
        "kev"
    }

    fn takes(&self, path: &str) -> bool {
        path.ends_with(".json")
    }

    fn count(&self, path: &str, file: &mut dyn Source) -> Result<u64, ReadError> {
        Ok(u64::try_from(catalogue(path, file)?.vulnerabilities.len()).unwrap_or(u64::MAX))
    }

    fn records(&self, path: &str, file: &mut dyn Source, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let CatalogueRaw { date_released, vulnerabilities, .. } = catalogue(path, file)?;
        for mut entry in vulnerabilities {
            let name = entry.get("cveID").and_then(|id| id.as_str()).unwrap_or("an entry without an id").to_owned();
            if let Some(fields) = entry.as_object_mut() {
                fields.insert("dateReleased".to_owned(), date_released.to_rfc3339().into());
            }
            if sink(Entry { name, content: Ok(entry.to_string().into_bytes()) }).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn read(&self, record: &[u8]) -> Result<Fact, ReadError> {
        let raw: EntryRaw = serde_json::from_slice(record)
            .map_err(|error| ReadError::whole(format!("it is no entry of the catalogue: {error}")))?;
        let said = Said::Exploited {
            since: raw.added.and_time(NaiveTime::MIN).and_utc(),
            ransomware: raw.ransomware.eq_ignore_ascii_case("known"),
        };
        Ok(Fact::Remark(Remark { name: raw.id, at: raw.released, said }))
    }
}

fn catalogue(path: &str, file: &mut dyn Source) -> Result<CatalogueRaw, ReadError> {
    rewind(path, file)?;
    let bytes = whole_text(path, file, LONGEST)?;
    let wrong =
        |error: serde_json::Error| ReadError::at(path, None, format!("it is no catalogue of exploited vulnerabilities: {error}"));
    let catalogue: CatalogueRaw = serde_json::from_slice(&bytes).map_err(wrong)?;
    match catalogue.count {
        Some(count) if count != catalogue.vulnerabilities.len() => Err(ReadError::at(
            path,
            None,
            format!("it says that it has {count} entries and has {}", catalogue.vulnerabilities.len()),
        )),
        _ => Ok(catalogue),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::facts;
    use super::*;

    const SMALL: &str = r#"{"catalogVersion": "2026.01.02", "dateReleased": "2026-01-02T10:00:00.0000Z", "count": 2, "vulnerabilities": [
        {"cveID": "CVE-2026-1", "dateAdded": "2026-01-01", "knownRansomwareCampaignUse": "Known"},
        {"cveID": "CVE-2026-2", "dateAdded": "yesterday", "knownRansomwareCampaignUse": "Unknown"}]}"#;

    #[test]
    fn an_entry_is_exploited_since_its_day_and_a_bad_one_spoils_no_other() {
        let read = facts(&Kev, "kev.json", SMALL.as_bytes());
        let remark = Remark {
            name: "CVE-2026-1".to_owned(),
            at: "2026-01-02T10:00:00Z".parse().expect("a time"),
            said: Said::Exploited { since: "2026-01-01T00:00:00Z".parse().expect("a time"), ransomware: true },
        };
        assert_eq!(read.first(), Some(&Ok(Fact::Remark(remark))));
        assert!(read.len() == 2 && read.last().is_some_and(Result::is_err), "{read:?}");
    }

    #[test]
    fn a_catalogue_that_lost_entries_is_none() {
        let cut = SMALL.replace("\"count\": 2", "\"count\": 3");
        let error = Kev.count("kev.json", &mut std::io::Cursor::new(cut.as_bytes())).expect_err("cut").to_string();
        assert!(error.contains("3 entries and has 2"), "{error}");
    }
}
