//! CVSS vectors of version 2.0, 3.0, 3.1 and 4.0: their scores and the words for
//! them (the specifications at first.org, and NVD's bands for version 2.0).

use cvss::v3::Metric as _;
use cvss::{v2, v3, v4};

/// The scores of a vector, each from 0.0 to 10.0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// The version of the vector.
    pub version: Version,
    /// The base score; of version 4.0 the only one, which has the threat and the
    /// environment in it where the vector names them.
    pub base: f64,
    /// The temporal score. Version 2.0 defines it only for a vector with a temporal
    /// metric, version 4.0 not at all.
    pub temporal: Option<f64>,
    /// The environmental score, defined like the temporal one.
    pub environmental: Option<f64>,
}

/// A version of CVSS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 2.0
    V20,
    /// 3.0
    V30,
    /// 3.1
    V31,
    /// 4.0
    V40,
}

/// A text that is no CVSS vector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no CVSS vector: {reason}")]
pub struct VectorError {
    /// What was given, cut to a readable length.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Scores {
    /// Reads a vector. Version 2.0 may stand in brackets and has no prefix.
    ///
    /// # Errors
    /// [`VectorError`] when a metric is unknown, twice there or missing.
    pub fn of(vector: &str) -> Result<Self, VectorError> {
        let text = vector.trim();
        let error = |reason: String| VectorError { text: text.chars().take(200).collect(), reason };
        let unreadable = |found: cvss::Error| error(found.to_string());
        match text.get(..9) {
            Some("CVSS:4.0/") => text.parse().map(|vector| Self::of_v4(&vector)).map_err(unreadable),
            Some(prefix @ ("CVSS:3.1/" | "CVSS:3.0/")) => {
                let version = if prefix == "CVSS:3.1/" { Version::V31 } else { Version::V30 };
                let vector = text.parse().map_err(unreadable)?;
                Self::of_v3(version, &vector).ok_or_else(|| error("a base metric is missing".to_owned()))
            }
            _ => {
                let bare = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
                bare.parse().map(|vector| Self::of_v2(bare, &vector)).map_err(unreadable)
            }
        }
    }

    /// The base score in a word: `none`, `low`, `medium`, `high` or `critical`.
    pub fn word(&self) -> &'static str {
        word(self.version, self.base)
    }

    fn of_v2(text: &str, vector: &v2::Vector) -> Self {
        let defines = |names: &[&str]| {
            let mut metrics = text.split('/').filter_map(|metric| metric.split_once(':'));
            metrics.any(|(name, value)| value != "ND" && names.contains(&name))
        };
        Self {
            version: Version::V20,
            base: vector.score().value(),
            temporal: defines(&["E", "RL", "RC"]).then(|| vector.temporal_score().value()),
            environmental: defines(&["CDP", "TD", "CR", "IR", "AR"]).then(|| vector.environmental_score().value()),
        }
    }

    /// `None` where a base metric is missing.
    fn of_v3(version: Version, vector: &v3::Vector) -> Option<Self> {
        let impact = vector.c.is_some() && vector.i.is_some() && vector.a.is_some() && vector.s.is_some();
        let complete = impact && vector.av.is_some() && vector.ac.is_some() && vector.pr.is_some() && vector.ui.is_some();
        let (temporal, environmental) = match version {
            Version::V30 => times_v30(vector),
            _ => (vector.temporal_score().value(), vector.environmental_score().value()),
        };
        let scores =
            Self { version, base: vector.base_score().value(), temporal: Some(temporal), environmental: Some(environmental) };
        complete.then_some(scores)
    }

    fn of_v4(vector: &v4::Vector) -> Self {
        Self { version: Version::V40, base: vector.score().value(), temporal: None, environmental: None }
    }
}

/// The temporal and the environmental score of version 3.0, whose rule rounds any
/// excess up. In binary fractions 5.0 × 0.92 is a little more than 4.6 and would
/// become 4.7, so that what is no decimal excess is taken off first.
fn times_v30(vector: &v3::Vector) -> (f64, f64) {
    let timeless = v3::Vector { e: None, rl: None, rc: None, ..vector.clone() };
    let maturity = vector.e.map_or(1.0, |metric| metric.score());
    let remediation = vector.rl.map_or(1.0, |metric| metric.score());
    let confidence = vector.rc.map_or(1.0, |metric| metric.score());
    let at_the_time = |score: f64| ((score * maturity * remediation * confidence * 10.0) - 1e-9).ceil() / 10.0 + 0.0;
    (at_the_time(vector.base_score().value()), at_the_time(timeless.environmental_score().value()))
}

/// The word for a score. Version 2.0 has neither `none` nor `critical`.
pub fn word(version: Version, score: f64) -> &'static str {
    match (version, score) {
        (Version::V20, score) if score >= 7.0 => "high",
        (_, score) if score >= 9.0 => "critical",
        (_, score) if score >= 7.0 => "high",
        (_, score) if score >= 4.0 => "medium",
        (Version::V20, _) => "low",
        (_, score) if score >= 0.1 => "low",
        _ => "none",
    }
}

#[cfg(test)]
mod conformance;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_has_scores_and_a_word() {
        for (vector, expect) in [
            ("AV:N/AC:L/Au:N/C:C/I:C/A:C", Ok("10.0 - - high")),
            ("(AV:N/AC:L/Au:N/C:N/I:N/A:N)", Ok("0.0 - - low")),
            ("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C", Ok("7.8 6.4 - high")),
            ("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H", Ok("7.8 6.4 9.2 high")),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Ok("9.8 9.8 9.8 critical")),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", Ok("0.0 0.0 0.0 none")),
            ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Ok("6.1 6.1 6.1 medium")),
            ("CVSS:3.0/AV:L/AC:H/PR:L/UI:R/S:U/C:N/I:L/A:H/RC:U", Ok("5.0 4.6 4.6 medium")),
            ("AV:L/AC:L/Au:N/C:P/I:C/A:N/E:ND/TD:ND", Ok("5.6 - - medium")),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", Ok("9.3 - - critical")),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", Ok("8.1 - - high")),
            ("CVSS:3.1/AV:N", Err(())),
            ("CVSS:9.9/AV:N", Err(())),
            ("7.5", Err(())),
            ("", Err(())),
        ] {
            let text = |score: f64| format!("{score:.1}");
            let or_dash = |score: Option<f64>| score.map_or_else(|| "-".to_owned(), text);
            let line = |s: Scores| format!("{} {} {} {}", text(s.base), or_dash(s.temporal), or_dash(s.environmental), s.word());
            assert_eq!(Scores::of(vector).map(line).map_err(|_| ()), expect.map(str::to_owned), "{vector}");
        }
    }
}
