//! The advisory database of a command line without a server: one immutable file,
//! read in place, so that starting takes the same time whatever is in it.
//!
//! ```text
//! header   magic, version, sizes, their checksum, SHA-256 of everything below
//! sections (ecosystem, bits, slots) of each ecosystem, in the order of their codes
//! radix    of each section 2^bits + 1 counts: how many of its slots lie below each hash prefix
//! slots    (hash64, ceiling, offset, length) of each package, sorted within its section
//! blocks   a package's name and what each record says of it, in the slots' order
//! about    what the file holds, as JSON
//! ```
//!
//! A look-up reads two counts, the few slots between them, and the block of the
//! package, whose checksum and name are compared, unless the component is newer than
//! the last version that its records say anything of (`rank`). Sections keep what one
//! lockfile asks for close together: its packages are of one ecosystem. `build` writes
//! the file, `read` answers from it, `finding` judges a component; files and sockets are
//! the caller's.

mod block;
mod build;
mod bytes;
mod finding;
mod layout;
mod rank;
mod read;

pub use block::Entry;
pub use build::{Builder, Taken};
pub use finding::{Doubt, Finding, Verdict, judge};
pub use read::{Database, DatabaseError, ReadAt};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a database holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Records, withdrawn ones not counted.
    pub records: u64,
    /// Records that were withdrawn, kept so that an older copy cannot bring them back.
    pub withdrawn: u64,
    /// Packages that a record names.
    pub packages: u64,
    /// By OSV name, the ecosystems that records speak of.
    pub ecosystems: BTreeMap<String, Coverage>,
    /// By its address, up to where a source was taken in, in the source's own words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sources: BTreeMap<String, String>,
}

/// What a database holds of one ecosystem.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Records, withdrawn ones not counted.
    pub records: u64,
    /// When the newest of them was changed, in seconds since 1970.
    pub newest: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::Advisory;
    use crate::matcher::Subject;
    use crate::purl::Purl;
    use serde_json::{Value, json};

    const NOW: i64 = 1_800_000_000;

    /// A record of npm packages: (name, versions in the short spelling's ranges).
    fn record(id: &str, year: u16, aliases: &[&str], packages: &[(&str, &str, &str)]) -> Value {
        let affected: Vec<Value> = packages
            .iter()
            .map(|(name, introduced, fixed)| {
                json!({"package": {"ecosystem": "npm", "name": name},
                    "ranges": [{"type": "SEMVER", "events": [{"introduced": introduced}, {"fixed": fixed}]}]})
            })
            .collect();
        json!({"id": id, "modified": format!("{year}-01-01T00:00:00Z"), "aliases": aliases, "affected": affected,
            "summary": format!("about {id}")})
    }

    fn take(builder: &mut Builder, record: &Value) -> Taken {
        builder.add(&Advisory::from_osv(record.to_string().as_bytes()).expect("a record").value)
    }

    fn database(records: &[Value]) -> Database<Vec<u8>> {
        let mut builder = Builder::new(NOW);
        for record in records {
            take(&mut builder, record);
        }
        Database::open(builder.finish()).expect("a database")
    }

    fn verdict(database: &Database<Vec<u8>>, purl: &str) -> Verdict {
        let purl: Purl = purl.parse().expect(purl);
        let subject = Subject::of_purl(&purl).expect("a known ecosystem");
        let mut buffer = Vec::new();
        judge(&subject, &database.entries(&subject, &mut buffer).expect("a sound database"))
    }

    fn ids(database: &Database<Vec<u8>>, purl: &str) -> String {
        verdict(database, purl).findings.iter().map(|finding| finding.id.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_package_is_found_again_and_no_other() {
        let records: Vec<Value> = (0..500)
            .map(|n| record(&format!("X-{n}"), 2024, &[], &[(&format!("p{n}"), "0", "2.0.0"), ("all", "0", "1.0.0")]))
            .collect();
        let database = database(&records);
        database.verify().expect("as written");
        for n in 0..500 {
            assert_eq!(ids(&database, &format!("pkg:npm/p{n}@1.0.0")), format!("X-{n}"));
        }
        assert_eq!(verdict(&database, "pkg:npm/all@0.5.0").findings.len(), 500);
        assert_eq!(ids(&database, "pkg:npm/p500@1.0.0"), "");
        assert_eq!(ids(&database, "pkg:cargo/p1@1.0.0"), "");
        let about = database.about().expect("sound");
        assert_eq!((about.records, about.packages, about.ecosystems["npm"].records), (500, 501, 500));
    }

    #[test]
    fn an_empty_database_knows_nothing() {
        let database = database(&[]);
        assert_eq!(ids(&database, "pkg:npm/a@1.0.0"), "");
        assert_eq!(database.about().expect("sound"), About::default());
    }

    #[test]
    fn records_of_one_problem_are_one_finding_with_all_its_names() {
        let database = database(&[
            record("RUSTSEC-1", 2024, &["CVE-1"], &[("a", "0", "1.0.0")]),
            record("GHSA-1", 2024, &["CVE-1"], &[("a", "0", "1.2.0")]),
            record("PYSEC-1", 2024, &["GHSA-1"], &[("b", "0", "9.0.0")]),
            record("X-9", 2024, &[], &[("a", "0", "2.0.0")]),
        ]);
        let findings = verdict(&database, "pkg:npm/a@0.9.0").findings;
        let seen: Vec<_> = findings.iter().map(|f| (f.id.as_str(), f.aliases.join(" "), f.fixed.join(" "))).collect();
        let names = "CVE-1 PYSEC-1 RUSTSEC-1".to_owned();
        assert_eq!(seen, [("GHSA-1", names, "1.2.0".to_owned()), ("X-9", String::new(), "2.0.0".to_owned())]);
        assert_eq!(ids(&database, "pkg:npm/a@1.1.0"), "GHSA-1 X-9");
    }

    #[test]
    fn the_next_database_knows_what_the_last_one_did() {
        let mut second = record("X-2", 2024, &[], &[("a", "0", "1.0.0")]);
        let first = database(&[record("X-1", 2024, &[], &[("a", "0", "1.0.0"), ("b", "0", "1.0.0")]), second.clone()]);
        let mut builder = Builder::new(NOW);
        builder.add_database(&first).expect("sound");
        second["withdrawn"] = json!("2025-01-01T00:00:00Z");
        second["modified"] = json!("2025-01-01T00:00:00Z");
        for (record, taken) in [
            (record("X-1", 2023, &[], &[("a", "0", "9.0.0")]), Taken::Known),
            (second.clone(), Taken::Withdrawn),
            (second, Taken::Known),
            (record("X-2", 2024, &[], &[("a", "0", "1.0.0")]), Taken::Known),
            (record("X-3", 2025, &[], &[("c", "0", "1.0.0")]), Taken::New),
            (record("X-3", 2026, &[], &[("c", "0", "1.0.1")]), Taken::Changed),
        ] {
            assert_eq!(take(&mut builder, &record), taken, "{record}");
        }
        let next = Database::open(builder.finish()).expect("a database");
        for (purl, expect) in [("pkg:npm/a@0.1.0", "X-1"), ("pkg:npm/b@0.1.0", "X-1"), ("pkg:npm/c@1.0.0", "X-3")] {
            assert_eq!(ids(&next, purl), expect, "{purl}");
        }
        let about = next.about().expect("sound");
        assert_eq!((about.records, about.withdrawn, about.packages), (2, 1, 3));
    }

    #[test]
    fn how_far_a_source_was_read_is_remembered() {
        let mut builder = Builder::new(NOW);
        builder.remember("https://mirror.example/all.zip", "\"v1\"");
        let first = Database::open(builder.finish()).expect("a database");
        let mut builder = Builder::new(NOW);
        builder.add_database(&first).expect("sound");
        builder.remember("https://other.example/", "7");
        let remembered: Vec<_> = builder.remembered().iter().map(|(at, mark)| format!("{at} {mark}")).collect();
        assert_eq!(remembered, ["https://mirror.example/all.zip \"v1\"", "https://other.example/ 7"]);
    }

    #[test]
    fn a_record_from_the_future_can_be_corrected() {
        let mut builder = Builder::new(NOW);
        take(&mut builder, &record("X-1", 2999, &[], &[("a", "0", "9.0.0")]));
        let first = Database::open(builder.finish()).expect("a database");
        let mut builder = Builder::new(NOW + 86_400 * 365);
        builder.add_database(&first).expect("sound");
        assert_eq!(take(&mut builder, &record("X-1", 2028, &[], &[("a", "0", "1.0.0")])), Taken::Changed);
    }

    #[test]
    fn damage_is_an_error_and_never_an_empty_answer() {
        let bytes = {
            let mut builder = Builder::new(NOW);
            take(&mut builder, &record("X-1", 2024, &[], &[("a", "0", "1.0.0")]));
            builder.finish()
        };
        let purl = "pkg:npm/a@0.1.0".parse().expect("a purl");
        let subject = Subject::of_purl(&purl).expect("npm");
        for place in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[place] ^= 0x20;
            let sound = Database::open(damaged).and_then(|database| database.verify());
            assert!(sound.is_err(), "byte {place}");
        }
        for length in [0, 50, 110, bytes.len() - 1] {
            assert!(Database::open(bytes[..length].to_vec()).is_err(), "{length} bytes");
        }
        let mut damaged = bytes.clone();
        let block = damaged.windows(3).position(|three| three == b"X-1").expect("the id");
        damaged[block] ^= 1;
        let answer = Database::open(damaged).expect("a sound header").entries(&subject, &mut Vec::new()).map(|e| e.len());
        assert!(matches!(answer, Err(DatabaseError::Damaged(_))), "{answer:?}");
    }

    #[test]
    fn a_malicious_list_remembers_the_incident() {
        let mut stolen = record("MAL-2025-1", 2025, &[], &[("a", "0", "1.0.0")]);
        stolen["affected"][0]["ranges"] = json!([{"type": "SEMVER", "events": [{"introduced": "0"}]}]);
        stolen["affected"][0]["versions"] = json!(["4.1.2"]);
        let database = database(&[stolen]);
        let (bad, good) = (verdict(&database, "pkg:npm/a@4.1.2"), verdict(&database, "pkg:npm/a@4.1.3"));
        assert_eq!(bad.findings.iter().map(|f| f.severity.name()).collect::<Vec<_>>(), ["malicious"]);
        assert_eq!((good.findings.len(), good.incident), (0, true));
    }

    #[test]
    fn a_version_that_nobody_can_read_is_a_doubt() {
        let database = database(&[record("X-1", 2024, &[], &[("a", "0", "1.0.0")])]);
        for purl in ["pkg:npm/a", "pkg:npm/a@banana"] {
            let verdict = verdict(&database, purl);
            assert_eq!((verdict.findings.len(), verdict.doubts.len()), (0, 1), "{purl}");
        }
    }
}
