//! Hashes in the spellings of lockfiles: Subresource Integrity (base64) and
//! `function:hex`.

use crate::document::{Hash, HashAlgorithm};
use crate::list::Few;
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;
use std::collections::HashSet;

/// Base64 with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The hashes of a Subresource Integrity text (`sha512-… sha1-…`), options cut
/// off; those that are not whole are left out.
pub(super) fn integrity(text: &str) -> Few<Hash> {
    text.split_ascii_whitespace()
        .filter_map(|part| {
            let (function, digest) = part.split('?').next()?.split_once('-')?;
            base64_digest(function, digest)
        })
        .collect()
}

/// The hash whose digest is base64.
pub(super) fn base64_digest(function: &str, digest: &str) -> Option<Hash> {
    hash(function, &hex::encode(BASE64.decode(digest).ok()?))
}

/// The hash of `function:hex`.
pub(super) fn prefixed(text: &str) -> Option<Hash> {
    let (function, digest) = text.trim().split_once([':', '='])?;
    hash(function, digest)
}

/// The hash of a function's name and hexadecimal digest; `None` where the
/// digest is not one of that function.
pub(super) fn hash(function: &str, digest: &str) -> Option<Hash> {
    let function = match function.bytes().any(|b| b.is_ascii_uppercase()) {
        true => Cow::Owned(function.to_ascii_lowercase()),
        false => Cow::Borrowed(function),
    };
    let (algorithm, bytes) = match function.as_ref() {
        "md5" => (HashAlgorithm::Md5, 16),
        "sha1" => (HashAlgorithm::Sha1, 20),
        "sha224" => (HashAlgorithm::Sha224, 28),
        "sha256" => (HashAlgorithm::Sha256, 32),
        "sha384" => (HashAlgorithm::Sha384, 48),
        "sha512" => (HashAlgorithm::Sha512, 64),
        "sha3_256" => (HashAlgorithm::Sha3_256, 32),
        "sha3_384" => (HashAlgorithm::Sha3_384, 48),
        "sha3_512" => (HashAlgorithm::Sha3_512, 64),
        "blake2b" => (HashAlgorithm::Blake2b512, 64),
        _ => return None,
    };
    // Without leaving early, so that many digits are looked at at once.
    let whole = digest.len() == bytes * 2 && digest.bytes().fold(true, |all, b| all & b.is_ascii_hexdigit());
    whole.then(|| Hash { algorithm, value: digest.to_ascii_lowercase().into() })
}

/// The hashes in order, each once.
pub(super) fn distinct(hashes: impl Iterator<Item = Hash>) -> Few<Hash> {
    let mut seen = HashSet::new();
    hashes.filter(|hash| seen.insert(hash.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrity_becomes_hexadecimal() {
        let both = "sha1-pGY7U2hriV/wdOK6UE37dqjit3A= sha512-x?opt";
        let hashes = integrity(both);
        assert_eq!(hashes.len(), 1, "a cut digest is no hash");
        assert_eq!(&*hashes[0].value, "a4663b53686b895ff074e2ba504dfb76a8e2b770");
        assert_eq!(hashes[0].algorithm, HashAlgorithm::Sha1);
    }

    #[test]
    fn only_whole_digests_are_hashes() {
        let zeros = "0".repeat(64);
        for (text, good) in [
            (format!("sha256:{zeros}"), true),
            (format!("sha256={}", zeros.to_uppercase()), true),
            (format!("sha512:{zeros}"), false),
            ("sha256:zz".to_owned(), false),
            (format!("{zeros}g"), false),
        ] {
            assert_eq!(prefixed(&text).is_some(), good, "{text}");
        }
    }
}
