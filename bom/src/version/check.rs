//! Checks a list of ordered pairs (`1.0 < 1.1`) against a scheme: what
//! `bomwarden versions check` prints, and what the tests of every scheme read.

use super::{Scheme, VersionError};
use std::cmp::Ordering;
use std::fmt;

/// Checks one line. Blank lines and comments (`#`, `//`) agree.
///
/// # Errors
/// [`LineError`] when the line is no `A < B`, `A = B` or `A > B`.
pub fn check_line<'a>(scheme: &dyn Scheme, line: &'a str) -> Result<Option<Disagreement<'a>>, LineError> {
    let Some(claim) = Claim::of_line(line)? else { return Ok(None) };
    Ok(match scheme.compare(claim.a, claim.b) {
        Ok(found) if found == claim.order => None,
        found => Some(Disagreement { claim, found }),
    })
}

/// What a line says of two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The version on the left.
    pub a: &'a str,
    /// The version on the right.
    pub b: &'a str,
    /// How they are said to be ordered.
    pub order: Ordering,
}

/// A claim that a scheme does not share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement<'a> {
    /// What the line says.
    pub claim: Claim<'a>,
    /// What the scheme says, or the version that it cannot read.
    pub found: Result<Ordering, VersionError>,
}

/// A line that claims nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no comparison; write `A < B`, `A = B` or `A > B`")]
pub struct LineError {
    /// The line, cut to a readable length.
    pub text: String,
}

impl<'a> Claim<'a> {
    /// Reads a line; `None` for a blank one and a comment.
    ///
    /// # Errors
    /// [`LineError`] when the line is anything else but a comparison.
    pub fn of_line(line: &'a str) -> Result<Option<Self>, LineError> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
            return Ok(None);
        }
        let mut words = line.split_whitespace();
        let order = |sign| match sign {
            "<" => Some(Ordering::Less),
            "=" => Some(Ordering::Equal),
            ">" => Some(Ordering::Greater),
            _ => None,
        };
        if let (Some(a), Some(sign), Some(b), None) = (words.next(), words.next(), words.next(), words.next())
            && let Some(order) = order(sign)
        {
            return Ok(Some(Self { a, b, order }));
        }
        Err(LineError { text: line.chars().take(200).collect() })
    }
}

impl fmt::Display for Disagreement<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Claim { a, b, order } = self.claim;
        write!(out, "{a} {} {b}: ", sign(order))?;
        match &self.found {
            Ok(found) => write!(out, "it is {a} {} {b}", sign(*found)),
            Err(error) => write!(out, "cannot tell, {error}"),
        }
    }
}

/// `<`, `=` or `>`.
pub fn sign(order: Ordering) -> &'static str {
    match order {
        Ordering::Less => "<",
        Ordering::Equal => "=",
        Ordering::Greater => ">",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::SEMVER;

    #[test]
    fn a_line_agrees_disagrees_or_says_nothing() {
        for (line, answer) in [
            ("1.0.0 < 1.0.1", Ok(None)),
            ("  # a comment < here", Ok(None)),
            ("// 1 > 2", Ok(None)),
            ("", Ok(None)),
            ("1.0.0 > 1.0.1", Ok(Some("1.0.0 > 1.0.1: it is 1.0.0 < 1.0.1"))),
            ("1.0.0 < main", Ok(Some("1.0.0 < main: cannot tell, `main` is no semver version"))),
            ("1.0.0 <= 1.0.1", Err("`1.0.0 <= 1.0.1` is no comparison; write `A < B`, `A = B` or `A > B`")),
            ("1.0.0 <", Err("`1.0.0 <` is no comparison; write `A < B`, `A = B` or `A > B`")),
        ] {
            let found = check_line(&SEMVER, line).map(|d| d.map(|d| d.to_string())).map_err(|e| e.to_string());
            assert_eq!(found, answer.map(|a| a.map(str::to_owned)).map_err(str::to_owned), "{line}");
        }
    }
}
