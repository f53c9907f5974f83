//! CycloneDX's words for kinds, scopes, hash functions and what is said about
//! a vulnerability, and which version knows which.

use crate::document::{Hash, HashAlgorithm, Kind, Scope, Status, TargetVersions};
use crate::word::row;

/// `component.type` of a kind.
pub(crate) fn kind_word(kind: &Kind) -> &str {
    match kind {
        Kind::Library => "library",
        Kind::Application => "application",
        Kind::Framework => "framework",
        Kind::Container => "container",
        Kind::OperatingSystem => "operating-system",
        Kind::File => "file",
        Kind::Other(word) => word,
    }
}

/// The kind of a `component.type`.
pub(crate) fn kind_of(word: &str) -> Kind {
    match word {
        "library" => Kind::Library,
        "application" => Kind::Application,
        "framework" => Kind::Framework,
        "container" => Kind::Container,
        "operating-system" => Kind::OperatingSystem,
        "file" => Kind::File,
        other => Kind::Other(Box::new(other.into())),
    }
}

/// The minor version of the specification that brought a `component.type`.
pub(super) fn kind_since(word: &str) -> Option<u8> {
    match word {
        "library" | "application" | "framework" | "operating-system" | "file" | "device" => Some(0),
        "container" | "firmware" => Some(2),
        "platform" | "device-driver" | "machine-learning-model" | "data" => Some(5),
        "cryptographic-asset" => Some(6),
        _ => None,
    }
}

/// The word of a scope; `None` where silence says the same.
pub(super) fn scope_word(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::Required => None,
        Scope::Optional => Some("optional"),
        Scope::Development => Some("excluded"),
    }
}

/// The scope of a word.
pub(super) fn scope_of(word: &str) -> Option<Scope> {
    match word {
        "required" => Some(Scope::Required),
        "optional" => Some(Scope::Optional),
        "excluded" => Some(Scope::Development),
        _ => None,
    }
}

/// Hash functions, the minor version that brought each, and the hexadecimal
/// digits of their values.
const HASHES: &[(HashAlgorithm, &str, u8, usize)] = &[
    (HashAlgorithm::Md5, "MD5", 0, 32),
    (HashAlgorithm::Sha1, "SHA-1", 0, 40),
    (HashAlgorithm::Sha256, "SHA-256", 0, 64),
    (HashAlgorithm::Sha384, "SHA-384", 0, 96),
    (HashAlgorithm::Sha512, "SHA-512", 0, 128),
    (HashAlgorithm::Sha3_256, "SHA3-256", 0, 64),
    (HashAlgorithm::Sha3_384, "SHA3-384", 2, 96),
    (HashAlgorithm::Sha3_512, "SHA3-512", 0, 128),
    (HashAlgorithm::Blake2b256, "BLAKE2b-256", 2, 64),
    (HashAlgorithm::Blake2b384, "BLAKE2b-384", 2, 96),
    (HashAlgorithm::Blake2b512, "BLAKE2b-512", 2, 128),
    (HashAlgorithm::Blake3, "BLAKE3", 2, 64),
];

/// The hash function that CycloneDX calls `word`.
pub(super) fn hash_of(word: &str) -> HashAlgorithm {
    row(HASHES, |known| known.1, word).map_or_else(|| HashAlgorithm::Other(Box::new(word.into())), |known| known.0.clone())
}

/// The word for a hash in version 1.`minor`; `None` where it has none or the
/// value is not one that the function gives.
pub(super) fn hash_word(hash: &Hash, minor: u8) -> Option<&str> {
    if let HashAlgorithm::Other(word) = &hash.algorithm {
        let known = minor >= 7 && matches!((word.as_str(), hash.value.len()), ("Streebog-256", 64) | ("Streebog-512", 128));
        return known.then_some(word);
    }
    let known = HASHES.iter().find(|known| known.0 == hash.algorithm)?;
    (minor >= known.2 && hash.value.len() == known.3).then_some(known.1)
}

/// `analysis.state` of a status.
pub(super) fn status_word(status: Status) -> &'static str {
    match status {
        Status::InTriage => "in_triage",
        Status::Affected => "exploitable",
        Status::NotAffected => "not_affected",
        Status::Fixed => "resolved",
        Status::FalsePositive => "false_positive",
    }
}

/// The status of an `analysis.state`.
pub(super) fn status_of(word: &str) -> Option<Status> {
    match word {
        "in_triage" => Some(Status::InTriage),
        "exploitable" => Some(Status::Affected),
        "not_affected" => Some(Status::NotAffected),
        "resolved" | "resolved_with_pedigree" => Some(Status::Fixed),
        "false_positive" => Some(Status::FalsePositive),
        _ => None,
    }
}

/// The status of versions.
pub(super) fn affected_word(affected: Option<bool>) -> &'static str {
    match affected {
        Some(true) => "affected",
        Some(false) => "unaffected",
        None => "unknown",
    }
}

/// Versions as one version, or as a range.
pub(super) fn version_or_range(stated: &TargetVersions) -> (Option<&str>, Option<&str>) {
    let text = stated.versions.as_str();
    if text.starts_with("vers:") { (None, Some(text)) } else { (Some(text), None) }
}

/// The database that an id is from, by its prefix.
pub(super) fn database(id: &str) -> &str {
    id.split_once('-').map_or("unknown", |(prefix, _)| prefix)
}

/// The words of `analysis.justification`.
pub(super) const JUSTIFICATIONS: &[&str] = &[
    "code_not_present",
    "code_not_reachable",
    "requires_configuration",
    "requires_dependency",
    "requires_environment",
    "protected_by_compiler",
    "protected_at_runtime",
    "protected_at_perimeter",
    "protected_by_mitigating_control",
];

/// The words of `analysis.response`.
pub(super) const RESPONSES: &[&str] = &["can_not_fix", "will_not_fix", "update", "rollback", "workaround_available"];

/// The types of external references, with the minor version that brought each.
const LINKS: &[(&str, u8)] = &[
    ("vcs", 1),
    ("issue-tracker", 1),
    ("website", 1),
    ("advisories", 1),
    ("bom", 1),
    ("mailing-list", 1),
    ("social", 1),
    ("chat", 1),
    ("documentation", 1),
    ("support", 1),
    ("distribution", 1),
    ("license", 1),
    ("build-meta", 1),
    ("build-system", 1),
    ("other", 1),
    ("release-notes", 4),
    ("distribution-intake", 5),
    ("security-contact", 5),
    ("model-card", 5),
    ("log", 5),
    ("configuration", 5),
    ("evidence", 5),
    ("formulation", 5),
    ("attestation", 5),
    ("threat-model", 5),
    ("adversary-model", 5),
    ("risk-assessment", 5),
    ("vulnerability-assertion", 5),
    ("exploitability-statement", 5),
    ("pentest-report", 5),
    ("static-analysis-report", 5),
    ("dynamic-analysis-report", 5),
    ("runtime-analysis-report", 5),
    ("component-analysis-report", 5),
    ("maturity-report", 5),
    ("certification-report", 5),
    ("codified-infrastructure", 5),
    ("quality-metrics", 5),
    ("poam", 5),
    ("source-distribution", 6),
    ("electronic-signature", 6),
    ("digital-signature", 6),
    ("rfc-9116", 6),
    ("patent", 7),
    ("patent-family", 7),
    ("patent-assertion", 7),
    ("citation", 7),
];

/// The type of a link in version 1.`minor`: `other` where it is not known there.
pub(super) fn link_word(word: &str, minor: u8) -> &str {
    let known = LINKS.iter().any(|(known, since)| *known == word && minor >= *since);
    if known { word } else { "other" }
}

/// Whether `word` is a type of links in any version.
pub(crate) fn is_link(word: &str) -> bool {
    LINKS.iter().any(|(known, _)| *known == word)
}
