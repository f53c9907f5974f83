//! A reader of `Cargo.lock` as Cargo itself writes it, line by line. Whatever
//! it does not expect makes it give up; the reader of any TOML takes over then.

use super::{Lock, Package};
use memchr::{memchr, memchr_iter};
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
pub(super) struct Lines<'a> {
    rest: &'a str,
    /// How many quotes stood in them, as far as they were looked at.
    quotes: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { rest: text, quotes: 0 }
    }

    /// The inside of `"…"` in a line. Whether it holds a quote itself is not looked at here:
    /// in the end the whole text must not have more of them than were counted.
    fn quoted(&mut self, value: &'a str) -> Option<&'a str> {
        self.quotes += 2;
        value.strip_prefix('"')?.strip_suffix('"')
    }

    /// A line of which nothing is taken.
    fn pass(&mut self, line: &str) {
        self.quotes += memchr_iter(b'"', line.as_bytes()).count();
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', self.rest.as_bytes());
        let (line, rest) =
            end.and_then(|end| Some((self.rest.get(..end)?, self.rest.get(end + 1..)?))).unwrap_or((self.rest, ""));
        self.rest = rest;
        Some(if end.is_some() { line.strip_suffix('\r').unwrap_or(line) } else { line })
    }
}

/// Reads `text`; `None` for anything that Cargo does not write so.
pub(super) fn read(text: &str) -> Option<Lock<'_>> {
    // A package takes some 250 bytes and needs three to four others; a guess that is too
    // small costs time alone.
    let packages = Vec::with_capacity(text.len() / 256);
    let dependencies = Vec::with_capacity(text.len() / 72);
    let mut lock = Lock { packages, dependencies, ..Lock::default() };
    let mut section = Section::Top;
    let mut lines = Lines::of(text);
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
            Section::Package => field(&mut lock, key, value, &mut lines)?,
            Section::Metadata => {
                let key = if key.starts_with('"') { lines.quoted(key)? } else { key };
                lock.metadata.push((Cow::Borrowed(key), Cow::Borrowed(lines.quoted(value)?)));
            }
            Section::Other if value == "[" => loop {
                match lines.next()? {
                    "]" => break,
                    line => lines.pass(line),
                }
            },
            Section::Other => lines.pass(line),
        }
    }
    let plain = memchr_iter(b'"', text.as_bytes()).count() == lines.quotes && memchr(b'\\', text.as_bytes()).is_none();
    let whole = lock.packages.iter().all(|p| !p.name.is_empty() && !p.version.is_empty());
    (plain && whole).then_some(lock)
}

fn field<'a>(lock: &mut Lock<'a>, key: &str, value: &'a str, lines: &mut Lines<'a>) -> Option<()> {
    let package = lock.packages.last_mut()?;
    match key {
        "name" => package.name = Cow::Borrowed(lines.quoted(value)?),
        "version" => package.version = Cow::Borrowed(lines.quoted(value)?),
        "source" => package.source = Some(Cow::Borrowed(lines.quoted(value)?)),
        "checksum" => package.checksum = Some(Cow::Borrowed(lines.quoted(value)?)),
        "dependencies" if value == "[" => {
            let start = lock.dependencies.len();
            loop {
                let line = lines.next()?;
                if line == "]" {
                    break;
                }
                lock.dependencies.push(Cow::Borrowed(lines.quoted(line.strip_prefix(' ')?.strip_suffix(',')?)?));
            }
            package.dependencies = start..lock.dependencies.len();
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
            (
                "[[package]]\nname = \"a\"\nversion = \"1\"\n[[patch.unused]]\nname = \"b\"\ndependencies = [\n \"c\",\n]\n",
                Some(1),
            ),
            ("# \"a comment\"\n", None),
            ("[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\n \"b\", \"c\",\n]\n", None),
            ("[[package]]\nname = \"a\"\nversion = \"1\"b\"\n", None),
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
