//! The answer to one purl as one line of JSON: `{"purl","matches":[…]}`, with
//! `"unknown"` in place of the list where nothing can be said, or `{"purl","error"}`.

use super::{Judged, Settled, Why};
use bom::advisory::Severity;
use bom::offline::{Doubt, Finding};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Answer<'a> {
    purl: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    matches: Option<Matches<'a>>,
    /// Why the matches are unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// Records of which it cannot be told whether they match.
    #[serde(skip_serializing_if = "<[Doubt]>::is_empty")]
    cannot_tell: &'a [Doubt],
    /// Matches that a VEX document settles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    settled: Vec<SettledMatch<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct SettledMatch<'a> {
    #[serde(flatten)]
    of: Match<'a>,
    vex: &'a Why,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Matches<'a> {
    Known(Vec<Match<'a>>),
    Unknown(&'static str),
}

#[derive(Serialize)]
struct Match<'a> {
    id: &'a str,
    aliases: &'a [String],
    fixed: &'a [String],
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    informational: Option<&'a str>,
}

/// Writes the answer and a line break.
///
/// # Errors
/// [`io::Error`] of the writer.
pub fn write(purl: &str, judged: &Result<Judged, String>, out: &mut impl Write) -> io::Result<()> {
    let mut answer = Answer { purl, matches: None, reason: None, cannot_tell: &[], settled: Vec::new(), error: None };
    match judged {
        Err(error) => answer.error = Some(error),
        Ok(Judged::Unknown(why)) => {
            answer.matches = Some(Matches::Unknown("unknown"));
            answer.reason = Some(why);
        }
        Ok(Judged::Known(verdict, settled)) => {
            answer.settled =
                settled.iter().map(|Settled { finding, why }| SettledMatch { of: Match::of(finding), vex: why }).collect();
            answer.cannot_tell = &verdict.doubts;
            // An empty list would read as "sound" where a record could not be compared.
            answer.matches = Some(match (verdict.findings.is_empty(), verdict.doubts.is_empty()) {
                (true, false) => Matches::Unknown("unknown"),
                _ => Matches::Known(verdict.findings.iter().map(Match::of).collect()),
            });
        }
    }
    serde_json::to_writer(&mut *out, &answer)?;
    out.write_all(b"\n")
}

impl<'a> Match<'a> {
    fn of(finding: &'a Finding) -> Self {
        let Finding { id, aliases, fixed, severity, informational, .. } = finding;
        Self { id, aliases, fixed, severity: *severity, informational: informational.as_deref() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bom::offline::Verdict;

    #[test]
    fn unknown_is_never_an_empty_list() {
        let doubt = Doubt { id: "X-1".into(), reason: "`banana` is no semver version".into() };
        let finding = Finding {
            id: "X-2".into(),
            aliases: vec!["CVE-1".into()],
            fixed: vec!["1.2.0".into()],
            severity: Severity::High,
            informational: None,
            summary: "left out".into(),
            weak: false,
        };
        let known = |findings: &[&Finding], doubts: &[&Doubt]| {
            let findings = findings.iter().map(|f| (*f).clone()).collect();
            let doubts = doubts.iter().map(|d| (*d).clone()).collect();
            Ok(Judged::Known(Verdict { findings, doubts, incident: false }, Vec::new()))
        };
        let found = r#"{"id":"X-2","aliases":["CVE-1"],"fixed":["1.2.0"],"severity":"high"}"#;
        let unclear = r#"{"id":"X-1","reason":"`banana` is no semver version"}"#;
        for (judged, expect) in [
            (known(&[], &[]), r#"{"purl":"P","matches":[]}"#.to_owned()),
            (known(&[&finding], &[]), format!(r#"{{"purl":"P","matches":[{found}]}}"#)),
            (known(&[], &[&doubt]), format!(r#"{{"purl":"P","matches":"unknown","cannot_tell":[{unclear}]}}"#)),
            (known(&[&finding], &[&doubt]), format!(r#"{{"purl":"P","matches":[{found}],"cannot_tell":[{unclear}]}}"#)),
            (Ok(Judged::Unknown("why".into())), r#"{"purl":"P","matches":"unknown","reason":"why"}"#.to_owned()),
            (Err("broken".into()), r#"{"purl":"P","error":"broken"}"#.to_owned()),
        ] {
            let mut out = Vec::new();
            write("P", &judged, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), format!("{expect}\n"));
        }
    }
}
