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
