//! Python versions that PEP 440 cannot read (`2004d`, `0.1-bulbasaur`), ordered as
//! setuptools did and `packaging` did until its release 22.

use crate::version::numbers;
use std::cmp::Ordering;

/// Whether a text can be ordered at all.
pub(super) fn is_readable(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Orders two versions, part by part.
pub(super) fn order(a: &str, b: &str) -> Ordering {
    parts(a).cmp(&parts(b))
}

/// A number, or a word behind an asterisk; words come first.
enum Part {
    Number(Vec<u8>),
    Word(String),
}

fn parts(text: &str) -> Vec<Part> {
    let lower = text.to_lowercase();
    let mut out: Vec<Part> = Vec::new();
    for piece in pieces(&lower) {
        push(&mut out, piece);
    }
    // The end of a version stands after its candidates and before its patches.
    push(&mut out, "final");
    out
}

fn push(out: &mut Vec<Part>, piece: &str) {
    if numbers::all_digits(piece.as_bytes()) {
        out.push(Part::Number(piece.as_bytes().to_vec()));
        return;
    }
    let word = match piece {
        "pre" | "preview" | "rc" => "c",
        "-" => "final-",
        "dev" => "@",
        "." => return,
        other => other,
    };
    if word < "final" {
        while matches!(out.last(), Some(Part::Word(last)) if last == "final-") {
            out.pop();
        }
    }
    while matches!(out.last(), Some(Part::Number(last)) if numbers::is_zero(last)) {
        out.pop();
    }
    out.push(Part::Word(word.to_owned()));
}

/// Runs of digits, runs of letters, single dots and hyphens, and what is between them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let kind = kind(first);
        let end = match kind {
            Kind::Single => first.len_utf8(),
            _ => rest.find(|c| self::kind(c) != kind).unwrap_or(rest.len()),
        };
        let (piece, behind) = rest.split_at_checked(end)?;
        rest = behind;
        Some(piece)
    })
}

#[derive(PartialEq, Eq)]
enum Kind {
    Digits,
    Letters,
    Single,
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digits,
        'a'..='z' => Kind::Letters,
        '.' | '-' => Kind::Single,
        _ => Kind::Other,
    }
}

impl Ord for Part {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => numbers::digits(a, b),
            (Self::Word(a), Self::Word(b)) => a.cmp(b),
            (Self::Word(_), Self::Number(_)) => Ordering::Less,
            (Self::Number(_), Self::Word(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Part {}
