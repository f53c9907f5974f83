//! Random secrets. They are shown once; what is kept is their SHA-256, which is
//! enough for 256 random bits (passwords are another matter: `password`).

use rand::TryRng as _;
use rand::rngs::SysRng;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The system has no random numbers to give.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers: {0}")]
pub struct NoRandomness(String);

/// 256 random bits in hex.
///
/// # Errors
/// [`NoRandomness`] from the operating system.
pub fn fresh() -> Result<String, NoRandomness> {
    Ok(hex::encode(bytes::<32>()?))
}

/// A password that people can type: five groups of four letters and digits
/// without look-alikes, about 97 bits.
///
/// # Errors
/// [`NoRandomness`] from the operating system.
pub fn password() -> Result<String, NoRandomness> {
    // 32 letters and digits, so that a byte modulo 32 is fair.
    const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789_";
    let mut text = String::with_capacity(24);
    while text.len() < 24 {
        for byte in bytes::<32>()? {
            let sign = SIGNS.get(usize::from(byte % 32)).copied().unwrap_or(b'_');
            // The 32nd sign is no good to read: draw again.
            if sign == b'_' || text.len() >= 24 {
                continue;
            }
            if text.len() % 5 == 4 {
                text.push('-');
            }
            text.push(char::from(sign));
        }
    }
    Ok(text)
}

/// The SHA-256 of a secret, hex.
pub fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Whether two secrets or hashes are equal, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|error| NoRandomness(error.to_string()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_and_never_the_same() {
        let (a, b) = (fresh().unwrap(), fresh().unwrap());
        assert!(a.len() == 64 && a != b && !same(&a, &b) && same(&a, &a.clone()));
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_password_has_five_groups() {
        for _ in 0..100 {
            let password = password().unwrap();
            let groups: Vec<_> = password.split('-').collect();
            assert!(
                groups.len() == 5 && groups.iter().all(|g| g.len() == 4 && g.chars().all(|c| c.is_ascii_alphanumeric())),
                "{password}"
            );
        }
    }
}
