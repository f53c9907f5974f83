//! A server's answer to an upload, as far as it is told to people. Members that
//! a newer server adds are passed over.

use crate::screen::Tone;
use crate::send::Server;
use crate::{Failure, Screen};
use bom::plain::hides;
use bom::reading::Warning;
use serde::Deserialize;

/// Slots that are listed one by one; the rest is counted.
const TOLD: usize = 20;

/// The answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// What became of each document.
    pub slots: Vec<Slot>,
    gate: Gate,
    url: Option<String>,
    made_for: Option<String>,
}

/// What became of one document.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Slot {
    /// The slot.
    pub slot: String,
    /// The SHA-256 of what the server keeps, hexadecimal; `None` where it keeps nothing.
    pub sha256: Option<String>,
    /// Why the server refused the document.
    pub error: Option<String>,
    state: String,
    components: u64,
    added: u64,
    removed: u64,
    findings: Findings,
    not_compared: Vec<String>,
    warnings: Vec<Warning>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct Findings {
    malicious: u64,
    critical: u64,
    high: u64,
    medium: u64,
    low: u64,
    unknown: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Gate {
    failed: bool,
    reasons: Vec<serde_json::Value>,
}

impl Answer {
    /// Reads an answer.
    ///
    /// # Errors
    /// [`Failure`] when it is none.
    pub fn read(body: &[u8]) -> Result<Self, Failure> {
        serde_json::from_slice(body).map_err(|error| {
            Failure::new(format!("the server's answer cannot be read: {error}"))
                .next("check that BOMWARDEN_SERVER_URL is a Bomwarden server's")
        })
    }

    /// The failure that the refused documents are, if there are any.
    pub fn refusal(&self) -> Option<Failure> {
        let refused: Vec<_> = self.slots.iter().filter_map(|slot| Some((slot, slot.error.as_ref()?))).collect();
        let (slot, error) = refused.first()?;
        let others = match refused.len() {
            1 => String::new(),
            count => format!(", and {} more", count.saturating_sub(1)),
        };
        let failure = Failure::new(format!("the server refused the document of `{}`: {error}{others}", slot.slot));
        Some(failure.next("the other documents were accepted; `bomwarden inspect FILE` says what a document holds"))
    }

    /// Whether the server's policy failed the upload.
    pub fn failed(&self) -> bool {
        self.gate.failed
    }

    /// Tells it to people, under a heading; the page's address is below `server`.
    ///
    /// # Errors
    /// [`Failure`] when standard output cannot be written.
    pub fn tell(&self, heading: &str, server: &Server, screen: &Screen) -> Result<(), Failure> {
        screen.say(heading)?;
        if let Some(team) = &self.made_for {
            screen.say(&format!("  {} new in team {}", screen.paint(Tone::Warn, "project:"), printable(team)))?;
        }
        for slot in self.slots.iter().filter(|slot| slot.error.is_none()).take(TOLD) {
            slot.tell(screen)?;
        }
        if let Some(more) = self.slots.len().checked_sub(TOLD).filter(|more| *more > 0) {
            screen.say(&format!("  and {more} more"))?;
        }
        for reason in &self.gate.reasons {
            screen.say(&format!("  {} {}", screen.paint(Tone::Bad, "policy:"), text(reason)))?;
        }
        match self.url.as_deref().and_then(|url| server.page(url)) {
            Some(page) => screen.say(&page),
            None => Ok(()),
        }
    }
}

impl Slot {
    fn tell(&self, screen: &Screen) -> Result<(), Failure> {
        let state = match self.state.as_str() {
            "unchanged" => screen.paint(Tone::Faint, "unchanged"),
            state => format!("{} (+{} -{})", printable(&state.replace('_', " ")), self.added, self.removed),
        };
        let mut findings = self.findings.told(screen, !self.not_compared.is_empty());
        if !self.not_compared.is_empty() {
            let names: Vec<String> = self.not_compared.iter().map(|name| printable(name)).collect();
            let told = format!("{} not compared: the server knows no advisory of it", names.join(", "));
            findings = [findings, screen.paint(Tone::Warn, &told)]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", ");
        }
        let warnings = match self.warnings.len() {
            0 => String::new(),
            1 => ", 1 warning".to_owned(),
            many => format!(", {many} warnings"),
        };
        screen.say(&format!("  {}: {} components, {state}, {findings}{warnings}", printable(&self.slot), self.components))
    }
}

impl Findings {
    fn told(self, screen: &Screen, partly: bool) -> String {
        let counted = [
            (self.malicious, "malicious", Tone::Bad),
            (self.critical, "critical", Tone::Bad),
            (self.high, "high", Tone::Bad),
            (self.medium, "medium", Tone::Warn),
            (self.low, "low", Tone::Faint),
            (self.unknown, "of unknown severity", Tone::Faint),
        ];
        let told: Vec<_> = counted
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, word, tone)| screen.paint(tone, &format!("{count} {word}")))
            .collect();
        match told.is_empty() {
            true if partly => String::new(),
            true => screen.paint(Tone::Good, "no findings"),
            false => format!("findings: {}", told.join(", ")),
        }
    }
}

/// A name, or the name of an object that has one.
fn text(value: &serde_json::Value) -> String {
    let name = value.get("name").unwrap_or(value);
    printable(name.as_str().map_or_else(|| name.to_string(), str::to_owned).as_str())
}

/// `text` without what could rewrite the terminal: it comes from the network.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !hides(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_document_is_a_failure_of_its_own() {
        let body = r#"{"upload":"u","slots":[{"slot":"a","sha256":"00","state":"new"},
            {"slot":"b","state":"refused","error":"this is no SBOM"},{"slot":"c","state":"refused","error":"x"}],
            "gate":{"failed":true,"reasons":["too young"]},"url":"/projects/1","newer":1}"#;
        let answer = Answer::read(body.as_bytes()).unwrap();
        assert!(answer.failed());
        let told = answer.refusal().map(|failure| failure.to_string()).unwrap_or_default();
        assert!(told.starts_with("the server refused the document of `b`: this is no SBOM, and 1 more; "), "{told}");
        assert!(Answer::read(br#"{"slots":[{"slot":"a","sha256":"00"}]}"#).unwrap().refusal().is_none());
        assert!(Answer::read(b"<html>").is_err());
    }
}
