//! Sentences that all channels share, and how texts from outside are made harmless:
//! nothing hides, nothing turns round, nothing breaks a line, and no address that
//! somebody else wrote becomes a link.

use super::message::{Item, Message, Project, Reason};
use crate::fact::Fact;
use bom::advisory::Severity;
use chrono::{DateTime, Utc};

/// The longest word that is left whole.
const WORD: usize = 64;

/// A text from outside as it may be shown in a line, at most `longest` characters.
pub(super) fn tame(text: &str, longest: usize) -> String {
    let whole = |word: &str| match word.char_indices().nth(WORD) {
        Some((end, _)) => format!("{}…", word.get(..end).unwrap_or_default()),
        None => word.to_owned(),
    };
    let some: String = text.chars().take(longest.saturating_mul(4)).collect();
    let words: Vec<String> = some.split_whitespace().map(|word| whole(&word.replace("://", "[:]//"))).collect();
    clip(&bom::plain::plain(&words.join(" ")), longest)
}

/// At most `longest` characters of a text.
pub(super) fn clip(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(longest.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// A time for people: `Wed 18 Mar 10:00 UTC`.
pub(super) fn moment(millis: i64) -> String {
    time(millis).format("%a %-d %b %H:%M UTC").to_string()
}

/// A time for records: `2026-03-17 10:00Z`.
pub(super) fn stamp(millis: i64) -> String {
    time(millis).format("%Y-%m-%d %H:%MZ").to_string()
}

fn time(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

/// `1 project`, `12 projects`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// The severity as a subject begins with it.
pub(super) fn loud(severity: Severity) -> String {
    severity.name().to_uppercase()
}

/// What stands between a thing and what happened to it.
pub fn joint(headline: &str) -> &'static str {
    if ["is ", "has ", "was "].iter().any(|verb| headline.starts_with(verb)) { " " } else { ": " }
}

impl Item {
    /// Severity and standing: `HIGH, unconfirmed`.
    pub(super) fn tag(&self) -> String {
        let standing = match self.reason {
            Reason::TakenBack => ", taken back",
            Reason::Unanswered => ", unanswered",
            _ if !self.confirmed => ", unconfirmed",
            Reason::Update => ", update",
            Reason::New => "",
        };
        format!("{}{standing}", loud(self.severity))
    }

    /// The thing it is about, at most `longest` characters, its ecosystem whole.
    pub(super) fn thing(&self, longest: usize) -> String {
        let Some((ecosystem, name)) = &self.package else { return tame(&self.subject, longest) };
        let version = match self.versions.as_slice() {
            [one] => format!(" {}", tame(one, 20)),
            _ => String::new(),
        };
        let end = format!(" ({})", tame(ecosystem, 20));
        let room = longest.saturating_sub(end.chars().count());
        let name = tame(name, room.saturating_sub(version.chars().count()).max(room / 2));
        format!("{}{end}", clip(&format!("{name}{version}"), room))
    }

    /// The thing and what happened to it, at most `longest` characters.
    pub(super) fn sentence(&self, longest: usize) -> String {
        let joint = joint(&self.headline);
        let happened = tame(&self.headline, 300);
        let rest = longest.saturating_sub(happened.chars().count() + joint.len());
        let thing = self.thing(rest.max(longest.saturating_mul(2) / 3));
        let room = longest.saturating_sub(thing.chars().count() + joint.len());
        // What stands in brackets is the first that a short line does without.
        let bare = happened.split(" (").next().unwrap_or_default();
        let happened = if happened.chars().count() > room && !bare.is_empty() { bare } else { &happened };
        format!("{thing}{joint}{}", clip(happened, room))
    }

    /// Whether it stands, in a sentence.
    pub(super) fn standing(&self) -> &'static str {
        match (self.confirmed, self.reason) {
            (false, _) => "Unconfirmed: it rests on one reply, and is asked again within minutes.",
            (true, Reason::Update) => "Confirmed.",
            _ => "",
        }
    }

    /// What to do by when.
    pub(super) fn duty(&self) -> String {
        if self.reason == Reason::TakenBack {
            return "It is taken back: nothing is to be done about it any more, and what was done because of it can be undone."
                .to_owned();
        }
        let todo = tame(&self.todo, 240);
        match self.due {
            Some(due) => format!("{todo} Answer by {}; silence goes to the owner of last resort.", moment(due)),
            None => todo,
        }
    }
}

impl Message {
    /// The subject: at most 78 characters, the gravest first.
    pub(super) fn subject(&self) -> String {
        const LONGEST: usize = 78;
        let Some(first) = self.items.first() else { return String::new() };
        let whole = |tag: &str, tail: &str| {
            let taken = tag.chars().count() + 3 + tail.chars().count();
            format!("[{tag}] {}{tail}", first.sentence(LONGEST.saturating_sub(taken)))
        };
        match (self.items.len(), &first.package) {
            (1, None) => whole(&first.tag(), ""),
            (1, Some(_)) => {
                let counted = whole(&first.tag(), &format!(", {}", counted(first.affected(), "project")));
                // Rather the whole sentence than a count.
                if counted.contains('…') { whole(&first.tag(), "") } else { counted }
            }
            (all, _) => whole(&loud(self.severity()), &format!(", and {}", counted(all - 1, "more alert"))),
        }
    }
}

/// A line of evidence: then and now.
pub(super) fn change(fact: &Fact, longest: usize) -> String {
    let (then, now) = (tame(&fact.then, longest), tame(&fact.now, longest));
    let change = match (then.is_empty(), now.is_empty()) {
        (true, _) => now,
        (_, true) => format!("{then} → gone"),
        _ => format!("{then} → {now}"),
    };
    format!("{}: {change}", tame(&fact.what, 40))
}

/// Who says so; an address without its scheme, so that it stays text.
pub(super) fn source(fact: &Fact) -> String {
    tame(fact.source.split_once("://").map_or(fact.source.as_str(), |(_, rest)| rest), 120)
}

/// A project's line.
pub(super) fn held(project: &Project, width: usize) -> String {
    let versions: Vec<String> = project.versions.iter().take(3).map(|version| tame(version, 24)).collect();
    let from = stamp(project.from);
    let when = project.to.map_or_else(|| format!("since {from}"), |to| format!("{from} to {}", stamp(to)));
    let path = if project.path.is_empty() { String::new() } else { format!(", {}", tame(&project.path, 60)) };
    let settled = project.settled.as_ref().map_or_else(String::new, |said| format!(", settled: {}", tame(said, 80)));
    let name = tame(&project.name, 32);
    format!(
        "{name:<width$}  {} {when}, {}{path}{settled}",
        versions.join(" "),
        counted(usize::try_from(project.runs).unwrap_or(0), "run")
    )
}
