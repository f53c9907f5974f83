//! Up to which version the records of a package say anything. Most components are newer
//! than every fix, and their package's block need not be read.

use super::block::Entry;
use crate::advisory::{Event, Range, RangeKind, Versions};

/// Above every rank: the block must be read.
const OPEN: u64 = u64::MAX;

/// Bits of each number in a rank.
const BITS: u32 = 20;
/// Digits of a number at most; six stay below 2^20.
const DIGITS: u32 = 6;

/// The rank of one to three numbers with dots between them; `None` for any other text.
/// Semantic Versioning orders such versions as their ranks.
pub fn rank(version: &str) -> Option<u64> {
    let (mut rank, mut dots) = (0_u64, 0);
    let (mut number, mut digits) = (0_u64, 0);
    for byte in version.bytes() {
        match byte {
            b'0'..=b'9' if digits < DIGITS && (digits == 0 || number > 0) => {
                number = number * 10 + u64::from(byte - b'0');
                digits += 1;
            }
            b'.' if digits > 0 && dots < 2 => {
                rank = rank << BITS | number;
                (number, digits) = (0, 0);
                dots += 1;
            }
            _ => return None,
        }
    }
    (digits > 0).then_some((rank << BITS | number) << (BITS * (2 - dots)))
}

/// The rank above which no version is affected, and of none it cannot be told; [`OPEN`]
/// where there is no such rank, or it is not plain to see: anything but `SEMVER` ranges, the
/// only ones that every ecosystem orders alike.
pub fn ceiling(entries: &[Entry<'_>]) -> u64 {
    entries.iter().filter(|entry| !entry.withdrawn).map(of_entry).max().unwrap_or(0)
}

fn of_entry(entry: &Entry<'_>) -> u64 {
    match Versions::from_text(entry.versions) {
        Ok(versions) if !entry.incident && versions.listed.is_empty() => {
            versions.ranges.iter().map(of_range).max().unwrap_or(OPEN)
        }
        _ => OPEN,
    }
}

/// A range whose last event ends it says nothing of what comes after that. A pre-release
/// (RustSec begins at `0.0.0-0`) lies below its version and above every lower rank.
fn of_range(range: &Range) -> u64 {
    let (mut begun, mut ended) = (0, 0);
    for event in &range.events {
        let (place, at) = match event {
            Event::Introduced(at) => (&mut begun, at),
            Event::Fixed(at) | Event::LastAffected(at) => (&mut ended, at),
            Event::Behind(_) | Event::Limit(_) => return OPEN,
        };
        let release = at.split(['-', '+']).next().and_then(rank);
        *place = release.unwrap_or(OPEN).max(*place);
    }
    if range.kind == RangeKind::Semver && begun < ended { ended } else { OPEN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::Answer;
    use crate::version::{SCHEMES, SEMVER, Scheme as _};
    use proptest::prelude::*;

    #[test]
    fn only_plain_versions_have_a_rank() {
        for (version, expect) in [
            ("0", Some(0)),
            ("1", Some(1 << 40)),
            ("1.0", Some(1 << 40)),
            ("1.2.3", Some(1 << 40 | 2 << 20 | 3)),
            ("999999.999999.999999", Some(999_999 << 40 | 999_999 << 20 | 999_999)),
            ("", None),
            (".", None),
            ("1.", None),
            (".1", None),
            ("1..2", None),
            ("1.2.3.4", None),
            ("1000000", None),
            ("01", None),
            ("1.02", None),
            ("00", None),
            ("1.2-3", None),
            ("v1", None),
            ("1:2", None),
        ] {
            assert_eq!(rank(version), expect, "{version}");
        }
    }

    /// An entry of these versions in their short spelling.
    fn entry(versions: &str) -> Entry<'_> {
        Entry {
            id: "A",
            problem: 0,
            aliases: Vec::new(),
            names: Vec::new(),
            modified: 0,
            severity: crate::advisory::Severity::Unknown,
            malicious: false,
            withdrawn: false,
            incident: false,
            informational: "",
            release: "",
            summary: "",
            versions,
        }
    }

    #[test]
    fn a_ceiling_is_where_the_last_record_ends() {
        let at = |version: &str| rank(version).unwrap_or_default();
        for (versions, expect) in [
            ("S\ni0\nf1.2.3", at("1.2.3")),
            ("S\ni0\nf1\ni2\nf2.5", at("2.5")),
            ("S\ni2\nf2.5\ni0\nf1", at("2.5")),
            ("S\ni0\nl4", at("4")),
            ("E\ni0\nl4", OPEN),
            ("v1.0.0\nS\ni0\nf2", OPEN),
            ("S\ni0\nf2\nE\ni0\nf2", OPEN),
            ("S\ni0", OPEN),
            ("S\ni0\nf1\ni2", OPEN),
            ("S\ni1\nl1", OPEN),
            ("S\ni0.0.0-0\nf1.2.3-rc.1", at("1.2.3")),
            ("S\ni1.2.3\nf1.2.3-rc.1", OPEN),
            ("S\ni0\nf1.2.3rc1", OPEN),
            ("G\ni0\nf1", OPEN),
            ("S\ni0\nf1\nm2", OPEN),
            ("unreadable", OPEN),
            ("", OPEN),
        ] {
            assert_eq!(ceiling(&[entry(versions)]), expect, "{versions}");
        }
        assert_eq!(ceiling(&[]), 0);
        assert_eq!(ceiling(&[entry("S\ni0\nf1"), entry("S\ni0\nf3")]), at("3"));
        assert_eq!(ceiling(&[entry("S\ni0\nf1"), Entry { withdrawn: true, ..entry("S\ni0") }]), at("1"));
        assert_eq!(ceiling(&[Entry { incident: true, ..entry("S\ni0\nf1") }]), OPEN);
    }

    proptest! {
        #[test]
        fn ranks_are_in_the_order_of_versions(
            a in "(0|[1-9][0-9]{0,5})(\\.(0|[1-9][0-9]{0,2})){0,2}",
            b in "(0|[1-9][0-9]{0,5})(\\.(0|[1-9][0-9]{0,2})){0,2}",
        ) {
            let (x, y) = (rank(&a).expect("plain"), rank(&b).expect("plain"));
            prop_assert_eq!(SEMVER.compare(&a, &b), Ok(x.cmp(&y)));
        }

        #[test]
        fn above_the_ceiling_nothing_is_said(
            ranges in prop::collection::vec(prop::collection::vec("(i[0-3]|[fl][1-4])(\\.[0-3]){0,2}(-0|-a|\\+b)?", 1..5), 1..3),
            version in "[0-5](\\.[0-4]){0,2}",
        ) {
            let text: Vec<String> = ranges.iter().map(|events| format!("S\n{}", events.join("\n"))).collect();
            let text = text.join("\n");
            let entry = entry(&text);
            if rank(&version).is_some_and(|rank| rank > ceiling(std::slice::from_ref(&entry))) {
                for scheme in SCHEMES {
                    let answer = crate::advisory::VersionsText(&text).affects(*scheme, &version);
                    prop_assert_eq!(answer, Answer::No, "{} {} {}", scheme.name(), version, text);
                }
            }
        }
    }
}
