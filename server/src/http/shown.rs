//! How every text is written into a page: markup is escaped, and a character that would
//! hide something or turn it round is shown as one that cannot be.

use askama::filters::{Escaper, Html};
use bom::plain::hides;
use std::fmt::{self, Write};

/// Escapes what templates write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown;

impl Escaper for Shown {
    fn write_escaped_str<W: Write>(&self, mut page: W, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(|c| hides(c) && !matches!(c, '\n' | '\r' | '\t')) {
            let (plain, hiding) = rest.split_at(at);
            Html.write_escaped_str(&mut page, plain)?;
            page.write_char('\u{fffd}')?;
            let mut chars = hiding.chars();
            chars.next();
            rest = chars.as_str();
        }
        Html.write_escaped_str(&mut page, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_is_markup_is_shown() {
        let mut page = String::new();
        Shown.write_escaped_str(&mut page, "a\nb <i>\u{202e}\u{200b}gnp\u{7}").expect("a page");
        assert_eq!(page, "a\nb &#60;i&#62;\u{fffd}\u{fffd}gnp\u{fffd}");
    }
}
