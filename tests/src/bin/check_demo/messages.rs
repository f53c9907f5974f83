//! What was told: raw mails and the webhook's log against the report and `/v1/alerts`.

use crate::Fault;
use crate::http::Client;
use crate::json::{self, Json};
use crate::mail;
use crate::report::{Messages, Told};

/// Compares what arrived with what must have, in mails, in posts and through `/v1/alerts`.
/// Answers a sentence about it.
///
/// # Errors
/// When something cannot be read at all.
pub fn told(api: &mut Client, claimed: &Messages, faults: &mut Vec<Fault>) -> Result<String, Fault> {
    let (mails, posts) = (mails(&claimed.mails)?, posts(&claimed.posts)?);
    let alerts = api.list("/v1/alerts")?;
    for (way, messages) in [("mail", &mails), ("post", &posts)] {
        for told in &claimed.told {
            found(way, messages, told, faults);
        }
        for name in &claimed.untold {
            if messages.iter().any(|message| message.contains(name.as_str())) {
                faults.push(format!("a {way} tells of `{name}`, to which nothing happened"));
            }
        }
    }
    for told in &claimed.told {
        listed(&alerts, told, faults);
    }
    for alert in &alerts {
        let name = alert.get("package").get("name").text();
        if claimed.untold.iter().any(|untold| untold == name) {
            faults.push(format!("/v1/alerts has an alert of `{name}`, to which nothing happened"));
        }
    }
    Ok(format!("{} things were told in {} mails, {} posts and /v1/alerts", claimed.told.len(), mails.len(), posts.len()))
}

/// Every word and every project must stand in a message about the package.
fn found(way: &str, messages: &[String], told: &Told, faults: &mut Vec<Fault>) {
    let about: Vec<&String> = messages.iter().filter(|message| message.contains(told.name.as_str())).collect();
    if about.is_empty() {
        faults.push(format!("no {way} tells of `{}`", told.name));
    }
    for word in told.words.iter().chain(&told.projects).filter(|_| !about.is_empty()) {
        if !about.iter().any(|message| message.contains(word.as_str())) {
            faults.push(format!("no {way} about `{}` says `{word}`", told.name));
        }
    }
    if told.projects.is_empty() {
        faults.push(format!("the report names no project that holds `{}`", told.name));
    }
}

fn listed(alerts: &[Json], told: &Told, faults: &mut Vec<Fault>) {
    let mine = |alert: &&Json| alert.get("package").get("name").text() == told.name && alert.get("kind").text() == told.kind;
    let malicious =
        |alert: &&Json| alert.get("package").get("name").text() == told.name && alert.get("kind").text() == "malicious";
    let Some(alert) = alerts.iter().find(mine).or_else(|| alerts.iter().find(malicious)) else {
        faults.push(format!("/v1/alerts has no alert of `{}` of the kind `{}`", told.name, told.kind));
        return;
    };
    let mut projects: Vec<&str> = alert.get("projects").items().iter().map(|project| project.get("name").text()).collect();
    projects.sort_unstable();
    if projects != told.projects {
        faults.push(format!("/v1/alerts names {projects:?} as holders of `{}`, the report {:?}", told.name, told.projects));
    }
    if told.words.iter().any(|word| word == "taken back") != (alert.get("state").text() == "retracted") {
        faults.push(format!("/v1/alerts says `{}` of the alert of `{}`", alert.get("state").text(), told.name));
    }
    if told.kind == "ownership" {
        let facts: String = alert
            .get("facts")
            .items()
            .iter()
            .map(|fact| format!("{} {} ", fact.get("then").text(), fact.get("now").text()))
            .collect();
        for login in told.words.iter().filter(|word| word.contains('-')) {
            if !facts.contains(login.as_str()) {
                faults.push(format!("/v1/alerts does not name `{login}` as an owner of `{}`", told.name));
            }
        }
    }
}

/// Subject and text of every mail, in the order in which they came.
fn mails(folder: &str) -> Result<Vec<String>, Fault> {
    let wrong = |error: &dyn std::fmt::Display| format!("`{folder}`: {error}");
    let entries = std::fs::read_dir(folder).map_err(|error| wrong(&error))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "eml"));
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let raw = std::fs::read(path).map_err(|error| wrong(&error))?;
        let mail = mail::read(&raw).map_err(|error| format!("{}: {error}", path.display()))?;
        if mail.subject.chars().count() > 78 || mail.text.lines().count() > 45 {
            return Err(format!("{}: it is too long", path.display()));
        }
        Ok(format!("{}\n{}", mail.subject, mail.text))
    };
    paths.iter().map(read).collect()
}

/// The texts of every post, in the order in which they came.
fn posts(file: &str) -> Result<Vec<String>, Fault> {
    let log = std::fs::read_to_string(file).map_err(|error| format!("`{file}`: {error}"))?;
    let read = |line: &str| {
        let body = json::read(line).map_err(|error| format!("`{file}`: {error}"))?;
        let mut texts = Vec::new();
        collect(&body, &mut texts);
        Ok(texts.join("\n"))
    };
    log.lines().map(read).collect()
}

fn collect(value: &Json, texts: &mut Vec<String>) {
    match value {
        Json::Object(members) => members.values().for_each(|inner| collect(inner, texts)),
        Json::List(items) => items.iter().for_each(|inner| collect(inner, texts)),
        Json::Text(text) => texts.push(text.clone()),
        _ => {}
    }
}
