//! Which words make a decision, and what ends one.

use super::*;

fn day(text: &str) -> DateTime<Utc> {
    format!("{text}T00:00:00Z").parse().expect("a day")
}

fn weight(severity: Severity, exploited: bool) -> Weight {
    Weight { severity, exploited }
}

#[test]
fn words_that_go_together_make_a_decision_and_others_are_told() {
    let until = Some(day("2027-01-31"));
    for (status, reason, until, expect) in [
        ("in_triage", None, None, Ok(Decision::InTriage)),
        ("affected", Some(""), None, Ok(Decision::Affected)),
        ("not_affected", None, None, Ok(Decision::NotAffected(None))),
        ("not_affected", Some("code_not_reachable"), None, Ok(Decision::NotAffected(Some(Justification::CodeNotReachable)))),
        ("fixed", None, None, Ok(Decision::Fixed)),
        ("false_positive", None, None, Ok(Decision::FalsePositive)),
        ("accepted", None, until, Ok(Decision::Accepted(day("2027-01-31")))),
        ("accepted", None, None, Err(Mistake::Endless)),
        ("fixed", None, until, Err(Mistake::NeedlessDate("fixed"))),
        ("affected", Some("code_not_present"), None, Err(Mistake::NeedlessJustification("affected"))),
        ("accepted", Some("code_not_present"), until, Err(Mistake::NeedlessJustification("accepted"))),
        ("not_affected", Some("because"), None, Err(Mistake::Justification("because".to_owned()))),
        ("ignored", None, None, Err(Mistake::Status("ignored".to_owned()))),
    ] {
        assert_eq!(Decision::of_words(status, reason, until), expect, "{status} {reason:?} {until:?}");
    }
}

#[test]
fn words_lead_back_and_mistakes_name_what_can_be_said() {
    for word in Decision::WORDS {
        let until = (word == "accepted").then(|| day("2027-01-31"));
        assert_eq!(Decision::of_words(word, None, until).map(Decision::word), Ok(word));
    }
    for reason in Justification::all() {
        assert_eq!(Justification::of_word(reason.word()), Some(reason));
    }
    for ending in Ending::ALL {
        assert_eq!(Ending::of_word(ending.word()), Some(ending));
    }
    let said = Mistake::Status("ignored".to_owned()).to_string();
    assert!(said.contains("`ignored`") && said.contains("false_positive, accepted"), "{said}");
    assert!(Mistake::Justification("x".to_owned()).to_string().contains("code_not_present, "));
}

#[test]
fn not_affected_says_why_and_a_risk_is_accepted_for_a_while() {
    let (high, malice) = (weight(Severity::High, false), weight(Severity::Malicious, false));
    let accepted = Decision::Accepted(day("2027-01-31"));
    for (decision, detail, weight, at, expect) in [
        (Decision::NotAffected(None), " ", high, "2026-11-28", Err(Mistake::Unjustified)),
        (Decision::NotAffected(None), "we never parse", high, "2026-11-28", Ok(())),
        (Decision::NotAffected(Some(Justification::CodeNotPresent)), "", high, "2026-11-28", Ok(())),
        (Decision::NotAffected(Some(Justification::CodeNotPresent)), "", malice, "2026-11-28", Ok(())),
        (accepted, "", high, "2027-01-30", Ok(())),
        (accepted, "", high, "2027-01-31", Err(Mistake::Past(day("2027-01-31")))),
        (accepted, "", malice, "2026-11-28", Err(Mistake::Malice)),
        (Decision::Affected, "", malice, "2026-11-28", Ok(())),
    ] {
        assert_eq!(decision.check(detail, weight, day(at)), expect, "{decision:?} {detail:?} {at}");
    }
}

#[test]
fn a_decision_ends_when_the_problem_outgrows_it() {
    use Severity::{Critical, High, Malicious, Medium, Unknown};
    let accepted = Decision::Accepted(day("2027-01-31"));
    let settled = [Decision::NotAffected(None), Decision::Fixed, Decision::FalsePositive];
    for (then, now, at, expect) in [
        ((High, false), (High, false), "2027-01-30", None),
        ((High, false), (High, false), "2027-01-31", Some(Ending::Expired)),
        ((High, false), (Critical, false), "2026-12-01", Some(Ending::Worse)),
        ((Unknown, false), (Medium, false), "2026-12-01", Some(Ending::Worse)),
        ((High, false), (Medium, false), "2026-12-01", None),
        ((High, false), (High, true), "2026-12-01", Some(Ending::Exploited)),
        ((High, true), (High, true), "2026-12-01", None),
        ((High, true), (Malicious, true), "2026-12-01", Some(Ending::Malicious)),
    ] {
        let (then, now) = (weight(then.0, then.1), weight(now.0, now.1));
        assert_eq!(accepted.outgrown(then, now, day(at)), expect, "{then:?} {now:?} {at}");
        for decision in settled {
            let expect = expect.filter(|ending| *ending == Ending::Malicious);
            assert_eq!(decision.outgrown(then, now, day(at)), expect, "{decision:?} {then:?} {now:?}");
        }
        for decision in [Decision::Affected, Decision::InTriage] {
            assert_eq!(decision.outgrown(then, now, day(at)), None, "{decision:?}");
        }
    }
    let known = weight(Malicious, false);
    assert_eq!(Decision::FalsePositive.outgrown(known, known, day("2026-12-01")), None, "malice that was known");
}

#[test]
fn what_is_settled_and_what_a_reader_of_vex_is_told() {
    let accepted = Decision::Accepted(day("2027-01-31"));
    for (decision, settles, status) in [
        (Decision::InTriage, false, Status::InTriage),
        (Decision::Affected, false, Status::Affected),
        (Decision::NotAffected(None), true, Status::NotAffected),
        (Decision::Fixed, true, Status::Fixed),
        (Decision::FalsePositive, true, Status::FalsePositive),
        (accepted, true, Status::Affected),
    ] {
        assert_eq!((decision.settles(), decision.status()), (settles, status), "{decision:?}");
    }
}
