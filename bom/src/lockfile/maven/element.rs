//! XML as elements with text and children, bounded in depth and number. Names
//! lose their prefix; attributes, comments and entities of a DTD are left out.

use crate::reading::{Bound, Limits, ReadError};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

/// One element.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    /// The line of its start, counted from 1.
    pub(super) line: u32,
    /// Its own text, blanks at both ends cut off.
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The first child of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of this name; `None` where it is missing.
    pub(super) fn text_of(&self, name: &str) -> Option<String> {
        self.child(name).map(|child| child.text.clone())
    }
}

/// Reads `text`; answers its root.
///
/// # Errors
/// [`ReadError`] with its line when `text` is no XML, or beyond a bound.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Element, ReadError> {
    let mut reader = Reader::from_str(text);
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut open: Vec<Element> = vec![Element::default()];
    let mut count = 0;
    loop {
        let event = reader.read_event();
        let line = lines.at(reader.buffer_position());
        let error = |text: String| ReadError::at("", Some(line), text);
        let event = event.map_err(|e| error(format!("this is no XML: {e}")))?;
        count += usize::from(matches!(event, Event::Start(_) | Event::Empty(_)));
        match event {
            Event::Start(start) => open.push(element(&start, line).ok_or_else(|| error("an element has no name".to_owned()))?),
            Event::Empty(start) => {
                let child = element(&start, line).ok_or_else(|| error("an element has no name".to_owned()))?;
                open.push(child);
                close(&mut open);
            }
            Event::End(_) => close(&mut open),
            Event::Text(text) => append(&mut open, &text),
            Event::CData(text) => append(&mut open, &text),
            Event::GeneralRef(entity) => append(&mut open, resolve_predefined_entity(&entity).unwrap_or_default()),
            Event::Eof => break,
            _ => {}
        }
        if count > limits.records {
            return Err(error(limits.refusal(Bound::Records)));
        }
        if open.len() > limits.depth {
            return Err(error(limits.refusal(Bound::Depth)));
        }
    }
    let unclosed = open.len() > 1;
    match open.pop().map(|top| top.children).and_then(|mut roots| roots.pop()) {
        Some(root) if !unclosed => Ok(root),
        _ => Err(ReadError::whole("this is no whole XML document")),
    }
}

/// An element without children; `None` where its name is none.
fn element(start: &BytesStart<'_>, line: u32) -> Option<Element> {
    let name = start.local_name();
    let name = name.as_ref();
    let good = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{b7}'));
    good.then(|| Element { name: name.to_owned(), line, ..Element::default() })
}

fn append(open: &mut [Element], text: &str) {
    if let Some(top) = open.last_mut() {
        top.text.push_str(text);
    }
}

fn close(open: &mut Vec<Element>) {
    // The reader has checked that ends match starts; the first is the document itself.
    if open.len() > 1
        && let Some(mut done) = open.pop()
    {
        done.text = done.text.trim().to_owned();
        if let Some(above) = open.last_mut() {
            above.children.push(done);
        }
    }
}

/// Counts lines up to positions that only grow.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn at(&mut self, position: u64) -> u32 {
        let position = usize::try_from(position).unwrap_or(self.text.len()).min(self.text.len());
        let passed = self.text.as_bytes().get(self.at..position).unwrap_or_default();
        let more = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        self.at = position.max(self.at);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_keep_text_line_and_children() {
        let text = "<?xml version=\"1.0\"?>\n<!-- c --><p:a xmlns:p='x'>\n <b> x &amp; <![CDATA[<y>]]> </b><c/>\n</p:a>";
        let root = read(text, &Limits::DEFAULT).unwrap();
        assert_eq!((root.name.as_str(), root.line, root.children.len()), ("a", 2, 2));
        assert_eq!(root.text_of("b").as_deref(), Some("x & <y>"));
        for broken in ["", "text", "<a>", "<a></b>", "<${a}>x</${a}>", "</a>", &"<a>".repeat(1_000)] {
            assert!(read(broken, &Limits::DEFAULT).is_err(), "{broken}");
        }
    }
}
