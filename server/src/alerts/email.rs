//! Mail: plain text, complete in itself, at most 45 lines. The first line says what
//! happened, the second what to do by when.

use super::message::{Item, Message, Reason};
use super::wording::{change, clip, counted, held, moment, source, stamp, tame};
use super::{Channel, Judgement};
use crate::parcel::{Letter, Parcel, Reply};

/// The channel.
pub(super) struct Email;

/// Replies that say that this message will never be taken: no such mailbox, not this
/// message. Others of the 500s are about the way there, which somebody can mend.
const NEVER: &[u16] = &[550, 551, 552, 553, 554, 555];

impl Channel for Email {
    fn name(&self) -> &'static str {
        "email"
    }

    fn accepts(&self, address: &str) -> Result<(), String> {
        let plain = |c: char| c.is_ascii_graphic() && !"<>,;:\\\"()[]".contains(c);
        let good = |one: &str| {
            let (name, host) = one.rsplit_once('@').unwrap_or_default();
            !name.is_empty() && !host.is_empty() && !host.starts_with('.') && one.chars().all(plain) && !name.contains('@')
        };
        match address.split(',').map(str::trim).find(|one| !good(one)) {
            Some(wrong) => Err(format!("`{}` is no mail address such as `security@example.org`", tame(wrong, 80))),
            None => Ok(()),
        }
    }

    fn compose(&self, message: &Message) -> Parcel {
        let lines = match message.items.as_slice() {
            [one] => single(message, one),
            all => several(message, all),
        };
        Parcel::Letter(Letter {
            subject: message.subject(),
            text: lines.iter().map(|line| format!("{line}\n")).collect(),
            id: message.id.clone(),
            about: message.items.iter().map(|item| format!("alert-{}", item.code)).collect(),
        })
    }

    fn judge(&self, reply: &Reply) -> Judgement {
        match reply.code {
            Some(200..=299) => Judgement::Sent(Some(clip(reply.text.trim(), 200)).filter(|text| !text.is_empty())),
            Some(code) if NEVER.contains(&code) => {
                Judgement::Dead(format!("the mail server answered {code}: {}", tame(&reply.text, 200)))
            }
            Some(code) => Judgement::Retry {
                after: reply.rest,
                why: format!("the mail server answered {code}: {}", tame(&reply.text, 200)),
            },
            None => Judgement::Retry { after: None, why: tame(&reply.text, 300) },
        }
    }
}

/// A mail about one alert.
fn single(message: &Message, item: &Item) -> Vec<String> {
    let mut lines = opening(item);
    lines.push(message.link(item));
    lines.push(String::new());
    if !item.facts.is_empty() {
        lines.push(if item.reason == Reason::TakenBack { "WHAT WAS TOLD" } else { "WHAT CHANGED" }.to_owned());
        for fact in item.facts.iter().take(6) {
            lines.push(format!("  {}", change(fact, 120)));
            lines.push(format!("    says {}, {}", source(fact), stamp(fact.at)));
        }
        lines.extend(more(item.facts.len(), 6, "fact"));
    }
    lines.extend(item.unknown.iter().take(4).map(|one| format!("UNKNOWN  {}", tame(one, 120))));
    if !item.projects.is_empty() {
        lines.push(String::new());
        lines.push(format!("PROJECTS of {} ({})", tame(&message.reader, 60), item.affected()));
        let width = item.projects.iter().take(10).map(|project| tame(&project.name, 32).chars().count()).max().unwrap_or(0);
        lines.extend(item.projects.iter().take(10).map(|project| format!("  {}", held(project, width))));
        lines.extend(more(item.projects.len(), 10, "project"));
    }
    lines.push(String::new());
    lines.push(format!(
        "Why you get this: {}, severity {}, target {}.",
        tame(&message.reader, 60),
        item.severity.name(),
        tame(&message.target, 64)
    ));
    lines.push(signature(item));
    lines
}

/// What happened, and what to do by when.
fn opening(item: &Item) -> Vec<String> {
    let happened = item.sentence(300);
    let first = match item.reason {
        Reason::TakenBack => format!("This was wrong: {happened}. {}", sentence(&item.wrong)),
        Reason::Unanswered => format!("Nobody has answered this yet: {happened}. {}", item.standing()),
        _ => format!("{happened}. {}", item.standing()),
    };
    vec![first.trim_end().to_owned(), item.duty()]
}

/// A mail about several alerts.
fn several(message: &Message, items: &[Item]) -> Vec<String> {
    const MOST: usize = 8;
    let due = items.iter().filter_map(|item| item.due).min();
    let by = due.map_or_else(String::new, |due| format!(" The first answer is due by {}.", moment(due)));
    let mut lines = vec![
        format!("{} for {}; the gravest first.", counted(items.len(), "alert"), tame(&message.reader, 60)),
        format!("Go through them one by one.{by} {}alerts", message.base),
    ];
    for item in items.iter().take(MOST) {
        lines.push(String::new());
        lines.push(format!("[{}] {}, {}", item.tag(), item.sentence(160), counted(item.affected(), "project")));
        let said = match item.reason {
            Reason::TakenBack => Some(format!("this was wrong and is taken back: {}", sentence(&item.wrong))),
            _ => item.facts.first().map(|fact| change(fact, 80)),
        };
        lines.extend(said.map(|said| format!("  {said}")));
        let names: Vec<String> = item.projects.iter().take(6).map(|project| tame(&project.name, 32)).collect();
        lines.push(format!("  {}  {}", message.link(item), names.join(", ")));
    }
    lines.extend(more(items.len(), MOST, "alert"));
    lines.push(String::new());
    lines.push(format!("Why you get this: several alerts in a short time, target {}.", tame(&message.target, 64)));
    lines
}

fn more(all: usize, shown: usize, noun: &str) -> Option<String> {
    (all > shown).then(|| format!("  ... {} on the page", counted(all - shown, &format!("more {noun}"))))
}

fn signature(item: &Item) -> String {
    let told = item.first_told.map_or_else(String::new, |at| format!("; first told {}", stamp(at)));
    format!("Alert {}, revision {}{told}.", item.code, item.revision)
}

/// A reason as a sentence.
fn sentence(text: &str) -> String {
    let mut text = tame(text, 300);
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    if text.is_empty() || text.ends_with(['.', '…']) { text } else { format!("{text}.") }
}
