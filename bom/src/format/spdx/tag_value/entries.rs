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
    fn advance(&mut self, length: usize) -> &'d str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])).unwrap_or(rest);
        let breaks = taken.matches(['\n', '\r']).count() - taken.matches("\r\n").count() + 1;
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        taken
    }

    /// The length of the entry that begins here: up to the line's end, or the end of `</text>`'s line.
    fn length(&self) -> Result<usize, ReadError> {
        let end_of_line =
            |from: usize| self.rest.get(from..).and_then(|rest| rest.find(['\n', '\r'])).map_or(self.rest.len(), |at| from + at);
        let end = end_of_line(0);
        let first = self.rest.get(..end).unwrap_or_default();
        let opened =
            first.split_once(':').and_then(|(_, value)| value.trim_start().starts_with("<text>").then(|| first.find("<text>")));
        let Some(start) = opened.flatten() else { return Ok(end) };
        match self.rest.get(start..).and_then(|rest| rest.find("</text>")) {
            Some(close) => Ok(end_of_line(start + close)),
            None => {
                let last = self.line + line_at(self.rest, self.rest.len()) - 1;
                let tag = first.split_once(':').map_or("", |(tag, _)| tag.trim());
                let text = format!("the `<text>` that begins here does not end; the document is cut off at line {last}");
                Err(ReadError::at(tag, Some(self.line), text))
            }
        }
    }
}

impl<'d> Iterator for Entries<'d> {
    type Item = Result<Entry<'d>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let line = self.line;
            let length = match self.length() {
                Ok(length) => length,
                Err(error) => {
                    self.rest = "";
                    return Some(Err(error));
                }
            };
            let text = self.advance(length).trim();
            if !text.is_empty() && !text.starts_with('#') {
                return Some(Ok(entry(text, line)));
            }
        }
        None
    }
}

fn entry(text: &str, line: u32) -> Entry<'_> {
    let is_tag = |tag: &str| !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match text.split_once(':') {
        Some((tag, value)) if is_tag(tag.trim()) => {
            let value = value.trim();
            let inner = value.strip_prefix("<text>").map(|inner| inner.split_once("</text>").map_or(inner, |(inner, _)| inner));
            Entry { tag: tag.trim(), value: Some(inner.unwrap_or(value).trim()), line }
        }
        _ => Entry { tag: text, value: None, line },
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
