//! Versions of apk-tools (Alpine, Wolfi, Chainguard), apk-package(5):
//! `number{.number}{letter}{_suffix{number}}{~hash}{-r#}`. What breaks that
//! grammar is ordered too, as far as apk-tools does, but `check` refuses it.

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders the versions of Alpine and of what else uses apk.
pub static APK: Apk = Apk;

/// The scheme of apk-tools.
pub struct Apk;

impl Scheme for Apk {
    fn name(&self) -> &'static str {
        "apk"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = plain(a, b) {
            return Ok(order);
        }
        let (mut a, mut b) = (self.read(a)?, self.read(b)?);
        loop {
            let (x, y) = (a.next(), b.next());
            let order = x.cmp(&y);
            if order.is_ne() || matches!(x, Token::End | Token::Broken) {
                return Ok(order);
            }
        }
    }

    fn check(&self, text: &str) -> Result<(), VersionError> {
        let mut rest = self.read(text)?;
        let mut first = true;
        loop {
            match rest.next() {
                Token::End => return Ok(()),
                Token::Broken | Token::Gap => return Err(VersionError::new(self.name(), text)),
                Token::First(_) | Token::Number(_) => {}
                _ if first => return Err(VersionError::new(self.name(), text)),
                _ => {}
            }
            first = false;
        }
    }
}

impl Apk {
    fn read<'a>(&self, text: &'a str) -> Result<Rest<'a>, VersionError> {
        let version = text.trim();
        if version.is_empty() || version.bytes().any(|b| b.is_ascii_whitespace()) {
            return Err(VersionError::new(self.name(), text));
        }
        Ok(Rest { text: version.as_bytes(), state: State::Start })
    }
}

/// Plain numbers, unless one has a leading zero (`1.06`): those are no numbers but texts.
fn plain(a: &str, b: &str) -> Option<Ordering> {
    let padded = |text: &str| text.as_bytes().windows(3).any(|w| matches!(w, [b'.', b'0', b'0'..=b'9']));
    numbers::plain(a, b, Absent::Before).filter(|_| !padded(a) && !padded(b))
}

/// One token. At the first difference of two versions an earlier kind is before a
/// later one: `1.2_alpha` < broken < `1.2` < `1.2-r1` < `1.2_p` < `1.2a` < `1.2.1`.
#[derive(Clone, Copy)]
enum Token<'a> {
    /// `alpha` to `rc`, which is before the end.
    PreSuffix(usize),
    /// What the grammar does not know, and all behind it.
    Broken,
    /// A dot without a number.
    Gap,
    End,
    Revision(&'a [u8]),
    Hash(&'a [u8]),
    SuffixNumber(&'a [u8]),
    /// `cvs` to `p`.
    PostSuffix(usize),
    Letter(u8),
    /// The first number, which zeros do not change.
    First(&'a [u8]),
    /// A later number; with a leading zero it is compared as text.
    Number(&'a [u8]),
}

/// Suffixes in their order; the first four are before a release.
const SUFFIXES: &[&[u8]] = &[b"alpha", b"beta", b"pre", b"rc", b"cvs", b"svn", b"git", b"hg", b"p"];
const PRE_SUFFIXES: usize = 4;

/// What is still unread of a version.
struct Rest<'a> {
    text: &'a [u8],
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Numbers,
    Letter,
    Suffix,
    SuffixNumber,
    Hash,
    Done,
}

impl<'a> Rest<'a> {
    fn next(&mut self) -> Token<'a> {
        let Some(&first) = self.text.first() else { return Token::End };
        let early = matches!(self.state, State::Start | State::Numbers);
        match first {
            b'0'..=b'9' if self.state == State::Start => {
                self.state = State::Numbers;
                Token::First(self.digits())
            }
            b'0'..=b'9' if self.state == State::Letter => self.number(),
            b'.' if early => {
                // A dot at the start is left for the next number, so that `.1` begins with a gap.
                self.skip(usize::from(self.state != State::Start));
                self.number()
            }
            b'a'..=b'z' if early => {
                self.skip(1);
                self.state = State::Letter;
                Token::Letter(first)
            }
            b'_' if !matches!(self.state, State::Start | State::Hash | State::Done) => self.suffix(),
            b'0'..=b'9' if self.state == State::Suffix => {
                self.state = State::SuffixNumber;
                Token::SuffixNumber(self.digits())
            }
            b'~' if !matches!(self.state, State::Start | State::Hash | State::Done) => self.hash(),
            b'-' if self.state != State::Start => self.revision(),
            _ => Token::Broken,
        }
    }

    fn number(&mut self) -> Token<'a> {
        self.state = State::Numbers;
        let digits = self.digits();
        if digits.is_empty() { Token::Gap } else { Token::Number(digits) }
    }

    fn suffix(&mut self) -> Token<'a> {
        self.skip(1);
        self.state = State::Suffix;
        let (word, behind) = numbers::split_while(self.text, |b| b.is_ascii_alphabetic());
        match SUFFIXES.iter().position(|suffix| *suffix == word) {
            Some(i) => {
                self.text = behind;
                if i < PRE_SUFFIXES { Token::PreSuffix(i) } else { Token::PostSuffix(i) }
            }
            None => Token::Broken,
        }
    }

    fn hash(&mut self) -> Token<'a> {
        self.skip(1);
        self.state = State::Hash;
        let (hash, behind) = numbers::split_while(self.text, |b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        self.text = behind;
        if hash.is_empty() { Token::Broken } else { Token::Hash(hash) }
    }

    /// `-r` and digits at the very end; anything else makes all of it broken.
    fn revision(&mut self) -> Token<'a> {
        let revision = self.text.strip_prefix(b"-r").filter(|digits| digits.iter().all(u8::is_ascii_digit));
        self.state = State::Done;
        match revision {
            Some(digits) => {
                self.text = &[];
                Token::Revision(digits)
            }
            None => Token::Broken,
        }
    }

    fn digits(&mut self) -> &'a [u8] {
        let (digits, behind) = numbers::leading_digits(self.text);
        self.text = behind;
        digits
    }

    fn skip(&mut self, count: usize) {
        self.text = self.text.get(count..).unwrap_or_default();
    }
}

impl Token<'_> {
    fn kind(&self) -> u8 {
        match self {
            Self::PreSuffix(_) => 0,
            Self::Broken => 1,
            Self::Gap => 2,
            Self::End => 3,
            Self::Revision(_) => 4,
            Self::Hash(_) => 5,
            Self::SuffixNumber(_) => 6,
            Self::PostSuffix(_) => 7,
            Self::Letter(_) => 8,
            Self::First(_) | Self::Number(_) => 9,
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let zero_first = |text: &[u8]| text.len() > 1 && text.first() == Some(&b'0');
        match (self, other) {
            (Self::PreSuffix(a), Self::PreSuffix(b)) | (Self::PostSuffix(a), Self::PostSuffix(b)) => a.cmp(b),
            (Self::Letter(a), Self::Letter(b)) => a.cmp(b),
            (Self::Hash(a), Self::Hash(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) if zero_first(a) || zero_first(b) => a.cmp(b),
            (Self::First(a), Self::First(b))
            | (Self::Number(a), Self::Number(b))
            | (Self::Revision(a), Self::Revision(b))
            | (Self::SuffixNumber(a), Self::SuffixNumber(b)) => numbers::digits(a, b),
            (a, b) => a.kind().cmp(&b.kind()),
        }
    }
}
