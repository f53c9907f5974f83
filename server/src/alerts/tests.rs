//! What every channel promises, and what each message says.

use super::message::{Item, Message, Project, Reason};
use super::*;
use crate::fact::Fact;
use crate::parcel::Letter;
use bom::advisory::Severity;
use std::collections::BTreeSet;

/// The times of the samples: 17 March 2026, 10:00Z.
const AT: i64 = 1_773_741_600_000;

const MAIL: &str = concat!(
    "tidewheel (crates.io): its only owner was replaced. Unconfirmed: it rests on one reply, and is asked again within minutes.\n",
    "Decide whether this is a hand-over or a takeover. Answer by Tue 17 Mar 10:30 UTC; silence goes to the owner of last resort.\n",
    "https://bomwarden.example/a/7F3KAAAA\n",
    "\n",
    "WHAT CHANGED\n",
    "  owners: mferro → northgear\n",
    "    says crates.example/index, 2026-03-17 10:00Z\n",
    "UNKNOWN  who made the change\n",
    "\n",
    "PROJECTS of team payments (1)\n",
    "  ledger  0.8.2 since 2026-03-16 10:00Z, 4 runs, direct\n",
    "\n",
    "Why you get this: team payments, severity high, target payments.\n",
    "Alert 7F3KAAAA, revision 1.\n",
);
const BACK: &str = concat!(
    "This was wrong: tidewheel (crates.io): its only owner was replaced. No published record says so any more (it was MAL-2026-1).\n",
    "It is taken back: nothing is to be done about it any more, and what was done because of it can be undone.\n",
    "https://bomwarden.example/a/7F3KAAAA\n",
    "\n",
    "WHAT WAS TOLD\n",
    "  owners: mferro → northgear\n",
    "    says crates.example/index, 2026-03-17 10:00Z\n",
    "UNKNOWN  who made the change\n",
    "\n",
    "PROJECTS of team payments (1)\n",
    "  ledger  0.8.2 since 2026-03-16 10:00Z, 4 runs, direct\n",
    "\n",
    "Why you get this: team payments, severity high, target payments.\n",
    "Alert 7F3KAAAA, revision 2; first told 2026-03-17 10:00Z.\n",
);
const SLACK: &str = concat!(
    ":large_orange_circle: *HIGH, unconfirmed · tidewheel (crates.io): its only owner was replaced*\n",
    "Unconfirmed: it rests on one reply, and is asked again within minutes.\n",
    "owners: mferro → northgear\n",
    "says crates.example/index, 2026-03-17 10:00Z\n",
    "team payments: 1 project (1 still hold it): ledger\n",
    "Decide whether this is a hand-over or a takeover. Answer by Tue 17 Mar 10:30 UTC; silence goes to the owner of last resort.\n",
    "alert 7F3KAAAA · revision 1 · unknown: who made the change",
);

fn item() -> Item {
    Item {
        code: "7F3KAAAA".to_owned(),
        subject: "tidewheel (crates.io)".to_owned(),
        package: Some(("crates.io".to_owned(), "tidewheel".to_owned())),
        versions: Vec::new(),
        severity: Severity::High,
        reason: Reason::New,
        confirmed: false,
        headline: "its only owner was replaced".to_owned(),
        todo: "Decide whether this is a hand-over or a takeover.".to_owned(),
        due: Some(AT + 1_800_000),
        facts: vec![Fact {
            what: "owners".to_owned(),
            then: "mferro".to_owned(),
            now: "northgear".to_owned(),
            source: "https://crates.example/index".to_owned(),
            at: AT,
        }],
        unknown: vec!["who made the change".to_owned()],
        projects: vec![Project {
            name: "ledger".to_owned(),
            versions: vec!["0.8.2".to_owned()],
            path: "direct".to_owned(),
            from: AT - 86_400_000,
            to: None,
            runs: 4,
            settled: None,
        }],
        revision: 1,
        first_told: None,
        wrong: String::new(),
    }
}

fn message(items: Vec<Item>) -> Message {
    Message {
        id: "0190-delivery".to_owned(),
        target: "payments".to_owned(),
        reader: "team payments".to_owned(),
        base: "https://bomwarden.example/".to_owned(),
        items,
    }
}

fn letter(message: &Message) -> Letter {
    match email::Email.compose(message) {
        Parcel::Letter(letter) => letter,
        other => panic!("{other:?}"),
    }
}

fn post(message: &Message) -> serde_json::Value {
    match slack::Slack.compose(message) {
        Parcel::Post { body, .. } => serde_json::from_str(&body).expect("JSON"),
        other => panic!("{other:?}"),
    }
}

/// Every text of a Slack message that is read as markup.
fn markup(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(map) => {
            if map.get("type").is_some_and(|kind| kind == "mrkdwn") {
                found.push(map["text"].as_str().expect("a text").to_owned());
            }
            map.values().for_each(|inner| markup(inner, found));
        }
        serde_json::Value::Array(all) => all.iter().for_each(|inner| markup(inner, found)),
        _ => {}
    }
}

/// Every channel, and the one of docs/EXTENDING.md.
fn channels() -> Vec<&'static dyn Channel> {
    CHANNELS.iter().copied().chain([&example::Board as &dyn Channel]).collect()
}

#[test]
fn every_channel_has_a_name_of_its_own_and_writes_the_same_twice() {
    let names: BTreeSet<&str> = CHANNELS.iter().map(|channel| channel.name()).collect();
    assert_eq!(names.len(), CHANNELS.len());
    for channel in channels() {
        let (one, two) = (message(vec![item()]), message(vec![item(), item()]));
        assert_eq!(channel.compose(&one), channel.compose(&one), "{}", channel.name());
        assert!(!channel.compose(&two).text().is_empty());
        let good = Reply { code: Some(if channel.name() == "email" { 250 } else { 200 }), ..Reply::default() };
        assert!(matches!(channel.judge(&good), Judgement::Sent(_)), "{}", channel.name());
        assert!(matches!(channel.judge(&Reply::default()), Judgement::Retry { .. }), "silence is tried again");
        assert!(channel.accepts("").is_err() && channel.accepts("a\r\nBcc: x@y.example").is_err());
        let docs = include_str!("../../../docs/deliveries.md");
        assert!(channel.name() == "board" || docs.contains(&format!("`{}`", channel.name())), "{}", channel.name());
    }
    let shown = include_str!("../../../docs/EXTENDING.md");
    assert!(shown.contains(include_str!("../../../docs/examples/channel.rs")), "docs/EXTENDING.md shows another channel");
    assert!(accepts("pigeon", "x").expect_err("no channel").contains("there are `email`, `slack`"));
}

#[test]
fn a_mail_says_first_what_happened_and_then_what_to_do_by_when() {
    let mail = letter(&message(vec![item()]));
    assert_eq!(mail.subject, "[HIGH, unconfirmed] tidewheel (crates.io): its only owner was replaced");
    assert_eq!(mail.text, MAIL);
    assert_eq!(mail.about, ["alert-7F3KAAAA"]);
}

#[test]
fn a_retraction_says_what_was_wrong_and_that_it_is_taken_back() {
    let wrong = "no published record says so any more (it was MAL-2026-1)".to_owned();
    let back = Item { reason: Reason::TakenBack, confirmed: true, revision: 2, first_told: Some(AT), wrong, due: None, ..item() };
    let mail = letter(&message(vec![back.clone()]));
    assert!(mail.subject.starts_with("[HIGH, taken back] tidewheel (crates.io): "), "{}", mail.subject);
    assert_eq!(mail.text, BACK);
    let slack = post(&message(vec![back])).to_string();
    assert!(slack.contains("This was wrong and is taken back. no published record says so any more"), "{slack}");
}

#[test]
fn slack_is_short_and_its_buttons_are_links() {
    let body = post(&message(vec![item()]));
    let mut texts = Vec::new();
    markup(&body, &mut texts);
    assert_eq!(texts.join("\n"), SLACK);
    assert!(texts.iter().map(|text| text.lines().count()).sum::<usize>() <= 12);
    let buttons = body["blocks"][3]["elements"].as_array().expect("buttons");
    let urls: Vec<&str> = buttons.iter().map(|button| button["url"].as_str().expect("a link")).collect();
    assert_eq!(
        urls,
        ["https://bomwarden.example/a/7F3KAAAA", "https://bomwarden.example/packages?ecosystem=crates.io&name=tidewheel"]
    );
    assert_eq!(body["blocks"][0]["block_id"], "0190-delivery");
}

#[test]
fn an_update_says_that_it_is_confirmed_and_an_escalation_that_nobody_answered() {
    let update = Item { reason: Reason::Update, confirmed: true, revision: 2, ..item() };
    let mail = letter(&message(vec![update]));
    assert!(mail.subject.starts_with("[HIGH, update] ") && mail.text.contains("was replaced. Confirmed.\n"), "{}", mail.text);
    let silent = letter(&message(vec![Item { reason: Reason::Unanswered, confirmed: true, ..item() }]));
    assert!(silent.text.starts_with("Nobody has answered this yet: tidewheel (crates.io): its only owner was replaced."));
}

#[test]
fn several_alerts_are_one_message_that_begins_with_the_gravest() {
    let bad = Item {
        severity: Severity::Malicious,
        headline: "is malicious (MAL-2026-1)".into(),
        versions: vec!["1.14.1".into()],
        ..item()
    };
    let all = message((0..20).map(|n| if n == 0 { bad.clone() } else { item() }).collect());
    let mail = letter(&all);
    assert_eq!(mail.subject, "[MALICIOUS] tidewheel 1.14.1 (crates.io) is malicious, and 19 more alerts");
    assert!(mail.text.lines().count() <= 45 && mail.text.contains("12 more alerts on the page"), "{}", mail.text);
    assert_eq!(mail.about.len(), 20);
    let mut texts = Vec::new();
    markup(&post(&all), &mut texts);
    assert!(texts.iter().map(|text| text.lines().count()).sum::<usize>() <= 12, "{texts:#?}");
}

/// Texts that somebody hostile chose.
fn hostile() -> Vec<String> {
    vec![
        "x".repeat(10_000),
        format!("{} <!channel> & <https://evil.example|click>", "word ".repeat(3000)),
        "a\r\nBcc: charlie@evil.example\r\n\r\nbody".to_owned(),
        "gnp\u{202e}.exe \u{2066}\u{200b}\u{0}".to_owned(),
        "<script>alert(1)</script><img src=x>".to_owned(),
        "see http://evil.example/ *now* `rm` ~x~".to_owned(),
        String::new(),
    ]
}

#[test]
fn hostile_texts_are_harmless_in_every_place() {
    for bad in hostile() {
        let fact = Fact { what: bad.clone(), then: bad.clone(), now: bad.clone(), source: bad.clone(), at: AT };
        let project = Project {
            name: bad.clone(),
            versions: vec![bad.clone(); 9],
            path: bad.clone(),
            from: AT,
            to: Some(AT),
            runs: 2,
            settled: Some(bad.clone()),
        };
        for reason in [Reason::New, Reason::Update, Reason::Unanswered, Reason::TakenBack] {
            let item = Item {
                subject: bad.clone(),
                package: Some((bad.clone(), bad.clone())),
                versions: vec![bad.clone()],
                headline: bad.clone(),
                todo: bad.clone(),
                facts: vec![fact.clone(); 60],
                unknown: vec![bad.clone(); 60],
                projects: vec![project.clone(); 60],
                wrong: bad.clone(),
                reason,
                ..item()
            };
            let nameless = Item { package: None, ..item.clone() };
            for items in [vec![item.clone()], vec![nameless.clone()], vec![item, nameless]] {
                harmless(&Message { target: bad.clone(), reader: bad.clone(), ..message(items) }, &bad);
            }
        }
    }
}

fn harmless(message: &Message, bad: &str) {
    let Letter { subject, text, .. } = letter(message);
    assert!(subject.chars().count() <= 78 && subject.starts_with("[HIGH"), "{subject:?} of {bad:.40}");
    let hides = |c: char| {
        (c.is_control() && c != '\n')
            || ('\u{200b}'..='\u{200f}').contains(&c)
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    assert!(!subject.chars().any(hides) && !subject.contains('\n') && !text.chars().any(hides), "{text}");
    assert!(text.lines().count() <= 45, "{} lines", text.lines().count());
    assert!(!text.lines().any(|line| line.starts_with("Bcc:")));
    assert!(!text.contains(" http://evil"), "an address becomes no link: {text}");
    let body = post(message);
    assert!(body.to_string().len() < 40_000);
    let mut texts = Vec::new();
    markup(&body, &mut texts);
    assert!(texts.iter().map(|text| text.lines().count()).sum::<usize>() <= 12, "{texts:#?}");
    for text in texts {
        assert!(text.chars().count() <= 3000, "{}", text.len());
        let own = text.replace("<https://bomwarden.example/a/7F3KAAAA|7F3KAAAA>", "");
        assert!(!own.contains('<') && !own.contains("http://evil") && !text.chars().any(hides), "{text}");
    }
    for button in body["blocks"].as_array().into_iter().flatten().filter_map(|block| block["elements"].as_array()).flatten() {
        assert!(button["url"].as_str().is_none_or(|url| url.starts_with("https://bomwarden.example/") && url.len() < 3000));
    }
}

#[test]
fn replies_are_tried_again_or_given_up() {
    let judge = |channel: &dyn Channel, code, rest: Option<u64>| {
        let reply = Reply { code: Some(code), rest: rest.map(Duration::from_secs), text: "said".to_owned() };
        match channel.judge(&reply) {
            Judgement::Sent(_) => "sent",
            Judgement::Retry { after: Some(_), .. } => "later",
            Judgement::Retry { .. } => "again",
            Judgement::Dead(_) => "dead",
        }
    };
    for (code, expect) in
        [(250, "sent"), (421, "again"), (450, "again"), (535, "again"), (530, "again"), (550, "dead"), (554, "dead")]
    {
        assert_eq!(judge(&email::Email, code, None), expect, "{code}");
    }
    for (code, rest, expect) in
        [(200, None, "sent"), (429, Some(30), "later"), (503, None, "again"), (400, None, "dead"), (404, None, "dead")]
    {
        assert_eq!(judge(&slack::Slack, code, rest), expect, "{code}");
    }
}
