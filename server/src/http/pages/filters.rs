//! Values as pages show them: what stands behind `|` in the templates.

use crate::clock::{from_millis, rfc3339};
use askama::{Result, Values};

/// A day: `2026-11-23`.
#[askama::filter_fn]
pub fn day(millis: &i64, _: &dyn Values) -> Result<String> {
    Ok(from_millis(*millis).format("%Y-%m-%d").to_string())
}

/// What happened to an alert's subject, joined to it: ` is malicious`, `: its only owner was replaced`.
#[askama::filter_fn]
pub fn joined(headline: &str, _: &dyn Values) -> Result<String> {
    Ok(format!("{}{headline}", crate::alerts::joint(headline)))
}

/// A minute: `2026-11-23 20:15`, in UTC.
#[askama::filter_fn]
pub fn minute(millis: &i64, _: &dyn Values) -> Result<String> {
    Ok(from_millis(*millis).format("%Y-%m-%d %H:%M").to_string())
}

/// For machines: RFC 3339.
#[askama::filter_fn]
pub fn stamp(millis: &i64, _: &dyn Values) -> Result<String> {
    Ok(rfc3339(*millis))
}

/// A number with narrow spaces between thousands.
#[askama::filter_fn]
pub fn count(number: &i64, _: &dyn Values) -> Result<String> {
    Ok(grouped(*number))
}

/// Parts of 100,000 as a percentage with two digits behind the point.
pub fn percent(parts: i64) -> String {
    format!("{}.{:02}", parts / 1000, parts % 1000 / 10)
}

fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_have_groups() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1\u{202f}000"), (-1_234_567, "-1\u{202f}234\u{202f}567")] {
            assert_eq!(grouped(number), text);
        }
    }
}

/// Who did something, as the audit log names them: a person by the login alone.
#[askama::filter_fn]
pub fn who(actor: &str, _: &dyn Values) -> Result<String> {
    Ok(actor.strip_prefix("person:").unwrap_or(actor).to_owned())
}
