//! Relationships: which of SPDX's words say that something needs something, in
//! which direction and when; the others are kept as they are.

use crate::document::Scope;
use crate::format::lenient::Text;

/// What a relationship's word says of its two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The first needs the second.
    Needs(Scope),
    /// The second needs the first.
    NeededBy(Scope),
    /// The first (the document) is about the second.
    Describes,
    /// The second (the document) is about the first.
    DescribedBy,
    /// Anything else that the specification knows.
    Other,
}

/// `relationships[]`.
#[derive(Default)]
pub(super) struct RelationshipRaw<'d> {
    pub(super) from: Text<'d>,
    pub(super) kind: Text<'d>,
    pub(super) to: Text<'d>,
}

/// The words that mean a dependency or what the document is about.
const MEANINGS: &[(&str, Meaning)] = &[
    ("DEPENDS_ON", Meaning::Needs(Scope::Required)),
    ("DEPENDENCY_OF", Meaning::NeededBy(Scope::Required)),
    ("RUNTIME_DEPENDENCY_OF", Meaning::NeededBy(Scope::Required)),
    ("HAS_PREREQUISITE", Meaning::Needs(Scope::Required)),
    ("PREREQUISITE_FOR", Meaning::NeededBy(Scope::Required)),
    ("STATIC_LINK", Meaning::Needs(Scope::Required)),
    ("DYNAMIC_LINK", Meaning::Needs(Scope::Required)),
    ("OPTIONAL_DEPENDENCY_OF", Meaning::NeededBy(Scope::Optional)),
    ("PROVIDED_DEPENDENCY_OF", Meaning::NeededBy(Scope::Optional)),
    ("DEV_DEPENDENCY_OF", Meaning::NeededBy(Scope::Development)),
    ("BUILD_DEPENDENCY_OF", Meaning::NeededBy(Scope::Development)),
    ("TEST_DEPENDENCY_OF", Meaning::NeededBy(Scope::Development)),
    ("DEV_TOOL_OF", Meaning::NeededBy(Scope::Development)),
    ("BUILD_TOOL_OF", Meaning::NeededBy(Scope::Development)),
    ("TEST_TOOL_OF", Meaning::NeededBy(Scope::Development)),
    ("DESCRIBES", Meaning::Describes),
    ("DESCRIBED_BY", Meaning::DescribedBy),
];

/// The other words of SPDX 2.3.
pub(super) const OTHERS: &[&str] = &[
    "AMENDS",
    "ANCESTOR_OF",
    "CONTAINED_BY",
    "CONTAINS",
    "COPY_OF",
    "DATA_FILE_OF",
    "DEPENDENCY_MANIFEST_OF",
    "DESCENDANT_OF",
    "DISTRIBUTION_ARTIFACT",
    "DOCUMENTATION_OF",
    "EXAMPLE_OF",
    "EXPANDED_FROM_ARCHIVE",
    "FILE_ADDED",
    "FILE_DELETED",
    "FILE_MODIFIED",
    "GENERATED_FROM",
    "GENERATES",
    "METAFILE_OF",
    "OPTIONAL_COMPONENT_OF",
    "OTHER",
    "PACKAGE_OF",
    "PATCH_APPLIED",
    "PATCH_FOR",
    "REQUIREMENT_DESCRIPTION_FOR",
    "SPECIFICATION_FOR",
    "TEST_CASE_OF",
    "TEST_OF",
    "VARIANT_OF",
];

/// The specification's spelling of a relationship's word, and what it says; `None`
/// for a word that is not in the specification.
pub(super) fn meaning(word: &str) -> Option<(&'static str, Meaning)> {
    let known = MEANINGS.iter().copied().find(|(known, _)| *known == word);
    known.or_else(|| OTHERS.iter().find(|known| **known == word).map(|known| (*known, Meaning::Other)))
}

/// The word for a dependency on something of this scope, and whether it is said of what is needed.
pub(super) fn word_for(scope: Scope) -> (&'static str, bool) {
    match scope {
        Scope::Required => ("DEPENDS_ON", false),
        Scope::Optional => ("OPTIONAL_DEPENDENCY_OF", true),
        Scope::Development => ("DEV_DEPENDENCY_OF", true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_for_a_scope_means_it() {
        for scope in [Scope::Required, Scope::Optional, Scope::Development] {
            let (word, reversed) = word_for(scope);
            let expected = if reversed { Meaning::NeededBy(scope) } else { Meaning::Needs(scope) };
            assert_eq!(meaning(word), Some((word, expected)));
        }
        assert_eq!(meaning("CONTAINS").map(|(_, meaning)| meaning), Some(Meaning::Other));
        assert_eq!(meaning("contains"), None);
    }
}
