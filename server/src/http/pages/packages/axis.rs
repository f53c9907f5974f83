//! Owners on a time axis, as numbers for a drawing: no scripts, no inline styles.

use bom::watched::{Source, Tenure};
use chrono::{DateTime, Datelike, TimeZone, Utc};

/// The drawing's width, and the height of one owner's row.
const WIDTH: i64 = 1000;
const ROW: i64 = 26;
/// The most owners that are drawn; the table has all.
const MOST: usize = 40;

/// The drawing.
pub struct Axis {
    pub width: i64,
    pub height: i64,
    pub bars: Vec<Bar>,
    pub ticks: Vec<Tick>,
}

/// One tenure.
pub struct Bar {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub login: String,
    /// `now` or `gone`.
    pub class: &'static str,
}

/// The beginning of a year.
pub struct Tick {
    pub x: i64,
    pub year: i32,
}

/// Lays the tenures out between the first beginning and now.
pub fn axis(tenures: &[Tenure], now: DateTime<Utc>) -> Axis {
    let begin = tenures.iter().map(|tenure| tenure.from.at).min().unwrap_or(now).min(now);
    let span = (now - begin).num_seconds().max(1);
    let x = |at: DateTime<Utc>| ((at - begin).num_seconds().clamp(0, span)).saturating_mul(WIDTH) / span;
    let bars: Vec<Bar> = (0_i64..)
        .zip(tenures.iter().rev().take(MOST))
        .map(|(row, tenure)| {
            let (from, until) = (x(tenure.from.at), x(tenure.until.map_or(now, |until| until.at)));
            // A tenure of an hour is still to be seen.
            let width = (until - from).max(4);
            let class = if tenure.until.is_none() { "now" } else { "gone" };
            Bar { x: from.min(WIDTH - width), y: row * ROW, width, login: tenure.owner.login.clone(), class }
        })
        .collect();
    let years = (begin.year() + 1)..=now.year();
    let start = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single();
    // Not more than about ten, however old a package is.
    let step = usize::try_from((now.year() - begin.year()) / 10 + 1).unwrap_or(1);
    let ticks = years.step_by(step).filter_map(|year| Some(Tick { x: x(start(year)?), year })).collect();
    let rows = i64::try_from(bars.len()).unwrap_or(0);
    Axis { width: WIDTH, height: rows * ROW + 20, bars, ticks }
}

/// How a time is known, in words.
pub fn known_by(source: Source) -> &'static str {
    match source {
        Source::Record => "by the registry's record",
        Source::FirstSight => "or earlier: it was so when the watch began",
        Source::Look => "seen by a look",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bom::snapshot::Owner;
    use bom::watched::Moment;

    #[test]
    fn bars_stay_within_the_drawing_and_begin_where_they_should() {
        let at = |text: &str| Moment { at: text.parse().expect("a time"), source: Source::Look };
        let tenure = |from: &str, until: Option<&str>| Tenure { owner: Owner::default(), from: at(from), until: until.map(at) };
        let tenures = [
            tenure("2024-01-01T00:00:00Z", Some("2026-01-01T00:00:00Z")),
            tenure("2025-12-31T23:00:00Z", None),
            tenure("2030-01-01T00:00:00Z", None),
        ];
        let axis = axis(&tenures, "2026-01-01T00:00:00Z".parse().expect("a time"));
        let places: Vec<_> = axis.bars.iter().map(|bar| (bar.x, bar.width, bar.class)).collect();
        assert_eq!(places, [(996, 4, "now"), (996, 4, "now"), (0, 1000, "gone")]);
        assert_eq!(axis.ticks.iter().map(|tick| tick.year).collect::<Vec<_>>(), [2025, 2026]);
        assert_eq!(super::axis(&[], Utc.timestamp_nanos(0)).bars.len(), 0);
    }
}
