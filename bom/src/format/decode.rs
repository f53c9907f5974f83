//! Bytes to text: gzip and zstd are unpacked up to the bound.

use crate::encoding::{characters, owned};
use crate::reading::{Bound, Limits, ReadError};
use std::borrow::Cow;
use std::io::Read;

/// The text of `bytes`.
pub(super) fn text<'b>(bytes: &'b [u8], limits: &Limits) -> Result<Cow<'b, str>, ReadError> {
    bounded(bytes.len(), limits)?;
    match bytes {
        [0x1f, 0x8b, ..] => owned(unpack(flate2::read::MultiGzDecoder::new(bytes), limits, "gzip")?).map(Cow::Owned),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(|error| broken("zstd", &error))?;
            owned(unpack(decoder, limits, "zstd")?).map(Cow::Owned)
        }
        plain => characters(plain),
    }
}

fn bounded(size: usize, limits: &Limits) -> Result<(), ReadError> {
    if size > limits.bytes {
        return Err(ReadError::whole(limits.refusal(Bound::Bytes)));
    }
    Ok(())
}

fn unpack(decoder: impl Read, limits: &Limits, name: &str) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limits.bytes).unwrap_or(u64::MAX).saturating_add(1);
    decoder.take(most).read_to_end(&mut bytes).map_err(|error| broken(name, &error))?;
    bounded(bytes.len(), limits)?;
    Ok(bytes)
}

fn broken(name: &str, error: &std::io::Error) -> ReadError {
    ReadError::whole(format!("this begins like {name} but cannot be unpacked: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn check(bytes: &[u8], expect: Result<&str, &str>) {
        let limits = Limits { bytes: 100, ..Limits::default() };
        match (text(bytes, &limits), expect) {
            (Ok(text), Ok(expect)) => assert_eq!(text, expect),
            (Err(error), Err(expect)) => assert!(error.text.contains(expect), "{error}"),
            (found, expect) => panic!("{found:?} instead of {expect:?}"),
        }
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("in memory")
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "{\"a\": \"ü\"}";
        check(text.as_bytes(), Ok(text));
        check(format!("\u{feff}{text}").as_bytes(), Ok(text));
        check(&utf16(text, u16::to_le_bytes), Ok(text));
        check(&utf16(text, u16::to_be_bytes), Ok(text));
        check(&utf16(&format!("\u{feff}{text}"), u16::to_le_bytes), Ok(text));
        check(&utf16(&format!("\u{feff}{text}"), u16::to_be_bytes), Ok(text));
        check(&gzip(text.as_bytes()), Ok(text));
        check(&gzip(&utf16(&format!("\u{feff}{text}"), u16::to_be_bytes)), Ok(text));
        check(&zstd::encode_all(text.as_bytes(), 1).expect("in memory"), Ok(text));
    }

    #[test]
    fn what_is_no_text_is_refused_in_words() {
        check(b"{\"a\":\n \"\xff\"}", Err("neither UTF-8 nor UTF-16"));
        check(&[0xff, 0xfe, 0, 0, b'{', 0, 0, 0], Err("UTF-32"));
        check(&[0xff, 0xfe, b'{', 0, b'}'], Err("UTF-16"));
        check(&[0x1f, 0x8b, 1, 2, 3], Err("gzip"));
        check(&gzip(&gzip(b"{}")), Err("packed a second time"));
        check(&gzip(b"PK\x03\x04"), Err("a zip archive"));
        check(&[b' '; 101], Err("more than 100 bytes"));
    }

    #[test]
    fn a_compression_bomb_stops_at_the_bound() {
        check(&gzip(&[b' '; 10_000_000]), Err("more than 100 bytes"));
        check(&zstd::encode_all(&[b' '; 10_000_000][..], 1).expect("in memory"), Err("more than 100 bytes"));
    }
}
