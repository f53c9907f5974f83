//! Dates and times in documents.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};

/// Reads RFC 3339, also without a zone (taken as UTC) or without a time.
pub(super) fn read(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.with_timezone(&Utc));
    }
    if let Ok(moment) = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z") {
        return Some(moment.with_timezone(&Utc));
    }
    if let Ok(moment) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f") {
        return Some(moment.and_utc());
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN).and_utc())
}

/// RFC 3339 in whole seconds with `Z`.
pub(super) fn write(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_spellings_that_tools_use() {
        for (text, moment) in [
            ("2024-02-29T12:00:00Z", Some("2024-02-29T12:00:00Z")),
            ("2024-02-29T12:00:00.123456789+02:00", Some("2024-02-29T10:00:00Z")),
            ("2024-02-29T12:00:00+0000", Some("2024-02-29T12:00:00Z")),
            ("2024-02-29T12:00:00", Some("2024-02-29T12:00:00Z")),
            ("2024-02-29", Some("2024-02-29T00:00:00Z")),
            ("yesterday", None),
            ("2023-02-29T12:00:00Z", None),
        ] {
            assert_eq!(read(text).map(write).as_deref(), moment, "{text}");
        }
    }
}
