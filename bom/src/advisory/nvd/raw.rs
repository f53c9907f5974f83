//! The JSON of a CVE record, as far as it is read. Configurations are typed and must be
//! well formed; of the rest what is not understood is left out.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::Value;

/// A record as a page of the API has it.
#[derive(Deserialize)]
pub(super) struct ItemRaw {
    pub cve: Option<CveRaw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CveRaw {
    pub id: String,
    /// `Analyzed`, `Rejected`, …; a record that has none is no record of NVD.
    pub vuln_status: String,
    #[serde(default)]
    pub published: Value,
    #[serde(default)]
    pub last_modified: Value,
    #[serde(default, deserialize_with = "readable")]
    pub descriptions: Vec<TextRaw>,
    #[serde(default)]
    pub metrics: MetricsRaw,
    #[serde(default, deserialize_with = "readable")]
    pub references: Vec<ReferenceRaw>,
    pub configurations: Option<Vec<ConfigurationRaw>>,
}

#[derive(Deserialize)]
pub(super) struct TextRaw {
    pub lang: String,
    pub value: String,
}

#[derive(Deserialize)]
pub(super) struct ReferenceRaw {
    url: String,
    #[serde(default, deserialize_with = "readable")]
    tags: Vec<String>,
}

impl ReferenceRaw {
    /// As a link of an advisory: (type, address).
    pub(super) fn link(self) -> (String, String) {
        let tagged = |wanted: &str| self.tags.iter().any(|tag| tag == wanted);
        let kind = match () {
            () if tagged("Patch") => "FIX",
            () if tagged("Vendor Advisory") => "ADVISORY",
            () => "WEB",
        };
        (kind.to_owned(), self.url)
    }
}

#[derive(Default, Deserialize)]
pub(super) struct MetricsRaw {
    #[serde(default, rename = "cvssMetricV40", deserialize_with = "readable")]
    pub v40: Vec<MetricRaw>,
    #[serde(default, rename = "cvssMetricV31", deserialize_with = "readable")]
    pub v31: Vec<MetricRaw>,
    #[serde(default, rename = "cvssMetricV30", deserialize_with = "readable")]
    pub v30: Vec<MetricRaw>,
    #[serde(default, rename = "cvssMetricV2", deserialize_with = "readable")]
    pub v2: Vec<MetricRaw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MetricRaw {
    #[serde(default, rename = "type")]
    pub kind: String,
    #[serde(rename = "cvssData")]
    pub data: ScoreRaw,
    /// Version 2 has its word here.
    #[serde(default, rename = "baseSeverity")]
    pub severity: String,
}

#[derive(Deserialize)]
pub(super) struct ScoreRaw {
    #[serde(default, rename = "vectorString")]
    pub vector: String,
    #[serde(default, rename = "baseSeverity")]
    pub severity: String,
}

#[derive(Deserialize)]
pub(super) struct ConfigurationRaw {
    #[serde(default)]
    pub operator: Option<OperatorRaw>,
    #[serde(default)]
    pub negate: bool,
    pub nodes: Vec<NodeRaw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NodeRaw {
    #[serde(default)]
    pub operator: Option<OperatorRaw>,
    #[serde(default)]
    pub negate: bool,
    pub cpe_match: Vec<MatchRaw>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum OperatorRaw {
    And,
    Or,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MatchRaw {
    pub vulnerable: bool,
    pub criteria: String,
    pub version_start_including: Option<String>,
    pub version_start_excluding: Option<String>,
    pub version_end_including: Option<String>,
    pub version_end_excluding: Option<String>,
}

/// The entries of a list that are what they should be.
fn readable<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    let entries = match Value::deserialize(from)? {
        Value::Array(entries) => entries,
        _ => Vec::new(),
    };
    Ok(entries.into_iter().filter_map(|entry| T::deserialize(entry).ok()).collect())
}
