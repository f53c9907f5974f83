//! A component as a document lists it: a package at a version from an origin,
//! with its hashes, licences and supplier.

use crate::list::{Few, List};
use crate::origin::Origin;
use crate::purl::Purl;
use crate::word::Word;

/// One thing a document lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Component {
    /// The document's own key for it: CycloneDX `bom-ref`, SPDX `SPDXID`. Unique in the document, or empty.
    pub reference: String,
    /// What sort of thing it is.
    pub kind: Kind,
    /// Namespace, group or scope, as the document writes it.
    pub group: Option<Word>,
    /// Name, as the document writes it, without the group.
    pub name: Word,
    /// Version, as the document writes it.
    pub version: Option<Word>,
    /// Package URL, canonical. An unreadable one is a warning and `None`.
    pub purl: Option<Purl>,
    /// CPE names, 2.2 or 2.3 spelling.
    pub cpes: List<String>,
    /// Hashes of its artefact.
    pub hashes: Few<Hash>,
    /// Licences as stated; more than one means that all were listed.
    pub licences: Few<Licence>,
    /// Who supplies it.
    pub supplier: Option<Word>,
    /// Authors or publisher.
    pub author: Option<Word>,
    /// Description.
    pub description: Option<Box<str>>,
    /// Copyright notice.
    pub copyright: Option<Box<str>>,
    /// Whether what was built needs it when it runs.
    pub scope: Scope,
    /// Where it came from.
    pub origin: Origin,
    /// Links: (type, address), types as CycloneDX external references name them.
    pub links: List<(Word, Box<str>)>,
    /// Further named values, in document order.
    pub properties: List<(String, String)>,
    /// The component that contains this one, by its place in `Document::components`.
    pub parent: Option<u32>,
}

/// What sort of thing a component is (CycloneDX `component.type`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A package or library; the default.
    #[default]
    Library,
    /// A program.
    Application,
    /// A framework.
    Framework,
    /// A container image.
    Container,
    /// An operating system.
    OperatingSystem,
    /// A file.
    File,
    /// Any other type, in the words of CycloneDX.
    Other(Box<Word>),
}

/// Whether what was built needs a component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Needed when it runs, or nothing was said.
    #[default]
    Required,
    /// Optional: there when present.
    Optional,
    /// For building or testing only (CycloneDX `excluded`).
    Development,
}

/// A hash of an artefact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash {
    /// Which function.
    pub algorithm: HashAlgorithm,
    /// Lower-case hexadecimal.
    pub value: Box<str>,
}

/// A hash function, by the names of CycloneDX.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HashAlgorithm {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-224 (SPDX only).
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA3-256.
    Sha3_256,
    /// SHA3-384.
    Sha3_384,
    /// SHA3-512.
    Sha3_512,
    /// BLAKE2b-256.
    Blake2b256,
    /// BLAKE2b-384.
    Blake2b384,
    /// BLAKE2b-512.
    Blake2b512,
    /// BLAKE3.
    Blake3,
    /// Another one, as the document names it.
    Other(Box<Word>),
}

/// A licence as a document states it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Licence {
    /// An identifier of the SPDX licence list.
    Id(Word),
    /// An SPDX licence expression.
    Expression(Word),
    /// A name that is neither.
    Name(Word),
}

/// A document holds thousands of them, each of them first written to fresh pages of memory: what they are made of costs
/// as much as reading some of it. Whoever makes one larger, or of more pieces, measures (`make bench-read`).
const _: () = assert!(size_of::<Component>() <= 456 && size_of::<Purl>() <= 96 && size_of::<Hash>() <= 32);
