//! JSON into raw records, with the line of an error.

use super::place::Source;
use crate::reading::ReadError;
use serde::Deserialize;

/// Reads `text` as `T`.
///
/// # Errors
/// [`ReadError`] with its line when `text` is no JSON, is nested too deeply, asks for too much, or is no object.
pub(super) fn read<'a, T: Deserialize<'a>>(source: &'a Source) -> Result<T, ReadError> {
    let text = source.bounded()?;
    if !text.trim_start().starts_with('{') {
        return Err(ReadError::at("", Some(1), "this is no JSON object"));
    }
    serde_json::from_str(text).map_err(|error| {
        let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
        ReadError::at("", line, format!("this is no JSON: {error}"))
    })
}

/// `text` with comments and trailing commas blanked out, so that JSON remains.
/// Every other character stays in its place, and so do lines.
pub(super) fn relaxed(text: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut bytes = text.bytes().peekable();
    // Where the last comma stands, as long as only blanks follow it.
    let mut comma: Option<usize> = None;
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => {
                comma = None;
                out.push(byte);
                let mut escaped = false;
                for byte in bytes.by_ref() {
                    out.push(byte);
                    if byte == b'"' && !escaped {
                        break;
                    }
                    escaped = byte == b'\\' && !escaped;
                }
            }
            b'/' if bytes.peek() == Some(&b'/') => {
                out.push(b' ');
                while bytes.next_if(|byte| *byte != b'\n').is_some() {
                    out.push(b' ');
                }
            }
            b'/' if bytes.peek() == Some(&b'*') => {
                out.push(b' ');
                let mut before = 0;
                for byte in bytes.by_ref() {
                    out.push(if byte == b'\n' { byte } else { b' ' });
                    if before == b'*' && byte == b'/' {
                        break;
                    }
                    before = byte;
                }
            }
            b',' => {
                comma = Some(out.len());
                out.push(byte);
            }
            b']' | b'}' => {
                if let Some(blank) = comma.take().and_then(|at| out.get_mut(at)) {
                    *blank = b' ';
                }
                out.push(byte);
            }
            _ => {
                if !byte.is_ascii_whitespace() {
                    comma = None;
                }
                out.push(byte);
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_become_blanks() {
        let text = "{ // é\n  \"a\": [1, /* , */ \"//,]\\\"\",\n ],\n}";
        let value: serde_json::Value = serde_json::from_str(&relaxed(text)).unwrap();
        assert_eq!(value, serde_json::json!({"a": [1, "//,]\""]}));
        assert_eq!(relaxed(text).lines().count(), text.lines().count());
        assert!(serde_json::from_str::<serde_json::Value>(&relaxed("[,]")).is_ok_and(|v| v == serde_json::json!([])));
    }
}
