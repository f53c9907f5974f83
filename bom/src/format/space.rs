//! Space between what matters: indentation is a good part of most documents.

/// Where, from `at` on, something else than a space, tab or line break stands, or the bytes end.
#[inline]
pub(super) fn end(bytes: &[u8], mut at: usize) -> usize {
    const SPACES: u64 = u64::MAX / 255 * b' ' as u64;
    loop {
        match bytes.get(at) {
            Some(b'\n' | b' ' | b'\r' | b'\t') => at += 1,
            _ => return at,
        }
        // Line breaks come alone, spaces in rows.
        while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            let others = u64::from_le_bytes(*chunk) ^ SPACES;
            if others != 0 {
                at += (others.trailing_zeros() / 8) as usize;
                break;
            }
            at += 8;
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
            ("a\n       \n        \u{a0}", 1, 18),
            ("\n  \x0b", 0, 3),
            ("a", 7, 7),
        ] {
            assert_eq!(end(text.as_bytes(), from), expected, "{text:?}");
        }
    }
}
