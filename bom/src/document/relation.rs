//! What a document says of two of its elements beyond "needs".

/// A relationship that is no dependency (SPDX: `CONTAINS`, `GENERATED_FROM`, …).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Relation {
    /// The reference of what it is said of; `SPDXRef-DOCUMENT` for the document.
    pub from: String,
    /// Its kind, in the words of SPDX 2.3.
    pub kind: String,
    /// The reference of the other end. It may name a file, or another document's element.
    pub to: String,
}
