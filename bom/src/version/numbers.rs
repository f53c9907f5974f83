//! Numbers inside versions. They are compared as strings of digits, so that one
//! of forty digits neither overflows nor loses its order.

use std::cmp::Ordering;

/// Orders two strings of ASCII digits as the numbers they spell; empty is zero.
pub(super) fn digits(a: &[u8], b: &[u8]) -> Ordering {
    let (a, b) = (without_zeros(a), without_zeros(b));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Whether a string of digits spells zero (or nothing).
pub(super) fn is_zero(text: &[u8]) -> bool {
    text.iter().all(|&b| b == b'0')
}

/// Splits at the end of the leading ASCII digits.
pub(super) fn leading_digits(text: &[u8]) -> (&[u8], &[u8]) {
    split_while(text, |b| b.is_ascii_digit())
}

/// Splits before the first byte that is not `wanted`.
pub(super) fn split_while(text: &[u8], wanted: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&b| !wanted(b)).unwrap_or(text.len());
    text.split_at(end)
}

/// Whether a text is digits alone, and at least one.
pub(super) fn all_digits(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// Orders two lists of numbers separated by dots, absent ones being zero.
pub(super) fn dotted(a: &[u8], b: &[u8]) -> Ordering {
    let (mut a, mut b) = (a.split(|&c| c == b'.'), b.split(|&c| c == b'.'));
    loop {
        let (x, y) = (a.next(), b.next());
        if x.is_none() && y.is_none() {
            return Ordering::Equal;
        }
        let order = digits(x.unwrap_or_default(), y.unwrap_or_default());
        if order.is_ne() {
            return order;
        }
    }
}

/// What an absent number means where two dotted versions differ in length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    /// It is zero: `1.0` is `1`.
    Zero,
    /// It is before every number: `1` is before `1.0`.
    Before,
}

/// The fast path of most schemes: orders two texts that are nothing but short
/// numbers and single dots (`12.0.3`). `None` for all others, whatever they are.
pub(super) fn plain(a: &str, b: &str, absent: Absent) -> Option<Ordering> {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    let mut order = Ordering::Equal;
    loop {
        let (x, y) = (number(&mut a)?, number(&mut b)?);
        order = order.then_with(|| x.cmp(&y));
        match (a.is_empty(), b.is_empty()) {
            (true, true) => return Some(order),
            (false, false) => {}
            (true, false) => return Some(order.then(rest(b, absent)?.reverse())),
            (false, true) => return Some(order.then(rest(a, absent)?)),
        }
    }
}

/// How the remaining numbers of the longer text compare with their absence.
fn rest(mut longer: &[u8], absent: Absent) -> Option<Ordering> {
    let mut order = if absent == Absent::Before { Ordering::Greater } else { Ordering::Equal };
    while !longer.is_empty() {
        if number(&mut longer)? != 0 {
            order = Ordering::Greater;
        }
    }
    Some(order)
}

/// Takes a number of at most 18 digits and the dot behind it.
fn number(text: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for (i, &byte) in text.iter().enumerate().take(19) {
        if byte.is_ascii_digit() && i < 18 {
            value = value * 10 + u64::from(byte - b'0');
        } else if byte == b'.' && i > 0 {
            let (_, behind) = text.split_at(i + 1);
            *text = behind;
            return if behind.is_empty() { None } else { Some(value) };
        } else {
            return None;
        }
    }
    if text.is_empty() {
        return None;
    }
    *text = &[];
    Some(value)
}

fn without_zeros(text: &[u8]) -> &[u8] {
    split_while(text, |b| b == b'0').1
}

#[cfg(test)]
mod tests {
    use super::*;
    use Ordering::{Equal, Greater, Less};

    #[test]
    fn numbers_of_any_size_are_ordered() {
        for (a, b, order) in [
            ("1", "2", Less),
            ("10", "9", Greater),
            ("007", "7", Equal),
            ("", "0", Equal),
            ("99999999999999999999999999", "100000000000000000000000000", Less),
        ] {
            assert_eq!(digits(a.as_bytes(), b.as_bytes()), order, "{a} {b}");
        }
    }

    #[test]
    fn plain_versions_take_the_fast_path_and_others_do_not() {
        for (a, b, zero, before) in [
            ("1.2.3", "1.2.4", Some(Less), Some(Less)),
            ("1.2", "1.2.0", Some(Equal), Some(Less)),
            ("1.2", "1.2.1", Some(Less), Some(Less)),
            ("2", "1.9.9", Some(Greater), Some(Greater)),
            ("1.0.0.0.1", "1", Some(Greater), Some(Greater)),
            ("999999999999999999", "1", Some(Greater), Some(Greater)),
            ("9999999999999999999", "1", None, None),
            ("1.2.3-a", "1", None, None),
            ("1", "2.x", None, None),
            ("1", "2.3.x", None, None),
            ("", "1", None, None),
            ("1.", "1", None, None),
            ("1..2", "1", None, None),
            (".1", "1", None, None),
        ] {
            assert_eq!(plain(a, b, Absent::Zero), zero, "{a} {b}");
            assert_eq!(plain(a, b, Absent::Before), before, "{a} {b}");
        }
    }
}
