//! Looking for the end of a text, many bytes at once.

/// Which of eight bytes end a text: the highest bit of each that does. Of what is marked, the lowest is marked rightly.
pub(super) trait Ends: Copy {
    fn marks(self, word: u64) -> u64;
    fn is_end(self, byte: u8) -> bool;
}

/// A quote, a backslash or a control character.
#[derive(Clone, Copy)]
pub(super) struct OfString;

/// A colon.
#[derive(Clone, Copy)]
pub(super) struct OfTag;

const ONES: u64 = u64::MAX / 255;

/// Marks bytes that are this one.
#[inline]
fn are(word: u64, byte: u8) -> u64 {
    let others = word ^ (ONES * u64::from(byte));
    others.wrapping_sub(ONES) & !others
}

impl Ends for OfString {
    #[inline]
    fn marks(self, word: u64) -> u64 {
        are(word, b'"') | are(word, b'\\') | (word.wrapping_sub(ONES * u64::from(b' ')) & !word)
    }

    #[inline]
    fn is_end(self, byte: u8) -> bool {
        matches!(byte, b'"' | b'\\' | ..b' ')
    }
}

impl Ends for OfTag {
    #[inline]
    fn marks(self, word: u64) -> u64 {
        are(word, b':')
    }

    #[inline]
    fn is_end(self, byte: u8) -> bool {
        byte == b':'
    }
}

/// Where a text ends that goes on at `at`, or where the bytes end.
#[inline]
pub(super) fn end(bytes: &[u8], mut at: usize, ends: impl Ends) -> usize {
    // Most texts are short: keys above all.
    for _ in 0..2 {
        let Some(word) = chunk(bytes, at) else { break };
        let marks = marks(*word, ends);
        if marks != 0 {
            return at + first(marks);
        }
        at += 8;
    }
    end_of_long(bytes, at, ends)
}

/// The same for texts that are longer: two words at once while they all belong to it. What compilers make of sixteen
/// comparisons takes twice as long.
fn end_of_long(bytes: &[u8], mut at: usize, ends: impl Ends) -> usize {
    while let (Some(low), Some(high)) = (chunk(bytes, at), chunk(bytes, at + 8)) {
        let (low, high) = (marks(*low, ends), marks(*high, ends));
        if low | high != 0 {
            return at + if low != 0 { first(low) } else { 8 + first(high) };
        }
        at += 16;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| ends.is_end(*byte)).unwrap_or(rest.len())
}

/// The marks of eight bytes.
#[inline]
fn marks(bytes: [u8; 8], ends: impl Ends) -> u64 {
    ends.marks(u64::from_le_bytes(bytes)) & (ONES << 7)
}

/// Which byte is marked first.
#[inline]
fn first(marks: u64) -> usize {
    (marks.trailing_zeros() / 8) as usize
}

/// The next bytes from `at` on, where there are so many.
#[inline]
pub(super) fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Option<&[u8; N]> {
    bytes.get(at..)?.first_chunk()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bytes: &[u8], at: usize, ends: impl Ends) {
        let expected = bytes.iter().skip(at).position(|byte| ends.is_end(*byte)).map_or(bytes.len(), |found| at + found);
        assert_eq!(end(bytes, at, ends), expected, "{bytes:?} from {at}");
    }

    proptest! {
        #[test]
        fn the_first_end_is_found(text in "([a-z\u{e4}]{0,40}[\"\\\\\t\n\r:]?){0,3}", at in 0..9_usize) {
            let at = at.min(text.len());
            check(text.as_bytes(), at, OfString);
            check(text.as_bytes(), at, OfTag);
        }
    }
}
