//! One JSON text with records in its list `vulnerabilities`, or of one record, read
//! as it comes: at no time more than one record is in memory.

use bom::reading::ReadError;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::ops::ControlFlow;

/// The list of the records.
const LIST: &str = "vulnerabilities";
/// The most bytes of one record, and of what stands around the list.
const LONGEST: u64 = 32 << 20;

/// Takes records one by one and says when it has had enough.
pub(super) type Take<'a> = dyn FnMut(Value) -> ControlFlow<()> + 'a;

/// Hands over the records of a text; answers what else stands beside the list. A text
/// without a list is one record.
///
/// # Errors
/// [`ReadError`] for what is no JSON object, or is cut off; records before the fault were
/// handed over.
pub(super) fn records(path: &str, text: &mut dyn Read, take: &mut Take<'_>) -> Result<Map<String, Value>, ReadError> {
    let (left, enough) = (Cell::new(LONGEST), Cell::new(false));
    // A reader of JSON asks byte by byte.
    let mut reader = serde_json::Deserializer::from_reader(io::BufReader::new(Metered { text, left: &left }));
    let outcome =
        Text { take, left: &left, enough: &enough }.deserialize(&mut reader).and_then(|found| reader.end().map(|()| found));
    match outcome {
        Ok(head) => Ok(head),
        Err(_) if enough.get() => Ok(Map::new()),
        Err(error) => {
            let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
            Err(ReadError::at(path, line, format!("it is no list of CVE records in JSON, or is damaged or cut off: {error}")))
        }
    }
}

/// A text that may have so many more bytes.
struct Metered<'a> {
    text: &'a mut dyn Read,
    left: &'a Cell<u64>,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::Error::other(format!("a record is longer than {LONGEST} bytes")));
        }
        let read = self.text.read(buffer)?;
        self.left.set(self.left.get().saturating_sub(u64::try_from(read).unwrap_or(u64::MAX)));
        Ok(read)
    }
}

/// The whole text.
struct Text<'a, 't> {
    take: &'a mut Take<'t>,
    left: &'a Cell<u64>,
    enough: &'a Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Text<'_, '_> {
    type Value = Map<String, Value>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Text<'_, '_> {
    type Value = Map<String, Value>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object with the list `vulnerabilities`, or one record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut head, mut listed) = (Map::new(), false);
        while let Some(key) = map.next_key::<String>()? {
            if key == LIST {
                listed = true;
                map.next_value_seed(List { take: &mut *self.take, left: self.left, enough: self.enough })?;
            } else {
                head.insert(key, map.next_value()?);
            }
        }
        if listed {
            return Ok(head);
        }
        let _enough = (self.take)(Value::Object(head)).is_break();
        Ok(Map::new())
    }
}

/// The list.
struct List<'a, 't> {
    take: &'a mut Take<'t>,
    left: &'a Cell<u64>,
    enough: &'a Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of CVE records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut records: A) -> Result<(), A::Error> {
        self.left.set(LONGEST);
        while let Some(record) = records.next_element::<Value>()? {
            self.left.set(LONGEST);
            if (self.take)(record).is_break() {
                self.enough.set(true);
                return Err(A::Error::custom("enough"));
            }
        }
        Ok(())
    }
}
