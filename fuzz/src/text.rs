//! Readers of short texts, and the laws that they keep.

use bom::cpe::{Conditions, Cpe};
use bom::cvss::Scores;
use bom::ecosystem::{ECOSYSTEMS, Package};
use bom::purl::Purl;
use bom::version::{Scheme, vers::Vers};
use std::cmp::Ordering;

fn words(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// What is read as a purl is written as one that reads the same.
pub fn purl(data: &[u8]) {
    let Some(text) = words(data) else { return };
    if let Ok(purl) = text.parse::<Purl>() {
        let written = purl.to_string();
        assert_eq!(written.parse::<Purl>().as_ref(), Ok(&purl), "{written}");
    }
    if let Ok((purl, _)) = Purl::tolerant(text) {
        let _ = purl.checked();
    }
}

/// What a CPE names is a package that has the same name again.
pub fn cpe(data: &[u8]) {
    let Some(text) = words(data) else { return };
    if let Ok(cpe) = Cpe::of(text) {
        let _ = (cpe.full_version(), cpe.qualifiers(), Conditions::of(&cpe).to_text());
        if let Some(package) = cpe.package() {
            assert_eq!(Package::named(package.ecosystem, &package.name), package, "{text}");
        }
    }
}

/// The first byte names an ecosystem, the lines behind it are versions: their order is
/// total, as far as they are written in characters that versions have.
pub fn versions(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let Some(text) = words(rest) else { return };
    let scheme = ECOSYSTEMS[usize::from(*first) % ECOSYSTEMS.len()].scheme;
    let lines: Vec<&str> = text.lines().take(3).collect();
    let plain = |one: &str| one.chars().all(|c| c.is_ascii_alphanumeric() || ".-+_~:!".contains(c));
    // Conan compares a number and a word as texts: mixtures of both are in no order.
    let mixed = scheme.name() == "conan" && lines.iter().any(|one| one.chars().any(char::is_alphabetic));
    let fit = !mixed && lines.iter().all(|one| scheme.check(one).is_ok() && plain(one));
    let [a, b, c] = lines[..] else { return };
    let (Ok(ab), Ok(bc)) = (scheme.compare(a, b), scheme.compare(b, c)) else { return };
    assert_eq!(scheme.compare(b, a), Ok(ab.reverse()), "{}: {a:?} {b:?}", scheme.name());
    // What breaks a scheme's rule is ordered as the ecosystem's own tool does, in circles if it does.
    if !fit {
        return;
    }
    if ab == bc || bc == Ordering::Equal {
        chain(scheme, [a, b, c], ab);
    } else if ab == Ordering::Equal {
        chain(scheme, [a, b, c], bc);
    }
}

fn chain(scheme: &dyn Scheme, [a, b, c]: [&str; 3], expected: Ordering) {
    assert_eq!(scheme.compare(a, c), Ok(expected), "{}: {a:?} {b:?} {c:?}", scheme.name());
}

/// A range and, on its second line, a version.
pub fn vers(data: &[u8]) {
    let Some(text) = words(data) else { return };
    let (range, version) = text.split_once('\n').unwrap_or((text, "1.0"));
    let _ = Vers::of_canonical(range);
    if let Ok(range) = Vers::of(range) {
        let _ = range.order();
        let _ = range.contains(version);
    }
}

/// Scores lie within their scale.
pub fn cvss(data: &[u8]) {
    let Some(text) = words(data) else { return };
    if let Ok(scores) = Scores::of(text) {
        let _ = scores.word();
    }
}
