//! Package URLs (purl-spec, ECMA-427): parsing, canonical spelling, and the
//! package a purl names in its ecosystem.

mod further;
mod kind;
mod plain;
mod types;

pub use kind::Type;

use crate::word::{Word, split_first, split_last, trim};
use further::Further;
use kind::Known;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// A package URL, parsed and canonical.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purl {
    /// Type, lower case (`cargo`, `npm`, …).
    pub kind: Type,
    /// Namespace, percent-decoded, segments joined by `/`.
    pub namespace: Option<Word>,
    /// Name, percent-decoded.
    pub name: Word,
    /// Version, percent-decoded.
    pub version: Option<Word>,
    /// Qualifiers and subpath; hardly any purl has them.
    further: Option<Box<Further>>,
}

/// Why a text is no package URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no package URL: {reason}")]
pub struct PurlError {
    /// What was given, cut to a readable length.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Purl {
    /// A purl of `kind`, `namespace`, `name` and `version` alone, spelled as its type wants.
    pub fn new(kind: &str, namespace: Option<&str>, name: &str, version: Option<&str>) -> Self {
        let mut purl = Self {
            kind: Type::new(kind),
            namespace: namespace.filter(|text| !text.is_empty()).map(Word::new),
            name: Word::new(name),
            version: version.filter(|text| !text.is_empty()).map(Word::new),
            further: None,
        };
        types::normalise(&mut purl);
        purl
    }

    /// Parses as documents in the wild need it: keys of qualifiers in any case, and
    /// parts that the type forbids or lacks, are accepted. The second value says
    /// what a strict reader would refuse.
    ///
    /// # Errors
    /// [`PurlError`] where type or name cannot be told.
    pub fn tolerant(text: &str) -> Result<(Self, Option<String>), PurlError> {
        let refuse = |reason: &str| PurlError { text: text.chars().take(200).collect(), reason: reason.to_owned() };
        match plain::parse(text) {
            Some(purl) => Ok(judged(purl)),
            None => parse(text).map_err(refuse),
        }
    }

    /// The purl's text, as `to_string` gives it, in a buffer that mostly need not grow.
    pub fn to_text(&self) -> String {
        let length = |part: &Option<Word>| part.as_ref().map_or(0, |text| text.len() + 1);
        let parts = self.kind.len() + length(&self.namespace) + self.name.len() + length(&self.version);
        let mut text = String::with_capacity("pkg:/".len() + parts);
        // A string takes whatever is written.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        out.write_str("pkg:")?;
        out.write_str(&self.kind)?;
        out.write_char('/')?;
        for segment in self.namespace.iter().flat_map(|n| n.split('/')) {
            encode(segment, out)?;
            out.write_char('/')?;
        }
        if self.kind.known() == Some(Known::Git) {
            // The name is the repository's whole path on its host.
            encode_path(&self.name, out)?;
        } else {
            encode(&self.name, out)?;
        }
        if let Some(version) = &self.version {
            out.write_char('@')?;
            encode(version, out)?;
        }
        for (i, (key, value)) in self.qualifiers().iter().enumerate() {
            write!(out, "{}{key}=", if i == 0 { '?' } else { '&' })?;
            encode(value, out)?;
        }
        if let Some(subpath) = self.subpath() {
            out.write_char('#')?;
            encode_path(subpath, out)?;
        }
        Ok(())
    }

    /// The same purl checked: the parts may have been put together by hand.
    ///
    /// # Errors
    /// [`PurlError`] where the specification or the type's definition forbids it.
    pub fn checked(mut self) -> Result<Self, PurlError> {
        types::normalise(&mut self);
        let key = self.qualifiers().keys().find(|key| !is_key(key));
        let reason = if !is_kind(&self.kind) {
            "the type is missing or has other characters than letters, digits, `.` and `-`".to_owned()
        } else if self.name.is_empty() {
            "the name is missing".to_owned()
        } else if let Some(key) = key {
            format!("`{key}` cannot be the key of a qualifier")
        } else if let Some(offence) = types::offence(&self) {
            offence.into_owned()
        } else {
            self.change_qualifiers(|qualifiers| qualifiers.retain(|_, value| !value.is_empty()));
            return Ok(self);
        };
        Err(PurlError { text: self.to_string().chars().take(200).collect(), reason })
    }
}

impl std::str::FromStr for Purl {
    type Err = PurlError;

    /// Parses and canonicalises; accepts what the specification says a parser accepts.
    fn from_str(text: &str) -> Result<Self, PurlError> {
        match Self::tolerant(text)? {
            (purl, None) => Ok(purl),
            (_, Some(reason)) => Err(PurlError { text: text.chars().take(200).collect(), reason }),
        }
    }
}

/// Parses from the right, as the specification tells; the reason is for a text that is none.
fn parse(text: &str) -> Result<(Purl, Option<String>), &'static str> {
    let rest = match trim(text).split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("pkg:") => rest.trim_start_matches('/'),
        _ => return Err("it does not begin with `pkg:`"),
    };
    // Most have neither.
    let (rest, qualifiers, subpath) = match memchr::memchr2(b'#', b'?', rest.as_bytes()) {
        None => (rest, None, None),
        Some(_) => {
            let (rest, subpath) = split_end(rest, b'#');
            let (rest, qualifiers) = split_end(rest, b'?');
            (rest, qualifiers, subpath)
        }
    };
    let (kind, rest) = split_first(rest, b'/').ok_or("the type or the name is missing")?;
    if !is_kind(kind) {
        return Err("the type has other characters than letters, digits, `.` and `-`, or begins with a digit");
    }
    let (path, version) = split_version(rest.trim_end_matches('/'));
    let nameless = path.ends_with('/');
    let path = path.trim_matches('/');
    let split = if kind.eq_ignore_ascii_case("git") { split_first(path, b'/') } else { split_last(path, b'/') };
    let (namespace, name) = split.map_or((None, path), |(namespace, name)| (Some(namespace), name));
    if name.is_empty() || (version.is_some() && nameless) {
        return Err("the name is missing");
    }
    let (qualifiers, offence) = match qualifiers {
        Some(text) => parse_qualifiers(text)?,
        None => (BTreeMap::new(), None),
    };
    let mut purl = Purl {
        kind: Type::new(kind),
        namespace: namespace.and_then(namespace_of),
        name: Word::new(decode(name)),
        version: version.map(|text| Word::new(decode(text))).filter(|text| !text.is_empty()),
        further: Further::of(qualifiers, subpath.and_then(|text| segments(text, |segment| !matches!(segment, "" | "." | "..")))),
    };
    types::normalise(&mut purl);
    if purl.name.is_empty() {
        return Err("the name is missing");
    }
    let (purl, other) = judged(purl);
    Ok((purl, offence.or(other)))
}

/// A purl that is normalised, and what its type does not allow about it.
fn judged(purl: Purl) -> (Purl, Option<String>) {
    let offence = types::offence(&purl).map(Cow::into_owned);
    (purl, offence)
}

/// One segment with nothing to decode but an `@` is the namespace as it stands; most are.
fn namespace_of(text: &str) -> Option<Word> {
    let is_plain = |text: &str| !text.bytes().any(|byte| matches!(byte, b'/' | b'%'));
    match text.strip_prefix("%40") {
        Some(scope) if is_plain(scope) => Some(["@", scope].into_iter().collect()),
        None if is_plain(text) => (!text.is_empty()).then(|| Word::new(text)),
        _ => segments(text, |segment| !segment.is_empty()).map(Word::from),
    }
}

fn split_end(text: &str, separator: u8) -> (&str, Option<&str>) {
    split_last(text, separator).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// The version stands behind the last `@`, unless that one opens an npm scope.
fn split_version(rest: &str) -> (&str, Option<&str>) {
    match split_last(rest, b'@') {
        Some((before, after)) if (before.is_empty() || before.ends_with('/')) && after.contains('/') => (rest, None),
        Some((before, after)) => (before, Some(after)),
        None => (rest, None),
    }
}

type Qualifiers = (BTreeMap<String, String>, Option<String>);

fn parse_qualifiers(text: &str) -> Result<Qualifiers, &'static str> {
    let mut qualifiers = BTreeMap::new();
    let mut offence = None;
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let lower = key.to_ascii_lowercase();
        if !is_key(&lower) {
            return Err("the key of a qualifier has other characters than letters, digits, `.`, `-` and `_`");
        }
        // The suite takes `repositorY_url` and refuses `Platform`.
        if key.starts_with(|c: char| c.is_ascii_uppercase()) {
            offence = Some(format!("the key `{key}` of a qualifier begins with a capital letter"));
        }
        if !value.is_empty() && qualifiers.insert(lower, decode(value).into_owned()).is_some() {
            offence = Some(format!("the qualifier `{key}` is given twice"));
        }
    }
    Ok((qualifiers, offence))
}

fn is_kind(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_'))
}

/// Decoded segments joined again; `None` where none is kept. An encoded slash parts
/// segments too: none may hold one, and what is written must read the same.
fn segments(text: &str, keep: impl Fn(&str) -> bool) -> Option<String> {
    let mut joined = String::with_capacity(text.len());
    for decoded in text.split('/').map(decode) {
        for segment in decoded.split('/').filter(|segment| keep(segment)) {
            if !joined.is_empty() {
                joined.push('/');
            }
            joined.push_str(segment);
        }
    }
    (!joined.is_empty()).then_some(joined)
}

/// Percent-decodes; what is no valid encoding, or no UTF-8, stays as it is.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte == b'%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        let decoded = match (byte, after) {
            (b'%', [high, low, after @ ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| (high * 16 + low, after)),
            _ => None,
        };
        let (byte, after) = decoded.unwrap_or((*byte, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

impl fmt::Display for Purl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(out)
    }
}

fn encode_path(path: &str, out: &mut impl fmt::Write) -> fmt::Result {
    for (i, segment) in path.split('/').enumerate() {
        if i > 0 {
            out.write_char('/')?;
        }
        encode(segment, out)?;
    }
    Ok(())
}

/// Percent-encodes all but the unreserved characters of the specification and `:`.
fn encode(text: &str, out: &mut impl fmt::Write) -> fmt::Result {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b':');
    if text.bytes().all(plain) {
        return out.write_str(text);
    }
    for byte in text.bytes() {
        if plain(byte) {
            out.write_char(char::from(byte))?;
        } else {
            write!(out, "%{byte:02X}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
