//! SPDX 3's words for relationships and for what is said of vulnerabilities.

use crate::document::{Scope, Status};

/// What a relationship's type says of its two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The first needs the others.
    Needs(Scope),
    /// The others are the first's declared licences.
    Declared,
    /// The others are the first's concluded licences.
    Concluded,
    /// The first, a vulnerability, has this status in the others.
    Status(Status),
    /// Anything else.
    Other,
}

/// The meaning of a type, with the relationship's own scope where it has one.
pub(super) fn meaning(kind: &str, scope: Option<&str>) -> Meaning {
    let scope = match scope {
        Some("development" | "build" | "test" | "design") => Scope::Development,
        _ => Scope::Required,
    };
    match kind {
        "dependsOn" | "hasPrerequisite" | "hasStaticLink" | "hasDynamicLink" => Meaning::Needs(scope),
        "usesTool" => Meaning::Needs(Scope::Development),
        "hasOptionalDependency" | "hasProvidedDependency" => Meaning::Needs(scope.max(Scope::Optional)),
        "hasDeclaredLicense" => Meaning::Declared,
        "hasConcludedLicense" => Meaning::Concluded,
        "affects" => Meaning::Status(Status::Affected),
        "doesNotAffect" => Meaning::Status(Status::NotAffected),
        "fixedIn" => Meaning::Status(Status::Fixed),
        "underInvestigationFor" => Meaning::Status(Status::InTriage),
        _ => Meaning::Other,
    }
}

/// A justification in the words of CycloneDX.
pub(super) fn justification(word: &str) -> Option<&'static str> {
    match word {
        "componentNotPresent" | "vulnerableCodeNotPresent" => Some("code_not_present"),
        "vulnerableCodeNotInExecutePath" => Some("code_not_reachable"),
        "vulnerableCodeCannotBeControlledByAdversary" => Some("requires_environment"),
        "inlineMitigationsAlreadyExist" => Some("protected_by_mitigating_control"),
        _ => None,
    }
}

/// `hasDataFile` as SPDX 2 spells words: `HAS_DATA_FILE`.
pub(super) fn spelled_as_before(kind: &str) -> String {
    let mut word = String::with_capacity(kind.len() + 4);
    for c in kind.chars() {
        if c.is_ascii_uppercase() {
            word.push('_');
        }
        word.push(c.to_ascii_uppercase());
    }
    word
}
