//! XML as a source of serde values: an element with attributes or children is a
//! map (attributes first, then children, its own text last as `$text`), any other
//! element is a text, and one with nothing in it is nothing. Entities that a
//! document declares itself are never expanded.

use super::space;
use super::stop::Stop;
use crate::reading::{Bound, Limits, ReadError};
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde::de::value::{BorrowedStrDeserializer, CowStrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use std::borrow::Cow;

/// What stands before the name of an attribute among an element's keys.
pub(super) const ATTRIBUTE: char = '@';
/// The key under which an element's own text stands beside its attributes and children.
pub(super) const TEXT: &str = "$text";

/// A document that is being read.
pub(super) struct Xml<'d> {
    text: &'d str,
    reader: quick_xml::Reader<&'d [u8]>,
    depth: usize,
    deepest: usize,
    /// What elements of the root's own vocabulary have before their names: `b:` or nothing.
    prefix: &'d str,
    /// Byte offsets of what was passed over: references to entities, a type declaration.
    pub(super) oddities: Vec<(usize, &'static str)>,
}

/// An element that was begun.
#[derive(Clone, Copy)]
pub(super) struct Tag<'d> {
    /// Its name; without the prefix where that is the root's.
    pub(super) name: &'d str,
    attributes: &'d str,
    is_empty: bool,
}

impl<'d> Xml<'d> {
    /// Most oddities that are remembered.
    const MOST_ODDITIES: usize = 100;

    pub(super) fn new(text: &'d str, deepest: usize) -> Self {
        let reader = quick_xml::Reader::from_str(text);
        Self { text, reader, depth: 0, deepest, prefix: "", oddities: Vec::new() }
    }

    /// Goes to the root element.
    pub(super) fn root(&mut self) -> Result<Tag<'d>, Stop> {
        loop {
            let tag = match self.event()? {
                Event::Start(tag) => self.tag(&tag, false),
                Event::Empty(tag) => self.tag(&tag, true),
                Event::Eof => return Err(truncated()),
                _ => continue,
            };
            self.prefix = tag.name.split_once(':').map_or("", |(prefix, _)| tag.name.get(..=prefix.len()).unwrap_or(""));
            return Ok(Tag { name: self.local(tag.name), ..tag });
        }
    }

    /// The namespace that the root element declares for its own vocabulary.
    pub(super) fn namespace(&self, root: Tag<'d>) -> Option<Cow<'d, str>> {
        let declared = |key: &str| match key.strip_prefix("xmlns") {
            Some("") => self.prefix.is_empty(),
            Some(prefix) => prefix.strip_prefix(':') == self.prefix.strip_suffix(':'),
            None => false,
        };
        let mut attributes = attributes(root.attributes);
        std::iter::from_fn(|| next_attribute(&mut attributes)).find(|(key, _)| declared(key)).map(|(_, value)| value)
    }

    /// Reads the element as a value.
    pub(super) fn element<'x>(&'x mut self, tag: Tag<'d>) -> Element<'x, 'd> {
        Element { xml: self, tag }
    }

    /// Reads on after the root element: nothing but space and comments may follow.
    pub(super) fn end(&mut self) -> Result<(), Stop> {
        loop {
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Comment(_) | Event::PI(_) => {}
                _ => return Err(Stop::new("there is more text after the end of the document; send one document")),
            }
        }
    }

    /// The error for a reading that stopped, with its line.
    pub(super) fn error(&self, stop: &Stop) -> ReadError {
        ReadError::at("", Some(line_at(self.text, self.offset())), stop.to_string())
    }

    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn event(&mut self) -> Result<Event<'d>, Stop> {
        let at = self.offset();
        let event = self.reader.read_event().map_err(|error| no_xml(&error))?;
        match &event {
            Event::Start(_) => self.enter()?,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => self.declared(at),
            _ => {}
        }
        Ok(event)
    }

    fn enter(&mut self) -> Result<(), Stop> {
        self.depth += 1;
        if self.depth > self.deepest {
            return Err(Stop::new(Limits { depth: self.deepest, ..Limits::DEFAULT }.refusal(Bound::Depth)));
        }
        Ok(())
    }

    fn declared(&mut self, at: usize) {
        self.odd(at, "a document type is declared here; nothing of it is read");
    }

    /// What was read since the byte `at`, but for so many bytes at its ends.
    fn since(&self, at: usize, before: usize, after: usize) -> &'d str {
        self.text.get(at + before..self.offset().saturating_sub(after)).unwrap_or_default()
    }

    fn odd(&mut self, at: usize, text: &'static str) {
        if self.oddities.len() < Self::MOST_ODDITIES {
            self.oddities.push((at, text));
        }
    }

    /// The element whose tag was just read: from the document itself, which outlives the event.
    fn tag(&self, tag: &BytesStart<'_>, is_empty: bool) -> Tag<'d> {
        let end = self.offset().saturating_sub(if is_empty { "/>" } else { ">" }.len());
        let inner = self.text.get(end.saturating_sub(tag.len())..end).unwrap_or_default();
        let (name, attributes) = inner.split_at_checked(tag.name().into_inner().len()).unwrap_or((inner, ""));
        Tag { name: self.local(name), attributes, is_empty }
    }

    fn local(&self, name: &'d str) -> &'d str {
        if self.prefix.is_empty() { name } else { name.strip_prefix(self.prefix).unwrap_or(name) }
    }

    fn skip(&mut self, tag: Tag<'d>) -> Result<(), Stop> {
        let outside = self.depth;
        while !tag.is_empty && self.depth >= outside {
            if matches!(self.event()?, Event::Eof) {
                return Err(truncated());
            }
        }
        Ok(())
    }
}

/// The line of a byte offset, counted from 1.
pub(super) fn line_at(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().get(..offset.min(text.len())).unwrap_or_default();
    // What ends the text belongs to its last line.
    let lines = before.iter().filter(|byte| **byte == b'\n').count().min(text.lines().count().saturating_sub(1));
    u32::try_from(lines).unwrap_or(u32::MAX - 1) + 1
}

fn no_xml(error: &quick_xml::Error) -> Stop {
    Stop::new(format!("this is no XML: {error}"))
}

fn truncated() -> Stop {
    Stop::new("this is truncated XML: it ends before it is complete")
}

fn resolve(reference: &BytesRef<'_>) -> Option<Cow<'static, str>> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten().map(|c| Cow::Owned(c.to_string()));
    }
    quick_xml::escape::resolve_predefined_entity(reference).map(Cow::Borrowed)
}

/// The attributes of a tag.
fn attributes(text: &str) -> Attributes<'_> {
    let mut attributes = Attributes::new(text, 0);
    attributes.with_checks(false);
    attributes
}

/// The next attribute that is one.
fn next_attribute<'d>(attributes: &mut Attributes<'d>) -> Option<(&'d str, Cow<'d, str>)> {
    let attribute = attributes.flatten().next()?;
    let value = match attribute.value {
        Cow::Borrowed(raw) => quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw)),
        Cow::Owned(raw) => Cow::Owned(raw),
    };
    Some((attribute.key.into_inner(), value))
}

/// Of the attributes that formats know, the key; `@` for all others.
fn attribute_key(name: &str) -> &'static str {
    match name {
        "bom-ref" => "@bom-ref",
        "type" => "@type",
        "ref" => "@ref",
        "name" => "@name",
        "alg" => "@alg",
        "serialNumber" => "@serialNumber",
        "version" => "@version",
        _ => "@",
    }
}

/// Whether there is nothing but space.
fn is_blank(text: &str) -> bool {
    match text.as_bytes().get(space::end(text.as_bytes(), 0)) {
        None => true,
        Some(b'!'..=b'~') => false,
        Some(_) => text.trim().is_empty(),
    }
}

/// One element as a value.
pub(super) struct Element<'x, 'd> {
    xml: &'x mut Xml<'d>,
    tag: Tag<'d>,
}

impl<'d> Deserializer<'d> for Element<'_, 'd> {
    type Error = Stop;

    fn deserialize_any<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Stop> {
        let Self { xml, tag } = self;
        let mut members = Members::new(xml, tag);
        if members.attribute.is_some() {
            return visitor.visit_map(members);
        }
        if !tag.is_empty {
            members.child = members.advance()?;
            if members.child.is_some() {
                return visitor.visit_map(members);
            }
        }
        match members.text() {
            None => visitor.visit_none(),
            Some(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Some(Cow::Owned(text)) => visitor.visit_string(text),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.xml.skip(self.tag)?;
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        <W: Visitor<'d>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// The attributes, children and text of one element.
struct Members<'x, 'd> {
    xml: &'x mut Xml<'d>,
    /// The attribute that comes next.
    attribute: Option<(&'d str, Cow<'d, str>)>,
    attributes: Attributes<'d>,
    child: Option<Tag<'d>>,
    /// What was read of its own text, but for space before it.
    text: Cow<'d, str>,
    ended: bool,
    value: Option<Value<'d>>,
}

enum Value<'d> {
    Text(Cow<'d, str>),
    Child(Tag<'d>),
}

impl<'x, 'd> Members<'x, 'd> {
    fn new(xml: &'x mut Xml<'d>, tag: Tag<'d>) -> Self {
        let mut members = Self {
            xml,
            attribute: None,
            attributes: attributes(tag.attributes),
            child: None,
            text: Cow::Borrowed(""),
            ended: tag.is_empty,
            value: None,
        };
        if !tag.attributes.is_empty() {
            members.attribute = members.next_attribute();
        }
        members
    }

    /// The next attribute that is data: neither a namespace nor another vocabulary's.
    fn next_attribute(&mut self) -> Option<(&'d str, Cow<'d, str>)> {
        std::iter::from_fn(|| next_attribute(&mut self.attributes)).find(|(key, _)| *key != "xmlns" && !key.contains(':'))
    }

    /// Collects text up to the next child, or the end. Of events nothing is taken but their kinds: the document has
    /// the texts, and lives longer.
    fn advance(&mut self) -> Result<Option<Tag<'d>>, Stop> {
        while !self.ended {
            let at = self.xml.offset();
            match &self.xml.reader.read_event() {
                Ok(Event::Start(tag)) => {
                    self.xml.enter()?;
                    return Ok(Some(self.xml.tag(tag, false)));
                }
                Ok(Event::Empty(tag)) => return Ok(Some(self.xml.tag(tag, true))),
                Ok(Event::Text(_)) => self.collect(self.xml.since(at, 0, 0)),
                Ok(Event::CData(_)) => self.collect(self.xml.since(at, "<![CDATA[".len(), "]]>".len())),
                Ok(Event::GeneralRef(reference)) => match resolve(reference) {
                    Some(text) => self.collect_own(&text),
                    None => {
                        self.xml.odd(at, "this entity is not one of XML's own; it was not expanded");
                        self.collect(self.xml.since(at, 0, 0));
                    }
                },
                Ok(Event::End(_)) => {
                    self.xml.depth = self.xml.depth.saturating_sub(1);
                    self.ended = true;
                }
                Ok(Event::DocType(_)) => self.xml.declared(at),
                Ok(Event::Eof) => return Err(truncated()),
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
                Err(error) => return Err(no_xml(error)),
            }
        }
        Ok(None)
    }

    fn collect(&mut self, text: &'d str) {
        if !self.text.is_empty() {
            self.text.to_mut().push_str(text);
        } else if !is_blank(text) {
            self.text = Cow::Borrowed(text);
        }
    }

    fn collect_own(&mut self, text: &str) {
        if !self.text.is_empty() || !is_blank(text) {
            self.text.to_mut().push_str(text);
        }
    }

    fn text(&mut self) -> Option<Cow<'d, str>> {
        match std::mem::take(&mut self.text) {
            text if text.is_empty() => None,
            Cow::Borrowed(text) => Some(Cow::Borrowed(text.trim())),
            Cow::Owned(text) => Some(Cow::Owned(text.trim().to_owned())),
        }
    }
}

impl<'d> MapAccess<'d> for Members<'_, 'd> {
    type Error = Stop;

    fn next_key_seed<K: DeserializeSeed<'d>>(&mut self, seed: K) -> Result<Option<K::Value>, Stop> {
        let key = if let Some((key, value)) = self.attribute.take() {
            self.value = Some(Value::Text(value));
            self.attribute = self.next_attribute();
            attribute_key(key)
        } else if let Some(tag) = self.child.take().map_or_else(|| self.advance(), |tag| Ok(Some(tag)))? {
            self.value = Some(Value::Child(tag));
            tag.name
        } else if let Some(text) = self.text() {
            self.value = Some(Value::Text(text));
            TEXT
        } else {
            return Ok(None);
        };
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<S::Value, Stop> {
        match self.value.take() {
            Some(Value::Child(tag)) => seed.deserialize(Element { xml: &mut *self.xml, tag }),
            Some(Value::Text(Cow::Borrowed(text))) => seed.deserialize(BorrowedStrDeserializer::new(text)),
            Some(Value::Text(text)) => seed.deserialize(CowStrDeserializer::new(text)),
            None => Err(Stop::new("a value was asked for twice")),
        }
    }
}
