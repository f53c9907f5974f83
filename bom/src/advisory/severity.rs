//! How bad an advisory is. The order in which its own words are asked:
//!
//! 1. a record of a malicious package is [`Severity::Malicious`];
//! 2. a CVSS vector, the newest version first: 4.0, 3.1, 3.0, 2.0, and the highest
//!    score among vectors of one version. The base score counts (4.0 has one score,
//!    of the whole vector), because the time and the place are the reader's own;
//! 3. the database's word (`HIGH`, `moderate`, Ubuntu's priority);
//! 4. nothing said is [`Severity::Unknown`].

use super::Severity;
use crate::cvss::Scores;

/// The score of a CVSS vector of version 2.0 to 4.0: its base score, or the only
/// score that version 4.0 has. `None` for a text that is no vector.
pub fn score(vector: &str) -> Option<f64> {
    Scores::of(vector).ok().map(|scores| scores.base)
}

/// What a record says about its severity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rating {
    pub severity: Severity,
    pub score: Option<f64>,
}

/// The rating that follows from vectors and, where none is readable, from words.
pub(super) fn rate<'a>(vectors: impl IntoIterator<Item = &'a str>, words: impl IntoIterator<Item = &'a str>) -> Rating {
    let best = vectors
        .into_iter()
        .filter_map(|vector| Scores::of(vector).ok())
        .max_by(|a, b| a.version.cmp(&b.version).then_with(|| a.base.total_cmp(&b.base)));
    match best {
        Some(scores) => Rating { severity: of_scores(&scores), score: Some(scores.base) },
        None => Rating { severity: words.into_iter().map(of_word).max().unwrap_or_default(), score: None },
    }
}

/// The severity of a base score. A score of zero is still somebody's advisory.
fn of_scores(scores: &Scores) -> Severity {
    match scores.word() {
        "critical" => Severity::Critical,
        "high" => Severity::High,
        "medium" => Severity::Medium,
        _ => Severity::Low,
    }
}

/// The severity that a database's word stands for; unknown for any other text.
fn of_word(word: &str) -> Severity {
    match word.trim().to_ascii_lowercase().as_str() {
        "critical" => Severity::Critical,
        "high" | "important" | "severe" => Severity::High,
        "moderate" | "medium" => Severity::Medium,
        "low" | "negligible" | "minor" | "unimportant" | "none" => Severity::Low,
        _ => Severity::Unknown,
    }
}

impl Severity {
    /// Its name, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
            Self::Malicious => "malicious",
        }
    }

    /// Every severity, the worst last.
    pub const ALL: [Self; 6] = [Self::Unknown, Self::Low, Self::Medium, Self::High, Self::Critical, Self::Malicious];

    /// The severity with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }

    /// Its number in a database; a worse one is higher.
    pub fn code(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 3,
            Self::Critical => 4,
            Self::Malicious => 5,
        }
    }

    /// The severity with this number.
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const V2: &str = "AV:N/AC:L/Au:N/C:C/I:C/A:C";
    const V30: &str = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N";
    const V31: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    const V4: &str = "CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N";

    #[test]
    fn the_newest_vector_decides_and_words_come_last() {
        for (vectors, words, severity, score) in [
            (vec![V2, V30, V31, V4], vec!["CRITICAL"], Severity::Medium, Some(4.8)),
            (vec![V30, V31], vec![], Severity::Critical, Some(9.8)),
            (vec![V2, V30], vec![], Severity::Medium, Some(5.3)),
            (vec![V2], vec![], Severity::High, Some(10.0)),
            (vec!["(AV:N/AC:L/Au:N/C:C/I:C/A:C)"], vec![], Severity::High, Some(10.0)),
            (vec!["nonsense"], vec!["MODERATE"], Severity::Medium, None),
            (vec![], vec!["wishlist", "important"], Severity::High, None),
            (vec![], vec![], Severity::Unknown, None),
        ] {
            let rating = rate(vectors.iter().copied(), words.iter().copied());
            assert_eq!(rating, Rating { severity, score }, "{vectors:?} {words:?}");
        }
    }

    #[test]
    fn names_and_numbers_lead_back() {
        for severity in Severity::ALL {
            assert_eq!(Severity::of_name(severity.name()), Some(severity));
            assert_eq!(Severity::of_code(severity.code()), Some(severity));
        }
    }
}
