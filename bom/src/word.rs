//! Short texts of which documents hold a great many: names, versions, licences.
//! Most have less than 24 bytes and lie in place, with nothing allocated for them.

/// A short text that does not change: up to 23 bytes in place, longer ones shared by their copies.
pub use smol_str::SmolStr as Word;

/// A text without space at its ends, where mostly there is none.
#[inline]
pub fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

/// A text parted at the first of these bytes, which are ASCII; near the beginning, it is soon found.
#[inline]
pub fn split_first(text: &str, separator: u8) -> Option<(&str, &str)> {
    split_at(text, text.bytes().position(|byte| byte == separator)?)
}

/// A text parted at the last of these bytes, which are ASCII.
#[inline]
pub fn split_last(text: &str, separator: u8) -> Option<(&str, &str)> {
    split_at(text, text.bytes().rposition(|byte| byte == separator)?)
}

fn split_at(text: &str, at: usize) -> Option<(&str, &str)> {
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The row of a table whose word this is, in any case: nearly always it is spelled as in the table.
pub fn row<'t, T>(table: &'t [T], word_of: impl Fn(&T) -> &str, word: &str) -> Option<&'t T> {
    let spelled = table.iter().find(|row| word_of(row) == word);
    spelled.or_else(|| table.iter().find(|row| word_of(row).eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_at_the_ends_is_taken_off() {
        let texts = ["", " ", "a", " a b\n", "a b", "a\u{a0}", "\u{2003}a", "\u{e4}", "\x01", "\x0ba"];
        for text in texts {
            assert_eq!(trim(text), text.trim(), "{text:?}");
        }
    }
}
