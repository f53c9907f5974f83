//! Tests that hold for every scheme: its fixture, the laws of an order, and the
//! larger lists of a data folder where `BOMWARDEN_DATA` names one.

use super::{Scheme, check};
use proptest::prelude::*;
use std::cmp::Ordering;
use std::path::PathBuf;

struct Subject {
    scheme: &'static dyn Scheme,
    fixture: &'static str,
    /// What its versions are made of: texts in which the laws of an order must hold.
    pieces: &'static [&'static str],
}

const SUBJECTS: &[Subject] = &[
    Subject {
        scheme: &super::SEMVER,
        fixture: include_str!("fixtures/semver.txt"),
        pieces: &["0", "1", "10", "01", ".", ".", "-", "+", "alpha", "rc", "v", "99999999999999999999"],
    },
    Subject {
        scheme: &super::GO,
        fixture: include_str!("fixtures/go.txt"),
        pieces: &["0", "1", "21", ".", ".", "-", "+", "rc", "beta1", "go", "v", "20240101"],
    },
    Subject {
        scheme: &super::SEMVER_BUILD,
        fixture: include_str!("fixtures/semver-build.txt"),
        pieces: &["0", "1", "10", ".", ".", "-", "+", "+", "dev", "hotfix"],
    },
    Subject {
        scheme: &super::PEP440,
        fixture: include_str!("fixtures/pep440.txt"),
        pieces: &["0", "1", "2024", ".", ".", "a", "rc", "post", "dev", "!", "+", "-", "local", "_", "x", "@"],
    },
    Subject {
        scheme: &super::RUBYGEMS,
        fixture: include_str!("fixtures/rubygems.txt"),
        pieces: &["0", "0", "1", "10", ".", ".", ".", "a", "rc", "beta", "-", "pre", "B"],
    },
    Subject {
        scheme: &super::NUGET,
        fixture: include_str!("fixtures/nuget.txt"),
        pieces: &["0", "1", "10", ".", ".", "-", "+", "Alpha", "alpha", "rc", "5"],
    },
    Subject {
        scheme: &super::PACKAGIST,
        fixture: include_str!("fixtures/packagist.txt"),
        pieces: &["0", "1", "10", ".", ".", "-", "+", "_", "dev", "alpha", "BETA", "RC", "p", "patch", "v", "x"],
    },
    Subject {
        scheme: &super::HACKAGE,
        fixture: include_str!("fixtures/hackage.txt"),
        pieces: &["0", "1", "10", ".", ".", "99999999999999999999"],
    },
    Subject {
        scheme: &super::CRAN,
        fixture: include_str!("fixtures/cran.txt"),
        pieces: &["0", "1", "10", ".", "-", "99999999999999999999"],
    },
    Subject {
        scheme: &super::MAVEN,
        fixture: include_str!("fixtures/maven.txt"),
        pieces: &["1", ".1", ".10", ".2", "-rc", ".RC2", "-beta-1", ".Final", "-sp", "-SNAPSHOT", "-x", ".v2"],
    },
    Subject {
        scheme: &super::DPKG,
        fixture: include_str!("fixtures/dpkg.txt"),
        pieces: &["0", "1", "10", "01", ".", "~", "+", "-", ":", "deb", "a", "ubuntu", "rc"],
    },
    Subject {
        scheme: &super::OPAM,
        fixture: include_str!("fixtures/opam.txt"),
        pieces: &["0", "1", "10", "01", ".", "~", "+", "-", "v", "a", "alpha"],
    },
    Subject {
        scheme: &super::RPM,
        fixture: include_str!("fixtures/rpm.txt"),
        pieces: &["0", "1", "10", "01", ".", "~", "^", "-", "_", ":", "a", "el", "git"],
    },
    Subject {
        scheme: &super::APK,
        fixture: include_str!("fixtures/apk.txt"),
        pieces: &["0", "1", "10", "01", ".", "_", "-", "-r", "a", "alpha", "rc", "p", "cvs", "~", "_p", "_pre"],
    },
    Subject {
        scheme: &super::BITNAMI,
        fixture: include_str!("fixtures/bitnami.txt"),
        pieces: &["0", "1", "10", ".", ".", "-", "-1", "rc", "beta"],
    },
    Subject {
        scheme: &super::CONAN,
        fixture: include_str!("fixtures/conan.txt"),
        // Conan itself has 2 < 10 < 1a < 2: the laws hold among numbers only.
        pieces: &["1", ".0", ".1", ".10", ".9"],
    },
    Subject {
        scheme: &super::FREEBSD,
        fixture: include_str!("fixtures/freebsd.txt"),
        pieces: &["0", "1", "10", ".", ".", "a", "b2", "rc1", "pl", "_1", ",1", "+"],
    },
    Subject {
        scheme: &super::HOMEBREW,
        fixture: include_str!("fixtures/homebrew.txt"),
        pieces: &["1", "10", ".1", ".2", "alpha", "beta2", "rc1", "-p", "_1", "w"],
    },
    Subject {
        scheme: &super::CPE,
        fixture: include_str!("fixtures/cpe.txt"),
        pieces: &["0", "1", ".10", ".2", "-", "a", "k", "rc", "beta1", "p", "sp1", "lts", "final", " rc1", " sp2", "(2)"],
    },
    Subject {
        scheme: &super::ALPM,
        fixture: include_str!("fixtures/alpm.txt"),
        // A release counts only where both versions have one, which is no order among three.
        pieces: &["1", ".1", ".10", ".2", "rc1"],
    },
    Subject {
        scheme: &super::GENTOO,
        fixture: include_str!("fixtures/gentoo.txt"),
        pieces: &["0", "1", "10", ".", ".", "_p1", "_rc", "_alpha2", "a", "-r1", "-r0"],
    },
    Subject {
        scheme: &super::OPENSSL,
        fixture: include_str!("fixtures/openssl.txt"),
        pieces: &["1", ".0", ".1", ".10", "a", "zb", "-beta1", "-alpha2"],
    },
];

/// The lists of the data folder and the schemes that order them.
const LISTS: &[(&str, &dyn Scheme)] = &[
    ("semver-versions", &super::SEMVER),
    ("pub-versions", &super::SEMVER_BUILD),
    ("pypi-versions", &super::PEP440),
    ("pypi-versions-generated", &super::PEP440),
    ("rubygems-versions", &super::RUBYGEMS),
    ("rubygems-versions-generated", &super::RUBYGEMS),
    ("nuget-versions", &super::NUGET),
    ("packagist-versions", &super::PACKAGIST),
    ("packagist-versions-generated", &super::PACKAGIST),
    ("hackage-versions", &super::HACKAGE),
    ("cran-versions", &super::CRAN),
    ("cran-versions-generated", &super::CRAN),
    ("maven-versions", &super::MAVEN),
    ("maven-versions-generated", &super::MAVEN),
    ("debian-versions", &super::DPKG),
    ("debian-versions-generated", &super::DPKG),
    ("redhat-versions", &super::RPM),
    ("rpmvercmp-upstream", &super::RPM),
    ("alpine-versions", &super::APK),
    ("alpine-versions-generated", &super::APK),
];

/// Lines of these lists that the ecosystem's own tool orders otherwise.
const CONTRADICTED: &[(&str, &[&str])] = &[
    // Composer fills up to four numbers and knows words in any case, and that `stable` is none
    // (composer/semver, `VersionParser::normalize`).
    ("packagist-versions", &["1.0.0 > 1.0"]),
    (
        "packagist-versions-generated",
        &[
            "v3.4 < v3.4.0-alpha",
            "v4.4 < v4.4.0-beta",
            "v6.6 < v6.6.0-beta",
            "v1.9.0-BETA.1 < v1.9.0-ALPHA.2",
            "v1.9.0-ALPHA.2 = v1.9.0-BETA.2",
            "5.1.0-stable < 5.1.0-beta2",
        ],
    ),
    // Maven 3.8.7's and later's `ComparableVersion` reads a dot before a qualifier as a hyphen (MNG-7644).
    (
        "maven-versions-generated",
        &[
            "2.9.0-1 < 2.9.0.RC1",
            "1.1.31.sec10 < 1.1.31_noneautotype",
            "1.1.34.sec10 < 1.1.34_noneautotype",
            "1.2.8.sec10_noneautotype < 1.2.8_noneautotype",
            "1.2.31.sec10 < 1.2.31_noneautotype",
            "1.2.48.sec10 < 1.2.48_noneautotype",
            "1.2.50.sec10 < 1.2.50_noneautotype",
            "1.2.54.sec10 < 1.2.54_noneautotype",
            "1.2.57.sec10 < 1.2.57_noneautotype",
            "1.2.60.sec10 < 1.2.60_noneautotype",
            "1.0.0rc0 < 1.0.beta8",
            "1.1.0-01-glassfish < 1.1.0.Beta1",
        ],
    ),
];

#[test]
fn every_fixture_line_is_agreed_with() {
    for subject in SUBJECTS {
        let (claims, wrong) = disagreements(subject.scheme, subject.fixture);
        assert!(claims > 5, "{} has {claims} lines", subject.scheme.name());
        assert!(wrong.is_empty(), "{}:\n{}", subject.scheme.name(), wrong.join("\n"));
    }
}

#[test]
fn every_line_of_the_data_folder_is_agreed_with() {
    let Some(folder) = std::env::var_os("BOMWARDEN_DATA").map(PathBuf::from) else {
        println!("skipped: BOMWARDEN_DATA names no data folder");
        return;
    };
    let mut wrong = Vec::new();
    for (list, scheme) in LISTS {
        let path = folder.join("versions").join(format!("{list}.txt"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let expected = CONTRADICTED.iter().find(|(name, _)| name == list).map_or(&[][..], |(_, lines)| *lines);
        let is_expected = |line: &str| expected.contains(&line.trim());
        let (_, all) = disagreements(*scheme, &text);
        let agreeable: Vec<&str> = text.lines().map(|line| if is_expected(line) { "" } else { line }).collect();
        let (claims, found) = disagreements(*scheme, &agreeable.join("\n"));
        println!("{list}: {} of {claims}, {} contradicted by the tool itself", claims - found.len(), all.len() - found.len());
        wrong.extend(found.into_iter().map(|line| format!("{list}: {line}")));
    }
    assert!(wrong.is_empty(), "{} disagreements\n{}", wrong.len(), wrong.join("\n"));
}

/// How many claims a list makes, and those that the scheme does not share in either direction.
fn disagreements(scheme: &dyn Scheme, list: &str) -> (usize, Vec<String>) {
    let mut claims = 0;
    let mut wrong = Vec::new();
    for (i, line) in list.lines().enumerate() {
        let claim = check::Claim::of_line(line).unwrap_or_else(|e| panic!("line {}: {e}", i + 1));
        let Some(claim) = claim else { continue };
        claims += 1;
        let turned = scheme.compare(claim.b, claim.a);
        match check::check_line(scheme, line) {
            Ok(Some(disagreement)) => wrong.push(format!("line {}: {disagreement}", i + 1)),
            _ if turned != Ok(claim.order.reverse()) => wrong.push(format!("line {}: {line} turned: {turned:?}", i + 1)),
            _ => {}
        }
    }
    (claims, wrong)
}

fn versions(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 1..10).prop_map(|pieces| pieces.concat())
}

#[test]
fn every_scheme_keeps_the_laws_of_an_order() {
    for subject in SUBJECTS {
        let one = || versions(subject.pieces);
        let config = ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let outcome = runner.run(&(one(), one(), one()), |(a, b, c)| laws(subject.scheme, [&a, &b, &c]));
        assert!(outcome.is_ok(), "{}: {outcome:?}", subject.scheme.name());
    }
}

fn laws(scheme: &dyn Scheme, [a, b, c]: [&str; 3]) -> Result<(), TestCaseError> {
    let compare = |x, y| scheme.compare(x, y).ok();
    if let Some(same) = compare(a, a) {
        prop_assert_eq!(same, Ordering::Equal, "{} is itself", a);
    }
    prop_assert_eq!(compare(a, b), compare(b, a).map(Ordering::reverse), "{} and {} turned", a, b);
    if let (Some(ab), Some(bc)) = (compare(a, b), compare(b, c))
        && (ab == bc || bc.is_eq() || ab.is_eq())
    {
        prop_assert_eq!(compare(a, c), Some(ab.then(bc)), "{}, {}, {}: {:?} and {:?}", a, b, c, ab, bc);
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_text_makes_a_scheme_panic(a in "\\PC{0,24}", b in "[0-9a-z.+~^:_ é-]{0,24}") {
        for subject in SUBJECTS {
            for (x, y) in [(&a, &b), (&b, &a), (&a, &a)] {
                let _ = subject.scheme.compare(x, y);
                let _ = subject.scheme.check(x);
            }
        }
    }
}
