//! Bytes of foreign files to text: UTF-8 and UTF-16, with or without a byte-order mark.

use crate::reading::ReadError;
use std::borrow::Cow;

/// The text of `bytes`: UTF-8, or UTF-16 by its mark or its zeros.
///
/// # Errors
/// [`ReadError`] that says what they are instead, as far as they tell.
pub(crate) fn characters(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    if let Some(what) = archive(bytes) {
        return Err(ReadError::whole(format!("this is {what}, which is not opened; send the file that is in it")));
    }
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Err(ReadError::whole("this is UTF-32; save the document as UTF-8")),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Every syntax begins with two characters of ASCII.
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => utf16(bytes, u16::from_le_bytes),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => utf16(bytes, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

/// The same of bytes that are nobody else's: copied only where they are not plain UTF-8.
///
/// # Errors
/// As [`characters`].
pub(crate) fn owned(bytes: Vec<u8>) -> Result<String, ReadError> {
    match String::from_utf8(bytes) {
        Ok(text)
            if !text.starts_with('\u{feff}')
                && memchr::memchr(0, text.as_bytes()).is_none()
                && archive(text.as_bytes()).is_none() =>
        {
            Ok(text)
        }
        Ok(text) => characters(text.as_bytes()).map(Cow::into_owned),
        Err(error) => characters(error.as_bytes()).map(Cow::into_owned),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        ReadError::at("", u32::try_from(line).ok(), "this is neither UTF-8 nor UTF-16 text; save the document as UTF-8")
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, ReadError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(Cow::Owned(text)),
        _ => Err(ReadError::whole("this begins like UTF-16 but is none; save the document as UTF-8")),
    }
}

/// What kind of archive begins like this.
fn archive(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => Some("a zip archive"),
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("packed a second time"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some("packed by xz"),
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => Some("packed by bzip2"),
        // The mark of POSIX in the header of the first member.
        _ if bytes.get(257..262) == Some(b"ustar") => Some("a tar archive"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_any_encoding_is_text() {
        let utf16: Vec<u8> = "\u{feff}a==1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, text) in [(utf16, "a==1\r\n"), (b"\xef\xbb\xbfa".to_vec(), "a"), (b"a".to_vec(), "a")] {
            assert_eq!(owned(bytes).unwrap(), text);
        }
        assert_eq!(owned(b"a\n\xff".to_vec()).unwrap_err().line, Some(2));
    }

    #[test]
    fn archives_are_refused_by_name() {
        let tar = [&[b'a'; 257][..], b"ustar\0"].concat();
        for (bytes, says) in [
            (&b"PK\x03\x04\x14"[..], "zip archive"),
            (b"\xfd7zXZ\0\0", "xz"),
            (b"BZh91AY&SY", "bzip2"),
            (&tar, "tar archive"),
            (b"\x28\xb5\x2f\xfd\0", "second time"),
        ] {
            assert!(characters(bytes).unwrap_err().text.contains(says), "{says}");
        }
        assert_eq!(characters(b"PK").unwrap(), "PK");
        assert_eq!(characters(b"BZhello").unwrap(), "BZhello");
    }
}
