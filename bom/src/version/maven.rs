//! Maven versions (maven.apache.org, POM reference, "Version Order Specification"):
//! numbers and qualifiers, each behind a dot or a hyphen, as Maven orders them since
//! 3.8.7 (MNG-7644), where a dot before a qualifier is a hyphen: `9.0.0.M11` is behind
//! `9.0.0-M1`, however either is spelled. The rule before ran in a circle.

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders Maven versions.
pub static MAVEN: Maven = Maven;

/// The scheme of Maven.
pub struct Maven;

impl Scheme for Maven {
    fn name(&self) -> &'static str {
        "maven"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Zero) {
            return Ok(order);
        }
        let (a, b) = (self.tokens(a)?, self.tokens(b)?);
        for i in 0..a.len().max(b.len()) {
            let order = match (a.get(i), b.get(i)) {
                (Some(x), Some(y)) => x.cmp(y),
                (Some(x), None) => x.with_nothing(),
                (None, Some(y)) => y.with_nothing().reverse(),
                (None, None) => Ordering::Equal,
            };
            if order.is_ne() {
                return Ok(order);
            }
        }
        Ok(Ordering::Equal)
    }

    /// Maven orders any text; a version has a number.
    fn check(&self, text: &str) -> Result<(), VersionError> {
        self.tokens(text)?;
        if text.bytes().any(|b| b.is_ascii_digit()) { Ok(()) } else { Err(VersionError::new(self.name(), text)) }
    }
}

/// A number or a qualifier with what is before it.
struct Token<'a> {
    hyphen: bool,
    value: Value<'a>,
}

enum Value<'a> {
    Number(&'a [u8]),
    Word(Qualifier<'a>),
}

/// The known qualifiers in their order; others follow by their letters in any case.
enum Qualifier<'a> {
    Known(u8),
    Other(&'a [u8]),
}

/// `alpha` 0, `beta` 1, `milestone` 2, `rc` 3, `snapshot` 4, none 5, `sp` 6.
const QUALIFIERS: &[(&str, u8)] = &[
    ("alpha", 0),
    ("beta", 1),
    ("milestone", 2),
    ("rc", 3),
    ("cr", 3),
    ("snapshot", 4),
    ("final", RELEASE),
    ("ga", RELEASE),
    ("release", RELEASE),
    ("sp", 6),
];
const RELEASE: u8 = 5;
/// What one letter means with a number directly behind it.
const SHORT: &[(&str, u8)] = &[("a", 0), ("b", 1), ("m", 2)];

impl Maven {
    fn tokens<'a>(&self, text: &'a str) -> Result<Vec<Token<'a>>, VersionError> {
        let version = text.trim();
        if version.is_empty() || version.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(VersionError::new(self.name(), text));
        }
        let mut tokens = Vec::with_capacity(8);
        let mut rest = version.as_bytes();
        let mut hyphen = false;
        loop {
            let (part, behind) = numbers::split_while(rest, |b| !matches!(b, b'.' | b'-'));
            split_part(part, hyphen, &mut tokens);
            let Some((separator, behind)) = behind.split_first() else { break };
            hyphen = *separator == b'-';
            rest = behind;
        }
        trim(&mut tokens);
        Ok(tokens)
    }
}

/// Splits where digits and others meet, which is as good as a hyphen; an empty part is zero.
fn split_part<'a>(part: &'a [u8], mut hyphen: bool, tokens: &mut Vec<Token<'a>>) {
    if part.is_empty() {
        tokens.push(Token { hyphen, value: Value::Number(&[]) });
    }
    let mut rest = part;
    while !rest.is_empty() {
        let (digits, behind) = numbers::leading_digits(rest);
        let value;
        (value, rest) = if digits.is_empty() {
            let (word, behind) = numbers::split_while(rest, |b| !b.is_ascii_digit());
            (Value::Word(Qualifier::of(word, !behind.is_empty())), behind)
        } else {
            (Value::Number(digits), behind)
        };
        tokens.push(Token { hyphen: hyphen || matches!(value, Value::Word(_)), value });
        hyphen = true;
    }
}

/// Drops what says nothing from the end, and before each hyphen that remains.
fn trim(tokens: &mut Vec<Token<'_>>) {
    let mut end = tokens.len();
    while end > 1 {
        let last = end - 1;
        if tokens.get(last).is_some_and(Token::is_nothing) {
            tokens.remove(last);
            end = last;
        } else {
            end = tokens.get(..end).unwrap_or_default().iter().rposition(|token| token.hyphen).unwrap_or(0);
        }
    }
}

impl<'a> Qualifier<'a> {
    fn of(word: &'a [u8], before_number: bool) -> Self {
        let short = if before_number { SHORT } else { &[] };
        let known = QUALIFIERS.iter().chain(short).find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
        known.map_or(Self::Other(word), |(_, rank)| Self::Known(*rank))
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Known(a), Self::Known(b)) => a.cmp(b),
            (Self::Known(_), Self::Other(_)) => Ordering::Less,
            (Self::Other(_), Self::Known(_)) => Ordering::Greater,
            (Self::Other(a), Self::Other(b)) => a.iter().map(u8::to_ascii_lowercase).cmp(b.iter().map(u8::to_ascii_lowercase)),
        }
    }
}

impl Token<'_> {
    fn is_nothing(&self) -> bool {
        match &self.value {
            Value::Number(digits) => numbers::is_zero(digits),
            Value::Word(word) => word.cmp(&Qualifier::Known(RELEASE)).is_eq(),
        }
    }

    /// How it compares with its absence: `1-rc` is before `1`, `1-sp` behind it.
    fn with_nothing(&self) -> Ordering {
        match &self.value {
            Value::Number(digits) if numbers::is_zero(digits) => Ordering::Equal,
            Value::Number(_) => Ordering::Greater,
            Value::Word(word) => word.cmp(&Qualifier::Known(RELEASE)),
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.value, &other.value) {
            (Value::Number(a), Value::Number(b)) if self.hyphen == other.hyphen => numbers::digits(a, b),
            (Value::Word(a), Value::Word(b)) => a.cmp(b),
            _ => self.class().cmp(&other.class()),
        }
    }

    /// A qualifier < `-number` < `.number`.
    fn class(&self) -> u8 {
        match (&self.value, self.hyphen) {
            (Value::Word(_), _) => 0,
            (Value::Number(_), true) => 1,
            (Value::Number(_), false) => 2,
        }
    }
}
