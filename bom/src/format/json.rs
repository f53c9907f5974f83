//! JSON as a source of serde values, faster than serde_json where documents spend
//! their bytes: on indentation, and on texts without escapes. Escapes, numbers and
//! all that is skipped are serde_json's, and it says what is wrong with a broken text.

mod broken;

use super::scan::{self, OfString};
use super::space;
use super::stop::Stop;
use super::xml::line_at;
use crate::reading::ReadError;
use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

pub(super) use broken::error;

/// Objects and arrays that may stand one inside the other.
const DEEPEST: usize = 127;

/// A document that is being read.
pub(super) struct Json<'d> {
    text: &'d str,
    at: usize,
    depth: usize,
    /// Whether reading stopped because the text is no JSON, or holds a value that is none.
    broken: bool,
    /// Whether the text ends within a value.
    truncated: bool,
}

impl<'d> Json<'d> {
    pub(super) fn new(text: &'d str) -> Self {
        Self { text, at: 0, depth: 0, broken: false, truncated: false }
    }

    /// Nothing but space may follow.
    pub(super) fn end(&mut self) -> Result<(), Stop> {
        self.peek().map_or(Ok(()), |_| Err(self.broken()))
    }

    /// The error for a reading that stopped, with its line.
    pub(super) fn error(&self, stop: &Stop) -> ReadError {
        if self.truncated {
            return broken::truncated(u32::try_from(self.text.matches('\n').count() + 1).ok());
        }
        match serde_json::from_str::<IgnoredAny>(self.text) {
            Err(error) if self.broken => broken::error(&error),
            _ => ReadError::at("", Some(line_at(self.text, self.at)), stop.to_string()),
        }
    }

    #[cold]
    fn broken(&mut self) -> Stop {
        self.broken = true;
        Stop::new("this is no JSON")
    }

    /// The next byte that is no space.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        self.at = space::end(self.text.as_bytes(), self.at);
        self.text.as_bytes().get(self.at).copied()
    }

    /// Takes a byte, if it is the next one.
    #[inline]
    fn take(&mut self, wanted: u8) -> Result<(), Stop> {
        if self.peek() != Some(wanted) {
            return Err(self.broken());
        }
        self.at += 1;
        Ok(())
    }

    /// The text whose opening quote is the next byte, if there are no escapes in it and nothing wrong with it.
    #[inline]
    fn plain(&mut self) -> Option<&'d str> {
        let start = self.at + 1;
        let end = scan::end(self.text.as_bytes(), start, OfString);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// A value that serde_json reads.
    #[inline(never)]
    fn value<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, Stop> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter();
        match values.next() {
            Some(Ok(value)) => {
                self.at += values.byte_offset();
                Ok(value)
            }
            Some(Err(error)) => {
                (self.broken, self.truncated) = (true, error.is_eof());
                Err(Stop::new(broken::error(&error).text))
            }
            None => Err(self.broken()),
        }
    }

    fn literal(&mut self, word: &str) -> Result<(), Stop> {
        if !self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            return Err(self.broken());
        }
        self.at += word.len();
        Ok(())
    }

    /// Reads what is between two brackets, the first of which is the next byte.
    #[inline]
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Stop>) -> Result<T, Stop> {
        let outside = self.depth;
        if outside == DEEPEST {
            return Err(Stop::new(format!("the document is nested more than {DEEPEST} deep")));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        // Whoever read it has read all of it.
        if self.depth == outside { Ok(value) } else { Err(self.broken()) }
    }

    /// Goes to the next member of what `close` closes, behind its comma, and tells its first byte.
    #[inline]
    fn advance(&mut self, is_first: bool, close: u8) -> Next {
        let mut next = self.peek();
        if next == Some(close) {
            self.at += 1;
            self.depth = self.depth.saturating_sub(1);
            return Next::Close;
        }
        if !is_first {
            if next != Some(b',') {
                return Next::Broken;
            }
            self.at += 1;
            next = self.peek();
        }
        match next {
            Some(byte) if byte != close => Next::Member(byte),
            _ => Next::Broken,
        }
    }
}

/// What comes next in an object or an array.
enum Next {
    /// A member that begins with this byte.
    Member(u8),
    Close,
    Broken,
}

impl<'d> Deserializer<'d> for &mut Json<'d> {
    type Error = Stop;

    #[inline]
    fn deserialize_any<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.peek() {
            Some(b'"') => match self.plain() {
                Some(text) => visitor.visit_borrowed_str(text),
                None => visitor.visit_string(self.value()?),
            },
            Some(b'{') => self.nested(|json| visitor.visit_map(Members { json, is_first: true })),
            Some(b'[') => self.nested(|json| visitor.visit_seq(Members { json, is_first: true })),
            Some(b't') => self.literal("true").and_then(|()| visitor.visit_bool(true)),
            Some(b'f') => self.literal("false").and_then(|()| visitor.visit_bool(false)),
            Some(b'n') => self.literal("null").and_then(|()| visitor.visit_unit()),
            Some(b'-' | b'0'..=b'9') => {
                let number: serde_json::Number = self.value()?;
                match (number.as_u64(), number.as_i64()) {
                    (Some(number), _) => visitor.visit_u64(number),
                    (None, Some(number)) => visitor.visit_i64(number),
                    (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
                }
            }
            _ => Err(self.broken()),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.peek() {
            Some(b'"') if self.plain().is_some() => {}
            Some(b't') => self.literal("true")?,
            Some(b'f') => self.literal("false")?,
            Some(b'n') => self.literal("null")?,
            _ => drop(self.value::<IgnoredAny>()?),
        }
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        <W: Visitor<'d>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// The members of an object, or the elements of an array.
struct Members<'j, 'd> {
    json: &'j mut Json<'d>,
    is_first: bool,
}

impl<'d> MapAccess<'d> for Members<'_, 'd> {
    type Error = Stop;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'d>>(&mut self, seed: K) -> Result<Option<K::Value>, Stop> {
        match self.json.advance(std::mem::take(&mut self.is_first), b'}') {
            Next::Member(b'"') => {}
            Next::Close => return Ok(None),
            Next::Member(_) | Next::Broken => return Err(self.json.broken()),
        }
        match self.json.plain() {
            Some(key) => seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some),
            None => seed.deserialize(StringDeserializer::new(self.json.value()?)).map(Some),
        }
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<S::Value, Stop> {
        self.json.take(b':')?;
        // Mostly one space stands behind it.
        self.json.at += usize::from(self.json.text.as_bytes().get(self.json.at) == Some(&b' '));
        seed.deserialize(&mut *self.json)
    }
}

impl<'d> SeqAccess<'d> for Members<'_, 'd> {
    type Error = Stop;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<Option<S::Value>, Stop> {
        match self.json.advance(std::mem::take(&mut self.is_first), b']') {
            Next::Member(_) => seed.deserialize(&mut *self.json).map(Some),
            Next::Close => Ok(None),
            Next::Broken => Err(self.json.broken()),
        }
    }
}

#[cfg(test)]
mod tests;
