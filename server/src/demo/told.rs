//! Where the demo's messages arrive: a simulated mailbox and a simulated webhook, what
//! came there at which time of the story, and what must have come.

use super::build::Built;
use super::cast::Cast;
use crate::clock::{Clock as _, SteppedClock};
use crate::config::{Allowed, Config, Mail, Secret, TargetConfig};
use crate::simulated::mailbox::{Mailbox, SIGN_IN};
use crate::simulated::slack::SlackHook;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The neighbours that take messages.
pub struct Inbox {
    mailbox: Mailbox,
    hook: SlackHook,
    /// What came: the time, the way, the subject.
    came: Mutex<Vec<(String, &'static str, String)>>,
}

impl Inbox {
    /// An empty mailbox and an empty channel, which keep what comes in a folder.
    ///
    /// # Errors
    /// When no port can be had, or the folder cannot be written.
    pub async fn open(folder: &Path) -> anyhow::Result<Self> {
        let mailbox = Mailbox::start(&folder.join("mail")).await?;
        let hook = SlackHook::start(&folder.join("slack")).await?;
        Ok(Self { mailbox, hook, came: Mutex::new(Vec::new()) })
    }

    /// Sets the server's targets as an administrator would.
    pub fn set(&self, config: &mut Config) {
        let address = self.hook.address();
        config.outbound.allow.push(Allowed::Host(address.ip().to_string(), address.port()));
        config.mail = Mail {
            host: self.mailbox.address().ip().to_string(),
            port: self.mailbox.address().port(),
            user: SIGN_IN.0.to_owned(),
            password: Secret::new(SIGN_IN.1),
            from: "Bomwarden <bomwarden@demo.example>".to_owned(),
            ca_file: Some(self.mailbox.certificate()),
            ..Mail::default()
        };
        let target = |name: &str, channel: &str, address: String| TargetConfig {
            name: name.to_owned(),
            channel: channel.to_owned(),
            address: Secret::new(address),
            teams: vec!["everyone".to_owned()],
            ..TargetConfig::default()
        };
        let mail = target("security-mail", "email", "security@demo.example".to_owned());
        config.targets.push(TargetConfig { operator: true, last_resort: true, ..mail });
        config.targets.push(target("security-slack", "slack", self.hook.url()));
    }

    /// Notes what came since the last time.
    pub fn note(&self, clock: &SteppedClock) {
        let mut came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        let now = crate::clock::rfc3339(clock.millis());
        let known = |came: &[(String, &str, String)], way: &str| came.iter().filter(|(_, known, _)| *known == way).count();
        let mails = self.mailbox.mails().into_iter().skip(known(&came, "mail")).map(|mail| subject(&mail.raw));
        let mails: Vec<String> = mails.collect();
        let posts = self.hook.posts().into_iter().skip(known(&came, "slack")).map(|body| {
            let body: Value = serde_json::from_str(&body).unwrap_or_default();
            body.get("text").and_then(Value::as_str).unwrap_or_default().to_owned()
        });
        let posts: Vec<String> = posts.collect();
        came.extend(mails.into_iter().map(|subject| (now.clone(), "mail", subject)));
        came.extend(posts.into_iter().map(|subject| (now.clone(), "slack", subject)));
    }

    /// Prints what came, and where it lies.
    pub fn tell(&self) {
        println!("WHAT WAS TOLD");
        for (at, way, subject) in self.came.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            println!("{at}  {way:<5}  {subject}");
        }
        println!("mails as they came: {}", self.mailbox.folder().display());
        println!("posts as they came: {}\n", self.hook.log().display());
    }

    /// Where what came lies, and what must be found there: of which package, with which
    /// words, for which projects; and of which packages nothing.
    pub fn claims(&self, cast: &Cast, built: &[Built], quiet: bool) -> Value {
        let holders = |name: &str| -> Vec<String> {
            let holds = |one: &&Built| one.listed().iter().any(|(_, listed, _)| listed == name);
            built.iter().filter(holds).map(|one| one.project.clone()).collect()
        };
        let one = |stem: &str, kind: &str, words: &[&str]| {
            let name = cast.name(stem);
            json!({"name": name, "kind": kind, "words": words, "projects": holders(&name)})
        };
        let mut told = vec![one("harbourlight", "malicious", &["taken back"])];
        let mut untold = vec![cast.name("pebblecache")];
        if quiet {
            untold.extend([cast.name("millwheel"), cast.name("slotref")]);
        } else {
            told.push(one("millwheel", "ownership", &["unconfirmed", "m-kessel", "north-works", "Confirmed"]));
            told.push(one("slotref", "release", &["0.3.10"]));
        }
        json!({"mails": self.mailbox.folder(), "posts": self.hook.log(), "told": told, "untold": untold})
    }
}

/// The subject of a mail as far as the demo's own mails need it read: encoded words are
/// UTF-8 in base64, and blanks between two of them are none (RFC 2047).
fn subject(raw: &[u8]) -> String {
    const WORD: &str = "=?utf-8?b?";
    let text = String::from_utf8_lossy(raw).replace("\r\n ", " ").replace(&format!("?= {WORD}"), &format!("?={WORD}"));
    let line = text.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or_default();
    let mut words = line.split(WORD);
    let mut subject = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (encoded, after) = word.split_once("?=").unwrap_or((word, ""));
        subject.push_str(&String::from_utf8_lossy(&STANDARD.decode(encoded).unwrap_or_default()));
        subject.push_str(after);
    }
    subject
}

#[cfg(test)]
mod tests {
    #[test]
    fn encoded_words_are_read() {
        let raw = b"From: a\r\nSubject: [Bomwarden] one: =?utf-8?b?4oCcYQ==?=\r\n =?utf-8?b?4oCd?= and more\r\n\r\ntext";
        assert_eq!(super::subject(raw), "[Bomwarden] one: \u{201c}a\u{201d} and more");
    }
}
