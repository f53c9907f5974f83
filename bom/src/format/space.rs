//! Space between what matters: indentation is a good part of most documents.

use super::scan::chunk;

/// Where, from `at` on, something else than a space, tab or line break stands, or the bytes end.
#[inline]
pub(super) fn end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'\n' | b' ' | b'\r' | b'\t') => row(bytes, at + 1),
        _ => at,
    }
}

/// The same behind the first space of a row: line breaks come alone, spaces in rows.
#[inline]
fn row(bytes: &[u8], mut at: usize) -> usize {
    const SPACES: u128 = u128::MAX / 255 * b' ' as u128;
    loop {
        while let Some(chunk) = chunk::<16>(bytes, at) {
            let others = u128::from_le_bytes(*chunk) ^ SPACES;
            if others != 0 {
                at += (others.trailing_zeros() / 8) as usize;
                break;
            }
            at += 16;
        }
        match bytes.get(at) {
            Some(b'\n' | b' ' | b'\r' | b'\t') => at += 1,
            _ => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_ends_at_the_first_other_byte() {
        for (text, from, expected) in [
            ("", 0, 0),
            ("a", 0, 0),
            (" ", 0, 1),
            (" \r\n\t a", 0, 5),
            ("\n                  a         ", 0, 19),
            ("\n                                     a", 0, 38),
            ("a\n       \n        \u{a0}", 1, 18),
            ("\n  \x0b", 0, 3),
            ("a", 7, 7),
        ] {
            assert_eq!(end(text.as_bytes(), from), expected, "{text:?}");
        }
    }
}
