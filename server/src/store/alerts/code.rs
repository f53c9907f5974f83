//! The short address of an alert: 8 characters of Crockford's alphabet, 40 random
//! bits, so that nobody can count or guess alerts.

use crate::store::StoreError;
use rand::TryRng as _;
use rand::rngs::SysRng;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new code.
pub(super) fn fresh() -> Result<String, StoreError> {
    let mut bytes = [0_u8; 8];
    SysRng.try_fill_bytes(&mut bytes).map_err(|error| StoreError::Damaged(format!("no random numbers: {error}")))?;
    Ok(bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32))).map(|c| char::from(*c)).collect())
}

/// A code as people may write it: in any case, and with the letters that are read for
/// digits.
pub fn read(text: &str) -> String {
    let one = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    text.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_random_and_forgive_what_people_write() {
        let code = super::fresh().expect("a code");
        assert_eq!(code.len(), 8);
        assert_ne!(code, super::fresh().expect("another"));
        assert_eq!(super::read(&code.to_ascii_lowercase()), code);
        assert_eq!(super::read("oil0"), "0110");
    }
}
