//! The entries of a tag-value document, one after the other.

use crate::format::scan::{self, OfTag};
use crate::format::xml::line_at;
use crate::reading::ReadError;
use crate::word::trim;

/// A tag with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'d> {
    /// What stands before the colon; it may be no tag at all.
    pub(super) tag: &'d str,
    /// The value, without `<text>`; `None` where there is no colon.
    pub(super) value: Option<&'d str>,
    /// All of its lines.
    pub(super) text: &'d str,
    /// The line on which it begins, counted from 1.
    pub(super) line: u32,
}

impl Entry<'_> {
    /// Whether what stands before the colon can be a tag. Who knows it need not ask.
    pub(super) fn has_tag(&self) -> bool {
        self.value.is_some() && !self.tag.is_empty() && self.tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }
}

/// Goes through a document.
pub(super) struct Entries<'d> {
    rest: &'d str,
    line: u32,
}

impl<'d> Entries<'d> {
    pub(super) fn new(text: &'d str) -> Self {
        Self { rest: text, line: 1 }
    }

    /// Takes `length` bytes and the line break after them: `\n`, `\r\n`, or `\r` alone as some tools write it.
    #[inline]
    fn advance(&mut self, length: usize, breaks: usize) -> &'d str {
        let behind = match self.rest.as_bytes().get(length..) {
            Some([b'\r', b'\n', ..]) => length + 2,
            Some([b'\n' | b'\r', ..]) => length + 1,
            _ => length,
        };
        let taken = self.rest.get(..length).unwrap_or_default();
        self.rest = self.rest.get(behind..).unwrap_or_default();
        self.line = self.line.saturating_add(u32::try_from(breaks + 1).unwrap_or(u32::MAX));
        taken
    }

    /// Where the line ends that holds the byte `from`.
    #[inline]
    fn end_of_line(&self, from: usize) -> usize {
        let bytes = self.rest.as_bytes().get(from..).unwrap_or_default();
        memchr::memchr2(b'\n', b'\r', bytes).map_or(self.rest.len(), |at| from + at)
    }

    /// The value behind the colon of a line that ends at `end`.
    fn value(&mut self, behind: &'d str, end: usize) -> Result<Value<'d>, ReadError> {
        let text = behind.trim_start();
        match text.starts_with(OPEN) {
            true => self.long(end - text.len() + OPEN.len()),
            false => Ok(Value { text: text.trim_end(), end, breaks: 0 }),
        }
    }

    /// The value that begins at this byte, behind `<text>`, and the rest of the line on which it ends.
    fn long(&mut self, start: usize) -> Result<Value<'d>, ReadError> {
        let bytes = self.rest.as_bytes().get(start..).unwrap_or_default();
        let close = memchr::memchr_iter(b'<', bytes).find(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(CLOSE)));
        match close {
            Some(length) => {
                let text = self.rest.get(start..start + length).unwrap_or_default();
                Ok(Value { text: trim(text), end: self.end_of_line(start + length), breaks: breaks(text) })
            }
            None => {
                let last = self.line + line_at(self.rest, self.rest.len()) - 1;
                let tag = self.rest.split_once(':').map_or("", |(tag, _)| tag.trim());
                let text = format!("the `<text>` that begins here does not end; the document is cut off at line {last}");
                let error = ReadError::at(tag, Some(self.line), text);
                self.rest = "";
                Err(error)
            }
        }
    }
}

/// The value behind a colon, if it begins with one blank and a letter or digit, as most do: it ends with its line.
#[inline]
fn plain(behind: &str) -> Option<&str> {
    let text = behind.strip_prefix(' ')?;
    text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric).then(|| trim(text))
}

/// A value, where the last of its lines ends, and the line breaks within.
struct Value<'d> {
    text: &'d str,
    end: usize,
    breaks: usize,
}

/// What opens a text of several lines.
const OPEN: &str = "<text>";
/// What closes it.
const CLOSE: &[u8] = b"</text>";

/// Line breaks in a text, `\r\n` counted once.
fn breaks(text: &str) -> usize {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'\n', b'\r', bytes).filter(|at| bytes.get(*at..at + 2) != Some(b"\r\n")).count()
}

impl<'d> Iterator for Entries<'d> {
    type Item = Result<Entry<'d>, ReadError>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let line = self.line;
            let end = self.end_of_line(0);
            let text = self.rest.get(..end).unwrap_or_default();
            let colon = scan::end(text.as_bytes(), 0, OfTag);
            let value = text.get(colon + 1..).map(|behind| match plain(behind) {
                Some(text) => Ok(Value { text, end, breaks: 0 }),
                None => self.value(behind, end),
            });
            let value = match value.transpose() {
                Ok(value) => value,
                Err(error) => return Some(Err(error)),
            };
            let (end, breaks) = value.as_ref().map_or((colon, 0), |value| (value.end, value.breaks));
            let text = self.advance(end, breaks);
            let tag = trim(text.get(..colon).unwrap_or_default());
            if !tag.starts_with('#') && (value.is_some() || !tag.is_empty()) {
                return Some(Ok(Entry { tag, value: value.map(|value| value.text), text, line }));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_may_have_many_lines() {
        let text = "# note\nA: 1\r\n\nB: <text>x: y\n z</text>\nno tag\nC:<text></text>";
        let found: Vec<_> = Entries::new(text).map(|entry| entry.map(|e| (e.tag, e.value, e.line))).collect();
        let expected =
            [("A", Some("1"), 2), ("B", Some("x: y\n z"), 4), ("no tag", None, 6), ("C", Some(""), 7)].map(Ok::<_, ReadError>);
        assert_eq!(found, expected);
        let lines: Vec<_> = Entries::new("A: 1\rB: 2\r\nC: 3\r").flatten().map(|entry| (entry.tag, entry.line)).collect();
        assert_eq!(lines, [("A", 1), ("B", 2), ("C", 3)]);
        let spaced: Vec<_> =
            Entries::new(" A : 1 \n\n  # B: 2\nC D: 3\n:4\nE\t:\t<text> 5 </text>6\nF:\u{a0}7").flatten().collect();
        let spaced: Vec<_> = spaced.iter().map(|e| (e.tag, e.value, e.has_tag(), e.text, e.line)).collect();
        let expected = [
            ("A", Some("1"), true, " A : 1 ", 1),
            ("C D", Some("3"), false, "C D: 3", 4),
            ("", Some("4"), false, ":4", 5),
            ("E", Some("5"), true, "E\t:\t<text> 5 </text>6", 6),
            ("F", Some("7"), true, "F:\u{a0}7", 7),
        ];
        assert_eq!(spaced, expected);
        let error = Entries::new("A: 1\nB: <text>x\ny\n").last().and_then(Result::err).expect("cut off");
        assert_eq!((error.path.as_str(), error.line), ("B", Some(2)), "{error}");
    }
}
