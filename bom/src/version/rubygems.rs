//! RubyGems versions (`Gem::Version`): a word makes a pre-release, zeros before
//! it and at the end say nothing, and a hyphen reads as `.pre.`.

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders RubyGems versions.
pub static RUBYGEMS: RubyGems = RubyGems;

/// The scheme of `Gem::Version`.
pub struct RubyGems;

impl Scheme for RubyGems {
    fn name(&self) -> &'static str {
        "rubygems"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Zero) {
            return Ok(order);
        }
        let read = |text| canonical(text).ok_or_else(|| VersionError::new(self.name(), text));
        Ok(order(&read(a)?, &read(b)?))
    }
}

/// A number or a word of a version.
#[derive(Clone, Copy)]
enum Segment<'a> {
    Number(&'a [u8]),
    Word(&'a [u8]),
}

impl Segment<'_> {
    fn is_zero(self) -> bool {
        matches!(self, Self::Number(digits) if numbers::is_zero(digits))
    }
}

/// Compares segment by segment; an absent one is zero, a word is before a number.
fn order(a: &[Segment<'_>], b: &[Segment<'_>]) -> Ordering {
    for i in 0..a.len().max(b.len()) {
        let absent = Segment::Number(b"0");
        let order = match (a.get(i).unwrap_or(&absent), b.get(i).unwrap_or(&absent)) {
            (Segment::Number(x), Segment::Number(y)) => numbers::digits(x, y),
            (Segment::Word(x), Segment::Word(y)) => x.cmp(y),
            (Segment::Word(_), Segment::Number(_)) => Ordering::Less,
            (Segment::Number(_), Segment::Word(_)) => Ordering::Greater,
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

/// The segments without the zeros that end the numbers before the first word.
fn canonical(text: &str) -> Option<Vec<Segment<'_>>> {
    let text = text.trim();
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut segments: Vec<Segment<'_>> = Vec::with_capacity(4);
    let mut worded = false;
    for (i, part) in text.split('-').enumerate() {
        if i > 0 {
            end_numbers(&mut segments, &mut worded);
            segments.push(Segment::Word(b"pre"));
        }
        for field in part.split('.') {
            // Behind the first hyphen further hyphens may follow each other.
            if (field.is_empty() && i == 0) || !field.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return None;
            }
            push(&mut segments, &mut worded, field.as_bytes());
        }
    }
    Some(segments)
}

fn push<'a>(segments: &mut Vec<Segment<'a>>, worded: &mut bool, field: &'a [u8]) {
    let mut rest = field;
    while !rest.is_empty() {
        let (digits, behind) = numbers::leading_digits(rest);
        if !digits.is_empty() {
            segments.push(Segment::Number(digits));
        }
        let (word, behind) = numbers::split_while(behind, |b| b.is_ascii_alphabetic());
        if !word.is_empty() {
            end_numbers(segments, worded);
            segments.push(Segment::Word(word));
        }
        rest = behind;
    }
}

/// At the first word: drops the zeros at the end of the numbers.
fn end_numbers(segments: &mut Vec<Segment<'_>>, worded: &mut bool) {
    while !*worded && segments.last().is_some_and(|segment| segment.is_zero()) {
        segments.pop();
    }
    *worded = true;
}
