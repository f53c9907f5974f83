//! Semantic Versioning 2.0.0, read leniently as OSV asks of the ecosystems that
//! use it: a leading `v` and missing parts are accepted.

use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders crates.io, npm and other SemVer versions.
pub static SEMVER: SemVer = SemVer;

/// The scheme of Semantic Versioning 2.0.0.
pub struct SemVer;

impl Scheme for SemVer {
    fn name(&self) -> &'static str {
        "semver"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        let (a, b) = (parse(a)?, parse(b)?);
        Ok(a.numbers.cmp(&b.numbers).then_with(|| before_release(a.pre, b.pre)))
    }
}

struct Parsed<'a> {
    numbers: Vec<u64>,
    pre: Option<&'a str>,
}

fn parse(text: &str) -> Result<Parsed<'_>, VersionError> {
    let error = || VersionError { scheme: "semver", text: text.to_owned() };
    let trimmed = text.trim();
    let trimmed = trimmed.strip_prefix(['v', '=']).unwrap_or(trimmed);
    let unbuilt = trimmed.split_once('+').map_or(trimmed, |(version, _)| version);
    let (core, pre) = match unbuilt.split_once('-') {
        Some((core, pre)) => (core, Some(pre)),
        None => (unbuilt, None),
    };
    let mut numbers = Vec::with_capacity(3);
    for part in core.split('.') {
        numbers.push(part.parse::<u64>().map_err(|_| error())?);
    }
    while numbers.len() < 3 {
        numbers.push(0);
    }
    Ok(Parsed { numbers, pre })
}

fn before_release(a: Option<&str>, b: Option<&str>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => a.split('.').map(Identifier::of).cmp(b.split('.').map(Identifier::of)),
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Identifier<'a> {
    Number(u64),
    Text(&'a str),
}

impl<'a> Identifier<'a> {
    fn of(text: &'a str) -> Self {
        text.parse().map_or(Self::Text(text), Self::Number)
    }
}
