//! JSON (RFC 8259), read on our own: small, strict, with a place in every error.

use std::collections::BTreeMap;

/// A JSON value. Numbers stay as they are written.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number's text.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(BTreeMap<String, Json>),
}

const NULL: &Json = &Json::Null;

impl Json {
    /// The member of an object, or null.
    pub fn get(&self, name: &str) -> &Json {
        match self {
            Json::Object(members) => members.get(name).unwrap_or(NULL),
            _ => NULL,
        }
    }

    /// The items of an array; none of anything else.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a string, or of a number; empty of anything else.
    pub fn text(&self) -> &str {
        match self {
            Json::Text(text) | Json::Number(text) => text,
            _ => "",
        }
    }
}

/// Reads one value and nothing behind it.
///
/// # Errors
/// Where it is wrong, by byte.
pub fn read(text: &str) -> Result<Json, String> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, depth: 0 };
    let value = reader.value()?;
    reader.blank();
    if reader.at == text.len() { Ok(value) } else { Err(reader.wrong("more than one value")) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn wrong(&self, what: &str) -> String {
        format!("JSON is wrong at byte {}: {what}", self.at)
    }

    fn blank(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| b" \t\r\n".contains(byte)) {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> u8 {
        self.blank();
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn take(&mut self, byte: u8) -> Result<(), String> {
        if self.peek() == byte {
            self.at += 1;
            return Ok(());
        }
        Err(self.wrong(&format!("`{}` is expected", char::from(byte))))
    }

    fn value(&mut self) -> Result<Json, String> {
        self.depth += 1;
        if self.depth > 200 {
            return Err(self.wrong("too deep"));
        }
        let value = match self.peek() {
            b'{' => self.object(),
            b'[' => self.list(),
            b'"' => self.string().map(Json::Text),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            _ => self.number(),
        };
        self.depth -= 1;
        value
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, String> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.wrong("a value is expected"))
    }

    fn number(&mut self) -> Result<Json, String> {
        let length = self.bytes[self.at..].iter().take_while(|byte| b"+-.0123456789eE".contains(byte)).count();
        let text = String::from_utf8_lossy(&self.bytes[self.at..self.at + length]).into_owned();
        if text.parse::<f64>().is_err() {
            return Err(self.wrong("a value is expected"));
        }
        self.at += length;
        Ok(Json::Number(text))
    }

    fn list(&mut self) -> Result<Json, String> {
        self.take(b'[')?;
        let mut items = Vec::new();
        while self.peek() != b']' {
            if !items.is_empty() {
                self.take(b',')?;
            }
            items.push(self.value()?);
        }
        self.take(b']')?;
        Ok(Json::List(items))
    }

    fn object(&mut self) -> Result<Json, String> {
        self.take(b'{')?;
        let mut members = BTreeMap::new();
        while self.peek() != b'}' {
            if !members.is_empty() {
                self.take(b',')?;
            }
            self.blank();
            let name = self.string()?;
            self.take(b':')?;
            let value = self.value()?;
            if members.insert(name, value).is_some() {
                return Err(self.wrong("a name stands twice"));
            }
        }
        self.take(b'}')?;
        Ok(Json::Object(members))
    }

    fn string(&mut self) -> Result<String, String> {
        self.take(b'"')?;
        let mut text = Vec::new();
        loop {
            let byte = *self.bytes.get(self.at).ok_or_else(|| self.wrong("a string does not end"))?;
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => self.escaped(&mut text)?,
                0..0x20 => return Err(self.wrong("a control character in a string")),
                _ => text.push(byte),
            }
        }
        String::from_utf8(text).map_err(|_| self.wrong("a string is not UTF-8"))
    }

    fn escaped(&mut self, text: &mut Vec<u8>) -> Result<(), String> {
        let byte = *self.bytes.get(self.at).ok_or_else(|| self.wrong("a string does not end"))?;
        self.at += 1;
        let c = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return Err(self.wrong("an unknown escape")),
        };
        text.extend(c.encode_utf8(&mut [0; 4]).bytes());
        Ok(())
    }

    fn unicode(&mut self) -> Result<char, String> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.wrong("half a surrogate pair"));
        }
        if !self.bytes[self.at..].starts_with(b"\\u") {
            return Err(self.wrong("half a surrogate pair"));
        }
        self.at += 2;
        let second = self.hex()?;
        let joined = 0x10000 + ((first - 0xD800) << 10) + second.wrapping_sub(0xDC00);
        char::from_u32(joined).ok_or_else(|| self.wrong("half a surrogate pair"))
    }

    fn hex(&mut self) -> Result<u32, String> {
        let digits = self.bytes.get(self.at..self.at + 4).and_then(|digits| std::str::from_utf8(digits).ok());
        let number = digits
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.wrong("four digits are expected"))?;
        self.at += 4;
        Ok(number)
    }
}

#[test]
fn values_are_read_and_what_is_none_is_refused() {
    let value = read(r#" {"a": [1, -2.5e3, true, null], "b": "x\né 😀"} "#).expect("JSON");
    assert_eq!(value.get("a").items()[1].text(), "-2.5e3");
    assert_eq!(value.get("b").text(), "x\né 😀");
    for wrong in ["", "{", "[1,]", "{\"a\":1,\"a\":2}", "\"", "01x", "[1] 2", "\"\\ud800\"", "nul"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
