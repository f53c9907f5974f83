//! The entries of a tag-value document, one after the other.

use crate::format::xml::line_at;
use crate::reading::ReadError;

/// A tag with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'d> {
    /// The tag; the whole line, where it is none.
    pub(super) tag: &'d str,
    /// The value, without `<text>`; `None` where the line is no entry.
    pub(super) value: Option<&'d str>,
    /// The line on which it begins, counted from 1.
    pub(super) line: u32,
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
    fn advance(&mut self, length: usize, breaks: usize) -> &'d str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = match rest.as_bytes() {
            [b'\r', b'\n', ..] => rest.get(2..).unwrap_or_default(),
            [b'\n' | b'\r', ..] => rest.get(1..).unwrap_or_default(),
            _ => rest,
        };
        self.line = self.line.saturating_add(u32::try_from(breaks + 1).unwrap_or(u32::MAX));
        taken
    }

    /// Where the line ends that holds the byte `from`.
    fn end_of_line(&self, from: usize) -> usize {
        let bytes = self.rest.as_bytes().get(from..).unwrap_or_default();
        memchr::memchr2(b'\n', b'\r', bytes).map_or(self.rest.len(), |at| from + at)
    }

    /// The end of the line on which the `<text>` ends that begins at `start`.
    fn end_of_text(&self, start: usize, first: &str) -> Result<usize, ReadError> {
        let bytes = self.rest.as_bytes().get(start..).unwrap_or_default();
        match memchr::memmem::find(bytes, b"</text>") {
            Some(close) => Ok(self.end_of_line(start + close)),
            None => {
                let last = self.line + line_at(self.rest, self.rest.len()) - 1;
                let tag = first.split_once(':').map_or("", |(tag, _)| tag.trim());
                let text = format!("the `<text>` that begins here does not end; the document is cut off at line {last}");
                Err(ReadError::at(tag, Some(self.line), text))
            }
        }
    }

    /// The next line, or lines held together by `<text>`, and the place of its first colon.
    #[inline]
    fn advance_entry(&mut self) -> Result<(&'d str, Option<usize>), ReadError> {
        let end = self.end_of_line(0);
        let first = self.rest.get(..end).unwrap_or_default();
        let colon = memchr::memchr(b':', first.as_bytes());
        let value = colon.and_then(|colon| first.get(colon + 1..)).unwrap_or_default();
        // What most values begin with is looked at first.
        let value = value.strip_prefix(' ').unwrap_or(value);
        if value.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Ok((self.advance(end, 0), colon));
        }
        let value = value.trim_start();
        if !value.starts_with(OPEN) {
            return Ok((self.advance(end, 0), colon));
        }
        match self.end_of_text(first.len() - value.len(), first) {
            Ok(end) => {
                let breaks = self.rest.get(..end).map_or(0, breaks);
                Ok((self.advance(end, breaks), colon))
            }
            Err(error) => {
                self.rest = "";
                Err(error)
            }
        }
    }
}

/// What opens a text of several lines.
const OPEN: &str = "<text>";

/// Line breaks in a text, `\r\n` counted once.
fn breaks(text: &str) -> usize {
    let bytes = text.as_bytes();
    let returns = memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    memchr::memchr_iter(b'\n', bytes).count() + returns
}

impl<'d> Iterator for Entries<'d> {
    type Item = Result<Entry<'d>, ReadError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let line = self.line;
            let (text, colon) = match self.advance_entry() {
                Ok(found) => found,
                Err(error) => return Some(Err(error)),
            };
            let start = if text.starts_with(|c: char| c.is_ascii_graphic()) { text } else { text.trim_start() };
            if !start.is_empty() && !start.starts_with('#') {
                return Some(Ok(entry(text, colon, line)));
            }
        }
        None
    }
}

#[inline]
fn entry(text: &str, colon: Option<usize>, line: u32) -> Entry<'_> {
    let parts = colon.and_then(|colon| Some((trim(text.get(..colon)?), trim(text.get(colon + 1..)?))));
    match parts {
        Some((tag, value)) if is_tag(tag) => {
            let inner =
                value.strip_prefix(OPEN).map(|inner| inner.split_once("</text>").map_or(inner, |(inner, _)| inner).trim());
            Entry { tag, value: Some(inner.unwrap_or(value)), line }
        }
        _ => Entry { tag: text.trim(), value: None, line },
    }
}

fn is_tag(text: &str) -> bool {
    !text.is_empty() && text.bytes().fold(true, |is_tag, byte| is_tag & byte.is_ascii_alphanumeric())
}

/// Without space at its ends. Mostly there is none, or a blank before it.
fn trim(text: &str) -> &str {
    let text = text.strip_prefix(' ').unwrap_or(text);
    match text.as_bytes() {
        [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
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
        let error = Entries::new("A: 1\nB: <text>x\ny\n").last().and_then(Result::err).expect("cut off");
        assert_eq!((error.path.as_str(), error.line), ("B", Some(2)), "{error}");
    }
}
