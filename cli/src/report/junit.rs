//! JUnit XML: a suite for each document, a failed case for each finding, a skipped one
//! for what a VEX document settles or could not be told, and one passed case where nothing was found.

use super::{Report, sentence, word};
use crate::scan::Scanned;
use std::fmt::Write as _;

/// The report.
pub fn report(report: &Report<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"bomwarden scan\">\n");
    for scanned in report.scanned {
        suite(scanned, &mut out);
    }
    out.push_str("</testsuites>\n");
    out
}

fn suite(scanned: &Scanned, out: &mut String) {
    let mut cases: Vec<String> = Vec::new();
    for hit in &scanned.hits {
        let (name, kind, text) = (format!("{} {}", hit.component, hit.finding.id), word(hit), sentence(hit));
        cases.push(case(&scanned.name, &name, &format!("<failure type={} message={}/>", quoted(kind), quoted(&text))));
    }
    let failures = cases.len();
    let doubts = scanned.doubts.iter().map(|(component, doubt)| (component, format!("{}: {}", doubt.id, doubt.reason)));
    let unknown = scanned.unknown.iter().map(|(component, why)| (component, why.clone()));
    for (hit, why) in &scanned.settled {
        let name = format!("{} {}", hit.component, hit.finding.id);
        cases.push(case(&scanned.name, &name, &format!("<skipped message={}/>", quoted(&why.sentence()))));
    }
    for (component, why) in doubts.chain(unknown) {
        cases.push(case(&scanned.name, component, &format!("<skipped message={}/>", quoted(&why))));
    }
    let skipped = cases.len() - failures;
    if failures == 0 {
        cases.push(case(&scanned.name, "no known problems", ""));
    }
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "  <testsuite name={} tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">",
        quoted(&scanned.name),
        cases.len()
    );
    cases.iter().for_each(|case| out.push_str(case));
    out.push_str("  </testsuite>\n");
}

fn case(class: &str, name: &str, inside: &str) -> String {
    format!("    <testcase classname={} name={}>{inside}</testcase>\n", quoted(class), quoted(name))
}

/// An attribute's value in its quotes; characters that XML 1.0 has no place for become `?`.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('?'),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
