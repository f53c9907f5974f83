//! OpenSSL versions: numbers, up to version 1.1.1 letters that count patches
//! (`1.0.2zb`), and a pre-release.

use super::numbers;
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders the versions of OpenSSL.
pub static OPENSSL: OpenSsl = OpenSsl;

/// The scheme of OpenSSL.
pub struct OpenSsl;

impl Scheme for OpenSsl {
    fn name(&self) -> &'static str {
        "openssl"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        let read = |text| parse(text).ok_or_else(|| VersionError::new(self.name(), text));
        let ((a, a_letters, a_pre), (b, b_letters, b_pre)) = (read(a)?, read(b)?);
        let pre = || a_pre.is_none().cmp(&b_pre.is_none()).then_with(|| words(a_pre, b_pre));
        Ok(numbers::dotted(a, b).then_with(|| a_letters.cmp(b_letters)).then_with(pre))
    }
}

type Parts<'a> = (&'a [u8], &'a [u8], Option<&'a [u8]>);

fn parse(text: &str) -> Option<Parts<'_>> {
    let (core, rest) = numbers::split_while(text.trim().as_bytes(), |b| b.is_ascii_digit() || b == b'.');
    let (letters, rest) = numbers::split_while(rest, |b| b.is_ascii_lowercase());
    let pre = match rest {
        [] => None,
        [b'-', pre @ ..] if pre.iter().all(u8::is_ascii_alphanumeric) => Some(pre),
        _ => return None,
    };
    core.split(|&b| b == b'.').all(numbers::all_digits).then_some((core, letters, pre))
}

/// A word and its number: `beta2` before `beta10`.
fn words(a: Option<&[u8]>, b: Option<&[u8]>) -> Ordering {
    let split = |text: Option<&'_ [u8]>| {
        text.map_or((Vec::new(), Vec::new()), |text| {
            let (word, number) = numbers::split_while(text, |b| !b.is_ascii_digit());
            (word.to_vec(), number.to_vec())
        })
    };
    let ((x, n), (y, m)) = (split(a), split(b));
    x.cmp(&y).then_with(|| numbers::digits(&n, &m)).then_with(|| n.cmp(&m))
}
