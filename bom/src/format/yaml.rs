//! YAML as a source of serde values, from the events of the parser below
//! serde-saphyr: a scalar is the text that stands there (`1.10` stays `1.10`),
//! and nothing is ever replayed: an alias is told and left out.

use super::stop::Stop;
use crate::reading::{Bound, Limits, ReadError};
use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, StrInput};
use std::borrow::Cow;

/// A document that is being read.
pub(super) struct Yaml<'d> {
    parser: Parser<'d, StrInput<'d>>,
    depth: usize,
    deepest: usize,
    line: u32,
    /// Lines of what was passed over.
    pub(super) oddities: Vec<(u32, &'static str)>,
}

/// What begins, or ends, here.
enum Next<'d> {
    Nothing,
    Text(Cow<'d, str>),
    Map,
    List,
    End,
    Over,
}

impl<'d> Yaml<'d> {
    const MOST_ODDITIES: usize = 100;

    pub(super) fn new(text: &'d str, deepest: usize) -> Self {
        Self { parser: Parser::new_from_str(text), depth: 0, deepest, line: 1, oddities: Vec::new() }
    }

    /// The first document's value.
    pub(super) fn value<'y>(&'y mut self) -> Result<Value<'y, 'd>, Stop> {
        let first = self.next()?;
        Ok(Value { yaml: self, first })
    }

    /// Nothing may follow the first document.
    pub(super) fn end(&mut self) -> Result<(), Stop> {
        match self.next()? {
            Next::Over => Ok(()),
            _ => Err(Stop::new("there is a second document after the first; send one document")),
        }
    }

    /// The error for a reading that stopped, with its line.
    pub(super) fn error(&self, stop: &Stop) -> ReadError {
        ReadError::at("", Some(self.line), stop.to_string())
    }

    fn next(&mut self) -> Result<Next<'d>, Stop> {
        loop {
            let event = match self.parser.next_event() {
                None => return Ok(Next::Over),
                Some(Ok((event, span))) => {
                    self.line = u32::try_from(span.start.line()).unwrap_or(u32::MAX).max(1);
                    event
                }
                Some(Err(error)) => {
                    self.line = u32::try_from(error.marker().line()).unwrap_or(u32::MAX).max(1);
                    return Err(Stop::new(format!("this is no YAML: {error}")));
                }
            };
            return Ok(match event {
                Event::Scalar(text, ScalarStyle::Plain, ..) if matches!(&*text, "" | "~" | "null" | "Null" | "NULL") => {
                    Next::Nothing
                }
                Event::Scalar(text, ..) => Next::Text(text),
                Event::MappingStart(..) => self.deeper(Next::Map)?,
                Event::SequenceStart(..) => self.deeper(Next::List)?,
                Event::MappingEnd | Event::SequenceEnd => {
                    self.depth = self.depth.saturating_sub(1);
                    Next::End
                }
                Event::Alias(_) | Event::UnresolvedAlias(_) => {
                    if self.oddities.len() < Self::MOST_ODDITIES {
                        self.oddities.push((self.line, "aliases are not followed; it was left out"));
                    }
                    Next::Nothing
                }
                Event::StreamEnd => Next::Over,
                _ => continue,
            });
        }
    }

    fn deeper(&mut self, next: Next<'d>) -> Result<Next<'d>, Stop> {
        self.depth += 1;
        if self.depth > self.deepest {
            return Err(Stop::new(Limits { depth: self.deepest, ..Limits::DEFAULT }.refusal(Bound::Depth)));
        }
        Ok(next)
    }

    fn skip(&mut self, first: &Next<'d>) -> Result<(), Stop> {
        if !matches!(first, Next::Map | Next::List) {
            return Ok(());
        }
        let outside = self.depth;
        while self.depth >= outside {
            if matches!(self.next()?, Next::Over) {
                return Err(Stop::new("this is truncated YAML: it ends before it is complete"));
            }
        }
        Ok(())
    }
}

/// One value.
pub(super) struct Value<'y, 'd> {
    yaml: &'y mut Yaml<'d>,
    first: Next<'d>,
}

impl<'d> Deserializer<'d> for Value<'_, 'd> {
    type Error = Stop;

    fn deserialize_any<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.first {
            Next::Nothing | Next::End | Next::Over => visitor.visit_unit(),
            Next::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Next::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Next::Map => visitor.visit_map(Items(self.yaml)),
            Next::List => visitor.visit_seq(Items(self.yaml)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.yaml.skip(&self.first)?;
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        <W: Visitor<'d>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// The members of a map or the elements of a list.
struct Items<'y, 'd>(&'y mut Yaml<'d>);

impl<'d> MapAccess<'d> for Items<'_, 'd> {
    type Error = Stop;

    fn next_key_seed<K: DeserializeSeed<'d>>(&mut self, seed: K) -> Result<Option<K::Value>, Stop> {
        loop {
            return match self.0.next()? {
                Next::Text(Cow::Borrowed(key)) => seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some),
                Next::Text(Cow::Owned(key)) => seed.deserialize(StringDeserializer::new(key)).map(Some),
                Next::End => Ok(None),
                Next::Over => Err(Stop::new("this is truncated YAML: it ends before it is complete")),
                // A key that is no text, with its value.
                other => {
                    self.0.skip(&other)?;
                    let value = self.0.next()?;
                    self.0.skip(&value)?;
                    continue;
                }
            };
        }
    }

    fn next_value_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<S::Value, Stop> {
        let first = self.0.next()?;
        seed.deserialize(Value { yaml: &mut *self.0, first })
    }
}

impl<'d> SeqAccess<'d> for Items<'_, 'd> {
    type Error = Stop;

    fn next_element_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<Option<S::Value>, Stop> {
        match self.0.next()? {
            Next::End => Ok(None),
            Next::Over => Err(Stop::new("this is truncated YAML: it ends before it is complete")),
            first => seed.deserialize(Value { yaml: &mut *self.0, first }).map(Some),
        }
    }
}
