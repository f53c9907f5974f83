//! A reader of `Cargo.lock` as Cargo itself writes it, line by line. Whatever
//! it does not expect makes it give up; the reader of any TOML takes over then.

use super::{Lock, Package};
use memchr::{memchr, memchr_iter, memchr2};
use std::borrow::Cow;

/// The section a line is in.
enum Section {
    Top,
    Package,
    Metadata,
    /// Of no interest, for example `[[patch.unused]]`.
    Other,
}

/// The lines of a text, as `str::lines` tells them, sooner.
struct Lines<'a>(&'a str);

impl Lines<'_> {
    /// How many commas come before the next `end`; `None` where it does not come.
    fn commas_until(&self, end: u8) -> Option<usize> {
        let bytes = self.0.as_bytes();
        Some(memchr_iter(b',', bytes.get(..memchr(end, bytes)?)?).count())
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let end = memchr(b'\n', self.0.as_bytes());
        let (line, rest) = end.and_then(|end| Some((self.0.get(..end)?, self.0.get(end + 1..)?))).unwrap_or((self.0, ""));
        self.0 = rest;
        Some(if end.is_some() { line.strip_suffix('\r').unwrap_or(line) } else { line })
    }
}

/// Reads `text`; `None` for anything that Cargo does not write so.
pub(super) fn read(text: &str) -> Option<Lock<'_>> {
    // A package takes some 250 bytes; a guess that is too small costs time alone.
    let mut lock = Lock { packages: Vec::with_capacity(text.len() / 256), ..Lock::default() };
    let mut section = Section::Top;
    let mut lines = Lines(text);
    while let Some(line) = lines.next() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with('[') {
            section = match line {
                "[[package]]" => {
                    lock.packages.push(Package::default());
                    Section::Package
                }
                "[metadata]" => Section::Metadata,
                "[[patch.unused]]" => Section::Other,
                _ => return None,
            };
            continue;
        }
        let (key, value) = pair(line)?;
        match section {
            Section::Top if key == "version" => lock.version = Some(Cow::Borrowed(number(value)?)),
            Section::Top => return None,
            Section::Package => field(lock.packages.last_mut()?, key, value, &mut lines)?,
            Section::Metadata => {
                let key = if key.starts_with('"') { quoted(key)? } else { key };
                lock.metadata.push((Cow::Borrowed(key), Cow::Borrowed(quoted(value)?)));
            }
            Section::Other if value == "[" => while lines.next()?.trim() != "]" {},
            Section::Other => {}
        }
    }
    let whole = lock.packages.iter().all(|p| !p.name.is_empty() && !p.version.is_empty());
    whole.then_some(lock)
}

fn field<'a>(package: &mut Package<'a>, key: &str, value: &'a str, lines: &mut Lines<'a>) -> Option<()> {
    match key {
        "name" => package.name = Cow::Borrowed(quoted(value)?),
        "version" => package.version = Cow::Borrowed(quoted(value)?),
        "source" => package.source = Some(Cow::Borrowed(quoted(value)?)),
        "checksum" => package.checksum = Some(Cow::Borrowed(quoted(value)?)),
        "dependencies" if value == "[" => {
            package.dependencies.reserve_exact(lines.commas_until(b']')?);
            loop {
                let line = lines.next()?;
                if line == "]" {
                    break;
                }
                package.dependencies.push(Cow::Borrowed(quoted(line.trim_start().strip_suffix(',')?)?));
            }
        }
        _ => return None,
    }
    Some(())
}

/// Key and value of a line. A quoted key may hold a sign of its own.
fn pair(line: &str) -> Option<(&str, &str)> {
    if line.starts_with('"') {
        return line.split_once(" = ");
    }
    let sign = line.bytes().position(|b| b == b'=')?;
    Some((line.get(..sign)?.strip_suffix(' ')?, line.get(sign + 1..)?.strip_prefix(' ')?))
}

/// The inside of `"…"` without escapes.
fn quoted(value: &str) -> Option<&str> {
    let inside = value.strip_prefix('"')?.strip_suffix('"')?;
    memchr2(b'"', b'\\', inside.as_bytes()).is_none().then_some(inside)
}

fn number(value: &str) -> Option<&str> {
    value.bytes().all(|b| b.is_ascii_digit()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn only_what_cargo_writes_is_read() {
        for (text, packages) in [
            ("version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n", Some(1)),
            ("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\n \"b 1.0.0\",\n]\n\n[metadata]\n", Some(1)),
            ("[[package]]\r\nname = \"a\"\r\nversion = \"1.0.0\"\r\n", Some(1)),
            ("# a comment\n", Some(0)),
            ("[[package]]\nname = \"a\"\n", None),
            ("[[package]]\nname = \"a\\u0062\"\nversion = \"1\"\n", None),
            ("[[package]]\nname = 'a'\nversion = \"1\"\n", None),
            ("[root]\nname = \"a\"\n", None),
            ("[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\n \"b\",\n", None),
            ("this is no lockfile", None),
        ] {
            assert_eq!(read(text).map(|lock| lock.packages.len()), packages, "{text}");
        }
    }
}
