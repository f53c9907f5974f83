//! Texts of strangers as they may be kept and shown: nothing in them hides, and none is endless.

/// The longest text of a registry that is kept, in characters.
pub const LONGEST: usize = 300;

/// A text of a registry as it may be kept and shown: cut to [`LONGEST`], and without
/// characters that hide or turn round what stands beside them.
pub fn plain(text: &str) -> String {
    let mut plain: String = text.chars().take(LONGEST).map(|c| if hides(c) { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        plain.push('…');
    }
    plain
}

/// Whether a name or a version is one that can be kept as it is: short, and nothing in it hides.
pub fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().take(LONGEST + 1).count() <= LONGEST && !text.chars().any(hides)
}

/// Whether a character hides or changes what is beside it: controls, and the characters of Unicode that turn text round or take no room (UAX 9).
pub fn hides(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_shown_and_what_is_endless_ends() {
        assert_eq!(plain("gnp\u{202e}.exe\n"), "gnp\u{fffd}.exe\u{fffd}");
        assert_eq!(plain("<b>Zoë</b>"), "<b>Zoë</b>");
        assert_eq!(plain(&"x".repeat(10_000)).chars().count(), LONGEST + 1);
        assert!(is_plain("@scope/name") && !is_plain("a\u{2066}b") && !is_plain(&"x".repeat(10_000)) && !is_plain(""));
    }
}
