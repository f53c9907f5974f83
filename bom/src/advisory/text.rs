//! The short spelling of [`Versions`] for a database column: one line for each
//! listed version and each event, its first letter telling what it is. It is read
//! where it lies, without allocation, because a full re-check reads every one.
//!
//! ```text
//! v1.0.3        listed
//! S             a SEMVER range follows (E: ECOSYSTEM, G: GIT)
//! i0            introduced (a: affected from behind it on)
//! f1.0.5        fixed (l: last affected, m: limit)
//! ```
//!
//! A line break or backslash inside a version is spelled `\n`, `\r` or `\\`.

use super::affects::{Item, evaluate};
use super::{Answer, Event, Range, RangeKind, Versions};
use crate::reading::ReadError;
use crate::version::Scheme;

/// A stored set of versions, still in its short spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionsText<'a>(pub &'a str);

impl VersionsText<'_> {
    /// Whether `version` is affected; the same answer as [`Versions::affects`].
    pub fn affects(&self, scheme: &dyn Scheme, version: &str) -> Answer {
        // A text without escapes, which is every real one, is read in place.
        if self.0.contains('\\') {
            return match Versions::from_text(self.0) {
                Ok(versions) => versions.affects(scheme, version),
                Err(error) => Answer::CannotTell(error.to_string()),
            };
        }
        let mut unknown = None;
        let items = self.0.lines().map_while(|line| {
            let item = item(line);
            unknown = unknown.or(item.is_none().then_some(line));
            item
        });
        let answer = evaluate(items, scheme, version);
        match unknown {
            Some(line) if answer != Answer::Yes => Answer::CannotTell(unreadable(line)),
            _ => answer,
        }
    }
}

impl Versions {
    /// The short spelling.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        for item in self.items() {
            let (tag, version) = match item {
                Item::Listed(version) => ('v', version),
                Item::Range(RangeKind::Semver) => ('S', ""),
                Item::Range(RangeKind::Ecosystem) => ('E', ""),
                Item::Range(RangeKind::Git) => ('G', ""),
                Item::Introduced(at) => ('i', at),
                Item::Behind(at) => ('a', at),
                Item::Fixed(at) => ('f', at),
                Item::LastAffected(at) => ('l', at),
                Item::Limit(at) => ('m', at),
            };
            if !out.is_empty() {
                out.push('\n');
            }
            out.push(tag);
            escape(version, &mut out);
        }
        out
    }

    /// Reads the short spelling.
    ///
    /// # Errors
    /// [`ReadError`] for a line of another kind, or an event outside a range.
    pub fn from_text(text: &str) -> Result<Self, ReadError> {
        let mut versions = Self::default();
        for (number, line) in (1_u32..).zip(text.lines()) {
            let event = match item(line) {
                Some(Item::Listed(version)) => {
                    versions.listed.push(unescape(version));
                    continue;
                }
                Some(Item::Range(kind)) => {
                    versions.ranges.push(Range { kind, events: Vec::new() });
                    continue;
                }
                Some(Item::Introduced(at)) => Event::Introduced(unescape(at)),
                Some(Item::Behind(at)) => Event::Behind(unescape(at)),
                Some(Item::Fixed(at)) => Event::Fixed(unescape(at)),
                Some(Item::LastAffected(at)) => Event::LastAffected(unescape(at)),
                Some(Item::Limit(at)) => Event::Limit(unescape(at)),
                None => return Err(ReadError::at("", Some(number), unreadable(line))),
            };
            match versions.ranges.last_mut() {
                Some(range) => range.events.push(event),
                None => return Err(ReadError::at("", Some(number), format!("`{line}` stands before every range"))),
            }
        }
        Ok(versions)
    }
}

fn unreadable(line: &str) -> String {
    format!("`{}` is no line of a stored set of versions; load the advisories again", line.escape_default())
}

fn item(line: &str) -> Option<Item<'_>> {
    let mut letters = line.chars();
    let tag = letters.next()?;
    let version = letters.as_str();
    Some(match (tag, version.is_empty()) {
        ('v', _) => Item::Listed(version),
        ('i', _) => Item::Introduced(version),
        ('a', _) => Item::Behind(version),
        ('f', _) => Item::Fixed(version),
        ('l', _) => Item::LastAffected(version),
        ('m', _) => Item::Limit(version),
        ('S', true) => Item::Range(RangeKind::Semver),
        ('E', true) => Item::Range(RangeKind::Ecosystem),
        ('G', true) => Item::Range(RangeKind::Git),
        _ => return None,
    })
}

fn escape(version: &str, out: &mut String) {
    for c in version.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
}

fn unescape(version: &str) -> String {
    let mut out = String::with_capacity(version.len());
    let mut letters = version.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' => match letters.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_foreign_line_is_an_error_and_never_a_no() {
        for text in ["x1", "f1", "S2", "v1\n\nv2"] {
            assert!(Versions::from_text(text).is_err(), "{text}");
        }
        let answer = VersionsText("x1").affects(&crate::version::SEMVER, "1.0.0");
        assert!(matches!(answer, Answer::CannotTell(_)), "{answer:?}");
    }

    fn event() -> impl Strategy<Value = Event> {
        let version = "[0-9a-z.*\\\\\n\r-]{0,6}";
        prop_oneof![
            version.prop_map(Event::Introduced),
            version.prop_map(Event::Behind),
            version.prop_map(Event::Fixed),
            version.prop_map(Event::LastAffected),
            version.prop_map(Event::Limit),
        ]
    }

    fn versions() -> impl Strategy<Value = Versions> {
        let kind = prop_oneof![Just(RangeKind::Semver), Just(RangeKind::Ecosystem), Just(RangeKind::Git)];
        let range = (kind, prop::collection::vec(event(), 0..5)).prop_map(|(kind, events)| Range { kind, events });
        (prop::collection::vec("[0-9.\n]{0,5}", 0..4), prop::collection::vec(range, 0..4))
            .prop_map(|(listed, ranges)| Versions { listed, ranges })
    }

    proptest! {
        #[test]
        fn the_text_keeps_everything_and_answers_the_same(versions in versions(), version in "[0-9]\\.[0-9]\\.[0-9]") {
            let text = versions.to_text();
            prop_assert_eq!(Versions::from_text(&text), Ok(versions.clone()));
            let stored = VersionsText(&text).affects(&crate::version::SEMVER, &version);
            prop_assert_eq!(stored, versions.affects(&crate::version::SEMVER, &version));
        }
    }
}
