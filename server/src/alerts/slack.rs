//! Slack, by an incoming webhook: Block Kit, at most 12 lines, buttons that are links.
//! Nothing from outside becomes a mention, a link or markup.

use super::message::{Item, Message, Project, Reason};
use super::wording::{change, clip, counted, loud, source, stamp, tame};
use super::{Channel, Judgement};
use crate::parcel::{Parcel, Reply};
use bom::advisory::Severity;
use serde_json::{Value, json};

/// The channel.
pub(super) struct Slack;

impl Channel for Slack {
    fn name(&self) -> &'static str {
        "slack"
    }

    fn accepts(&self, address: &str) -> Result<(), String> {
        let url =
            url::Url::parse(address).map_err(|_| "the address of a Slack target is that of an incoming webhook".to_owned())?;
        let good = matches!(url.scheme(), "https" | "http") && url.host_str().is_some() && url.username().is_empty();
        if good { Ok(()) } else { Err("a Slack webhook has an `https` address".to_owned()) }
    }

    fn compose(&self, message: &Message) -> Parcel {
        let blocks = match message.items.as_slice() {
            [one] => single(message, one),
            all => several(message, all),
        };
        let body = json!({"text": escape(&message.subject()), "blocks": blocks, "unfurl_links": false, "unfurl_media": false});
        Parcel::Post { content_type: "application/json", body: body.to_string() }
    }

    fn judge(&self, reply: &Reply) -> Judgement {
        match reply.code {
            Some(200..=299) => Judgement::Sent(None),
            Some(429 | 408 | 500..=599) | None => {
                let code = reply.code.map_or_else(String::new, |code| format!("Slack answered {code}: "));
                Judgement::Retry { after: reply.rest, why: format!("{code}{}", tame(&reply.text, 300)) }
            }
            Some(code) => Judgement::Dead(format!("Slack answered {code}: {}", tame(&reply.text, 200))),
        }
    }
}

fn single(message: &Message, item: &Item) -> Vec<Value> {
    let mut top = vec![format!("{} *{} · {}*", mark(item), item.tag(), escape(&item.sentence(200)))];
    match item.reason {
        Reason::TakenBack => top.push(format!("This was wrong and is taken back. {}", escape(&tame(&item.wrong, 200)))),
        Reason::Unanswered => top.push("Nobody has answered this yet.".to_owned()),
        _ => top.extend(Some(item.standing().to_owned()).filter(|text| !text.is_empty())),
    }
    let mut facts: Vec<String> = item.facts.iter().take(3).map(|fact| escape(&change(fact, 100))).collect();
    facts.extend(item.facts.first().map(|fact| format!("says {}, {}", escape(&source(fact)), stamp(fact.at))));
    let mut blocks = vec![section(&message.id, &top)];
    if !facts.is_empty() {
        blocks.push(section("facts", &facts));
    }
    blocks.push(section("holders", &[holders(message, item), escape(&item.duty())]));
    blocks.push(json!({"type": "actions", "elements": buttons(message, item)}));
    let unknown: Vec<String> = item.unknown.iter().take(2).map(|one| escape(&tame(one, 80))).collect();
    let unknown = if unknown.is_empty() { String::new() } else { format!(" · unknown: {}", unknown.join(", ")) };
    blocks.push(context(&format!("alert {} · revision {}{unknown}", item.code, item.revision)));
    blocks
}

fn several(message: &Message, items: &[Item]) -> Vec<Value> {
    const MOST: usize = 8;
    let head =
        format!("*{} · {} for {}*", loud(message.severity()), counted(items.len(), "alert"), escape(&tame(&message.reader, 60)));
    let line = |item: &Item| {
        let link = format!("<{}|{}>", message.link(item), item.code);
        format!(
            "{} {} · {} · {} {link}",
            mark(item),
            item.tag(),
            escape(&item.sentence(120)),
            counted(item.affected(), "project")
        )
    };
    let mut blocks = vec![section(&message.id, &[head])];
    blocks.push(section("alerts", &items.iter().take(MOST).map(line).collect::<Vec<_>>()));
    if items.len() > MOST {
        blocks.push(context(&format!("and {} on the page", counted(items.len() - MOST, "more alert"))));
    }
    blocks.push(json!({"type": "actions", "elements": [button("Open the alerts", &format!("{}alerts", message.base))]}));
    blocks
}

fn holders(message: &Message, item: &Item) -> String {
    if item.projects.is_empty() {
        return format!("For {}", escape(&tame(&message.reader, 60)));
    }
    let name = |project: &Project| {
        let settled = if project.settled.is_some() { " (settled)" } else { "" };
        format!("{}{settled}", escape(&tame(&project.name, 40)))
    };
    let names: Vec<String> = item.projects.iter().take(6).map(name).collect();
    let more = if item.projects.len() > names.len() { ", …" } else { "" };
    let still = item.projects.iter().filter(|project| project.to.is_none() && project.settled.is_none()).count();
    let reader = escape(&tame(&message.reader, 60));
    format!("{reader}: {} ({still} still hold it): {}{more}", counted(item.affected(), "project"), names.join(", "))
}

fn buttons(message: &Message, item: &Item) -> Vec<Value> {
    let mut buttons = vec![button("Open", &message.link(item))];
    if let Some((ecosystem, name)) = &item.package {
        let mut address = format!("{}packages", message.base);
        if let Ok(mut url) = url::Url::parse(&address) {
            url.query_pairs_mut().append_pair("ecosystem", &clip(ecosystem, 40)).append_pair("name", &clip(name, 200));
            address = url.into();
        }
        buttons.push(button("Who holds it", &address));
    }
    buttons
}

fn button(text: &str, url: &str) -> Value {
    json!({"type": "button", "text": {"type": "plain_text", "text": text}, "url": url})
}

fn section(id: &str, lines: &[String]) -> Value {
    json!({"type": "section", "block_id": id, "text": {"type": "mrkdwn", "text": lines.join("\n"), "verbatim": true}})
}

fn context(text: &str) -> Value {
    json!({"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": true}]})
}

fn mark(item: &Item) -> &'static str {
    match (item.reason, item.severity) {
        (Reason::TakenBack, _) => ":leftwards_arrow_with_hook:",
        (_, Severity::Malicious | Severity::Critical) => ":red_circle:",
        (_, Severity::High) => ":large_orange_circle:",
        (_, Severity::Medium) => ":large_yellow_circle:",
        _ => ":white_circle:",
    }
}

/// A text without what Slack reads as markup: mentions and links begin with `<`.
fn escape(text: &str) -> String {
    let one = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '*' | '`' | '~' => String::from("\u{b7}"),
        other => other.to_string(),
    };
    text.chars().map(one).collect()
}
