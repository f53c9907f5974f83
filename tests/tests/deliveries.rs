//! The server, or PostgreSQL, is killed at fifty seeded moments while messages are on
//! their way. Each alert arrives, and more than once only for a message that was in
//! flight when something died: with the same id, at most once more for each kill.

use anyhow::{Context as _, Result, ensure};
use bomwarden_server::simulated::mailbox::{MailFault, Mailbox, SIGN_IN};
use bomwarden_tests::api::Api;
use bomwarden_tests::documents::{run, sbom};
use bomwarden_tests::people::Town;
use bomwarden_tests::server::Server;
use bomwarden_tests::wait::until;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How often there is a kill.
pub const KILLS: u32 = 50;
/// Makes every run of the test kill at the same moments.
const SEED: u64 = 20_261_125;
/// How long a message may take to arrive after a lease of a dead server has ended.
const PATIENCE: Duration = Duration::from_secs(150);

/// A mailbox, a feed that calls packages malicious, and the moments of the kills.
pub struct Trial {
    mailbox: Mailbox,
    random: StdRng,
    /// Alerts raised so far: one for each package `bad-NNN`.
    raised: u32,
    feed: TempDir,
    _mails: TempDir,
    _runtime: Runtime,
}

impl Trial {
    pub fn new(seed: u64) -> Result<Self> {
        let runtime = Runtime::new()?;
        let (feed, mails) = (TempDir::new()?, TempDir::new()?);
        let mailbox = runtime.block_on(Mailbox::start(mails.path()))?;
        // Long enough that a kill can fall between a mail and its acknowledgement.
        mailbox.fault(Some(MailFault::Slow(Duration::from_millis(10))));
        for n in 0..=KILLS + 10 {
            let record = json!({
                "schema_version": "1.7.0", "id": format!("MAL-2026-9{n:03}"), "modified": "2026-01-01T00:00:00Z",
                "summary": "made to harm",
                "affected": [{"package": {"ecosystem": "crates.io", "name": bad(n)}, "versions": ["1.0.0"]}],
            });
            std::fs::write(feed.path().join(format!("MAL-2026-9{n:03}.json")), record.to_string())?;
        }
        let random = StdRng::seed_from_u64(seed);
        Ok(Self { mailbox, random, raised: 0, feed, _mails: mails, _runtime: runtime })
    }

    /// The lines of the settings by which a server tells the mailbox.
    pub fn settings(&self) -> String {
        let (user, password) = SIGN_IN;
        format!(
            "[messages]\ngather = \"1s\"\n[mail]\nhost = \"127.0.0.1\"\nport = {}\nuser = {user:?}\npassword = {password:?}\n\
             from = \"bomwarden@example.org\"\nca_file = {:?}\n[[target]]\nname = \"harbour\"\nchannel = \"email\"\n\
             address = \"harbour@example.org\"\nteams = [\"harbour\"]\noperator = true\nlast_resort = true\n\
             [[feed]]\nname = \"own\"\nfrom = {:?}\nevery = \"1h\"\n",
            self.mailbox.address().port(),
            self.mailbox.certificate().display().to_string(),
            self.feed.path().display().to_string(),
        )
    }

    /// Uploads another bad package beside those before: another alert.
    pub fn raise(&mut self, api: &Api) -> Result<()> {
        self.raised += 1;
        let purls: Vec<String> = (1..=self.raised).map(|n| format!("pkg:cargo/{}@1.0.0", bad(n))).collect();
        let listed: Vec<&str> = purls.iter().map(String::as_str).collect();
        api.upload(&run(&self.raised.to_string(), self.raised), &[("Cargo.lock", sbom(self.raised, &listed))])?.must(201)?;
        Ok(())
    }

    /// Raises an alert, waits until a mail is on its way, and kills a little later.
    pub fn round(&mut self, api: &Api, kill: impl FnOnce() -> Result<()>) -> Result<()> {
        let begun = self.mailbox.begun();
        self.raise(api)?;
        until(PATIENCE, "no mail is on its way", || Ok(self.mailbox.begun() > begun))?;
        std::thread::sleep(Duration::from_millis(self.random.random_range(0..20)));
        kill()
    }

    /// Waits until everything has arrived, and counts what arrived more than once.
    pub fn close(self, kills: u32, what: &str) -> Result<()> {
        let all = self.raised as usize;
        let told = |mailbox: &Mailbox| mailbox.mails().iter().flat_map(|mail| codes(&plain(&mail.raw))).collect::<BTreeSet<_>>();
        let waited = until(PATIENCE, "an alert never arrived", || Ok(told(&self.mailbox).len() >= all));
        ensure!(waited.is_ok() && told(&self.mailbox).len() == all, "{} of {all} alerts arrived", told(&self.mailbox).len());
        let mut copies: BTreeMap<String, u32> = BTreeMap::new();
        let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for mail in self.mailbox.mails() {
            let text = plain(&mail.raw);
            let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).context("a mail without an id")?.to_owned();
            *copies.entry(id.clone()).or_default() += 1;
            for code in codes(&text) {
                ids.entry(code).or_default().insert(id.clone());
            }
        }
        let twice: u32 = copies.values().map(|count| count - 1).sum();
        println!("{kills} kills of {what}: {all} alerts in {} messages, {twice} of them came once more", copies.len());
        ensure!(twice <= kills, "{twice} mails too many for {kills} kills");
        let told_by_two: Vec<_> = ids.iter().filter(|(_, ids)| ids.len() > 1).collect();
        ensure!(told_by_two.is_empty(), "alerts were told by two messages: {told_by_two:?}");
        Ok(())
    }
}

fn bad(n: u32) -> String {
    format!("bad-{n:03}")
}

/// A mail without its soft line breaks.
fn plain(raw: &[u8]) -> String {
    String::from_utf8_lossy(raw).replace("=\r\n", "").replace("\r\n", "\n")
}

/// The alerts that a mail is about, also those that its text leaves to the page.
fn codes(text: &str) -> Vec<String> {
    let head = text.split("\n\n").next().unwrap_or_default().replace("\n ", " ");
    let about = head.lines().find_map(|line| line.strip_prefix("References: ")).unwrap_or_default();
    about.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn every_alert_arrives_whenever_the_server_is_killed() -> Result<()> {
    let mut trial = Trial::new(SEED)?;
    let mut town = Town::around(Server::with_config(&trial.settings())?)?;
    for _ in 0..KILLS {
        let api = town.uploader.clone();
        trial.round(&api, || town.server.kill())?;
        town.server.start_again()?;
        town.reconnect()?;
    }
    trial.close(KILLS, "the server")
}
