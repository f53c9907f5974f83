//! NuGet versions: Semantic Versioning with a fourth number, in which the case
//! of a pre-release says nothing (learn.microsoft.com, "NuGet package version reference").

use super::numbers::{self, Absent};
use super::{Scheme, VersionError};
use std::cmp::Ordering;

/// Orders NuGet versions.
pub static NUGET: NuGet = NuGet;

/// The scheme of NuGet.
pub struct NuGet;

impl Scheme for NuGet {
    fn name(&self) -> &'static str {
        "nuget"
    }

    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        if let Some(order) = numbers::plain(a, b, Absent::Zero) {
            return Ok(order);
        }
        let read = |text| parse(text).ok_or_else(|| VersionError::new(self.name(), text));
        let ((a, a_pre), (b, b_pre)) = (read(a)?, read(b)?);
        Ok(numbers::dotted(a, b).then_with(|| pre_release(a_pre, b_pre)))
    }
}

/// The numbers and the pre-release; build metadata is dropped.
fn parse(text: &str) -> Option<(&[u8], Option<&[u8]>)> {
    let text = text.trim();
    let version = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let version = version.split_once('+').map_or(version, |(version, _)| version);
    let (core, pre) = match version.split_once('-') {
        Some((core, pre)) => (core, Some(pre)),
        None => (version, None),
    };
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    if !core.as_bytes().split(|&b| b == b'.').all(numbers::all_digits) || !pre.unwrap_or("").bytes().all(allowed) {
        return None;
    }
    Some((core.as_bytes(), pre.map(str::as_bytes)))
}

/// Absent last; identifiers one by one, numbers before words, words in any case.
fn pre_release(a: Option<&[u8]>, b: Option<&[u8]>) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return a.is_none().cmp(&b.is_none()) };
    let (mut a, mut b) = (a.split(|&c| c == b'.'), b.split(|&c| c == b'.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (x, y) if x.is_none() || y.is_none() => return x.is_some().cmp(&y.is_some()),
            (x, y) => identifier(x.unwrap_or_default(), y.unwrap_or_default()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn identifier(a: &[u8], b: &[u8]) -> Ordering {
    let lower = |text: &[u8]| text.to_ascii_lowercase();
    match (numbers::all_digits(a), numbers::all_digits(b)) {
        (true, true) => numbers::digits(a, b),
        (false, false) => lower(a).cmp(&lower(b)),
        (a_number, b_number) => b_number.cmp(&a_number),
    }
}
