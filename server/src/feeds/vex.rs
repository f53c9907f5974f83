//! VEX documents of suppliers, OpenVEX, CSAF or CycloneDX: by themselves, in a folder or
//! a zip, or from a CSAF provider that distributes by directory (CSAF 2.0, section 7):
//! `changes.csv` beside the documents, found by `provider-metadata.json`.

use super::{Change, Fact, Feed, Folder, Sink, Source, archive};
use bom::reading::{Limits, ReadError};
use chrono::DateTime;
use serde::Deserialize;

/// The file that says where a provider keeps its documents.
const METADATA: &str = "provider-metadata.json";

/// The feed.
pub(super) struct Suppliers;

#[derive(Deserialize)]
struct MetadataRaw {
    #[serde(default)]
    distributions: Vec<DistributionRaw>,
}

#[derive(Deserialize)]
struct DistributionRaw {
    directory_url: Option<String>,
}

impl Feed for Suppliers {
    fn kind(&self) -> &'static str {
        "vex"
    }

    fn takes(&self, path: &str) -> bool {
        archive::takes(path) && !path.ends_with(METADATA)
    }

    fn count(&self, path: &str, file: &mut dyn Source) -> Result<u64, ReadError> {
        archive::count(path, file)
    }

    fn records(&self, path: &str, file: &mut dyn Source, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        archive::records(path, file, sink)
    }

    fn read(&self, record: &[u8]) -> Result<Fact, ReadError> {
        // What was understood with a doubt is no reason to go without the rest.
        bom::vex::read(record, &Limits::default()).map(|reading| Fact::Vex(Box::new(reading.value)))
    }

    fn folder(&self) -> Option<&dyn Folder> {
        Some(self)
    }
}

impl Folder for Suppliers {
    fn everything(&self) -> Option<&'static str> {
        None
    }

    fn index(&self) -> &'static str {
        "changes.csv"
    }

    /// Lines of `"2024/left-2024-1.json","2024-01-02T03:04:05Z"`.
    fn changes(&self, index: &str) -> Result<Vec<Change>, ReadError> {
        let line = |(number, line): (usize, &str)| {
            let wrong =
                || ReadError::at(self.index(), u32::try_from(number + 1).ok(), "a file, a comma and a time were expected");
            let (file, time) = line.trim().rsplit_once(',').ok_or_else(wrong)?;
            let plain = |text: &str| text.trim().trim_matches('"').to_owned();
            let (file, time) = (plain(file), plain(time));
            let time = DateTime::parse_from_rfc3339(&time).map_err(|_| wrong())?;
            let name = archive::stem(&file).to_owned();
            if !is_below(&file) || name.is_empty() {
                return Err(wrong());
            }
            Ok(Change { name, file, at: time.timestamp_millis() })
        };
        index.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()).map(line).collect()
    }

    fn signpost(&self) -> Option<&'static str> {
        Some(METADATA)
    }

    fn directed(&self, signpost: &str) -> Result<String, ReadError> {
        let metadata: MetadataRaw = serde_json::from_str(signpost)
            .map_err(|error| ReadError::at(METADATA, None, format!("it is no description of a provider: {error}")))?;
        let directory = metadata.distributions.into_iter().find_map(|distribution| distribution.directory_url);
        directory.ok_or_else(|| {
            ReadError::at(
                METADATA,
                None,
                "it names no `directory_url`; documents that are distributed by ROLIE only are not read",
            )
        })
    }
}

/// Whether a file's path stays below its folder, and is made of characters that mean nothing in an address.
fn is_below(file: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.+/".contains(c);
    let steps = |step: &str| !step.is_empty() && step != "." && step != "..";
    file.chars().all(plain) && file.split('/').all(steps) && file.ends_with(".json")
}

#[cfg(test)]
mod tests {
    use super::super::tests::facts;
    use super::*;

    #[test]
    fn a_document_is_read_whatever_its_format() {
        let text = r#"{"@context": "openvex", "statements": [{"vulnerability": "CVE-1", "products": ["pkg:npm/left"], "status": "fixed"}]}"#;
        let read = facts(&Suppliers, "left.json", text.as_bytes());
        assert!(matches!(read.as_slice(), [Ok(Fact::Vex(vex))] if vex.statements.len() == 1), "{read:?}");
        assert!(facts(&Suppliers, "left.json", b"{}").first().is_some_and(Result::is_err));
        assert!(Suppliers.takes("a/left.json") && !Suppliers.takes("a/provider-metadata.json"));
    }

    #[test]
    fn an_index_leads_to_files_below_it_alone() {
        let change = Change { name: "left-1".into(), file: "2024/left-1.json".into(), at: 1_704_067_200_000 };
        for line in ["\"2024/left-1.json\",\"2024-01-01T00:00:00Z\"", "2024/left-1.json, 2024-01-01T00:00:00+00:00"] {
            assert_eq!(Suppliers.changes(line), Ok(vec![change.clone()]), "{line}");
        }
        for line in [
            "x",
            "a.json,yesterday",
            "../a.json,2024-01-01T00:00:00Z",
            "/a.json,2024-01-01T00:00:00Z",
            "https://other.example/a.json,2024-01-01T00:00:00Z",
            "a%2f.json,2024-01-01T00:00:00Z",
            "a.txt,2024-01-01T00:00:00Z",
        ] {
            let error = Suppliers.changes(&format!("\n{line}")).expect_err(line);
            assert_eq!((error.path.as_str(), error.line), ("changes.csv", Some(2)), "{line}");
        }
    }

    #[test]
    fn the_metadata_of_a_provider_names_its_directory() {
        let metadata = r#"{"distributions": [{"rolie": {}}, {"directory_url": "https://left.example/csaf/"}]}"#;
        assert_eq!(Suppliers.directed(metadata), Ok("https://left.example/csaf/".to_owned()));
        assert!(Suppliers.directed("{}").is_err_and(|error| error.text.contains("ROLIE")));
        assert!(Suppliers.directed("<html>").is_err());
    }
}
