//! Durations, sizes and the other kinds of value a setting takes, read from what
//! was given and written the way they are read.

use super::given::Value;
use std::time::Duration;

const SPANS: &[(&str, u64)] = &[("w", 604_800), ("d", 86_400), ("h", 3_600), ("min", 60), ("m", 60), ("s", 1)];
const SIZES: &[(&str, u64)] = &[("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1), ("", 1)];

/// A text.
pub(super) fn text(value: &Value) -> Result<&str, String> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(format!("a text was expected, not {}", kind(other))),
    }
}

/// A whole number above zero.
pub(super) fn count(value: &Value) -> Result<usize, String> {
    let number = match value {
        Value::Number(number) => usize::try_from(*number).ok(),
        Value::Text(text) => text.trim().parse().ok(),
        other => return Err(format!("a number was expected, not {}", kind(other))),
    };
    number.filter(|number| *number > 0).ok_or_else(|| "a whole number above zero was expected".to_owned())
}

/// A size: `256 MiB`, or a number of bytes.
pub(super) fn size(value: &Value) -> Result<usize, String> {
    let wrong = || "a size was expected, for example `256 MiB`".to_owned();
    let bytes = match value {
        Value::Number(number) => u64::try_from(*number).ok(),
        Value::Text(text) => measure(text, SIZES),
        _ => None,
    };
    bytes.and_then(|bytes| usize::try_from(bytes).ok()).filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

/// A span of time: `6h`, `30m`, `45s`.
pub(super) fn duration(value: &Value) -> Result<Duration, String> {
    let wrong = || "a span of time was expected, for example `6h`, `30m` or `45s`".to_owned();
    span(text(value).map_err(|_| wrong())?).ok_or_else(wrong)
}

/// The span of time a text names, above zero.
pub fn span(text: &str) -> Option<Duration> {
    measure(text, SPANS).filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

/// Texts: a list, or one text with commas.
pub(super) fn texts(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::Text(all) => Ok(all.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()),
        Value::List(items) => items.iter().map(|item| text(&item.value).map(str::to_owned)).collect(),
        other => Err(format!("a list of texts was expected, not {}", kind(other))),
    }
}

/// True or false.
pub(super) fn flag(value: &Value) -> Result<bool, String> {
    match value {
        Value::Bool(flag) => Ok(*flag),
        Value::Text(text) if text.trim() == "true" => Ok(true),
        Value::Text(text) if text.trim() == "false" => Ok(false),
        other => Err(format!("`true` or `false` was expected, not {}", kind(other))),
    }
}

/// One of several words.
pub(super) fn word<T: Copy>(value: &Value, words: &[(&str, T)]) -> Result<T, String> {
    let given = text(value)?;
    words.iter().find(|(word, _)| *word == given).map(|(_, meaning)| *meaning).ok_or_else(|| {
        let all: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        format!("`{given}` is not one of {}", all.join(", "))
    })
}

/// A size as [`size`] reads it.
pub(super) fn show_size(bytes: usize) -> String {
    show(u64::try_from(bytes).unwrap_or(u64::MAX), SIZES, " ")
}

/// A span of time as [`duration`] reads it.
pub(super) fn show_duration(span: Duration) -> String {
    show(span.as_secs(), SPANS, "")
}

/// What a value is, with its article.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Text(_) => "a text",
        Value::Number(_) => "a number",
        Value::Bool(_) => "true or false",
        Value::List(_) => "a list",
        Value::Table(_) => "a table",
        Value::Other(name) => name,
    }
}

fn measure(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim()))?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

fn show(number: u64, units: &[(&str, u64)], gap: &str) -> String {
    match units.iter().find(|(_, factor)| number >= *factor && number.is_multiple_of(*factor)) {
        Some((name, factor)) => format!("{}{gap}{name}", number / factor),
        None => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_or_a_span_reads_as_it_is_written() {
        for (text, bytes) in [("256 MiB", 256 << 20), ("1GiB", 1 << 30), ("10 kib", 10 << 10), ("77", 77), ("5 B", 5)] {
            assert_eq!(size(&Value::Text(text.into())), Ok(bytes), "{text}");
            assert_eq!(size(&Value::Text(show_size(bytes))), Ok(bytes), "{text}");
        }
        for (text, seconds) in [("6h", 21_600), ("90s", 90), ("30m", 1_800), ("2 d", 172_800), ("1w", 604_800)] {
            let span = duration(&Value::Text(text.into())).expect(text);
            assert_eq!(span.as_secs(), seconds, "{text}");
            assert_eq!(duration(&Value::Text(show_duration(span))), Ok(span), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_and_no_span_is_refused() {
        for wrong in ["", "MiB", "-1", "1.5 GiB", "0", "99999999999999 GiB", "3 parsecs"] {
            assert!(size(&Value::Text(wrong.into())).is_err(), "{wrong}");
            assert!(duration(&Value::Text(wrong.into())).is_err(), "{wrong}");
        }
    }
}
