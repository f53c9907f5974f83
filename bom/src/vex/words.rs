//! The words of OpenVEX, CSAF and CycloneDX for one thought. Where a format has no word
//! of its own, the nearest one stands in its column: writers say so, and readers take a
//! word for the first thought that has it as its own.

use crate::document::Status;
use serde::{Deserialize, Serialize};

/// Why a product is not affected: the words of all three formats together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Justification {
    /// The vulnerable component is not in the product.
    ComponentNotPresent,
    /// The component is, the vulnerable code is not.
    CodeNotPresent,
    /// The vulnerable code is never run.
    CodeNotReachable,
    /// It is run, but an adversary cannot steer it.
    CodeNotControllable,
    /// Something built in keeps it from being exploited.
    InlineMitigations,
    /// Only with a configuration that the product does not have.
    RequiresConfiguration,
    /// Only with a dependency that the product does not have.
    RequiresDependency,
    /// Only in an environment that the product does not run in.
    RequiresEnvironment,
    /// A compiler's option protects.
    ProtectedByCompiler,
    /// Something protects while it runs.
    ProtectedAtRuntime,
    /// Something in front of it protects.
    ProtectedAtPerimeter,
}

/// What the author does about a vulnerability, by the words of CycloneDX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// Nothing can be done.
    CanNotFix,
    /// Nothing will be done.
    WillNotFix,
    /// A version without it is there.
    Update,
    /// An older version does not have it.
    Rollback,
    /// There is a way round it.
    WorkaroundAvailable,
}

/// A word, and whether it means just that.
#[derive(Clone, Copy)]
enum Word {
    Own(&'static str),
    Near(&'static str),
}

use Justification as J;
use Word::{Near, Own};

/// Justification · CycloneDX · OpenVEX and CSAF, which have the same words.
const JUSTIFICATIONS: &[(Justification, Word, Word)] = &[
    (J::ComponentNotPresent, Near("code_not_present"), Own("component_not_present")),
    (J::CodeNotPresent, Own("code_not_present"), Own("vulnerable_code_not_present")),
    (J::CodeNotReachable, Own("code_not_reachable"), Own("vulnerable_code_not_in_execute_path")),
    (J::CodeNotControllable, Near("requires_environment"), Own("vulnerable_code_cannot_be_controlled_by_adversary")),
    (J::InlineMitigations, Own("protected_by_mitigating_control"), Own("inline_mitigations_already_exist")),
    (J::RequiresConfiguration, Own("requires_configuration"), Near("vulnerable_code_not_in_execute_path")),
    (J::RequiresDependency, Own("requires_dependency"), Near("vulnerable_code_not_in_execute_path")),
    (J::RequiresEnvironment, Own("requires_environment"), Near("vulnerable_code_cannot_be_controlled_by_adversary")),
    (J::ProtectedByCompiler, Own("protected_by_compiler"), Near("inline_mitigations_already_exist")),
    (J::ProtectedAtRuntime, Own("protected_at_runtime"), Near("inline_mitigations_already_exist")),
    (J::ProtectedAtPerimeter, Own("protected_at_perimeter"), Near("inline_mitigations_already_exist")),
];

/// Status · OpenVEX · CSAF, the group that is written first. CycloneDX's words are its reader's.
const STATUSES: &[(Status, Word, &[&str])] = &[
    (Status::InTriage, Own("under_investigation"), &["under_investigation", "unknown"]),
    (Status::Affected, Own("affected"), &["known_affected", "first_affected", "last_affected"]),
    (Status::NotAffected, Own("not_affected"), &["known_not_affected"]),
    (Status::Fixed, Own("fixed"), &["fixed", "first_fixed"]),
    (Status::FalsePositive, Near("not_affected"), &[]),
];

/// Response · CycloneDX · CSAF, the category that is written first.
const RESPONSES: &[(Response, &str, &[&str])] = &[
    (Response::CanNotFix, "can_not_fix", &["none_available"]),
    (Response::WillNotFix, "will_not_fix", &["no_fix_planned"]),
    (Response::Update, "update", &["vendor_fix", "optional_patch"]),
    (Response::Rollback, "rollback", &["mitigation"]),
    (Response::WorkaroundAvailable, "workaround_available", &["workaround"]),
];

impl Word {
    fn text(self) -> &'static str {
        let (Own(text) | Near(text)) = self;
        text
    }
}

impl Justification {
    /// Every one, in the table's order.
    pub fn all() -> impl Iterator<Item = Self> {
        JUSTIFICATIONS.iter().map(|row| row.0)
    }

    /// The one that a word of any of the formats names.
    pub fn of_word(word: &str) -> Option<Self> {
        let is_own = |column: Word| matches!(column, Own(own) if own == word);
        JUSTIFICATIONS.iter().find(|row| is_own(row.1) || is_own(row.2)).map(|row| row.0)
    }

    /// Its word in CycloneDX, and whether that means just this.
    pub fn cyclonedx(self) -> (&'static str, bool) {
        self.row(|row| row.1)
    }

    /// Its word in OpenVEX and CSAF, and whether that means just this.
    pub fn openvex(self) -> (&'static str, bool) {
        self.row(|row| row.2)
    }

    /// The word that means just this: CycloneDX's, else that of OpenVEX and CSAF.
    pub fn word(self) -> &'static str {
        match self.cyclonedx() {
            (word, true) => word,
            _ => self.openvex().0,
        }
    }

    /// What it means, for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ComponentNotPresent => "the vulnerable component is not in what we ship",
            Self::CodeNotPresent => "the vulnerable code is not in what we ship",
            Self::CodeNotReachable => "the vulnerable code is never run",
            Self::CodeNotControllable => "the vulnerable code is run, but nobody else can steer it",
            Self::InlineMitigations => "another measure stops it",
            Self::RequiresConfiguration => "it needs a setting that we do not use",
            Self::RequiresDependency => "it needs a component that is not there",
            Self::RequiresEnvironment => "it needs surroundings that are not ours",
            Self::ProtectedByCompiler => "the compiler's protection stops it",
            Self::ProtectedAtRuntime => "a protection at run time stops it",
            Self::ProtectedAtPerimeter => "a protection in front of it stops it",
        }
    }

    fn row(self, column: fn(&(Self, Word, Word)) -> Word) -> (&'static str, bool) {
        let word = JUSTIFICATIONS.iter().find(|row| row.0 == self).map(column);
        word.map_or(("", false), |word| (word.text(), matches!(word, Own(_))))
    }
}

impl Response {
    /// The one that a word of CycloneDX or CSAF names.
    pub fn of_word(word: &str) -> Option<Self> {
        RESPONSES.iter().find(|row| row.1 == word || row.2.contains(&word)).map(|row| row.0)
    }

    /// Its word in CycloneDX.
    pub fn cyclonedx(self) -> &'static str {
        RESPONSES.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// Its category of a remediation in CSAF.
    pub fn csaf(self) -> &'static str {
        RESPONSES.iter().find(|row| row.0 == self).and_then(|row| row.2.first()).map_or("", |word| word)
    }
}

/// The status that a word of OpenVEX names.
pub(crate) fn status_of_openvex(word: &str) -> Option<Status> {
    STATUSES.iter().find(|row| row.1.text() == word).map(|row| row.0)
}

/// A status in OpenVEX, and whether the word means just that.
pub(crate) fn openvex_status(status: Status) -> (&'static str, bool) {
    let word = STATUSES.iter().find(|row| row.0 == status).map(|row| row.1);
    word.map_or(("", false), |word| (word.text(), matches!(word, Own(_))))
}

/// The status that a group of CSAF's `product_status` names; `recommended` says nothing about a vulnerability.
pub(crate) fn status_of_csaf(group: &str) -> Option<Status> {
    STATUSES.iter().find(|row| row.2.contains(&group)).map(|row| row.0)
}

/// The group of CSAF's `product_status` for a status, and whether it means just that.
pub(crate) fn csaf_status(status: Status) -> (&'static str, bool) {
    let group = STATUSES.iter().find(|row| row.0 == status).and_then(|row| row.2.first());
    group.map_or(("known_not_affected", false), |group| (*group, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_its_own_comes_back_as_itself() {
        for justification in Justification::all() {
            let (cyclonedx, own) = justification.cyclonedx();
            assert_eq!(Justification::of_word(cyclonedx) == Some(justification), own, "{justification:?}");
            assert_eq!(Justification::of_word(justification.word()), Some(justification));
            let (openvex, own) = justification.openvex();
            assert_eq!(Justification::of_word(openvex) == Some(justification), own, "{justification:?}");
        }
        assert_eq!(Justification::of_word(""), None);
        assert_eq!(Justification::of_word("because"), None);
        for (status, ..) in STATUSES {
            let (word, own) = openvex_status(*status);
            assert_eq!(status_of_openvex(word) == Some(*status), own, "{status:?}");
            let (group, own) = csaf_status(*status);
            assert_eq!(status_of_csaf(group) == Some(*status), own, "{status:?}");
        }
        for (response, ..) in RESPONSES {
            assert_eq!(Response::of_word(response.cyclonedx()), Some(*response));
            assert_eq!(Response::of_word(response.csaf()), Some(*response));
        }
    }
}
