//! TOML into raw records, piece by piece, with the line of an error.

use super::place::Source;
use super::tolerant::{List, Pairs, Record, Text};
use crate::reading::ReadError;
use serde::Deserialize;

/// A file that can be read in pieces: what is read of a later one is added.
pub(super) trait Pieces: Default {
    /// Adds what a later piece says.
    fn add(&mut self, more: Self);
}

/// What was said first stays.
impl Pieces for Text<'_> {
    fn add(&mut self, more: Self) {
        if *self == Text::None {
            *self = more;
        }
    }
}

impl<T> Pieces for List<T> {
    fn add(&mut self, more: Self) {
        self.items.extend(more.items);
        self.odd |= more.odd;
    }
}

impl<K, V> Pieces for Pairs<K, V> {
    fn add(&mut self, more: Self) {
        self.items.extend(more.items);
        self.odd |= more.odd;
    }
}

/// A table may go on in a later piece: `[metadata]` and `[metadata.files]`.
impl<T: Pieces> Pieces for Record<T> {
    fn add(&mut self, more: Self) {
        match (&mut self.value, more.value) {
            (Some(value), Some(more)) => value.add(*more),
            (value @ None, more) => *value = more,
            (Some(_), None) => {}
        }
        self.odd |= more.odd;
    }
}

/// Reads a lockfile as `T`, one `[[package]]` after the other: a tree of the whole
/// text would take fifty times its size.
///
/// # Errors
/// [`ReadError`] with its line when it is no TOML, or asks for too much.
pub(super) fn read<'a, T: Deserialize<'a> + Pieces>(source: &'a Source) -> Result<T, ReadError> {
    let text = source.bounded()?;
    let mut whole = T::default();
    let most = text.len().saturating_mul(20).saturating_add(48 << 20);
    let mut before = 0;
    for piece in pieces(text) {
        if weight(piece) > most {
            let why = format!("a table holds more keys and values than one in a file of {} bytes may", text.len());
            return Err(ReadError::at("", line_at(text, before), why));
        }
        match toml::from_str(piece) {
            Ok(more) => whole.add(more),
            // A piece may have ended within a text of several lines; the whole tells.
            Err(_) if weight(text) <= most => return toml::from_str(text).map_err(|error| broken(&error, text, 0)),
            Err(error) => return Err(broken(&error, text, before)),
        }
        before += piece.len();
    }
    Ok(whole)
}

/// The bytes of memory that the tree of `text` takes at most, as measured: a table has
/// 1.4 kB, a key on its own line 380 bytes, a value of a list 160.
fn weight(text: &str) -> usize {
    let count = |byte: u8| memchr::memchr_iter(byte, text.as_bytes()).count();
    let tables = count(b'{') + count(b'[');
    tables.saturating_mul(1_400) + count(b'\n').saturating_mul(380) + count(b',').saturating_mul(160)
}

/// What is wrong with the piece of `text` behind its first `before` bytes.
fn broken(error: &toml::de::Error, text: &str, before: usize) -> ReadError {
    let line = error.span().and_then(|span| line_at(text, before + span.start));
    ReadError::at("", line, format!("this is no TOML: {}", error.message()))
}

/// The line, counted from 1, of the byte at `at`.
fn line_at(text: &str, at: usize) -> Option<u32> {
    u32::try_from(text.get(..at)?.matches('\n').count() + 1).ok()
}

/// What is before the first package, then each package with what follows it.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let starts = text.match_indices("\n[[package").map(|(at, _)| at + 1);
        let mut whole = starts.filter(|at| {
            let header = text.get(*at..).and_then(|rest| rest.lines().next()).map(str::trim_end);
            matches!(header, Some("[[package]]" | "[[packages]]"))
        });
        let (piece, after) = text.split_at(whole.next().unwrap_or(text.len()));
        rest = Some(after).filter(|after| !after.is_empty());
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Raw<'a> {
        #[serde(borrow)]
        version: Text<'a>,
        package: List<Record<PackageRaw<'a>>>,
    }

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct PackageRaw<'a> {
        #[serde(borrow)]
        name: Text<'a>,
        source: Record<SourceRaw<'a>>,
    }

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct SourceRaw<'a> {
        #[serde(borrow)]
        url: Text<'a>,
    }

    impl Pieces for Raw<'_> {
        fn add(&mut self, more: Self) {
            self.version.add(more.version);
            self.package.add(more.package);
        }
    }

    fn packages(text: &str) -> Result<Vec<String>, ReadError> {
        let source = Source::from(text);
        let raw: Raw<'_> = read(&source)?;
        let of = |package: &PackageRaw<'_>| {
            let url = package.source.value.as_deref().map(|source| source.url.or_empty()).unwrap_or_default();
            format!("{} {url}", package.name.or_empty())
        };
        Ok(raw.package.items.iter().filter_map(|record| record.value.as_deref()).map(of).collect())
    }

    #[test]
    fn packages_are_read_one_after_the_other() {
        let text =
            "version = 1\n[[package]]\nname = 'a'\n[package.source]\nurl = 'u'\n\n[[package]]\r\nname = 'b'\n[other]\nx = 1\n";
        assert_eq!(pieces(text).count(), 3);
        assert_eq!(packages(text).unwrap(), ["a u", "b "]);
        let within = "[[package]]\nname = 'a'\nnote = \"\"\"\n[[package]]\nname = 'no'\n\"\"\"\n";
        assert_eq!(packages(within).unwrap(), ["a "], "a text of several lines is no package");
        assert_eq!(pieces("[[package.files]]\n[[packages]]\n[[package.files]]\n").count(), 2);
    }

    #[test]
    fn an_error_has_the_line_of_the_whole_file() {
        let error = packages("version = 1\n[[package]]\nname = 'a'\n[[package]]\nname = 'b\n").unwrap_err();
        assert_eq!(error.line, Some(5), "{error}");
        let many = "[[package]]\nname = 'a'\n".repeat(40_000);
        let error = packages(&format!("{many}[[package]]\nname = 'b\n")).unwrap_err();
        assert_eq!(error.line, Some(80_002), "{error}");
    }

    #[test]
    fn a_table_that_would_fill_the_memory_is_refused() {
        let needs = |count: usize| format!("[[package]]\nname = 'a'\nneeds = [{}]\n", "{name='b'},".repeat(count));
        assert!(packages(&needs(10_000)).is_ok());
        let error = packages(&needs(90_000)).unwrap_err();
        assert!(error.text.contains("more keys and values") && error.line == Some(1), "{error}");
    }
}
