//! FIRST's scores of how likely a vulnerability is to be exploited within 30 days
//! (EPSS): a CSV file with a line for each CVE, gzip or plain. Its first line is a
//! comment with the day of the scores.

use super::{Entry, Fact, Feed, Sink, Source, rewind, whole_text};
use bom::reading::ReadError;
use bom::remark::{Remark, Said};
use chrono::{DateTime, Utc};
use flate2::read::MultiGzDecoder;

/// The most bytes of the file, unpacked; 300,000 lines have about 10 MB.
const LONGEST: u64 = 256 << 20;
const COLUMNS: &str = "cve,epss,percentile";

/// The feed.
pub(super) struct Epss;

/// The day of the scores as the file writes it, and its lines.
struct Scores {
    day: String,
    lines: String,
}

impl Feed for Epss {
    fn kind(&self) -> &'static str {
        "epss"
    }

    fn takes(&self, path: &str) -> bool {
        path.ends_with(".csv") || path.ends_with(".csv.gz")
    }

    fn count(&self, path: &str, file: &mut dyn Source) -> Result<u64, ReadError> {
        let scores = scores(path, file)?;
        Ok(u64::try_from(lines(&scores).count()).unwrap_or(u64::MAX))
    }

    fn records(&self, path: &str, file: &mut dyn Source, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let scores = scores(path, file)?;
        for line in lines(&scores) {
            let name = line.split(',').next().unwrap_or_default().to_owned();
            if sink(Entry { name, content: Ok(format!("{line},{}", scores.day).into_bytes()) }).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn read(&self, record: &[u8]) -> Result<Fact, ReadError> {
        let wrong = || ReadError::whole("an id, a score from 0 to 1, a percentile and a day were expected");
        let line = std::str::from_utf8(record).map_err(|_| wrong())?;
        let [name, score, _, day] = line.split(',').map(str::trim).collect::<Vec<_>>()[..] else { return Err(wrong()) };
        let at = time(day).ok_or_else(wrong)?;
        let likelihood = parts(score).filter(|_| !name.is_empty()).ok_or_else(wrong)?;
        Ok(Fact::Remark(Remark { name: name.to_owned(), at, said: Said::Likelihood(likelihood) }))
    }
}

/// A score from 0 to 1 in parts of 100,000.
fn parts(score: &str) -> Option<u32> {
    let value: f64 = score.parse().ok().filter(|value| (0.0..=1.0).contains(value))?;
    format!("{:.0}", value * 100_000.0).parse().ok()
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    let day = |text: &str| Some(text.parse::<chrono::NaiveDate>().ok()?.and_time(chrono::NaiveTime::MIN).and_utc());
    let exact = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z"));
    exact.map(|at| at.with_timezone(&Utc)).ok().or_else(|| day(text))
}

fn lines(scores: &Scores) -> impl Iterator<Item = &str> {
    scores.lines.lines().skip_while(|line| line.trim() != COLUMNS).skip(1).filter(|line| !line.trim().is_empty())
}

fn scores(path: &str, file: &mut dyn Source) -> Result<Scores, ReadError> {
    let wrong = |words: &str| ReadError::at(path, None, words.to_owned());
    let mut start = [0; 2];
    let failed = |error: std::io::Error| ReadError::at(path, None, format!("it cannot be read: {error}"));
    rewind(path, file)?;
    let packed = file.read(&mut start).map_err(failed)? == 2 && start == [0x1f, 0x8b];
    rewind(path, file)?;
    let bytes = if packed {
        // Read whole, so that a file that was cut off is seen before anything is taken.
        whole_text(path, &mut MultiGzDecoder::new(file), LONGEST)?
    } else {
        whole_text(path, file, LONGEST)?
    };
    let lines = String::from_utf8(bytes).map_err(|_| wrong("it is no text"))?;
    let comment = lines.lines().next().filter(|line| line.starts_with('#'));
    let day =
        comment.and_then(|line| line.split(',').find_map(|part| part.trim().trim_start_matches('#').strip_prefix("score_date:")));
    let day = day.filter(|day| time(day).is_some()).map(str::to_owned);
    let day = day.ok_or_else(|| wrong("its first line does not say of which day its scores are (`#…,score_date:…`)"))?;
    if !lines.lines().any(|line| line.trim() == COLUMNS) {
        return Err(wrong("it has no line `cve,epss,percentile`"));
    }
    Ok(Scores { day, lines })
}

#[cfg(test)]
mod tests {
    use super::super::tests::facts;
    use super::*;
    use std::io::{Cursor, Write as _};

    const SMALL: &str = "#model_version:v2025.03.14,score_date:2026-01-02T12:55:00Z\ncve,epss,percentile\n\
                         CVE-2026-1,0.97512,0.99\nCVE-2026-2,1.5,0.5\nCVE-2026-3,0.00042,0.05\n";

    #[test]
    fn scores_are_read_from_plain_and_packed_files() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(SMALL.as_bytes()).expect("bytes");
        let packed = packed.finish().expect("a file");
        for bytes in [SMALL.as_bytes(), &packed] {
            let read = facts(&Epss, "epss.csv", bytes);
            let score = |fact: &Result<Fact, ReadError>| match fact {
                Ok(Fact::Remark(Remark { said: Said::Likelihood(score), .. })) => Some(*score),
                _ => None,
            };
            assert_eq!(read.iter().map(score).collect::<Vec<_>>(), [Some(97_512), None, Some(42)]);
        }
        let half = packed.get(..packed.len() / 2).expect("half");
        assert!(Epss.count("epss.csv.gz", &mut Cursor::new(half)).is_err(), "a file that is cut off");
        assert!(Epss.count("epss.csv", &mut Cursor::new("cve,epss,percentile\n")).is_err(), "no day");
    }
}
