//! SPDX's words for purposes, hash functions and links.

use crate::document::{Hash, HashAlgorithm, Kind};
use crate::word::{Word, row, split_last, trim};

/// `primaryPackagePurpose`, in the spelling of the JSON schema, and the kind it means.
const PURPOSES: &[(&str, Kind)] = &[
    ("LIBRARY", Kind::Library),
    ("APPLICATION", Kind::Application),
    ("FRAMEWORK", Kind::Framework),
    ("CONTAINER", Kind::Container),
    ("OPERATING-SYSTEM", Kind::OperatingSystem),
    ("FILE", Kind::File),
];

/// The kind of a purpose. What SPDX alone knows keeps its word in lower case.
pub(in crate::format) fn kind_of(purpose: &str) -> Kind {
    let purpose = trim(purpose);
    if let Some((_, kind)) = PURPOSES.iter().find(|(word, _)| *word == purpose) {
        return kind.clone();
    }
    let purpose = purpose.replace('_', "-").to_ascii_uppercase();
    match PURPOSES.iter().find(|(word, _)| *word == purpose) {
        Some((_, kind)) => kind.clone(),
        None => Kind::Other(Box::new(purpose.to_ascii_lowercase().into())),
    }
}

/// The purpose of a kind; false where SPDX has only `OTHER` for it.
pub(super) fn purpose_of(kind: &Kind) -> (&'static str, bool) {
    match PURPOSES.iter().find(|(_, known)| known == kind) {
        Some((word, _)) => (word, true),
        None => match kind {
            Kind::Other(word) => match word.as_str() {
                "device" => ("DEVICE", true),
                "firmware" => ("FIRMWARE", true),
                "source" => ("SOURCE", true),
                "archive" => ("ARCHIVE", true),
                "install" => ("INSTALL", true),
                word => ("OTHER", word == "other"),
            },
            _ => ("OTHER", false),
        },
    }
}

/// Hash functions by SPDX's names; the first eleven in 2.2 and 2.3 alike.
const HASHES: &[(&str, HashAlgorithm)] = &[
    ("SHA1", HashAlgorithm::Sha1),
    ("SHA224", HashAlgorithm::Sha224),
    ("SHA256", HashAlgorithm::Sha256),
    ("SHA384", HashAlgorithm::Sha384),
    ("SHA512", HashAlgorithm::Sha512),
    ("MD5", HashAlgorithm::Md5),
    ("SHA3-256", HashAlgorithm::Sha3_256),
    ("SHA3-384", HashAlgorithm::Sha3_384),
    ("SHA3-512", HashAlgorithm::Sha3_512),
    ("BLAKE2b-256", HashAlgorithm::Blake2b256),
    ("BLAKE2b-384", HashAlgorithm::Blake2b384),
    ("BLAKE2b-512", HashAlgorithm::Blake2b512),
    ("BLAKE3", HashAlgorithm::Blake3),
];

/// The names of functions that only SPDX knows.
const OTHER_HASHES: &[&str] = &["MD2", "MD4", "MD6", "ADLER32"];

/// The hash function that SPDX calls `word`; SPDX 3 writes all in lower case with `_`.
pub(in crate::format) fn hash_of(word: &str) -> HashAlgorithm {
    let known = |word: &str| row(HASHES, |(known, _)| known, word);
    let word = trim(word);
    if let Some((_, algorithm)) = known(word) {
        return algorithm.clone();
    }
    let word = word.replace('_', "-");
    known(&word).map_or_else(|| HashAlgorithm::Other(Box::new(Word::new(&word))), |(_, algorithm)| algorithm.clone())
}

/// SPDX 2.3's name of a hash's function; `None` where it has none.
pub(super) fn hash_word(hash: &Hash) -> Option<&'static str> {
    if let HashAlgorithm::Other(word) = &hash.algorithm {
        return OTHER_HASHES.iter().copied().find(|known| word.as_str() == *known);
    }
    HASHES.iter().find(|(_, known)| *known == hash.algorithm).map(|(word, _)| *word)
}

/// `NOASSERTION` and `NONE` say nothing.
pub(in crate::format) fn is_said(text: &str) -> bool {
    !matches!(trim(text), "" | "NOASSERTION" | "NONE")
}

/// The name in `Person: Alice (alice@shop.example)` or `Organization: Left Ltd ()`.
pub(super) fn agent(text: &str) -> Option<(&str, &str)> {
    let text = trim(text);
    let named = |kind: &'static str| Some((kind, text.strip_prefix(kind)?.strip_prefix(':')?));
    let named = ["Organization", "Person", "Tool"].into_iter().find_map(named);
    let (kind, name) = named.map_or(("", text), |(kind, name)| (kind, name.trim()));
    let name = match name.strip_suffix(')').and_then(|rest| split_last(rest, b'(')) {
        Some((before, mail)) if mail.trim().is_empty() || mail.contains('@') => match before.trim() {
            "" => mail.trim(),
            before => before,
        },
        _ => name,
    };
    is_said(name).then_some((kind, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_named_without_their_addresses() {
        for (text, expected) in [
            ("Organization: Left Ltd ()", Some(("Organization", "Left Ltd"))),
            ("Person: Alice Adams (alice@shop.example)", Some(("Person", "Alice Adams"))),
            ("Person: (alice@shop.example)", Some(("Person", "alice@shop.example"))),
            ("Organization: Left (Holding)", Some(("Organization", "Left (Holding)"))),
            ("Tool: maker-1.2", Some(("Tool", "maker-1.2"))),
            ("Left", Some(("", "Left"))),
            ("NOASSERTION", None),
            ("Organization:", None),
        ] {
            assert_eq!(agent(text), expected, "{text}");
        }
    }

    #[test]
    fn purposes_and_functions_go_both_ways() {
        for (word, kind) in PURPOSES {
            assert_eq!((kind_of(word), purpose_of(kind)), (kind.clone(), (*word, true)));
        }
        for (word, algorithm) in HASHES {
            let hash = Hash { algorithm: algorithm.clone(), value: "".into() };
            assert_eq!((hash_of(word), hash_word(&hash)), (algorithm.clone(), Some(*word)));
        }
        assert_eq!(kind_of("OPERATING-SYSTEM"), Kind::OperatingSystem);
        assert_eq!(hash_of("blake2b_256"), HashAlgorithm::Blake2b256);
    }
}
